"""What the doctor finds of one part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    WELL = "well"
    WEAK = "weak"
    """It works, but could do better."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, what was found, and what to type when it is not well."""

    part: str
    health: Health
    found: str
    advice: str = ""

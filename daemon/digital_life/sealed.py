"""Whether a life is sealed, as the doctor tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, resealing
from digital_life.memory.copies import LIFE
from digital_life.seal import is_made_elsewhere
from digital_life.secretfile import path_of

if TYPE_CHECKING:
    from digital_life.context import Context

OTHERS = 0o077
"""The rights of anybody but the owner."""


@dataclass(frozen=True, slots=True)
class Told:
    state: Literal["well", "weak", "broken"]
    found: str
    advice: str = ""


def told(context: Context) -> Told:
    """Nothing is opened: the daemon may use it meanwhile."""
    text, written = context.words.text, context.settings.memory.key_file
    path = path_of(written)
    if written and is_made_elsewhere(written) and not path.exists():
        return Told("well", text("doctor.sealed-handed" if is_sealed(context) else "doctor.sealed-not"))
    try:
        seal = context.seal()
        if (context.home / LIFE).exists():
            cipher.seal_of(context.home / LIFE, seal)
        late = resealing.unsealed(context.home) if seal else []
    except MemoryFileError as error:
        return Told("broken", error.sentence(context.words.language))
    if seal is None:
        return Told("well", text("doctor.sealed-not"))
    if late:
        found = text("doctor.sealed-late", path=path, count=len(late))
        return Told("weak", found, text("doctor.sealed-late-advice"))
    if not is_made_elsewhere(written) and path.stat().st_mode & OTHERS:
        return Told("weak", text("doctor.sealed-open", path=path), text("doctor.sealed-open-advice", path=path))
    return Told("well", text("doctor.sealed", path=path))


def is_sealed(context: Context) -> bool:
    """Whether the life's file is, whatever the settings say. Raises MemoryFileError."""
    return cipher.is_sealed(context.home / LIFE)

"""Whom to call where: the help lines of each region, from helplines.toml."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import TYPE_CHECKING

import msgspec

from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERAL = "general"
CHINA = "CN"
REGION_OF_TERRITORY = {"GB": "UK"}
"""Where a locale names a territory otherwise than the table."""
UNASKED = frozenset({"US"})
"""`en_US` is what a machine says that nobody told where it stands: no evidence of a region."""


@dataclass(frozen=True, slots=True)
class Line:
    """One number to call."""

    name: dict[Language, str]
    number: str
    """As it is written."""
    spoken: dict[Language, str]
    """As it is read out: digit by digit."""
    hours: dict[Language, str]
    source: str
    """Where the number was read."""
    checked: date | None = None
    """When; None: well known, still to be verified."""


@dataclass(frozen=True, slots=True)
class Region:
    """The help lines of one part of the world; the first is the one that is named."""

    emergency: dict[Language, str]
    lines: tuple[Line, ...]


@functools.cache
def load() -> Mapping[str, Region]:
    """Every region by its code, and what holds everywhere as GENERAL."""
    written = tomllib.loads((resources.files(__package__) / "helplines.toml").read_text(encoding="utf-8"))
    return msgspec.convert(written, dict[str, Region])


def region(chosen: str, locale: str, language: Language) -> str:
    """The code of the one the user chose; else what the machine's `locale` tells for certain; else by `language`."""
    _, _, territory = locale.partition(".")[0].partition("_")
    told = REGION_OF_TERRITORY.get(territory, territory)
    if chosen:
        return chosen
    if told in load() and told not in UNASKED:
        return told
    return CHINA if language == "zh" else GENERAL


def locale_of(environment: Mapping[str, str]) -> str:
    """What the machine says that it is set to, as in "zh_TW.UTF-8"."""
    return environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""

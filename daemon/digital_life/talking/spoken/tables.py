"""The plain-text tables beside this file, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _read(name: str) -> dict[str, Any]:
    file = resources.files(__package__) / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A regular expression for one of `words`, the longest that fits."""
    return "|".join(_escaped(word) for word in sorted(words, key=len, reverse=True))


def _escaped(word: str) -> str:
    return "".join(char if char.isalnum() else f"\\{char}" for char in word)


@dataclass(frozen=True, slots=True)
class English:
    """What english.toml holds."""

    units: Mapping[str, tuple[str, str]]
    """One, many."""
    currencies: Mapping[str, tuple[str, str, str, str]]
    """One, many, one hundredth, many hundredths."""
    magnitudes: Mapping[str, str]
    months: Mapping[str, str]
    titles: Mapping[str, str]
    shortened: Mapping[str, str]
    before_numbers: Mapping[str, str]
    symbols: Mapping[str, str]
    regnal: tuple[str, ...]
    parts: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chinese:
    """What chinese.toml holds."""

    units: Mapping[str, str]
    currencies: Mapping[str, str]
    symbols: Mapping[str, str]
    counted: str
    """Characters before which a two is 两."""
    not_counted: tuple[str, ...]
    named: tuple[str, ...]
    """Words after which a number is read digit by digit."""
    rooms: tuple[str, ...]
    scores: tuple[str, ...]


def _english(table: dict[str, Any]) -> English:
    return English(
        units={unit: (one, many) for unit, (one, many) in table["units"].items()},
        currencies={sign: tuple(names) for sign, names in table["currencies"].items()},
        magnitudes=table["magnitudes"],
        months=table["months"],
        titles=table["titles"],
        shortened=table["shortened"],
        before_numbers=table["before_numbers"],
        symbols=table["symbols"],
        regnal=tuple(table["regnal"]["names"]),
        parts=tuple(table["regnal"]["parts"]),
        domains=tuple(table["domains"]["endings"]),
    )


def _chinese(table: dict[str, Any]) -> Chinese:
    return Chinese(
        units=table["units"],
        currencies=table["currencies"],
        symbols=table["symbols"],
        counted=table["counted"]["after_two"],
        not_counted=tuple(table["counted"]["not_two"]),
        named=tuple(table["by_digit"]["after"]),
        rooms=tuple(table["by_digit"]["rooms"]),
        scores=tuple(table["by_digit"]["scores"]),
    )


ENGLISH = _english(_read("english"))
CHINESE = _chinese(_read("chinese"))

"""Everything a person hears or reads, in each language, from the plain text files in this folder.

Each language is a folder of TOML files; tables of one name in several files are one table.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

from digital_life.values import Language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

AROUND = " \t\n.,!?;:。，！？；：、…~～\"'“”"
"""What may stand before and behind a sentence without being part of what it says."""
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of one language."""

    language: Language
    table: Mapping[str, Any]

    def text(self, key: str, **values: object) -> str:
        """The sentence at the dotted `key` with its places filled. Raises KeyError for a key that is not there."""
        found = self._find(key)
        if not isinstance(found, str):
            raise KeyError(key)
        return found.format_map(values) if values else found

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of sentences at the dotted `key`."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(key)
        return tuple(str(each) for each in found)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """The list of questions and answers at the dotted `key`: examples for the language model."""
        return tuple((question, answer) for question, answer in self.talks(key))

    def talks(self, key: str) -> tuple[tuple[str, ...], ...]:
        """The list of talks at the dotted `key`, in which the user and the language model speak in turn."""
        found = self._find(key)
        if not isinstance(found, list):
            raise KeyError(key)
        return tuple(tuple(map(str, talk)) for talk in found)

    def match(self, key: str, said: str) -> re.Match[str] | None:
        """The regular expression in the list at `key` that `said` is, but for its case and the marks around it."""
        plain = " ".join(said.replace("’", "'").strip(AROUND).split())
        found = (pattern.fullmatch(plain) for pattern in self.patterns(key))
        return next((each for each in found if each), None)

    def search(self, key: str, said: str) -> re.Match[str] | None:
        """The first regular expression in the list at `key` that is found anywhere in `said`, whatever its case."""
        found = (pattern.search(said) for pattern in self.patterns(key))
        return next((each for each in found if each), None)

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        """The list of regular expressions at the dotted `key`, for which case is no matter."""
        return _patterns(self.texts(key))

    def day(self, when: datetime) -> str:
        """As a person would name the day."""
        return self.text(
            "time.day",
            weekday=self.texts("time.weekdays")[when.weekday()],
            month=self.texts("time.months")[when.month - 1],
            year=when.year,
            day=when.day,
        )

    def moment(self, when: datetime) -> str:
        """The day and the time of day."""
        return self.text("time.moment", day=self.day(when), hour=when.hour, minute=f"{when.minute:02}")

    def _find(self, key: str) -> object:
        found: Any = self.table
        for part in key.split("."):
            found = found[part]
        return found


@functools.cache
def _patterns(written: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Compiled once; Python itself remembers too few."""
    return tuple(re.compile(each, re.IGNORECASE) for each in written)


@functools.cache
def load(language: Language) -> Words:
    """Read the words of `language`. Raises ValueError when two files say the same key."""
    table: dict[str, Any] = {}
    for file in (resources.files(__name__) / language).iterdir():
        if file.name.endswith(".toml"):
            _join(table, tomllib.loads(file.read_text(encoding="utf-8")))
    return Words(language, table)


def _join(table: dict[str, Any], more: Mapping[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(table.setdefault(key, {}), dict):
            _join(table[key], value)
        elif key in table:
            raise ValueError(key)
        else:
            table[key] = value

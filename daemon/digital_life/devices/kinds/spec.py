"""An announcement in full keys, read with its types: a wrong one makes the entity unusable, not an error later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from digital_life.devices import templates

_TOPIC = re.compile(r"[^\x00-\x1f+#\x7f]{1,1000}")
_PAYLOAD = 1_000
"""Characters of what is sent or told as it is announced."""
_OPTION = 100
_OPTIONS = 500
"""More than any list of effects has."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TRUE = {"true", "yes", "on", "enable", "1"}
_FALSE = {"false", "no", "off", "disable", "0"}


class UnusableError(Exception):
    """The announcement cannot be used; the message says why."""


class Spec:
    """What was announced of one entity. What is absent reads as its default."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._read: dict[str, Any] = {}

    @property
    def read(self) -> Mapping[str, Any]:
        """What was asked for so far, and is there."""
        return self._read

    def topic(self, key: str) -> str:
        found = self._found(key)
        if found is None or found == "":
            return ""
        if not isinstance(found, str) or not _TOPIC.fullmatch(found) or not encodable(found):
            raise UnusableError(f"{key} is no topic")
        return found

    def template(self, *keys: str) -> str:
        """The first that is there."""
        for key in keys:
            found = self._found(key)
            if found is None or found == "":
                continue
            if not isinstance(found, str) or not encodable(found) or templates.refused(found):
                raise UnusableError(f"{key} is no template that may be used")
            return found
        return ""

    def text(self, key: str, default: str = "") -> str:
        """A number counts as the text that it is, as Home Assistant has it."""
        found = self._found(key)
        if found is None:
            return default
        if not isinstance(found, str | int | float) or len(text := str(found)) > _PAYLOAD or not encodable(text):
            raise UnusableError(f"{key} is no text")
        return text

    def payload(self, key: str, default: str | None) -> str | None:
        """As `text`; None where it is announced that there is none."""
        return None if key in self._table and self._found(key) is None else self.text(key, default or "") or None

    def number(self, key: str, default: float) -> float:
        found = self._found(key)
        if found is None:
            return default
        value = templates.number(found) if not isinstance(found, bool) else None
        if value is None:
            raise UnusableError(f"{key} is no number")
        return value

    def span(self, low: str, high: str, default: tuple[float, float]) -> tuple[float, float]:
        """Two numbers, the second the greater."""
        found = self.number(low, default[0]), self.number(high, default[1])
        if found[0] >= found[1]:
            raise UnusableError(f"{low} is not below {high}")
        return found

    def flag(self, key: str, *, default: bool = False) -> bool:
        found = self._found(key)
        if found is None:
            return default
        plain = str(found).lower() if isinstance(found, str | int) else ""
        if plain not in _TRUE | _FALSE:
            raise UnusableError(f"{key} is neither true nor false")
        return plain in _TRUE

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Those that can be shown; the others are left out."""
        found = self._found(key)
        if found is None:
            return default
        if not isinstance(found, list) or len(found) > _OPTIONS:
            raise UnusableError(f"{key} is no list")
        said = (str(each) for each in found if isinstance(each, str | int | float))
        return tuple(
            dict.fromkeys(each for each in said if each and len(each) <= _OPTION and not _CONTROL.search(each))
        )

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """One table counts as a list of it."""
        found = self._found(key)
        listed = found if isinstance(found, list) else [] if found is None else [found]
        if not all(isinstance(each, dict) for each in listed):
            raise UnusableError(f"{key} is no list of tables")
        return listed

    def _found(self, key: str) -> Any:
        if key not in self._table:
            return None
        self._read[key] = self._table[key]
        return self._table[key]


def encodable(text: str) -> bool:
    """Whether it can be written in UTF-8: JSON may hold half a character."""
    return not any("\ud800" <= each <= "\udfff" for each in text)


def shown(text: str, *, most: int = _OPTION) -> str:
    """`text` as a name may be shown: one line, of reasonable length."""
    return " ".join(_CONTROL.sub(" ", text[: 4 * most]).split())[:most].strip()

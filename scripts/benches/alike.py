"""Whether two arguments of a tool mean the same: as times, as numbers, or in their telling words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from digital_life import numerals, words
from digital_life.agenda import when
from digital_life.memory import dates
from digital_life.memory.terms import telling
from digital_life.values import Language

NOW = datetime(2026, 11, 18, 10, 5, tzinfo=UTC)
"""A Wednesday morning, as seen from which times are compared."""
SHARE = 0.5
"""Of the telling words that are wanted."""
LONGER = 3
"""Times as many telling words as are wanted say something else."""


def alike(wanted: str, got: str, language: Language) -> bool:
    """Whether `got` says what is `wanted`."""
    if _plain(wanted) == _plain(got):
        return True
    readings = (_moment, _length, _days, _number)
    meant = [(reading(wanted, language), reading(got, language)) for reading in readings]
    known = [(one, other) for one, other in meant if one is not None and other is not None]
    return any(one == other for one, other in known) if known else _same_words(wanted, got)


def _plain(text: str) -> str:
    plain = text.casefold().replace("_", " ").strip(words.AROUND)
    return re.sub(r"^(?:the|turn|switch) |[ -]", "", plain)


def _moment(text: str, language: Language) -> tuple[datetime, str] | None:
    found = when.find(text, language, NOW)
    return (found.when.at, found.when.repeat) if found else None


def _length(text: str, language: Language) -> float | None:
    lasts = when.duration(text, language)
    return lasts.total_seconds() if lasts else None


def _days(text: str, _language: Language) -> dates.Span | None:
    return dates.find(text, NOW.date())


def _number(text: str, _language: Language) -> int | None:
    plain = text.casefold().removesuffix("%").removesuffix("percent").removeprefix("百分之").strip(words.AROUND)
    try:
        return numerals.number(plain)
    except ValueError:
        return None


def _same_words(wanted: str, got: str) -> bool:
    sought, found = telling(wanted).keys(), telling(got).keys()
    if not sought:
        return _plain(wanted) in _plain(got)
    return len(sought & found) >= SHARE * len(sought) and len(found) <= LONGER * len(sought)

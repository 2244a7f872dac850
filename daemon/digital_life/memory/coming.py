"""Which day a person speaks of who tells something: past or to come, as it was seen on the day when it was told."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from digital_life.memory import dates
from digital_life.memory.dates import DAY, Span
from digital_life.numerals import number, vague

if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match

YEAR = timedelta(days=366)
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ZH_DAYS = "一二三四五六日天"
_TO_COME = re.compile(
    r"\b(?:will|'ll|going to|gonna|plan(?:ning)? to|have (?:an?|my|to)|i'm \w+ing|we're \w+ing|is on|is in|coming)\b"
    r"|要|将|会|打算|准备|计划"
)
"""What makes a date without a year one to come; else it is the latest that was."""


def find(told: str, day: date) -> Span | None:
    """The days that `told` speaks of, said on `day`; None when it names none."""
    found = _first(told, day)
    return found[0] if found else None


def resolved(told: str, day: date, written: Callable[[date], str]) -> str:
    """`told` with the day that its expression means behind it, where said on another day it would mean another."""
    found = _first(told, day)
    if found is None or found[0].days > 1:
        return told
    span, start, end = found
    later = find(told[start:end], day + YEAR)
    if later is None or later.first == span.first or later.first == span.first.replace(year=later.first.year):
        return told  # The date itself was said.
    return f"{told[:end]} ({written(span.first)}){told[end:]}"


def _first(told: str, day: date) -> tuple[Span, int, int] | None:
    folded = told.lower()
    for pattern, reading in _READINGS:
        found = pattern.search(folded)
        if found:
            return reading(found, day), found.start(), found.end()
    span = dates.find(told, day)
    if span is None:
        return None
    phrase = dates.named(told, day)
    start = folded.find(phrase.lower())
    return _to_come(told, phrase, span, day), start, start + len(phrase)


def _to_come(told: str, phrase: str, span: Span, day: date) -> Span:
    """A date that comes every year is the next one where what is told is still to come."""
    yearly = dates.find(phrase, day + YEAR)
    is_yearly = yearly is not None and YEAR - 6 * DAY < yearly.first - span.first < YEAR + 6 * DAY
    if yearly is None or not is_yearly or span.last >= day or not _TO_COME.search(told.lower()):
        return span
    this_year = dates.find(phrase, date(day.year, 12, 31))
    return this_year if this_year and this_year.first > day else yearly


def _days_on(days: int) -> Callable[[Match[str], date], Span]:
    return lambda _found, day: Span(day + days * DAY, day + days * DAY)


def _in(found: Match[str], day: date) -> Span:
    days = {"day": 1, "天": 1, "日": 1, "month": 30, "月": 30}.get(found["unit"], 7) * number(found["n"])
    return Span(day + days * DAY, day + days * DAY)


def _next_week(_found: Match[str], day: date) -> Span:
    first = day + (7 - day.weekday()) * DAY
    return Span(first, first + 6 * DAY)


def _weekday_on(name: int, day: date, *, weeks: int = 0) -> Span:
    """Of this week or one after it, counted from its Monday; never today."""
    there = day + (name - day.weekday() + 7 * weeks) * DAY
    there = there if there > day else there + 7 * DAY
    return Span(there, there)


def _next_weekday(found: Match[str], day: date) -> Span:
    """That of next week."""
    return _weekday_on(_DAYS.index(found["weekday"]), day, weeks=1)


def _this_weekday(found: Match[str], day: date) -> Span:
    return _weekday_on(_DAYS.index(found["weekday"]), day)


def _zh_next_weekday(found: Match[str], day: date) -> Span:
    weeks = len(found["back"])
    return _weekday_on(min(6, _ZH_DAYS.index(found["weekday"])), day, weeks=weeks)


def _next_month(_found: Match[str], day: date) -> Span:
    first = (day.replace(day=1) + 32 * DAY).replace(day=1)
    return Span(first, (first + 32 * DAY).replace(day=1) - DAY)


def _next_weekend(_found: Match[str], day: date) -> Span:
    saturday = day + (12 - day.weekday()) * DAY
    return Span(saturday, saturday + DAY)


_WEEKDAY = rf"(?P<weekday>{'|'.join(_DAYS)})"
_READINGS: tuple[tuple[re.Pattern[str], Callable[[Match[str], date], Span]], ...] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (r"\bthe\s+day\s+after\s+tomorrow\b|(?<!大)后[天日儿]", _days_on(2)),
        ("大后[天日儿]", _days_on(3)),
        (r"\btomorrow\b|明[天日晚儿]", _days_on(1)),
        (rf"\bin\s+(?P<n>{vague('en')})\s+(?P<unit>day|week|month)s?\b(?:'\s*time)?", _in),
        (f"(?P<n>{vague('zh')})个?(?P<unit>天|星期|周|礼拜|月)(?:以|之)?后", _in),
        (rf"\bnext\s+{_WEEKDAY}\b|\b{_WEEKDAY.replace('weekday', 'on')}\s+next\s+week\b", _next_weekday),
        (rf"\b(?:this|coming)\s+{_WEEKDAY}\b", _this_weekday),
        (f"(?P<back>下+)个?(?:星期|周|礼拜)(?P<weekday>[{_ZH_DAYS}])", _zh_next_weekday),
        (r"\bnext\s+weekend\b|下个?周末", _next_weekend),
        (r"\bnext\s+week\b|下个?(?:星期|周|礼拜)", _next_week),
        (r"\bnext\s+month\b|下个?月", _next_month),
    )
)

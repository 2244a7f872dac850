"""Which days to come are meant: "tomorrow", "on Saturday", "下周二"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from digital_life import numerals, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digital_life.values import Language
    from digital_life.words import Words

WEEK = 7
SATURDAY, SUNDAY = 5, 6
NAMED = ("days.today", "days.tomorrow", "days.after-tomorrow", "days.after-that")
FEW = 4
"""Days that "the next days" are: more would not be listened to."""


def days(said: str, language: Language, today: date) -> tuple[date, ...]:
    """The days that `said` names, from `today` on; empty when it names none."""
    return tuple(today + timedelta(days=each) for each in _ahead(said, words.load(language), today.weekday()))


def _ahead(said: str, text: Words, weekday: int) -> Iterable[int]:
    """How many days from today, which is that weekday."""
    for ahead, key in enumerate(NAMED):
        if text.match(key, said):
            return (ahead,)
    if text.match("days.next-few", said):
        return range(FEW)
    if text.match("days.weekend", said):
        return range(max(0, SATURDAY - weekday), SUNDAY - weekday + 1)
    counted = text.match("days.ahead", said)
    if counted and re.fullmatch(numerals.pattern(text.language), counted["n"]):
        return (numerals.number(counted["n"]),)
    found = text.match("days.weekday", said)
    return (_to_weekday(found, text, weekday),) if found else ()


def _to_weekday(found: re.Match[str], text: Words, weekday: int) -> int:
    """The next such day, which may be today, or that of next week."""
    named = text.texts("days.weekdays").index(found["weekday"].casefold()) % WEEK
    return WEEK - weekday + named if found.groupdict().get("next") else (named - weekday) % WEEK


def name(day: date, language: Language, today: date) -> str:
    """As a person would name the day in a sentence about the days to come."""
    text = words.load(language)
    ahead = (day - today).days
    if ahead in {0, 1}:
        return text.text("days.name-today" if ahead == 0 else "days.name-tomorrow")
    weekday = text.texts("time.weekdays")[day.weekday()]
    return text.text("days.name" if ahead < WEEK else "days.name-next", weekday=weekday)

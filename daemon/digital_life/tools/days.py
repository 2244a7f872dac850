"""Which days to come are meant: "tomorrow", "on Saturday", "下周二"."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from digital_life.values import Language

WEEK = 7
SATURDAY, SUNDAY = 5, 6
FEW = 4
"""Days that "the next days" are: more would not be listened to."""


def days(said: str, language: Language, today: date) -> tuple[date, ...]:
    """The days that `said` names, from `today` on; empty when it names none."""
    text = words.load(language)
    for ahead, key in enumerate(("days.today", "days.tomorrow", "days.after-tomorrow", "days.in-three-days")):
        if text.match(key, said):
            return (today + timedelta(days=ahead),)
    if text.match("days.next-few", said):
        return tuple(today + timedelta(days=ahead) for ahead in range(FEW))
    if text.match("days.weekend", said):
        return _weekend(today)
    found = text.match("days.weekday", said)
    if not found:
        return ()
    named = text.texts("days.weekdays").index(found["weekday"]) % WEEK
    if found.groupdict().get("next"):
        return (today + timedelta(days=WEEK - today.weekday() + named),)
    return (today + timedelta(days=(named - today.weekday()) % WEEK),)


def name(day: date, language: Language, today: date) -> str:
    """As a person would name the day in a sentence about the days to come."""
    text = words.load(language)
    ahead = (day - today).days
    if ahead in {0, 1}:
        return text.text("days.name-today" if ahead == 0 else "days.name-tomorrow")
    weekday = text.texts("time.weekdays")[day.weekday()]
    return text.text("days.name" if ahead < WEEK else "days.name-next", weekday=weekday)


def _weekend(today: date) -> tuple[date, ...]:
    if today.weekday() == SUNDAY:
        return (today,)
    saturday = today + timedelta(days=SATURDAY - today.weekday())
    return (saturday, saturday + timedelta(days=1))

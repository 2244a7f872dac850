"""Which days to come are meant: "next Friday", "the 3rd of March", 后天."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from digital_life.agenda.grammar import Grammar, Groups
from digital_life.numerals import number

DAY = timedelta(days=1)
WEEK = 7
MONTHS_AHEAD = 14
"""How far the next Friday the 13th may be."""
YEARS_AHEAD = 8
"""From one 29 February to the next there are at most eight years."""
NAMING = {"day", "which", "weekdays", "weekend", "monthday", "next_month"}
"""The groups that name a day."""


def days(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    """Those that may be meant, the nearest first; none when there is no such day, or none was named."""
    if "month" in groups:
        yield from _dates(groups, grammar, today)
    elif "nth" in groups:
        yield from _nth_weekdays(groups, grammar, today)
    elif "monthday" in groups or "next_month" in groups:
        yield from _monthdays(groups, grammar, today)
    elif "weekdays" in groups or "weekend" in groups or "which" in groups:
        yield from _weekdays(groups, grammar, today)
    elif "day" in groups:
        yield today + grammar.index("when.days", groups["day"]) * DAY


def _dates(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    month = month_number(groups["month"], grammar)
    for year in _years(groups, grammar, today):
        day = _day_of(year, month, number(groups["monthday"]))
        if day and day >= today:
            yield day


def _years(groups: Groups, grammar: Grammar, today: date) -> Sequence[int]:
    if "year" in groups:
        return (number(groups["year"]),)
    if "ahead" in groups:
        return (today.year + grammar.index("when.years", groups["ahead"]),)
    return range(today.year, today.year + YEARS_AHEAD + 1)


def month_number(said: str, grammar: Grammar) -> int:
    return number(said) if said.isdigit() else grammar.index("when.months", said) + 1


def _monthdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    next_month, wanted = "next_month" in groups, weekdays(groups, grammar)
    for months in (1,) if next_month else range(MONTHS_AHEAD + 1):
        day = _day_of(*_month(today, months), number(groups.get("monthday", "1")))
        if day and day >= today and (not wanted or day.weekday() in wanted):
            yield day


def _weekdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    wanted = weekdays(groups, grammar)
    if "which" not in groups:
        yield from (day for day in _ahead(today, WEEK + 1) if day.weekday() in wanted)
        return
    weeks = grammar.index("when.weeks", groups["which"])
    first = monday(today) + weeks * WEEK * DAY
    # "This Monday", said on a Friday, is the coming one.
    yield from (day for day in _ahead(first, 2 * WEEK) if day.weekday() in (wanted or {0}) and day >= today)


def weekdays(groups: Groups, grammar: Grammar) -> tuple[int, ...]:
    """Monday is 0."""
    if "workdays" in groups:
        return (0, 1, 2, 3, 4)
    if "weekend" in groups:
        return (5, 6)
    return grammar.every("when.weekdays", groups.get("weekdays", ""))


def _nth_weekdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    nth, wanted = number(groups["nth"]), weekdays(groups, grammar)
    for months in range(MONTHS_AHEAD + 1):
        first = date(*_month(today, months), 1)
        found = [each for each in _ahead(first, 31) if each.month == first.month and each.weekday() in wanted]
        day = found[nth if nth < 0 else nth - 1]
        if day >= today:
            yield day


def monday(day: date) -> date:
    """That of its week."""
    return day - day.weekday() * DAY


def _ahead(first: date, days: int) -> Iterator[date]:
    return (first + n * DAY for n in range(days))


def _month(day: date, months: int) -> tuple[int, int]:
    """Year and month, so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def _day_of(year: int, month: int, day: int) -> date | None:
    """Counted from the end when it is below nought; None when the month has no such day."""
    last = calendar.monthrange(year, month)[1]
    wanted = last + 1 + day if day < 0 else day
    return date(year, month, wanted) if 1 <= wanted <= last else None

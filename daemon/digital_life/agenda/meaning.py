"""What the words for a time mean on a given day, before one of its moments is chosen."""

from __future__ import annotations

import calendar
import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from digital_life.agenda.grammar import Grammar, Groups
from digital_life.agenda.repeats import WEEKDAYS, written
from digital_life.numerals import number

DAY = timedelta(days=1)
WEEK = 7
MONTHS_AHEAD = 14
"""How far the next Friday the 13th may be."""
YEARS_AHEAD = 8
"""From one 29 February to the next there are at most eight years."""
LONGEST = timedelta(days=3660)
"""Ten years: what is further off was misheard."""


class Part(enum.Enum):
    """A part of the day: the hours from midnight in which its times lie, and the one meant when none is named."""

    DAWN = (0, 7, 5)
    MORNING = (0, 12, 8)
    NOON = (11, 15, 12)
    AFTERNOON = (12, 20, 15)
    EVENING = (16, 30, 19)
    NIGHT = (18, 30, 21)
    DAY = (9, 22, 9)
    """When only the day is named."""

    @property
    def begins(self) -> int:
        return self.value[0]

    @property
    def ends(self) -> int:
        """Beyond 24 it is the morning after: "tonight at one"."""
        return self.value[1]

    @property
    def usual(self) -> int:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock shows."""

    hour: int
    """0 to 24: 24 is the midnight that ends the day."""
    minute: int
    sure: bool
    """Whether it is known which half of the day is meant."""

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours from midnight that it may be, of this day and the next."""
        if self.sure:
            return (self.hour, self.hour + 24)
        return tuple(self.hour % 12 + half for half in (0, 12, 24, 36))


@dataclass(frozen=True, slots=True)
class Length:
    """So long: months have no fixed number of days, and days no fixed number of hours."""

    months: int
    days: int
    seconds: float

    @property
    def fixed(self) -> timedelta | None:
        """None for months."""
        return None if self.months else timedelta(days=self.days, seconds=self.seconds)

    def after(self, day: date) -> date:
        year, month = _month(day, self.months)
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1])) + self.days * DAY


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was said of a time."""

    length: Length | None
    clock: Clock | None
    part: Part | None
    dated: bool
    """Whether a day was named, or a rule for days."""
    days: tuple[date, ...]
    """Those it may be, the nearest first."""
    rule: str
    """RFC 5545; empty when it does not repeat."""


_DATED = {"day", "which", "weekdays", "weekend", "monthday", "next_month"}
_UNITS = {
    "second": (0, 0, 1),
    "minute": (0, 0, 60),
    "hour": (0, 0, 3600),
    "day": (0, 1, 0),
    "week": (0, WEEK, 0),
    "month": (1, 0, 0),
    "year": (12, 0, 0),
}
"""Months, days, seconds."""
_FREQUENCIES = {
    "minute": "MINUTELY",
    "hour": "HOURLY",
    "day": "DAILY",
    "week": "WEEKLY",
    "month": "MONTHLY",
    "year": "YEARLY",
}
_EVERY_MONTH_HAS = 28
TIMES = {1: "9", 2: "9,21", 3: "8,14,20", 4: "8,12,16,20"}
"""The hours of what is to be done so many times a day."""
_DAYS_A_MONTH = 30
"""In half a month there are fifteen."""


def meant(groups: Groups, grammar: Grammar, today: date) -> Meaning:
    """What the groups mean. Raises ValueError when there is no such time."""
    long = length(groups["length"], grammar) if "length" in groups else None
    return Meaning(
        length=long,
        clock=_clock(groups, grammar) if "h" in groups else None,
        part=Part[grammar.named("parts", groups["part"]).upper()] if "part" in groups else None,
        dated="every" in groups or bool(groups.keys() & _DATED) or bool(long and (long.months or long.days)),
        days=tuple(_days(groups, grammar, today)),
        rule=_rule(groups, grammar) if "every" in groups else "",
    )


def length(said: str, grammar: Grammar) -> Length:
    """How long "an hour and a half" is. Raises ValueError when it is too long."""
    months = days = seconds = 0.0
    for term in grammar.terms(said):
        unit = _UNITS[grammar.named("units", term["unit"])] if term["unit"] else _UNITS["hour"]
        amount = _amount(term)
        months, days, seconds = (sum + amount * each for sum, each in zip((months, days, seconds), unit, strict=True))
    days += months % 1 * _DAYS_A_MONTH
    seconds += days % 1 * DAY.total_seconds()
    if months * _DAYS_A_MONTH + days + seconds / DAY.total_seconds() > LONGEST.days:
        raise ValueError(said)
    return Length(int(months), int(days), seconds)


def _amount(term: Groups) -> float:
    quarters = number(term["quarters"]) if term.get("quarters", "quarter") != "quarter" else 1
    parts = ("half" in term) * 0.5 + ("quarters" in term) * 0.25 * quarters
    if "n" not in term:
        return parts + ("one" in term)
    return parts + (float(term["n"]) if "." in term["n"] else number(term["n"]))


def _clock(groups: Groups, grammar: Grammar) -> Clock:
    said = groups["h"]
    word = grammar.figure("when.hours", said)
    hour = number(said) if word is None else word
    minute = _minute(groups["m"], grammar) if "m" in groups else 0
    sure = word is not None or not 1 <= hour <= 12 or said.startswith("0")
    if "meridiem" in groups and not sure:
        hour, sure = hour % 12 + 12 * grammar.index("when.meridiems", groups["meridiem"]), True
    if "way" in groups:
        hour, minute = divmod((hour * 60 - minute) % (24 * 60), 60)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise ValueError(said)
    return Clock(hour, minute, sure)


def _minute(said: str, grammar: Grammar) -> int:
    word = grammar.figure("when.minutes", said)
    return number(said) if word is None else word


# Days.


def _days(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
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
    month = _month_number(groups["month"], grammar)
    years = (number(groups["year"]),) if "year" in groups else range(today.year, today.year + YEARS_AHEAD + 1)
    for year in years:
        day = _day_of(year, month, number(groups["monthday"]))
        if day and day >= today:
            yield day


def _month_number(said: str, grammar: Grammar) -> int:
    return number(said) if said.isdigit() else grammar.index("when.months", said) + 1


def _monthdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    next_month, wanted = "next_month" in groups, _week_days(groups, grammar)
    for months in (1,) if next_month else range(MONTHS_AHEAD + 1):
        day = _day_of(*_month(today, months), number(groups.get("monthday", "1")))
        if day and day >= today and (not wanted or day.weekday() in wanted):
            yield day


def _weekdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    wanted = _week_days(groups, grammar)
    if "which" not in groups:
        yield from (day for day in _ahead(today, WEEK + 1) if day.weekday() in wanted)
        return
    weeks = grammar.index("when.weeks", groups["which"])
    monday = today - today.weekday() * DAY + weeks * WEEK * DAY
    # "This Monday", said on a Friday, is the coming one.
    yield from (day for day in _ahead(monday, 2 * WEEK) if day.weekday() in (wanted or {0}) and day >= today)


def _week_days(groups: Groups, grammar: Grammar) -> tuple[int, ...]:
    """Monday is 0."""
    if "workdays" in groups:
        return (0, 1, 2, 3, 4)
    if "weekend" in groups:
        return (5, 6)
    return grammar.every("when.weekdays", groups.get("weekdays", ""))


def _nth_weekdays(groups: Groups, grammar: Grammar, today: date) -> Iterator[date]:
    nth, wanted = number(groups["nth"]), _week_days(groups, grammar)
    for months in range(MONTHS_AHEAD + 1):
        first = date(*_month(today, months), 1)
        days = [each for each in _ahead(first, 31) if each.month == first.month and each.weekday() in wanted]
        day = days[nth if nth < 0 else nth - 1]
        if day >= today:
            yield day


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


# Rules.


def _rule(groups: Groups, grammar: Grammar) -> str:
    interval = 1 + number(groups["skip"]) if "skip" in groups else number(groups.get("step", "1"))
    if "length" in groups:
        return _by_length(length(groups["length"], grammar))
    if "month" in groups:
        month = str(_month_number(groups["month"], grammar))
        return _written("YEARLY", interval, BYMONTH=month, BYMONTHDAY=str(number(groups["monthday"])))
    unit = grammar.named("units", groups["each"]) if groups.get("each") else ""
    days = ",".join(WEEKDAYS[each] for each in _week_days(groups, grammar))
    if "nth" in groups:
        return _written("MONTHLY", interval, BYDAY=f"{number(groups['nth'])}{days}")
    if "monthday" in groups:
        return _written("MONTHLY", interval, **_by_monthday(number(groups["monthday"])))
    if days and unit != "day":
        return _written("WEEKLY", interval, BYDAY=days)
    if "times" in groups:
        return _written("DAILY", 1, BYHOUR=TIMES[number(groups["times"])])
    if "skip" in groups and unit in {"minute", "hour"}:
        interval -= 1  # 每隔十分钟 is every ten minutes, 每隔两天 every third day.
    return _written(_FREQUENCIES[unit or "day"], interval)


def _written(frequency: str, interval: int, **values: str) -> str:
    return written({"FREQ": frequency, "INTERVAL": str(interval), **values})


def _by_monthday(day: int) -> dict[str, str]:
    """In a month without a 31st its last day is meant."""
    if day <= _EVERY_MONTH_HAS:
        return {"BYMONTHDAY": str(day)}
    return {"BYMONTHDAY": ",".join(map(str, range(_EVERY_MONTH_HAS, day + 1))), "BYSETPOS": "-1"}


def _by_length(every: Length) -> str:
    """As "every half hour"."""
    minutes = int(every.seconds // 60)
    if every.months or every.days or not minutes:
        raise ValueError(every)
    hours, rest = divmod(minutes, 60)
    return _written("MINUTELY", minutes) if rest else _written("HOURLY", hours)

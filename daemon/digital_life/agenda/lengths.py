"""How long something lasts: "an hour and a half", 三刻钟."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from digital_life.agenda.grammar import Grammar, Groups
from digital_life.numerals import number

DAY = timedelta(days=1)
LONGEST_DAYS = 3660
"""Ten years: what is further off was misheard."""
_UNITS = {
    "second": (0, 0, 1),
    "minute": (0, 0, 60),
    "hour": (0, 0, 3600),
    "day": (0, 1, 0),
    "week": (0, 7, 0),
    "month": (1, 0, 0),
    "year": (12, 0, 0),
}
"""Months, days, seconds."""
_DAYS_A_MONTH = 30
"""In half a month there are fifteen."""


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
        years, month = divmod(day.month - 1 + self.months, 12)
        year, month = day.year + years, month + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1])) + self.days * DAY


def length(said: str, grammar: Grammar) -> Length:
    """How long "an hour and a half" is. Raises ValueError when it is too long."""
    months = days = seconds = 0.0
    for term in grammar.terms(said):
        unit = _UNITS[grammar.named("units", term["unit"])] if term["unit"] else _UNITS["hour"]
        amount = _amount(term)
        months, days, seconds = (
            total + amount * each for total, each in zip((months, days, seconds), unit, strict=True)
        )
    days += months % 1 * _DAYS_A_MONTH
    seconds += days % 1 * DAY.total_seconds()
    if months * _DAYS_A_MONTH + days + seconds / DAY.total_seconds() > LONGEST_DAYS:
        raise ValueError(said)
    return Length(int(months), int(days), seconds)


def _amount(term: Groups) -> float:
    quarters = number(term["quarters"]) if term.get("quarters", "quarter") != "quarter" else 1
    parts = ("half" in term) * 0.5 + ("quarters" in term) * 0.25 * quarters
    if "n" not in term:
        return parts + ("one" in term)
    return parts + (float(term["n"]) if "." in term["n"] else number(term["n"]))

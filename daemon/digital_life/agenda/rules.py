"""The rule by which something comes again: "every other Tuesday", 每月一号."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from digital_life.agenda.days import month_number, weekdays
from digital_life.agenda.grammar import Grammar, Groups
from digital_life.agenda.lengths import Length, length
from digital_life.agenda.repeats import WEEKDAYS, parts, written
from digital_life.numerals import number

TIMES = {1: "", 2: "9,21", 3: "8,14,20", 4: "8,12,16,20"}
"""The hours of what is to be done so many times a day."""
_FREQUENCIES = {"minute": "MINUTELY", "hour": "HOURLY", "day": "DAILY"}
_OF_WEEK = {"weekdays", "workdays", "weekend"}
A_LEAP_YEAR = 2000
"""A day that it does not have never comes."""
_EVERY_MONTH_HAS = 28


def rule(groups: Groups, grammar: Grammar, today: date) -> str:
    """The RFC 5545 rule; empty when it comes once. What names no day is on the day that is today: "every month"."""
    if "every" not in groups:
        return ""
    if "length" in groups:
        return _by_length(length(groups["length"], grammar))
    if "times" in groups:
        return written({"FREQ": "DAILY", "BYHOUR": TIMES[number(groups["times"])]})
    unit = grammar.named("units", groups["each"]) if groups.get("each") else ""
    values = _values(groups, grammar, today, unit)
    return written({"FREQ": values["FREQ"], "INTERVAL": str(_interval(groups, unit)), **values})


def at_hours(once: str, hours: Collection[int]) -> str:
    """The rule of what comes `once` a day, at each of these hours."""
    values = parts(once) | {"BYHOUR": ",".join(map(str, sorted(hours))) if len(hours) > 1 else ""}
    if "BYSETPOS" in values:  # It counts every hour: of the last day in the month, each.
        values["BYSETPOS"] = ",".join(map(str, range(-len(hours), 0)))
    return written(values)


def _values(groups: Groups, grammar: Grammar, today: date, unit: str) -> dict[str, str]:
    day = number(groups["monthday"]) if "monthday" in groups else today.day
    names = ",".join(WEEKDAYS[each] for each in weekdays(groups, grammar) or (today.weekday(),))
    if "month" in groups or unit == "year":
        month = month_number(groups["month"], grammar) if "month" in groups else today.month
        date(A_LEAP_YEAR, month, day)
        return {"FREQ": "YEARLY", "BYMONTH": str(month), "BYMONTHDAY": str(day)}
    if "nth" in groups:
        return {"FREQ": "MONTHLY", "BYDAY": f"{number(groups['nth'])}{names}"}
    if "monthday" in groups or unit == "month":
        return {"FREQ": "MONTHLY", **_by_monthday(day)}
    if unit == "week" or (groups.keys() & _OF_WEEK and unit != "day"):
        return {"FREQ": "WEEKLY", "BYDAY": names}
    return {"FREQ": _FREQUENCIES[unit or "day"]}


def _interval(groups: Groups, unit: str) -> int:
    interval = number(groups.get("skip") or groups.get("step", "1"))
    if interval < 1:
        raise ValueError(interval)
    between = "skip" in groups and unit not in {"minute", "hour"}  # 每隔两天 is every third day, 每隔十分钟 is not.
    return interval + between


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
    frequency, interval = ("MINUTELY", minutes) if rest else ("HOURLY", hours)
    return written({"FREQ": frequency, "INTERVAL": str(interval)})

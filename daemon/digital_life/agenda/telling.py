"""A moment or a rule as a person says it: "tomorrow at 7:30 am", 每个工作日早上7点."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digital_life import words
from digital_life.agenda import repeats
from digital_life.agenda.days import WEEK
from digital_life.agenda.repeats import WEEKDAYS, later
from digital_life.agenda.when import When
from digital_life.values import Language
from digital_life.words import Words

FAR_DAYS = 300
"""Beyond it a date is said with its year."""
TOLD_UNITS = 2
"""Of "1 day and 2 hours" nobody wants to hear the minutes."""
_SECONDS = (1, 60, 3600, 86400)
"""Of the units that a length is told in."""


def describe(when: When, language: Language, now: datetime) -> str:
    """`when` as it is said at `now`, fit to be spoken within a sentence."""
    said = words.load(language)
    if when.repeat:
        return _repeated(when, said)
    if when.lasts and later(when.at, now):
        return said.text("when.telling.in", length=length(when.at.astimezone(UTC) - now.astimezone(UTC), language))
    at = when.at.astimezone(now.tzinfo)
    return said.text("when.telling.once", day=_day(at, said, now), time=_time(at, said))


def length(lasts: timedelta, language: Language) -> str:
    """As "1 hour and 30 minutes"; at most two units, for what is less is not worth saying."""
    said = words.load(language)
    left, told = math.ceil(lasts.total_seconds()), []
    for seconds, (one, many) in reversed(list(zip(_SECONDS, said.pairs("when.telling.units"), strict=True))):
        count, left = divmod(left, seconds)
        if count:
            told.append(said.text("when.telling.amount", count=count, unit=one if count == 1 else many))
    return said.text("when.telling.amounts").join(told[:TOLD_UNITS])


def _day(at: datetime, said: Words, now: datetime) -> str:
    ahead = (at.date() - now.date()).days
    near = said.texts("when.telling.days")
    if 0 <= ahead < len(near):
        return near[ahead]
    if 0 < ahead < WEEK:
        return said.text("when.telling.weekday", weekday=said.texts("when.telling.weekdays")[at.weekday()])
    key = "date" if abs(ahead) < FAR_DAYS else "date-of-year"
    month = said.texts("time.months")[at.month - 1]
    year = {} if key == "date" else {"year": at.year}
    return said.text(f"when.telling.{key}", day=at.day, month=month, **year)


def _time(at: datetime, said: Words) -> str:
    if (at.hour, at.minute) == (12, 0):
        return said.text("when.telling.noon")
    half = said.texts("when.telling.halves")[at.hour]
    hour = at.hour % 12 or 12
    key = {0: "hour", 30: "hour-half"}.get(at.minute, "hour-minute")
    minute = {"minute": f"{at.minute:02}"} if key == "hour-minute" else {}
    return said.text(f"when.telling.{key}", hour=hour, half=half, **minute)


def _repeated(when: When, said: Words) -> str:
    values = repeats.parts(when.repeat)
    rule = _rule(values, said)
    if values["FREQ"] in {"MINUTELY", "HOURLY"}:
        return rule
    hours = values.get("BYHOUR", str(when.at.hour)).split(",")
    times = _listed([_time(when.at.replace(hour=int(hour)), said) for hour in hours], said)
    return said.text("when.telling.again", rule=rule, time=times)


def _rule(values: dict[str, str], said: Words) -> str:
    if "BYMONTH" in values:
        month = said.texts("time.months")[int(values["BYMONTH"]) - 1]
        return _each(values, said, "yearly-on", month=month, day=values["BYMONTHDAY"])
    if "BYMONTHDAY" in values:
        return _each(values, said, "monthly-on", day=_monthday(values["BYMONTHDAY"], said))
    if values["FREQ"] == "MONTHLY" and "BYDAY" in values:
        nth, weekday = _nth(values["BYDAY"][:-2], said), _weekdays([values["BYDAY"][-2:]], said)
        return _each(values, said, "monthly-weekday", nth=nth, weekdays=weekday)
    if "BYDAY" in values:
        return _weekly(values, said)
    return _each(values, said, values["FREQ"].lower())


def _weekly(values: dict[str, str], said: Words) -> str:
    days = values["BYDAY"].split(",")
    for name, whole in (("workdays", WEEKDAYS[:5]), ("weekend", WEEKDAYS[5:])):
        if tuple(days) == whole and "INTERVAL" not in values:
            return said.text(f"when.telling.{name}")
    return _each(values, said, "weekly-on", weekdays=_weekdays(days, said))


def _each(values: dict[str, str], said: Words, key: str, **places: str) -> str:
    """The sentence for every one of them, or for every so many."""
    count = values.get("INTERVAL", "1")
    one, many = said.texts(f"when.telling.{key}")
    return (one if count == "1" else many).format(count=count, **places)


def _monthday(days: str, said: Words) -> str:
    day = days.rsplit(",", maxsplit=1)[-1]  # "28,29,30,31" is the 31st, or the last day of a shorter month.
    if day == "-1":
        return said.text("when.telling.last-day")
    return said.text("when.telling.monthday", nth=_ordinal(day, said))


def _nth(number: str, said: Words) -> str:
    if number == "-1":
        return said.text("when.telling.last")
    return said.text("when.telling.which", nth=_ordinal(number, said))


def _ordinal(number: str, said: Words) -> str:
    return said.texts("when.telling.ordinals")[int(number) - 1]


def _weekdays(days: Sequence[str], said: Words) -> str:
    names = [said.texts("when.telling.weekdays")[WEEKDAYS.index(each)] for each in days]
    return _listed(names, said)


def _listed(names: Sequence[str], said: Words) -> str:
    comma, last = said.texts("when.telling.listed")
    return last.join(filter(None, (comma.join(names[:-1]), names[-1])))

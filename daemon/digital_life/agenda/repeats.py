"""When something that repeats comes next: RFC 5545 rules, counted in wall time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from dateutil.rrule import rrulestr

MINUTE = timedelta(minutes=1)
_STEADY = {"MINUTELY": MINUTE, "HOURLY": timedelta(hours=1)}
"""These count time that passes, whatever the clocks show."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def parts(rule: str) -> dict[str, str]:
    """The rule's values by their names."""
    return dict(each.split("=", 1) for each in rule.split(";"))


def written(values: dict[str, str]) -> str:
    """The rule of these values; what says nothing is left out."""
    return ";".join(f"{name}={value}" for name, value in values.items() if value and (name, value) != ("INTERVAL", "1"))


def following(rule: str, first: datetime, after: datetime) -> datetime | None:
    """The next time strictly after `after`, in its zone, of what came `first`; None when it is over."""
    values = parts(rule)
    if values["FREQ"] in _STEADY:
        return _steady(_STEADY[values["FREQ"]] * int(values.get("INTERVAL", "1")), first, after)
    zone = after.tzinfo or UTC
    rules = rrulestr(rule, dtstart=first.replace(tzinfo=None))
    # A day before: what an hour that comes twice makes earlier than `after` by the clock may still be to come.
    wall = rules.after(after.replace(tzinfo=None) - timedelta(days=1))
    while wall is not None:
        moment = localized(wall, zone)
        if later(moment, after):
            return moment
        wall = rules.after(wall)
    return None


def _steady(period: timedelta, first: datetime, after: datetime) -> datetime:
    passed = after.astimezone(UTC) - first.astimezone(UTC)
    periods = max(passed // period + 1, 0)
    return (first.astimezone(UTC) + periods * period).astimezone(after.tzinfo)


def localized(wall: datetime, zone: tzinfo) -> datetime:
    """When the clocks of `zone` show `wall`: the first time if twice; if never, the moment they leap over it."""
    while True:
        moment = wall.replace(tzinfo=zone, fold=0)
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
            return moment
        wall = wall.replace(second=0, microsecond=0) + MINUTE


def later(one: datetime, other: datetime) -> bool:
    """Whether `one` comes after `other`. Datetimes of one zone compare by their clocks, which may go back."""
    return one.astimezone(UTC) > other.astimezone(UTC)

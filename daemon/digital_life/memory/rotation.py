"""Which backups are kept: some days, some weeks, and always the newest."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FORM = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"digital-life-(\d{8}T\d{6}Z)\.(age|zip)")
"""An age file where it is sealed, else a zip file."""


def name_at(when: datetime, *, sealed: bool) -> str:
    return f"digital-life-{when.astimezone(UTC):{FORM}}.{'age' if sealed else 'zip'}"


def when_of(name: str) -> datetime | None:
    """When it was made; None: it is no backup, and nobody here touches it."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], FORM).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def backups(names: Iterable[str]) -> list[str]:
    """Those of them that are backups, the oldest first."""
    return sorted((name for name in names if when_of(name)), key=lambda name: (when_of(name), name))


def is_due(names: Iterable[str], now: datetime) -> bool:
    """Whether none was made today, as the person counts days; one of tomorrow, of a clock set back, does not count."""
    return now.date() not in {_day(name, now) for name in backups(names)}


def superseded(names: Iterable[str], now: datetime, *, days: int, weeks: int) -> list[str]:
    """Those that nobody needs any more: neither the newest of one of the last `days` with one, nor of the `weeks`."""
    kept: set[str] = set()
    found = backups(names)
    kept.update(list({_day(name, now): name for name in found}.values())[-max(days, 1) :])
    kept.update(list({_day(name, now).isocalendar()[:2]: name for name in found}.values())[-weeks:] if weeks else [])
    return [name for name in found if name not in kept]


def _day(name: str, now: datetime) -> date:
    made = when_of(name)
    return made.astimezone(now.tzinfo).date() if made else date.min

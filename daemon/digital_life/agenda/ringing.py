"""What is due, how often it is said again, and from when on it was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.agenda.entries import next_of, rings_at
from digital_life.values import EntryState

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.config import Agenda as Settings
    from digital_life.values import Entry

LATE = timedelta(hours=1)
"""Who comes later than this does not ring: it tells what was missed."""


def is_due(entry: Entry, now: datetime) -> bool:
    return entry.state is not EntryState.MISSED and rings_at(entry, now) <= now


def rung(entry: Entry, now: datetime, settings: Settings) -> tuple[Entry, ...]:
    """What becomes of an entry that is due: it rings, or it was missed, and then one that repeats goes on as well."""
    if entry.rung < settings.again_most and now - rings_at(entry, now) <= LATE:
        wait = timedelta(seconds=settings.again_after_s) * 2**entry.rung
        return (replace(entry, state=EntryState.RINGING, rung=entry.rung + 1, again=now + wait),)
    missed = replace(entry, state=EntryState.MISSED, again=None)
    following = next_of(entry, now)
    return (following, replace(missed, number=0, repeat="")) if following else (missed,)


def snoozed(entry: Entry, until: datetime) -> Entry:
    """The same once more, and only once."""
    return replace(entry, number=0, repeat="", state=EntryState.WAITING, rung=0, again=until)

"""When an entry of the agenda rings, by the clock of the person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life.agenda.when import When, following
from digital_life.values import Entry, EntryKind, EntryState, Language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


def made(kind: EntryKind, when: When, language: Language, *, what: str = "", room: str = "") -> Entry:
    return Entry(kind, when.at, language, what, repeat=when.repeat, lasts=when.lasts, room=room)


def when_of(entry: Entry, now: datetime) -> When:
    """Its own time, as the clock shows it where the person is now.

    "At seven" is seven o'clock wherever and in whatever season that comes; "in ten minutes" is a moment.
    """
    spans = entry.lasts is not None and not entry.repeat
    at = entry.at if spans else entry.at.replace(tzinfo=now.tzinfo)
    return When(at, entry.repeat, entry.lasts, dated=True, timed=True)


def rings_at(entry: Entry, now: datetime) -> datetime:
    """When it rings next."""
    return entry.again or when_of(entry, now).at


def next_of(entry: Entry, now: datetime) -> Entry | None:
    """What becomes of it when this time is over: it waits for the next; None when there is none."""
    at = following(when_of(entry, now), now) if entry.repeat else None
    return replace(entry, at=at, state=EntryState.WAITING, rung=0, again=None) if at else None


def in_order(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """What rings first comes first; what was missed is not among them."""
    waiting = (each for each in entries if each.state is not EntryState.MISSED)
    return tuple(sorted(waiting, key=lambda each: (rings_at(each, now), each.number)))

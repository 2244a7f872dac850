"""What is asked of the agenda, read without the language model; None where that is not sure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda.meant import kinds
from digital_life.agenda.when import duration, find
from digital_life.values import EntryKind

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.tool import Arguments
    from digital_life.values import Transcript


def reminder(heard: Transcript, now: datetime, *, rang: bool) -> Arguments | None:
    """Arguments of the tool `reminder`: also for alarms, and for whatever is to be cancelled.

    "Ten more minutes" is for it where something `rang` just now.
    """
    return _snoozed(heard, rang=rang) or _chosen(heard, timers=False) or _set(heard, now)


def timer(heard: Transcript, now: datetime, *, runs: bool) -> Arguments | None:
    """Arguments of the tool `timer`. "How long is left?" is for it where one `runs`."""
    return _chosen(heard, timers=True) or _left(heard, runs=runs) or _timed(heard, now)


def lists(heard: Transcript) -> Arguments | None:
    """Arguments of the tool `list`."""
    for action in ("add", "remove", "clear", "show"):
        found = words.load(heard.language).match(f"agenda.list-{action}", heard.text)
        if found:
            return {"action": action, "what": _part(found, "what"), "name": _part(found, "name")}
    return None


def _snoozed(heard: Transcript, *, rang: bool) -> Arguments | None:
    for key in ("agenda.snooze", "agenda.snooze-later") if rang else ("agenda.snooze",):
        found = words.load(heard.language).match(key, heard.text)
        if found:
            when = " ".join(filter(None, (_part(found, "when"), _part(found, "unit"))))
            return {"action": "snooze", "when": when} if not when or duration(when, heard.language) else None
    return None


def _chosen(heard: Transcript, *, timers: bool) -> Arguments | None:
    """What is to be cancelled or shown; whether of timers, which have a tool of their own."""
    for action in ("cancel", "show"):
        found = words.load(heard.language).match(f"agenda.{action}", heard.text)
        which = _part(found, "what") if found else ""
        if found and (EntryKind.TIMER in kinds(which, heard.language)) is timers:
            return {"action": action, "name" if timers else "what": which}
    return None


def _left(heard: Transcript, *, runs: bool) -> Arguments | None:
    found = words.load(heard.language).match("agenda.left", heard.text)
    which = _part(found, "what") if found else ""
    surely = runs or EntryKind.TIMER in kinds(which, heard.language)
    return {"action": "show", "name": which} if found and surely else None


def _timed(heard: Transcript, now: datetime) -> Arguments | None:
    """The length may stand anywhere: "a ten-minute timer for the eggs"."""
    found = find(heard.text, heard.language, now)
    if found and not found.when.lasts:
        return None  # "a timer for three o'clock"
    key, said = ("agenda.timer", found.rest) if found else ("agenda.timer-bare", heard.text)
    wish = words.load(heard.language).match(key, said)
    return {"action": "set", "lasts": heard.text if found else "", "name": _part(wish, "name")} if wish else None


def _set(heard: Transcript, now: datetime) -> Arguments | None:
    """The time may stand anywhere: "remind me in ten minutes to call Ada"."""
    found = find(heard.text, heard.language, now)
    names = ("remind", "wake") if not found else ("remind", "remind-timed", "wake")
    for name in names:
        wish = words.load(heard.language).match(f"agenda.{name}", found.rest if found else heard.text)
        if wish:
            what = _part(wish, "what") or getting_up(heard)
            return {"action": "set", "what": what, "when": heard.text if found else ""}
    return None


def getting_up(heard: Transcript) -> str:
    """The words that tell that somebody is to be woken; empty when there are none."""
    found = re.search(words.load(heard.language).text("agenda.waking"), heard.text, re.IGNORECASE)
    return found[0] if found else ""


def _part(found: re.Match[str], name: str) -> str:
    """What the group of that name found; a pattern may have none."""
    return (found.groupdict().get(name) or "").strip(words.AROUND)

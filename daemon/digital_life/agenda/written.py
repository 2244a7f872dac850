"""What is to ring, by a line that somebody wrote rather than said: nobody can be asked what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda import requests
from digital_life.agenda.entries import made
from digital_life.agenda.when import When, duration, find
from digital_life.errors import ToolError
from digital_life.values import EntryKind, Transcript

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.values import Entry, Language


def when_of(text: str, language: Language, now: datetime) -> tuple[When, str]:
    """When to remind, and of what: "call Ada in ten minutes". Raises ToolError where it names no time to come."""
    heard = Transcript(text, language, confidence=1.0)
    asked = requests.reminder(heard, now, rang=False) or {}
    found = find(text, language, now)
    if found is None or (found.when.dated and not found.when.timed):
        raise ToolError("agenda-no-time", text=text)
    what = str(asked.get("what") or found.rest) if asked.get("action", "set") == "set" else found.rest
    return found.when, what


def entry_of(text: str, language: Language, now: datetime) -> Entry:
    """A timer or an alarm where that is asked for, else a reminder. Raises ToolError."""
    timer = requests.timer(Transcript(text, language, confidence=1.0), now, runs=False) or {}
    if timer.get("action") == "set":
        return _timer(text, str(timer["name"]), language, now)
    when, what = when_of(text, language, now)
    if not what or words.load(language).match("agenda.getting-up", what):
        return made(EntryKind.ALARM, when, language)
    return made(EntryKind.REMINDER, when, language, what=what)


def _timer(text: str, name: str, language: Language, now: datetime) -> Entry:
    span = duration(text, language)
    if not span:
        raise ToolError("agenda-no-length", text=text)
    return made(EntryKind.TIMER, When(now + span, lasts=span), language, what=name)

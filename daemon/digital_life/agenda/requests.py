"""What is asked of the agenda, read without the language model; None where that is not sure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda.meant import kinds
from digital_life.agenda.when import duration, find
from digital_life.values import EntryKind

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.tool import Arguments
    from digital_life.values import Language, Transcript

_Reader = Callable[[str, "re.Match[str]", "Language"], "Arguments | None"]
"""From the name of the patterns and what they found."""


def reminder(heard: Transcript, now: datetime, *, rang: bool) -> Arguments | None:
    """Arguments of the tool `reminder`: also for alarms, and for whatever is to be cancelled.

    "Ten more minutes" is for it where something `rang` just now.
    """
    readers = {"snooze": _snoozing, "snooze-later": _snoozing if rang else _never, "cancel": _which, "show": _which}
    return _first(heard.text, heard.language, readers) or _set(heard, now)


def timer(heard: Transcript, now: datetime, *, runs: bool) -> Arguments | None:
    """Arguments of the tool `timer`. "How long is left?" is for it where one `runs`."""
    readers = {"cancel": _which_timer, "show": _which_timer, "left": _left if runs else _which_timer}
    return _first(heard.text, heard.language, readers) or _timed(heard, now)


def lists(heard: Transcript) -> Arguments | None:
    """Arguments of the tool `list`."""
    for action in ("add", "remove", "clear", "show"):
        found = _match(f"agenda.list-{action}", heard.text, heard.language)
        if found:
            return {"action": action, "what": _part(found, "what"), "name": _part(found, "name")}
    return None


def _first(said: str, language: Language, readers: Mapping[str, _Reader]) -> Arguments | None:
    """The first of these that it is, by the patterns of that name."""
    for name, reader in readers.items():
        found = _match(f"agenda.{name}", said, language)
        arguments = reader(name, found, language) if found else None
        if arguments is not None:
            return arguments
    return None


def _snoozing(_name: str, found: re.Match[str], language: Language) -> Arguments | None:
    when = " ".join(filter(None, (_part(found, "when"), _part(found, "unit"))))
    if when and duration(when, language) is None:
        return None
    return {"action": "snooze", "when": when}


def _never(_name: str, _found: re.Match[str], _language: Language) -> Arguments | None:
    return None


def _which(name: str, found: re.Match[str], language: Language) -> Arguments | None:
    what = _part(found, "what")
    return None if EntryKind.TIMER in kinds(what, language) else {"action": name, "what": what}


def _which_timer(name: str, found: re.Match[str], language: Language) -> Arguments | None:
    what = _part(found, "what")
    if EntryKind.TIMER not in kinds(what, language):
        return None
    return {"action": "cancel" if name == "cancel" else "show", "name": what}


def _left(_name: str, found: re.Match[str], _language: Language) -> Arguments | None:
    return {"action": "show", "name": _part(found, "what")}


def _timed(heard: Transcript, now: datetime) -> Arguments | None:
    """The length may stand anywhere: "a ten-minute timer for the eggs"."""
    found = find(heard.text, heard.language, now)
    if found and not found.when.lasts:
        return None  # "a timer for three o'clock"
    key, said = ("agenda.timer", found.rest) if found else ("agenda.timer-bare", heard.text)
    wish = _match(key, said, heard.language)
    return {"action": "set", "lasts": heard.text if found else "", "name": _part(wish, "name")} if wish else None


def _set(heard: Transcript, now: datetime) -> Arguments | None:
    """The time may stand anywhere: "remind me in ten minutes to call Ada"."""
    found = find(heard.text, heard.language, now)
    names = ("remind", "wake") if not found else ("remind", "remind-timed", "wake")
    for name in names:
        wish = _match(f"agenda.{name}", found.rest if found else heard.text, heard.language)
        if wish:
            return {"action": "set", "what": _part(wish, "what"), "when": heard.text if found else ""}
    return None


def _match(key: str, said: str, language: Language) -> re.Match[str] | None:
    """As Words.match, but what is found keeps its capitals."""
    plain = " ".join(said.replace("’", "'").strip(words.AROUND).split())
    found = (re.fullmatch(pattern, plain, re.IGNORECASE) for pattern in words.load(language).texts(key))
    return next((each for each in found if each), None)


def _part(found: re.Match[str], name: str) -> str:
    """What the group of that name found; a pattern may have none."""
    return (found.groupdict().get(name) or "").strip(words.AROUND)

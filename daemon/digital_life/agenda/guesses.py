"""What is asked of the agenda, once it is known that something is: as far as the words show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda.requests import getting_up
from digital_life.agenda.when import duration, find

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.tool import Arguments
    from digital_life.values import Transcript
    from digital_life.words import Words


def reminder(heard: Transcript, now: datetime) -> Arguments:
    """Arguments of the tool `reminder`."""
    text, said = words.load(heard.language), heard.text
    action = _action(("snooze", "cancel", "show"), said, text)
    if action == "snooze":
        return {"action": action, "when": said if duration(said, heard.language) else ""}
    if action:
        return {"action": action, "what": said}
    found = find(said, heard.language, now)
    what = _without(("asking", "around"), found.rest if found else said, text) or getting_up(heard)
    return {"action": "set", "what": what, "when": said if found else ""}


def timer(heard: Transcript) -> Arguments:
    """Arguments of the tool `timer`."""
    text, said = words.load(heard.language), heard.text
    action = _action(("cancel", "left", "show"), said, text)
    if action:
        return {"action": "cancel" if action == "cancel" else "show", "name": ""}
    return {"action": "set", "lasts": said if duration(said, heard.language) else ""}


def lists(heard: Transcript) -> Arguments:
    """Arguments of the tool `list`."""
    text, said = words.load(heard.language), heard.text
    named = text.search("guesses.list", said)
    name = (named.groupdict().get("name") or "") if named else ""
    action = _action(("clear", "asked", "remove", "read", "add"), said, text) or (
        "show" if text.language == "en" else "add"
    )
    if action in ("clear", "asked", "read"):
        return {"action": "clear" if action == "clear" else "show", "name": name.strip(words.AROUND)}
    what = _without(("list", "list-words", "around"), said, text)
    return {"action": action if what else "show", "what": what, "name": name.strip(words.AROUND)}


def _action(names: tuple[str, ...], said: str, text: Words) -> str:
    """The first of them of which there is a sign; empty when there is none."""
    return next((each for each in names if text.search(f"guesses.{each}", said)), "")


def _without(keys: tuple[str, ...], said: str, text: Words) -> str:
    """What is left when all that these patterns find is gone."""
    for key in keys:
        for pattern in text.patterns(f"guesses.{key}"):
            said = pattern.sub(" ", said).strip(words.AROUND)
    joint = " " if text.language == "en" else ""
    return joint.join(said.split()).strip(words.AROUND)

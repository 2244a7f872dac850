"""What is said of the agenda, in the language of each entry or of the person who asks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda.entries import rings_at, when_of
from digital_life.agenda.telling import describe, length
from digital_life.agenda.when import When
from digital_life.values import EntryKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.values import Entry, Language
    from digital_life.words import Words

PUNCTUAL = timedelta(minutes=2)
"""What rings later than this says for when it was."""
SHORTEST = timedelta(seconds=1)
"""What is left of a timer that is just ringing."""


def rings(entries: Sequence[Entry], now: datetime) -> str:
    """All that is due."""
    return " ".join(_rings(each, now, words.load(each.language)) for each in entries)


def _rings(entry: Entry, now: datetime, text: Words) -> str:
    at = when_of(entry, now).at
    said = _about(entry, "rings", text, when=_at(at, now, text))
    late = entry.kind is EntryKind.REMINDER and now - at > PUNCTUAL
    return said + text.text("agenda.late", when=_at(at, now, text)) if late else said


def missed(entries: Sequence[Entry], now: datetime) -> str:
    """What could not be told in its time, with that time."""
    text = words.load(entries[0].language)
    return text.text("agenda.missed", what=" ".join(_missed(each, now, words.load(each.language)) for each in entries))


def _missed(entry: Entry, now: datetime, text: Words) -> str:
    return _about(entry, "missed", text, when=_at(when_of(entry, now).at, now, text))


def confirmed(entry: Entry, now: datetime, language: Language) -> str:
    """What is set now."""
    return _about(entry, "set", words.load(language), when=describe(when_of(entry, now), language, now))


def listed(entries: Sequence[Entry], now: datetime, language: Language) -> str:
    """Numbered, where there are several: "cancel the second one" may follow."""
    text = words.load(language)
    lines = [line(each, now, language) for each in entries]
    if len(lines) == 1:
        return lines[0]
    return text.text("agenda.between").join(
        text.text("agenda.numbered", number=number, entry=each) for number, each in enumerate(lines, 1)
    )


def line(entry: Entry, now: datetime, language: Language) -> str:
    """One entry as it stands in a list."""
    text = words.load(language)
    left = length(max(SHORTEST, rings_at(entry, now) - now), language)
    when = _at(entry.again, now, text) if entry.again else describe(when_of(entry, now), language, now)
    return _about(entry, "line", text, left=left, when=when)


def _about(entry: Entry, event: str, text: Words, **values: str) -> str:
    """The sentence for what happens to an entry of its kind."""
    form = f"{entry.kind}-named" if entry.what else str(entry.kind)
    span = length(entry.lasts, text.language) if entry.lasts else ""
    return text.text(f"agenda.{form}-{event}", what=_to_you(entry.what, text), span=span, **values)


def _at(at: datetime, now: datetime, text: Words) -> str:
    """One time, also of what repeats."""
    return describe(When(at, dated=True, timed=True), text.language, now)


def _to_you(what: str, text: Words) -> str:
    """As it is said to the person: "call your brother" of "call my brother"."""
    turned = dict(text.pairs("agenda.to-you"))
    return re.sub(text.text("agenda.to-turn"), lambda found: turned[found[0].casefold()], what, flags=re.IGNORECASE)

"""Which entries a person means: "the second one", "all alarms", "the one at seven", "the dentist"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.agenda.entries import when_of
from digital_life.agenda.when import duration, find
from digital_life.values import EntryKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.agenda.when import When
    from digital_life.values import Entry, Language
    from digital_life.words import Words


@dataclass(frozen=True, slots=True)
class Meant:
    """What may be meant."""

    entries: tuple[Entry, ...]
    sure: bool
    """Whether all of them are; else it is one of them, and has to be asked for."""


def meant(said: str, entries: Sequence[Entry], language: Language, now: datetime) -> Meant:
    """`entries` in the order in which they were told."""
    text = words.load(language)
    plain = said.casefold().strip(words.AROUND)
    named = kinds(plain, language)
    pool = tuple(each for each in entries if not named or each.kind in named)
    if _has(text, "all", plain):
        return Meant(pool, sure=True)
    number = _ordinal(plain, text)
    if number is not None:
        return Meant(_numbered(pool, number), sure=True)
    chosen = _of_time(plain, pool, language, now)
    if chosen is None:
        chosen = _of_words(plain, pool, text)
    return Meant(chosen, sure=len(chosen) == 1)


def kinds(said: str, language: Language) -> frozenset[EntryKind]:
    """The kinds that are named in it; none: any."""
    text = words.load(language)
    return frozenset(kind for kind in EntryKind if _has(text, f"kind-{kind}", said.casefold()))


def is_choice(said: str, language: Language) -> bool:
    """Whether it does nothing but choose: the answer to "Which one?"."""
    return words.load(language).match("agenda.choice", said) is not None


def _numbered(pool: tuple[Entry, ...], number: int) -> tuple[Entry, ...]:
    """From 1; -1 is the last."""
    index = number - 1 if number > 0 else number
    return pool[index : index + 1 or None] if -len(pool) <= index < len(pool) else ()


def _ordinal(said: str, text: Words) -> int | None:
    if _has(text, "last", said):
        return -1
    return next(
        (number for number, each in enumerate(text.texts("agenda.ordinals"), 1) if re.search(each, said)),
        None,
    )


def _of_time(said: str, pool: tuple[Entry, ...], language: Language, now: datetime) -> tuple[Entry, ...] | None:
    """Those at the time or of the length that is said; None when none is said."""
    length = duration(said, language)
    if length:
        return tuple(each for each in pool if each.lasts == length)
    found = find(said, language, now)
    return tuple(each for each in pool if _is_at(each, found.when, now)) if found else None


def _is_at(entry: Entry, said: When, now: datetime) -> bool:
    at = when_of(entry, now).at
    same_day = not said.dated or at.date() == said.at.date()
    same_time = not said.timed or (at.hour % 12, at.minute) == (said.at.hour % 12, said.at.minute)
    return same_day and same_time


def _of_words(said: str, pool: tuple[Entry, ...], text: Words) -> tuple[Entry, ...]:
    """Those of which something is said; all when nothing of any is, and nothing else that tells."""
    rest = said
    for pattern in text.texts("agenda.untelling"):
        rest = re.sub(pattern, " ", rest)
    rest = " ".join(rest.split())
    if not rest:
        return pool
    return tuple(each for each in pool if each.what and (rest in each.what.casefold() or each.what.casefold() in rest))


def _has(text: Words, name: str, said: str) -> bool:
    return any(re.search(pattern, said) for pattern in text.texts(f"agenda.{name}"))

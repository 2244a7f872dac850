"""What woke it of late and what nearly did, and which threshold would be better."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life import wakings
from digital_life.hearing.wake import NEAR, phrase_of, written_of
from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from digital_life import config
    from digital_life.ports import Clock
    from digital_life.values import WakeNote
    from digital_life.wakings import Wakings

SHOWN = 60
"""Of the notes, the latest."""


@dataclass(frozen=True, slots=True)
class Word:
    """A wake word, and how it did of late."""

    phrase: str
    written: str
    """As a person writes it."""
    threshold: float
    near: float
    """The score from which something is noted as nearly the wake word."""
    wakings: Wakings
    better: float | None
    """The threshold that is advised; None: this one is right."""


@dataclass(frozen=True, slots=True)
class Wakes:
    words: tuple[Word, ...]
    notes: tuple[WakeNote, ...]
    """The latest first."""


def wakes(notes: Sequence[WakeNote], words: Sequence[config.WakeWord], now: datetime) -> Wakes:
    late = wakings.lately(notes, now)
    return Wakes(tuple(_word(each, late) for each in words), tuple(reversed(late[-SHOWN:])))


def _word(word: config.WakeWord, notes: Sequence[WakeNote]) -> Word:
    phrase = phrase_of(word)
    return Word(
        phrase=phrase,
        written=written_of(word),
        threshold=word.threshold,
        near=round(NEAR * word.threshold, 3),
        wakings=wakings.count(each for each in notes if each.phrase == phrase),
        better=wakings.better_threshold(notes, phrase, word.threshold),
    )


def resources(read: Callable[[], Sequence[WakeNote]], *, settings: config.Wake, clock: Clock) -> tuple[Resource, ...]:
    """`read` may block: it is called in a thread."""

    async def of_late(call: Call) -> Wakes:  # noqa: ARG001 - the same for everybody
        return wakes(await asyncio.to_thread(read), settings.words, clock.now())

    return (Resource("GET", "/api/now/wakes", of_late),)

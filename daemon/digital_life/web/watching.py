"""Let pages see what the ears make of the sound just now, at no cost while none looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import msgspec

from digital_life.ports import Clock, Page
from digital_life.values import Sensed

STEP_S = 0.08
"""Between two messages, on the average: a frame lasts so long."""
BURST_S = 0.24
"""Frames that were held up may come this much too early; more of them are left out."""


class Senses(Protocol):
    """Ears that can be watched."""

    notice: Callable[[Sensed], None] | None


class Watch(msgspec.Struct, tag_field="type", tag="watch"):
    """A page wants to see it, or no longer."""

    on: bool


class Meter(msgspec.Struct, tag_field="type", tag="meter"):
    level: float
    """Decibels below full scale."""
    scores: dict[str, float]
    """Of each wake word, 0 to 1."""
    voice: float | None
    """Probability, 0 to 1; null while nobody is listened to."""
    gated: bool
    """Whether it was too quiet to look for a wake word."""


class Refused(msgspec.Struct, tag_field="type", tag="refused"):
    why: Literal["unknown"] = "unknown"


_READ = msgspec.json.Decoder(Watch)
_WRITE = msgspec.json.Encoder()


class Watching:
    """Channel."""

    def __init__(self, senses: Senses, *, clock: Clock) -> None:
        self._senses = senses
        self._clock = clock
        self._pages: dict[str, Page] = {}
        """Those that watch."""
        self._due = 0.0
        """Monotonic seconds when the next message would be on time."""

    def opened(self, page: Page) -> None:
        """It has to say that it watches."""

    def told(self, page: Page, message: str) -> None:
        try:
            watch = _READ.decode(message)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            page.send(_WRITE.encode(Refused()))
            return
        if watch.on:
            self._pages[page.id] = page
            self._senses.notice = self._tell
        else:
            self.closed(page)

    def heard(self, page: Page, pcm: bytes) -> None:  # noqa: ARG002 - the port; there is nothing to hear
        page.send(_WRITE.encode(Refused()))

    def closed(self, page: Page) -> None:
        self._pages.pop(page.id, None)
        if not self._pages:
            self._senses.notice = None

    def _tell(self, sensed: Sensed) -> None:
        now = self._clock.monotonic()
        if now < self._due - BURST_S:
            return
        self._due = max(self._due, now) + STEP_S
        message = _WRITE.encode(meter(sensed))
        for page in tuple(self._pages.values()):
            page.send(message)


def meter(sensed: Sensed) -> Meter:
    """As exact as can be seen."""
    scores = {phrase: round(score, 3) for phrase, score in sensed.scores.items()}
    voice = None if sensed.voice is None else round(sensed.voice, 2)
    return Meter(round(sensed.level_db, 1), scores, voice, sensed.gated)

"""A page as a loudspeaker: sound is sent to it, and it tells what of it was heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from digital_life.errors import SoundError
from digital_life.ports import Page
from digital_life.values import Speech
from digital_life.web.course import Level, Silence, Sound, to_json

PIECE_BYTES = 16 * 1024
"""Of a binary message."""
STEP_S = 0.25
"""Between two looks at whether the page still tells anything; and so long one that is stopped may take to tell."""
SILENT_S = 1.5
"""A page that tells nothing for so long is lost: one that plays tells it twice a second."""


@dataclass(slots=True)
class _Play:
    """What is played just now."""

    id: int
    begun: bool = False
    over: bool = False
    stopped: bool = False
    heard_s: float = 0.0
    news: asyncio.Event = field(default_factory=asyncio.Event)


class PagePlayer:
    """A Loudspeaker."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._level = 1.0
        self._number = 0
        self._now: _Play | None = None
        self._gone = False
        self._turn = asyncio.Lock()

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        async with self._turn:  # an earcon and an answer, one after the other
            self._number += 1
            now = self._now = _Play(self._number)
            try:
                self._send(now.id, speech)
                await self._follow(now, started)
            except asyncio.CancelledError:
                self._page.send(to_json(Silence()))
                raise
            finally:
                self._now = None
            return min(now.heard_s, speech.seconds)

    def stop(self) -> None:
        if self._now:
            self._now.stopped = True
            self._now.news.set()
            self._page.send(to_json(Silence()))

    def turn(self, level: float) -> None:
        if level != self._level:
            self._level = level
            self._page.send(to_json(Level(value=level)))

    # What the page tells.

    def playing(self, number: int, heard_s: float) -> None:
        """It plays that sound, and so much of it was heard."""
        if self._now and self._now.id == number:
            self._now.begun, self._now.heard_s = True, heard_s
            self._now.news.set()

    def played(self, number: int, heard_s: float) -> None:
        """It has played that sound, as far as it was heard."""
        if self._now and self._now.id == number:
            self._now.begun, self._now.over, self._now.heard_s = True, True, heard_s
            self._now.news.set()

    def lose(self) -> None:
        """There is no page any more."""
        self._gone = True
        if self._now:
            self._now.news.set()

    def _send(self, number: int, speech: Speech) -> None:
        self._page.send(to_json(Sound(id=number, rate=speech.rate, samples=len(speech.pcm) // 2)))
        for start in range(0, len(speech.pcm), PIECE_BYTES):
            self._page.send_sound(speech.pcm[start : start + PIECE_BYTES])

    async def _follow(self, now: _Play, started: Callable[[], None] | None) -> None:
        """Until it is over or was stopped. Raises SoundError when the page is lost."""
        silent_s = 0.0
        while not now.over:
            if self._gone or silent_s >= SILENT_S:
                raise SoundError("page-silent")
            told = await _is_set(now.news, STEP_S)
            now.news.clear()
            if told:
                silent_s = 0.0
            elif now.stopped:
                return
            elif self._level:  # else it waits where it is
                silent_s += STEP_S
            if now.begun and not now.stopped and started:
                started()
                started = None


async def _is_set(event: asyncio.Event, seconds: float) -> bool:
    """Whether it is within that time."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True

"""A room with a wyoming-satellite in it: its microphone, loudspeaker and lamp, over the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from wyoming.audio import AudioChunk, AudioStart

from digital_life.backends.paced import PIECE_S, Paced
from digital_life.backends.resample import at_rate
from digital_life.backends.satellite_link import REACH_S, Found, Link, described, explained
from digital_life.backends.wyoming_client import connect
from digital_life.errors import SoundError
from digital_life.ports import Clock, RoomDevice
from digital_life.values import WIDTH, AudioFrame, Speech, State

PORT: Final = 10700
"""Where a satellite listens as its documentation starts it."""
AHEAD_S: Final = 0.3
"""Nothing makes a satellite silent at once: what was sent is heard. Less would break with each gap in the network."""
PLAYED_S: Final = 2.0
"""One that tells when it has played does so when its sound program has ended, a little after the last sample."""
HUSH_S: Final = 1.0


async def visit_satellite(host: str, port: int = PORT) -> Found:
    """Who is there, also while it talks with somebody. Raises SoundError, which says what to do."""
    with explained(host, port):
        async with connect(host, port, timeout_s=REACH_S) as client:
            return await described(client)


@asynccontextmanager
async def open_satellite(
    host: str, port: int = PORT, *, clock: Clock, echo_free: bool = False, ahead_s: float = AHEAD_S
) -> AsyncGenerator[RoomDevice]:
    """It is connected while its frames are taken, or something is played.

    `echo_free`: its device takes out by itself what it plays. `ahead_s`: so much sound is sent before it is heard;
    after `stop` it is heard so long, and a gap in the network may be so long.
    """
    satellite = Satellite(host, port, clock=clock, echo_free=echo_free, ahead_s=ahead_s)
    try:
        yield satellite
    finally:
        await satellite.close()


@dataclass(slots=True)
class _Play:
    """What is played just now."""

    paced: Paced
    rate: int
    stopped: bool = False
    ended: bool = False
    """Whether the satellite was told that this was all."""


class Satellite:
    """A RoomDevice."""

    def __init__(self, host: str, port: int, *, clock: Clock, echo_free: bool, ahead_s: float) -> None:
        self._host = host
        self._port = port
        self._clock = clock
        self._echo_free = echo_free
        self._ahead_s = ahead_s
        self._state = State.IDLE
        self._level = 1.0
        self._link: Link | None = None
        """None while nobody needs it."""
        self._turn = asyncio.Lock()
        self._now: _Play | None = None

    async def close(self) -> None:
        if self._link:
            await self._link.close()

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        async with self._reached() as link, aclosing(link.frames()) as frames:
            async for frame in frames:
                yield frame

    def show(self, state: State) -> None:
        self._state = state
        if self._link:
            self._link.show(state)

    @asynccontextmanager
    async def _reached(self) -> AsyncGenerator[Link]:
        """The one connection, for as long as somebody needs it."""
        link = self._link
        if link is None or link.lost:
            link = self._link = Link(
                self._host, self._port, clock=self._clock, state=self._state, echo_free=self._echo_free
            )
            link.begin()
        link.users += 1
        try:
            await link.entered()
            yield link
        finally:
            link.users -= 1
            if not link.users:
                if self._link is link:
                    self._link = None
                await link.close()

    # The loudspeaker.

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        async with self._turn, self._reached() as link:  # an earcon and an answer, one after the other
            link.check(speaks=True)
            sound = Speech(at_rate(speech, link.rate).tobytes(), link.rate)
            now = self._now = _Play(Paced(sound, ahead_s=self._ahead_s), sound.rate)
            try:
                await link.send(AudioStart(rate=sound.rate, width=WIDTH, channels=1))
                await self._stream(link, now, started)
                await self._end(link, now)
                await self._heard(link, now, PLAYED_S if link.tells_played else 0.0)
            except asyncio.CancelledError:
                await self._hush(link, now)
                raise
            finally:
                self._now = None
            return min(now.paced.sent_s, speech.seconds)

    def stop(self) -> None:
        if self._now:
            self._now.stopped = True
            self._tell()

    def turn(self, level: float) -> None:
        self._level = level
        self._tell()

    def _tell(self) -> None:
        """Who plays looks again at what is wanted."""
        if self._link:
            self._link.news.set()

    async def _stream(self, link: Link, now: _Play, started: Callable[[], None] | None) -> None:
        """Until all was sent, or it was stopped."""
        while not (now.stopped or now.paced.over):
            link.check()
            link.news.clear()
            at = self._clock.monotonic()
            if piece := now.paced.take(at, self._level):
                await self._send(link, now, piece)
                if started:
                    started()
                    started = None
            else:
                await _wait(link.news, max(now.paced.due_s(at), PIECE_S if not self._level else 0.0))

    async def _send(self, link: Link, now: _Play, pcm: bytes) -> None:
        await link.send(AudioChunk(rate=now.rate, width=WIDTH, channels=1, audio=pcm))

    async def _end(self, link: Link, now: _Play) -> None:
        """Nothing comes after what was sent; nothing happens when that was told."""
        if now.ended:
            return
        now.ended = True
        if rest := now.paced.end(self._clock.monotonic()):
            await self._send(link, now, rest)
        await link.end_sound()

    async def _heard(self, link: Link, now: _Play, more_s: float) -> None:
        """Return when what was sent was heard; so much later at most, where the satellite tells it."""
        until = self._clock.monotonic() + now.paced.left_s(self._clock.monotonic()) + more_s
        while not link.played and (rest_s := until - self._clock.monotonic()) > 0:
            link.check()
            link.news.clear()
            await _wait(link.news, rest_s)
        if more_s:
            link.forget_played()

    async def _hush(self, link: Link, now: _Play) -> None:
        with suppress(SoundError, TimeoutError):  # one that takes nothing cannot be made silent
            async with asyncio.timeout(self._ahead_s + HUSH_S):
                await self._end(link, now)
                await self._heard(link, now, 0.0)


async def _wait(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()

"""One stretch of speech to an ESPHome device: sentence after sentence without a gap, until it may listen again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digital_life.backends.livesound import LiveSound, lent
from digital_life.backends.outflow import Ahead, Outflow, Part, Samples, stereo
from digital_life.errors import SoundError
from digital_life.ports import Clock

if TYPE_CHECKING:
    from digital_life.backends.esphome import Form
    from digital_life.backends.esphome_link import Link

log = logging.getLogger(__name__)

Write = Callable[[bytes], Awaitable[None]]
"""Raises ConnectionError when the device takes no more."""
LEAST_BLOCKS: Final = 4
"""A device that is given nothing to play takes it for an error."""
LAST_S: Final = 0.5
"""For a sound to end by itself; a device that takes nothing more is left."""


@asynccontextmanager
async def streamed(link: Link) -> AsyncGenerator[Write]:
    """Over the connection itself, for a device with a bare loudspeaker."""

    async def write(pcm: bytes) -> None:
        link.sound(pcm)

    link.tell("stream-start")
    try:
        yield write
    finally:
        link.tell("stream-end")


@asynccontextmanager
async def fetched(
    link: Link, form: Form, offer: Callable[[str], Coroutine[None, None, None]], *, port: int
) -> AsyncGenerator[Write]:
    """From an address that the device is told, for one with a media player. Raises SoundError when it does not come."""
    sound = LiveSound(guest=link.there, form=form.name, rate=form.rate, channels=form.channels)

    async def write(pcm: bytes) -> None:
        await sound.write(stereo(pcm) if form.channels > 1 else pcm)

    try:
        async with lent(sound, link.here, port=port) as url:
            offering = asyncio.create_task(offer(url), name="esphome.offering")
            try:
                await sound.fetched()
                yield write
                async with asyncio.timeout(LAST_S):
                    await sound.finish()
            finally:
                offering.cancel()
    except TimeoutError as error:
        raise SoundError("esphome-unfetched", host=link.there, here=link.here) from error
    except ConnectionError:
        raise
    except OSError as error:
        raise SoundError("esphome-sound-port", here=link.here, port=port, cause=error) from error


@dataclass(frozen=True, slots=True)
class _Play:
    heard_s: asyncio.Future[float]
    started: Callable[[], None] | None


class Voice:
    """`level` tells how loud it is just now, 0 to 1."""

    def __init__(self, rate: int, ahead: Ahead, *, clock: Clock, level: Callable[[], float]) -> None:
        self.rate = rate
        self._clock = clock
        self._level = level
        self._outflow = Outflow(rate, ahead)
        self._plays: dict[Part, _Play] = {}
        self._sent: list[Part] = []
        """Those of them that were sent to their end, and are still to be heard."""
        self._changed = asyncio.Event()
        self._error: SoundError | None = None
        self.closing = False
        """Whether nothing more is said in it."""
        self.begun = False
        """Whether the device took the first of it."""

    @property
    def speaks(self) -> bool:
        return bool(self._plays)

    async def run(self, sink: AbstractAsyncContextManager[Write]) -> None:
        """Returns when it was closed and all is sent, or the device takes no more of it."""
        try:
            async with sink as write:
                least = LEAST_BLOCKS
                while least > 0 or not self.closing:
                    await self._until_due()
                    if not self._outflow.waiting:
                        self._tell_heard()
                        await asyncio.sleep(0)  # who waited for it may go on at once
                    block, parts = self._outflow.block(self._level(), self._clock.monotonic())
                    await write(block)
                    self.begun = True
                    self._tell_started(parts)
                    least -= 1
        except ConnectionError:
            log.debug("the device takes no more of the sound: it was stopped there, or heard its wake word")
        except SoundError as error:
            self._error = error
        finally:
            self.stop()

    async def _until_due(self) -> None:
        while not self.closing and (due_s := self._outflow.due_s(self._clock.monotonic())) > 0:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(due_s):
                    await self._changed.wait()

    async def play(self, samples: Samples, started: Callable[[], None] | None) -> float:
        """Returns the seconds that were heard, a little before the last of them: the next sentence follows at once."""
        if self._error:
            raise self._error
        if self.closing or not len(samples):
            return 0.0
        part = self._outflow.add(samples)
        self._changed.set()
        play = self._plays[part] = _Play(asyncio.get_running_loop().create_future(), started)
        try:
            return await play.heard_s
        finally:
            self._plays.pop(part, None)

    def close(self) -> None:
        """That was all: what was sent is heard to its end."""
        self.closing = True
        self._changed.set()

    def stop(self) -> None:
        """Send no more; what is on its way is short."""
        self.close()
        self._outflow.drop()
        now = self._clock.monotonic()
        plays, self._plays = self._plays, {}
        for part, play in plays.items():
            if play.heard_s.done():
                continue
            if self._error:
                play.heard_s.set_exception(self._error)
            else:
                play.heard_s.set_result(self._outflow.heard_s(part, now))

    def _tell_started(self, parts: list[Part]) -> None:
        for part in parts:
            play = self._plays.get(part)
            if play is None:
                continue  # it was stopped meanwhile
            if play.started:
                self._plays[part] = _Play(play.heard_s, None)
                play.started()
            if part.over:
                self._sent.append(part)

    def _tell_heard(self) -> None:
        sent, self._sent = self._sent, []
        for part in sent:
            play = self._plays.pop(part, None)
            if play and not play.heard_s.done():
                play.heard_s.set_result(len(part.samples) / self.rate)

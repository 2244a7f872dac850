"""Where the talk is heard and spoken: at the machine's own microphone and loudspeaker, or for a while at a guest's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress

from digital_life.backends.inflow import Inflow
from digital_life.errors import SoundError
from digital_life.ports import Clock, Loudspeaker, Microphone
from digital_life.values import FRAME, RATE, AudioFrame, Speech


class Terminals:
    """A Microphone and a Loudspeaker.

    A guest is a Loudspeaker that brings what it hears to `hear`. It takes out what it plays by itself. While there is
    one, nothing of the machine's own microphone is listened to, and whether there is one does not matter.
    """

    def __init__(self, microphone: Microphone, loudspeaker: Loudspeaker, *, clock: Clock) -> None:
        self._microphone = microphone
        self._loudspeaker = loudspeaker
        self._clock = clock
        self._guest: Loudspeaker | None = None
        self._inflow: Inflow | None = None
        """Of the guest's sound; None also while nobody listens."""
        self._came = asyncio.Event()
        """Set when there is sound, or another guest."""
        self._listened = False
        self._room_heard = self._guest_heard = False
        self._level = 1.0
        self._position = 0
        self._captured = 0.0

    @property
    def has_guest(self) -> bool:
        return self._guest is not None

    @property
    def hears(self) -> bool:
        """Whether who speaks is heard: in the room, as far as is known, or at a guest that has not finished."""
        return self._room_heard or self._guest_heard

    @property
    def position(self) -> int:
        """Of what a guest brings next, as the frames count."""
        return self._position + (self._inflow.waiting if self._inflow else 0)

    # The guest.

    def take(self, guest: Loudspeaker) -> bool:
        """From now on `guest` hears and speaks, unless another one does."""
        if self._guest is None:
            self._guest = guest
            guest.turn(self._level)
            self._renew()
        return self._guest is guest

    def release(self, guest: Loudspeaker) -> None:
        """It hears and speaks no longer; nothing happens when it did not."""
        if self._guest is guest:
            self._guest = None
            self._renew()

    def hear(self, guest: Loudspeaker, pcm: bytes) -> None:
        """What came of 16 kHz mono; lost when nobody listens, or to another one."""
        if self._guest is guest and self._inflow:
            self._guest_heard = True
            self._inflow.add(pcm, self._clock.monotonic())
            self._came.set()

    def finish(self, guest: Loudspeaker) -> None:
        """Who spoke there has shown that this was all."""
        if self._guest is guest and self._inflow:
            self._guest_heard = False
            self._inflow.finish()
            self._came.set()

    def _renew(self) -> None:
        self._guest_heard = False
        self._inflow = Inflow(self._clock.monotonic()) if self._guest and self._listened else None
        self._came.set()

    # The microphone.

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        self._listened = True
        self._renew()
        try:
            while True:
                if self._guest:
                    async with aclosing(self._of_guest()) as frames:
                        async for frame in frames:
                            yield frame
                else:
                    async with aclosing(self._own()) as frames:
                        async for frame in frames:
                            yield frame
                    if self._guest is None:
                        return  # the recording has ended
        finally:
            self._listened = False
            self._renew()

    async def _own(self) -> AsyncGenerator[AudioFrame]:
        """The machine's own, until a guest comes: then it is closed."""
        try:
            async with aclosing(self._microphone.frames()) as frames:
                async for frame in frames:
                    self._room_heard = True
                    if self._guest:
                        return
                    yield self._next(frame.pcm, frame.captured, echo_free=frame.echo_free, final=frame.final)
        except SoundError:
            self._room_heard = False
            if self._guest is None:
                raise

    async def _of_guest(self) -> AsyncGenerator[AudioFrame]:
        """Until it is there no longer."""
        inflow = self._inflow
        while inflow and self._inflow is inflow:
            now = self._clock.monotonic()
            self._came.clear()
            piece = inflow.take(now)
            if piece:
                yield self._next(piece.pcm, now - inflow.waiting / RATE, echo_free=True, final=piece.final)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(inflow.due_s(now)):
                    await self._came.wait()

    def _next(self, pcm: bytes, captured: float, *, echo_free: bool, final: bool) -> AudioFrame:
        self._captured = max(self._captured, captured)
        frame = AudioFrame(pcm, self._position, self._captured, echo_free=echo_free, final=final)
        self._position += FRAME
        return frame

    # The loudspeaker.

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        return await (self._guest or self._loudspeaker).play(speech, started=started)

    def stop(self) -> None:
        self._loudspeaker.stop()
        if self._guest:
            self._guest.stop()

    def turn(self, level: float) -> None:
        self._level = level
        self._loudspeaker.turn(level)
        if self._guest:
            self._guest.turn(level)

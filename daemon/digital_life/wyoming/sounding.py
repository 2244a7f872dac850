"""A client as loudspeaker: what is spoken goes to it as events of sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wyoming.audio import AudioChunk, AudioStart, AudioStop

from digital_life.values import WIDTH, Speech
from digital_life.wire.wire import Wire

CHUNK_BYTES: Final = 4096


class WireLoudspeaker:
    """Loudspeaker for one request; it has played what it has sent."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._began = False

    @property
    def began(self) -> bool:
        """Whether there was any sound."""
        return self._began

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        """All Speech of one request has the same rate. Raises ConnectionError, TimeoutError."""
        if not self._began:
            self._began = True
            await self._wire.write(AudioStart(rate=speech.rate, width=WIDTH, channels=1))
        if started:
            started()
        for start in range(0, len(speech.pcm), CHUNK_BYTES):
            pcm = speech.pcm[start : start + CHUNK_BYTES]
            await self._wire.write(AudioChunk(rate=speech.rate, width=WIDTH, channels=1, audio=pcm))
        return speech.seconds

    async def end(self, *, rate: int) -> None:
        """That was all; `rate` is that of a silence where there was no sound."""
        if not self._began:
            await self._wire.write(AudioStart(rate=rate, width=WIDTH, channels=1))
        await self._wire.write(AudioStop())

    def stop(self) -> None:
        """What was sent is the client's; the request is ended by cancelling it."""

    def turn(self, level: float) -> None:
        """How loud it is, the client decides."""

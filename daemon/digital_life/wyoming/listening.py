"""Sound that streams in: written down as a whole, or searched for wake words as it comes."""

from __future__ import annotations

from typing import Final, Protocol

from wyoming.wake import Detection, NotDetected

from digital_life.errors import WyomingError
from digital_life.ports import Clock
from digital_life.values import FRAME, RATE, WIDTH
from digital_life.wire.wire import Wire
from digital_life.wyoming.offers import Conversion, Watch
from digital_life.wyoming.requests import Format

LONGEST_S: Final = 60.0
"""Of one request, and of one event; 2 MB as the recogniser reads it."""
AHEAD_S: Final = 10.0
"""Sound that is searched for wake words may come so much faster than time: a recording does."""
FRAME_BYTES: Final = FRAME * WIDTH


class Stream(Protocol):
    """What becomes of sound between `audio-start` and `audio-stop`."""

    async def hear(self, pcm: bytes) -> None:
        """16 kHz mono, signed 16-bit little-endian. Raises WyomingError."""
        ...


class Recording:
    """All of it."""

    def __init__(self) -> None:
        self.pcm = bytearray()

    async def hear(self, pcm: bytes) -> None:
        if len(self.pcm) + len(pcm) > LONGEST_S * RATE * WIDTH:
            raise WyomingError("wyoming-long", seconds=f"{LONGEST_S:.0f}")
        self.pcm += pcm


class Search:
    """For wake words; tells of each."""

    def __init__(self, watch: Watch, wire: Wire, clock: Clock, *, names: tuple[str, ...] | None) -> None:
        """`names`: the phrases that count; None: all."""
        self._watch = watch
        self._wire = wire
        self._clock = clock
        self._names = names
        self._rest = bytearray()
        self._frames = 0
        self._began = clock.monotonic()
        self._detected = False

    async def hear(self, pcm: bytes) -> None:
        self._rest += pcm
        while len(self._rest) >= FRAME_BYTES:
            frame = bytes(self._rest[:FRAME_BYTES])
            del self._rest[:FRAME_BYTES]
            await self._search(frame)

    async def _search(self, frame: bytes) -> None:
        ahead_s = self._frames * FRAME / RATE - (self._clock.monotonic() - self._began)
        if ahead_s > AHEAD_S:  # a flood would take the processor from the room
            await self._clock.sleep(ahead_s - AHEAD_S)
        phrase = await self._watch.hear(frame)
        self._frames += 1
        if phrase and (self._names is None or phrase in self._names):
            self._detected = True
            await self._wire.write(Detection(name=phrase, timestamp=self._frames * FRAME * 1000 // RATE))

    async def end(self) -> None:
        if not self._detected:
            await self._wire.write(NotDetected())


class Inlet:
    """Sound of one format, into a stream."""

    def __init__(self, sound: Format, conversion: Conversion, stream: Stream) -> None:
        self._format = sound
        self._conversion = conversion
        self._stream = stream

    async def hear(self, sound: Format, pcm: bytes) -> None:
        """Raises WyomingError."""
        if sound != self._format:
            raise WyomingError("wyoming-format")
        if sound.seconds(len(pcm)) > LONGEST_S:
            raise WyomingError("wyoming-long", seconds=f"{LONGEST_S:.0f}")
        await self._stream.hear(self._conversion.feed(pcm))

    async def end(self) -> None:
        await self._stream.hear(self._conversion.close())

"""A microphone, wake words and voice activity that are told what they hear, frame by frame."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from digital_life.errors import SoundError
from digital_life.values import FRAME, AudioFrame

WINDOW = 512


@dataclass(frozen=True, slots=True)
class Heard:
    """One frame: is somebody speaking, and how like the wake word is it?"""

    voice: bool = False
    wake: float = 0.0


class FakeMicrophone:
    """Each frame holds its number; then it ends, or is lost."""

    def __init__(self, frames: int, *, lost: bool = False, echo_free: bool = False) -> None:
        self._echo_free = echo_free
        self._frames = frames
        self._lost = lost

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        for number in range(self._frames):
            yield AudioFrame(
                number.to_bytes(2, "little") * FRAME, number * FRAME, captured=number * 0.08, echo_free=self._echo_free
            )
        if self._lost:
            raise SoundError("microphone-lost", device="fake")


class FakeWakeWords:
    def __init__(self, story: Sequence[Heard]) -> None:
        self._story = story

    def feed(self, pcm: bytes) -> dict[str, float]:
        return {"hey_ada": self._story[int.from_bytes(pcm[:2], "little")].wake}

    def reset(self) -> None:
        pass


class FakeVoiceActivity:
    """As the real one, it gives a probability for each window that a frame completes: two, then three."""

    def __init__(self, story: Sequence[Heard]) -> None:
        self._story = story
        self._waiting = 0

    def feed(self, pcm: bytes) -> tuple[float, ...]:
        voice = self._story[int.from_bytes(pcm[:2], "little")].voice
        windows, self._waiting = divmod(self._waiting + FRAME, WINDOW)
        return (0.9 if voice else 0.05,) * windows

    def reset(self) -> None:
        self._waiting = 0

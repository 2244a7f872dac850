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
    final: bool = False
    """Whether who speaks shows that this was all."""


class FakeMicrophone:
    """Each frame begins with its number, and is loud where there is something to be heard; then it ends, or is lost."""

    def __init__(self, story: Sequence[Heard], *, lost: bool = False, echo_free: bool = False) -> None:
        self._echo_free = echo_free
        self._story = story
        self._lost = lost

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        for number, heard in enumerate(self._story):
            loudness = 3000 if heard.voice or heard.wake else 10
            pcm = number.to_bytes(2, "little") + loudness.to_bytes(2, "little") * (FRAME - 1)
            yield AudioFrame(pcm, number * FRAME, number * 0.08, echo_free=self._echo_free, final=heard.final)
        if self._lost:
            raise SoundError("microphone-lost", device="fake")


class FakeWakeWords:
    def __init__(self, story: Sequence[Heard]) -> None:
        self._story = story

    def feed(self, pcm: bytes) -> dict[str, float]:
        return {"hey_ada": self._story[int.from_bytes(pcm[:2], "little")].wake}

    def reset(self) -> None:
        pass

    def beside(self) -> FakeWakeWords:
        return FakeWakeWords(self._story)


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

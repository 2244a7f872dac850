"""What a life that is soaked is made of: a fast clock, faults, and what may be made up or real."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digital_life.errors import ModelError
from digital_life.memory.life import Life
from digital_life.ports import Brain, Diaries, SpeechToText, TextToSpeech
from digital_life.talking.prompting import Prompting
from digital_life.values import DiaryWritten, Language, Transcript, Utterance

BEGAN = datetime(2026, 3, 1, 6, tzinfo=UTC)
FAULTS = (
    "microphone", "model", "locked", "recogniser", "clock forward", "loudspeaker", "full", "clock back", "damaged",
)  # fmt: skip


class FastClock:
    """Runs `speed` times as fast; what it shows can be set, forward and back."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self.begin()
        self.ahead = timedelta()

    def begin(self) -> None:
        """All that is to be loaded is: the first hour begins."""
        self._began = time.monotonic()

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.monotonic()) + self.ahead

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * self._speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


@dataclass
class Faults:
    """How often each part fails from now on."""

    model: int = 0
    hang: int = 0
    """Of the language model."""
    recogniser: int = 0
    loudspeaker: int = 0

    def due(self, part: str) -> bool:
        left: int = getattr(self, part)
        setattr(self, part, max(0, left - 1))
        return left > 0


class Failing:
    """A SpeechToText that fails when it is told to."""

    def __init__(self, recogniser: SpeechToText, faults: Faults) -> None:
        self._recogniser = recogniser
        self._faults = faults

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        if self._faults.due("recogniser"):
            raise ModelError("recogniser-failed", cause="MemoryError")
        return await self._recogniser.transcribe(utterance, hint=hint)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is said to it."""

    text: str
    language: Language
    pcm: bytes = field(repr=False)
    """As the recogniser hears it."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What may be made up or real."""

    life: Life
    model: Brain
    recogniser: SpeechToText
    voice: TextToSpeech
    prompting: Prompting
    diaries: Diaries | None
    """What the model may ask of the memory; None: nothing."""
    languages: Sequence[Language]
    """In which prompts are read in advance."""
    questions: Callable[[int], Question]
    """By their number."""
    faults: Sequence[str]
    """That can happen to these, in turn."""
    written: Callable[[DiaryWritten], None]
    """Told of each new diary."""
    answered_s: float
    """Of the clock on the wall."""


Opening = Callable[[Path, FastClock, Faults], AbstractAsyncContextManager[Parts]]

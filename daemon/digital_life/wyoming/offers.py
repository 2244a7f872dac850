"""What is offered over Wyoming: each part as a protocol of one method."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from digital_life.ports import Loudspeaker
from digital_life.values import Language, Transcript
from digital_life.wire.sound import Format
from digital_life.wyoming.requests import Said, Voice


@dataclass(frozen=True, slots=True)
class Described:
    """What there is, as it is told to who asks."""

    version: str
    persona: str
    """Who answers just now."""
    languages: tuple[Language, ...]
    voices: Mapping[Language, str]
    wake_words: Mapping[str, str]
    """Each phrase, and how it is written."""
    controls: bool
    """Whether it commands the devices of a home."""


@dataclass(frozen=True, slots=True)
class Answer:
    pieces: tuple[str, ...]
    """Sentences; joined they are the text."""
    failed: bool
    """Whether a prepared sentence took the place of an answer."""


class Conversion(Protocol):
    """Sound of one format as 16 kHz mono, signed 16-bit little-endian."""

    def feed(self, pcm: bytes) -> bytes: ...

    def close(self) -> bytes:
        """What is left of it."""
        ...


class Watch(Protocol):
    """Wakes, for one stream of sound."""

    async def hear(self, pcm: bytes) -> str | None:
        """The phrase that ended in this frame of FRAME samples."""
        ...


@dataclass(frozen=True, slots=True)
class Offers:
    """None of these but `describe` and `convert` is done at once: the room's own talk goes first."""

    describe: Callable[[], Described]
    convert: Callable[[Format], Conversion]
    transcribe: Transcribe
    speak: Speak
    answer: AnswerTo
    watch: Callable[[], AbstractContextManager[Watch]]
    """Raises WyomingError where too many listen."""


class Transcribe(Protocol):
    async def __call__(self, pcm: bytes) -> Transcript | None:
        """Of 16 kHz mono; None when there were no words in it. Raises ModelError."""
        ...


class Speak(Protocol):
    async def __call__(self, pieces: AsyncGenerator[str], voice: Voice, loudspeaker: Loudspeaker) -> None:
        """Speak `pieces` as they come. Every Speech that `loudspeaker` is to play has the same rate."""
        ...


class AnswerTo(Protocol):
    async def __call__(self, said: Said) -> Answer: ...

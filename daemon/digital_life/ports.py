"""What the logic needs from the world: protocols of one to three methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import datetime

    from digital_life.values import AudioFrame, HearingEvent, Language, Message, Speech, Transcript, Utterance


class Clock(Protocol):
    """The only place that asks the time."""

    def now(self) -> datetime:
        """The date and time where the person lives, with its zone."""
        ...

    def monotonic(self) -> float:
        """Seconds that never jump; only differences mean something."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Microphone(Protocol):
    def frames(self) -> AsyncGenerator[AudioFrame]:
        """Sound as it comes; ends when a recording ends; raises SoundError when the device is lost.

        A reader that is late loses the oldest frames: late audio is worse than lost.
        """
        ...


class Loudspeaker(Protocol):
    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        """Play and return the seconds that were heard, less than `speech.seconds` after `stop()`.

        `started` is called when the first sample is handed to the device.

        On cancellation the loudspeaker is silent before this raises. Raises SoundError when the device is lost.
        """
        ...

    def stop(self) -> None:
        """Silence now; a `play` under way returns what was heard."""
        ...


class WakeWords(Protocol):
    """Blocking; owned by one thread."""

    def feed(self, pcm: bytes) -> dict[str, float]:
        """Score one frame of FRAME samples: phrase to a score of 0 to 1."""
        ...

    def reset(self) -> None:
        """Forget the sound so far."""
        ...


class VoiceActivity(Protocol):
    """Blocking; owned by one thread."""

    def feed(self, pcm: bytes) -> tuple[float, ...]:
        """Probability of a voice, 0 to 1, for each window of 512 samples (32 ms) that this frame completes."""
        ...

    def reset(self) -> None:
        """Forget the sound so far."""
        ...


class Ears(Protocol):
    """The microphone, understood as far as who spoke when."""

    own_voice: bool
    """Whether it speaks itself just now: then a wake word must be clearer."""

    def events(self) -> AsyncGenerator[HearingEvent]:
        """What is heard; ends when a recording ends; raises SoundError when the device is lost.

        After WakeHeard it listens for an utterance by itself, and after that waits for a wake word again.
        """
        ...

    def follow_up(self, seconds: float, *, since: int | None = None) -> None:
        """Listen for an utterance without a wake word; NothingSaid follows after so much silence.

        From now on, or from the position `since`: sound that came while it was not known that it would matter.
        """
        ...


class SpeechToText(Protocol):
    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        """Write down what was said; None when there were no words in it. `hint` is what was probably said.

        On cancellation the result is thrown away. Raises ModelError.
        """
        ...


class LanguageModel(Protocol):
    def reply(self, messages: Sequence[Message]) -> AsyncGenerator[str]:
        """Stream the assistant's answer, piece by piece; closing the iterator stops the model within a token.

        Raises ModelError.
        """
        ...

    async def prepare(self, messages: Sequence[Message]) -> None:
        """Read these now, so that a prompt that begins with them is answered sooner. The last may be unfinished."""
        ...

    def tokens(self, text: str) -> int:
        """How many tokens of the context `text` takes."""
        ...


class TextToSpeech(Protocol):
    async def synthesize(self, text: str, language: Language) -> Speech:
        """Speak `text`, which is in `language` and in words alone. Raises ModelError."""
        ...

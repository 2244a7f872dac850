"""What a wyoming-satellite streams: sound, and that it heard its wake word by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from wyoming.asr import Transcript
from wyoming.event import Eventable
from wyoming.vad import VoiceStopped
from wyoming.wake import Detection

from digital_life.backends.conversion import Converted
from digital_life.backends.inflow import Inflow
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, State

DEAF_S: Final = 10.0
"""One that streams, and so long sends no sound, has lost its microphone; it looks for it again every 3 s by itself."""
UNHEARD_S: Final = 10.0
"""One that heard its wake word, and so long was not listened to, need not stream any longer."""
TALKING: Final = frozenset({State.LISTENING, State.THINKING, State.SPEAKING})
SPOKEN_RATE: Final = 22_050
"""Samples a second that the loudspeaker of a satellite takes unless it was started for another rate."""
UNNAMED: Final = "satellite"
"""The wake word of one that is too old to tell which it was."""


class Format(msgspec.Struct, frozen=True):
    """`audio-chunk`: linear PCM."""

    rate: Annotated[int, Meta(ge=4_000, le=192_000)]
    width: Annotated[int, Meta(ge=1, le=4)]
    channels: Annotated[int, Meta(ge=1, le=8)]

    def seconds(self, count: int) -> float:
        """Of so many bytes."""
        return count / (self.rate * self.width * self.channels)


class Pipeline(msgspec.Struct, frozen=True):
    """`run-pipeline`: it begins to stream."""

    start_stage: str
    """"asr": it has heard its own wake word; "wake": that is for us to hear."""
    end_stage: str
    """"tts": it has a loudspeaker."""
    restart_on_end: bool | None = None
    """False: it streams while its own voice activity lets it; None: it is too old to tell."""
    wake_word_name: Annotated[str, Meta(max_length=200)] | None = None
    """Of the model that heard it, where that was not told before."""
    snd_format: Format | None = None
    """What its loudspeaker takes as it is; None: it is too old to tell."""


class Named(msgspec.Struct, frozen=True):
    """`detection`: its wake word, by the name of its model."""

    name: Annotated[str, Meta(max_length=200)] | None = None


def sign(before: State, now: State, *, woken: bool) -> Eventable | None:
    """What a satellite is told when that changes; None: nothing.

    A transcript ends its streaming where it began that by itself, so it is told when the talk rests and not before:
    until then it can be answered without a wake word. `woken`: it heard its wake word, and has shown that by itself.
    """
    if now not in TALKING:
        return Transcript(text="") if before in TALKING else None
    if now is State.LISTENING and not (woken and before not in TALKING):
        return Detection()
    return VoiceStopped() if now is State.THINKING else None


@dataclass(slots=True)
class _Listening:
    """What was made of it since somebody listens."""

    inflow: Inflow
    position: int = 0
    captured: float = 0.0
    sound_due: float | None = None
    """When the microphone is lost, unless there is sound; None while it need not send any."""
    woken: str = ""
    """What the next frame is to tell."""


@dataclass(slots=True)
class Stream:
    """All times are monotonic seconds, told by who asks."""

    phrases: Mapping[str, str]
    """How the wake words are said that it hears by itself, by the names of their models."""
    echo_free: bool
    speechless: bool = False
    """Whether it is known to have no loudspeaker."""
    rate: int = SPOKEN_RATE
    """Samples a second that its loudspeaker takes as they are: it would change another rate, but slowly."""
    _listening: _Listening | None = None
    _format: Format | None = None
    _converted: Converted = field(default_factory=lambda: Converted(rate=RATE, width=WIDTH, channels=1))
    _fresh: bool = False
    """Whether the next sound is the first."""
    _named: str = UNNAMED
    """Its wake word that it told last."""
    _unheard_at: float | None = None
    """Until when somebody is to listen to what it streams after its wake word; None: it does not stream so."""

    # Who listens.

    def open(self, now: float) -> None:
        self._listening = _Listening(Inflow(now))

    def close(self) -> None:
        self._listening = None

    def take(self, now: float) -> AudioFrame | None:
        """The next frame; None where it is not yet time for one."""
        it = self._listening
        piece = it.inflow.take(now) if it else None
        if not it or not piece:
            return None
        it.captured = max(it.captured, now - it.inflow.waiting / RATE)
        frame = AudioFrame(piece.pcm, it.position, it.captured, echo_free=self.echo_free, woken=it.woken)
        it.position += FRAME
        it.woken = ""
        return frame

    def due_s(self, now: float) -> float:
        """Until a frame that does not come is taken for silence."""
        return self._listening.inflow.due_s(now) if self._listening else 0.0

    def deaf(self, now: float) -> bool:
        """Whether its microphone is lost."""
        due = self._listening.sound_due if self._listening else None
        return due is not None and now > due

    @property
    def woken(self) -> bool:
        """Whether it streams because it heard its wake word by itself."""
        return self._unheard_at is not None

    def unheard(self, now: float) -> bool:
        """Whether it streams so, and should have been listened to by now."""
        return self._unheard_at is not None and now > self._unheard_at

    def ask_to_rest(self) -> None:
        """It was told to look for its wake word again."""
        self._unheard_at = None

    # What it sends.

    def name(self, told: Named) -> None:
        name = told.name or UNNAMED
        self._named = self.phrases.get(name, name)

    def begin(self, pipeline: Pipeline, now: float) -> None:
        self.speechless = pipeline.end_stage != "tts"
        self.rate = pipeline.snd_format.rate if pipeline.snd_format else SPOKEN_RATE
        it = self._listening
        if pipeline.start_stage == "asr":
            if pipeline.wake_word_name:
                self.name(Named(pipeline.wake_word_name))
            self._unheard_at = now + UNHEARD_S
            if it:
                it.woken = self._named
            self._named = UNNAMED
        else:
            self._fresh = True
            if it and pipeline.restart_on_end is not False:
                it.sound_due = now + DEAF_S

    def add(self, sound: Format, pcm: bytes, now: float) -> bool:
        """Whether somebody listens to it."""
        if sound != self._format:
            self._format = sound
            self._converted = Converted(rate=sound.rate, width=sound.width, channels=sound.channels)
        it = self._listening
        if not it:
            return False
        it.inflow.add(self._after_what_was_kept(self._converted.feed(pcm)), now)
        it.sound_due = it.sound_due and now + DEAF_S
        return True

    def _after_what_was_kept(self, pcm: bytes) -> bytes:
        """It sends first what it kept of the time before somebody spoke: empty where it began again, but no pause."""
        if not self._fresh:
            return pcm
        self._fresh = False
        empty = len(pcm) - len(pcm.lstrip(b"\0"))
        return pcm[empty - empty % WIDTH :]

    def end(self) -> None:
        if self._listening:
            self._listening.sound_due = None

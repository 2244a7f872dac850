"""The values that flow between the parts: all frozen, each unit named at its field."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NewType, Self

RATE = 16_000
"""Samples a second of everything that is heard."""
WIDTH = 2
"""Bytes a sample: signed 16-bit little-endian, everywhere."""
FRAME = 1_280
"""Samples a frame, 80 ms: what openwakeword reads at a time."""

LEVEL_LOWEST_DB = -96.0
"""Of 16 bits: digital silence."""

Language = Literal["en", "zh"]
"""A language it can hear, think and speak in."""


def seconds(pcm: bytes, rate: int = RATE) -> float:
    """How long 16-bit mono sound lasts."""
    return len(pcm) / (rate * WIDTH)


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """80 ms from the microphone."""

    pcm: bytes = field(repr=False)
    """16 kHz mono, signed 16-bit little-endian; FRAME samples."""
    position: int
    """Samples between the opening of the microphone and the first sample of this frame."""
    captured: float
    """Monotonic seconds when its last sample was heard."""
    echo_free: bool = False
    """Whether its own voice is surely not in it, even while it speaks."""
    final: bool = False
    """Whether who spoke has shown that this was all, as by letting a button go."""
    woken: str = ""
    """The wake word that a device which looks for it by itself heard just before this frame; empty: none."""


@dataclass(frozen=True, slots=True)
class Sensed:
    """What the ears made of one frame, whether or not anything came of it."""

    level_db: float
    """Its loudness below full scale, LEVEL_LOWEST_DB at least."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """Of each wake word, 0 to 1; empty while it does not look for one."""
    voice: float | None = None
    """Probability of a voice, 0 to 1; None while nobody is listened to."""
    gated: bool = False
    """Whether it was too quiet for a wake word to be looked for."""


@dataclass(frozen=True, slots=True)
class EarsOpened:
    """The microphone is open: its first frame has come."""

    position: int


@dataclass(frozen=True, slots=True)
class WakeHeard:
    """A wake word was said."""

    phrase: str
    score: float
    """0 to 1."""
    position: int
    """The sample after the frame that decided it."""
    needed: float = field(default=0.0, compare=False)
    """The score from which it counts."""
    sound: bytes = field(default=b"", repr=False, compare=False)
    """What was heard of late: 16 kHz mono, signed 16-bit little-endian."""

    @property
    def at(self) -> float:
        """Seconds since the microphone opened."""
        return self.position / RATE


@dataclass(frozen=True, slots=True)
class WakeDoubted:
    """Something was like a wake word, and its words are to be looked at before it counts as one."""

    wake: WakeHeard
    at_once: bool = False
    """Whether there will be a second look, with more sound behind the word."""


@dataclass(frozen=True, slots=True)
class WakeMissed:
    """Something was like a wake word, but not enough."""

    phrase: str
    score: float
    """0 to 1."""
    position: int
    """The sample after the frame from which it was over."""
    needed: float = field(default=0.0, compare=False)
    """The score from which it would have counted."""
    sound: bytes = field(default=b"", repr=False, compare=False)
    """What was heard of late: 16 kHz mono, signed 16-bit little-endian."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody began to speak."""

    position: int


@dataclass(frozen=True, slots=True)
class SpeechSustained:
    """Somebody who began to speak over its own voice goes on: an Utterance or NothingSaid will follow."""

    position: int


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech, from just before its first word to the silence that ended it."""

    pcm: bytes = field(repr=False)
    """16 kHz mono, signed 16-bit little-endian."""
    position: int
    """Of its first sample."""
    speech_ended: int
    """Position of the sample after the last one with a voice in it."""
    decided: int
    """Position at which it was known to be over."""
    captured: float
    """Monotonic seconds when the sample at `decided` was heard."""

    @property
    def seconds(self) -> float:
        return seconds(self.pcm)


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """A short silence: perhaps the end. The utterance so far may be transcribed on suspicion."""

    utterance: Utterance


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The silence was not the end after all."""

    position: int


@dataclass(frozen=True, slots=True)
class NothingSaid:
    """Nobody spoke while it was listening."""

    position: int


HearingEvent = (
    EarsOpened
    | WakeHeard
    | WakeDoubted
    | WakeMissed
    | SpeechStarted
    | SpeechSustained
    | SpeechPaused
    | SpeechResumed
    | Utterance
    | NothingSaid
)


class Waking(enum.StrEnum):
    """What came of something that was, or was like, a wake word."""

    ANSWERED = "answered"
    VAIN = "vain"
    """It woke, and nobody said anything to it."""
    NEAR = "near"
    """It did not wake: the score was too low."""
    DOUBTED = "doubted"
    """It did not wake: other words were heard."""


@dataclass(frozen=True, slots=True)
class WakeNote:
    """A waking, or near miss, as it is kept."""

    at: datetime
    phrase: str
    score: float
    """0 to 1."""
    needed: float
    """The score from which it counts."""
    loudness_db: float
    """Of the loudest 80 ms around it, below full scale."""
    waking: Waking


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said something, told by the voice."""

    name: str
    """Empty: nobody who is known, or too little was said to tell."""
    score: float
    """Cosine with the nearest voice that is known, -1 to 1; -1 where there was nothing to compare."""
    embedding: bytes = field(default=b"", repr=False)
    """The voice, as SpeakerEmbedding makes it; empty where too little was said."""
    seconds: float = 0.0
    """How long there was a voice in it."""


Place = NewType("Place", int)
"""Where a written line waits for its answer."""

Person = NewType("Person", str)
"""Whose words they are: the name of somebody of the household, or one of these."""
USER = Person("")
"""Of the persona; everybody, while voices are not told apart."""
GUEST = Person("?")
"""A voice that nobody knows; no name of a person is written so."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said, in words."""

    text: str
    language: Language
    confidence: float
    """0 to 1: the mean probability of a token."""
    remote: bool = False
    """Whether it was written elsewhere: nobody in the house need have wished it, or agree to anything by it."""
    room: str = ""
    """Where it was said; empty: where this machine stands."""
    speaker: Speaker | None = None
    """None: nobody listened for it, or it was written."""
    person: Person = USER
    """Whose words these are: see belonging."""


class Role(enum.StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the prompt."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a reply, fit to be spoken in one breath and in one language."""

    text: str
    """As it is written, with the white space that followed it."""
    spoken: str
    """As it is said: numbers, dates, units in words; no markdown. Empty when there is nothing to say."""
    language: Language


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound to be played."""

    pcm: bytes = field(repr=False)
    """Mono, signed 16-bit little-endian."""
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        return seconds(self.pcm, self.rate)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, as far as it was heard."""

    said: str
    unsaid: str = ""
    interrupted: bool = False
    unheard: bool = field(default=False, compare=False)
    """Whether it could not be played, and was shown only."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds of one turn; None where the stage did not happen."""

    endpoint: float | None = None
    """From the last sample of speech until it was known to be over."""
    stt: float | None = None
    """From there until its words were known."""
    first_token: float | None = None
    """From the words to the model's first token."""
    first_audio: float | None = None
    """From the last sample of speech (or the typed line) to the first sample of the answer."""
    total: float | None = None
    """From the last sample of speech (or the typed line) to the last sample of the answer."""


@dataclass(frozen=True, slots=True)
class Recall:
    """Something that came back to mind."""

    kind: Literal["turn", "diary", "note"]
    ref: int
    """Number of the turn, the diary, or the note that it wrote for itself."""
    when: datetime
    text: str
    """What of it bears on the question."""
    score: float
    """0 to 1: how surely it is what was meant."""
    valid_to: datetime | None = None
    """When something else took its place; None: it holds still, or nobody knows."""
    superseded_by: int | None = None
    """Number of the turn that did."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line of a graph."""

    label: str
    points: tuple[tuple[datetime, float], ...]
    """In time."""
    stepped: bool = False
    """It keeps its height until the next point."""


@dataclass(frozen=True, slots=True)
class Moments:
    """A row of dots of a graph."""

    label: str
    at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the graphs that stand above each other, over the same time."""

    title: str
    unit: str
    """Of its height; empty where it has rows."""
    curves: tuple[Curve, ...] = ()
    rows: tuple[Moments, ...] = ()
    """The highest first."""


@dataclass(frozen=True, slots=True)
class Call:
    """A recall that the language model asked for."""

    name: str
    argument: str
    found: tuple[Recall, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What the language model is told after a call."""

    outcome: str
    """Names its sentence among the words by which the calls are taught."""
    found: tuple[Recall, ...] = ()
    page: int = 0
    """From 1, of what a search found; 0: it was no search."""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """What a way to remember takes of the prompt."""

    examples: float = 0.22
    """Of the context, for the examples of its calls."""
    love: float = 0.05
    """Of the context, for what is known of the user."""
    summarised: float = 0.75
    """Of the dialogue's room: when so much is taken its older half is summarised."""
    warned: float = math.inf
    """Of the dialogue's room: when so much is taken the model is told; inf: never."""


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier exchange, as it is remembered."""

    turn: int
    at: datetime
    language: Language
    heard: str
    answered: str
    """Empty when it was interrupted before the first word."""
    person: Person = USER
    """Who said `heard`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is always before its mind: of a whole life, and of this conversation."""

    soul: tuple[str, ...] = ()
    """What it holds itself to be, a sentence each."""
    love: tuple[str, ...] = ()
    """What it knows of whom it talks with."""
    met: datetime | None = None
    """When they first spoke; None before that."""
    began: datetime | None = None
    """When this conversation began; None before its first turn."""
    summary: tuple[str, ...] = ()
    """What was said in this conversation before `said`."""
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer to a wish that the memory grants itself, without the language model."""

    text: str
    remembered: bool = True
    """Whether this exchange is kept: not when it repeats what is to be forgotten."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange: what was heard and what was really said."""

    number: int
    began: datetime
    wake: WakeHeard | None
    """None when it was typed, or followed an answer without a wake word."""
    heard: Transcript
    reply: Reply
    timings: Timings
    calls: tuple[Call, ...] = ()
    """What the model looked up before it answered."""
    by: str = ""
    """Name of who answered; empty where that is not known any more."""
    failed: bool = False
    """Whether no model could be asked, and a prepared sentence took the place of its answer."""


@dataclass(frozen=True, slots=True)
class DayForecast:
    """The weather of one day."""

    day: date
    sky: int
    """WMO code 4677."""
    low: float
    high: float
    """Degrees, in the units of the settings."""
    rain: int | None
    """Chance in percent; None when it is not known."""
    wind: float
    """The strongest, in km/h."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """The weather at a place."""

    place: str
    degrees: float
    """Now, in the units of the settings."""
    sky: int
    """Now: WMO code 4677."""
    days: tuple[DayForecast, ...]
    """From today on, as the place counts its days."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """One result of a search."""

    site: str
    """Its host."""
    title: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Document:
    """A text, as far as it is read."""

    text: str
    whole: bool


class EntryKind(enum.StrEnum):
    TIMER = "timer"
    ALARM = "alarm"
    REMINDER = "reminder"


class EntryState(enum.StrEnum):
    """Of an entry that is not over; one that is has left the agenda."""

    WAITING = "waiting"
    RINGING = "ringing"
    """It rang, and nobody has shown yet that it was heard."""
    MISSED = "missed"
    """It rang in vain, or could not ring; it is told when the person next speaks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the agenda, that is to ring."""

    kind: EntryKind
    at: datetime
    """What the clock shows then, wherever the person is; of a span ("in ten minutes") the very moment."""
    language: Language
    """In which it was asked for."""
    what: str = ""
    """What of, in the words of the person; empty: nothing was said."""
    repeat: str = ""
    """RRULE of RFC 5545; empty: once."""
    lasts: timedelta | None = None
    """The span that was said; None when it was a time of the clock."""
    number: int = 0
    """0 before it is kept."""
    state: EntryState = EntryState.WAITING
    rung: int = 0
    """How often."""
    again: datetime | None = None
    """When it rings once more, snoozed or unheard; None: at its own time."""
    room: str = ""
    """Where it was asked for; empty: where this machine stands, or in writing."""


@dataclass(frozen=True, slots=True)
class Announced:
    """It begins to say this by itself."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Spoken:
    """These words of an answer begin to be heard."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Written:
    """A question that came in writing from elsewhere was answered in writing: nobody need be in the room."""

    turn: Turn


@dataclass(frozen=True, slots=True)
class Rang:
    """Something in the agenda rings now."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class DiaryWritten:
    """A conversation has its diary."""

    day: date
    """On which the conversation began."""
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unasked:
    """Something that it said by itself."""

    at: datetime
    diary: int
    """Number of the diary that it asked about; 0: none."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that give cause for concern about who said them."""

    name: str
    """Of the rule that knows them."""
    level: int
    """1: no hope, or a wish to be gone; 2: thoughts of suicide or self-harm; 3: a plan, the means, or the act."""
    words: str
    """As they were said, but for case and what is written in several ways."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What a line tells about a psychological crisis of who said it."""

    level: int
    """0: nothing; else the gravest of the signs."""
    signs: tuple[Sign, ...]
    version: str
    """Of the rules."""


@dataclass(frozen=True, slots=True)
class KeptConcern:
    """A concern as it is kept for good: how grave it was and why, and no word of what was said."""

    at: datetime
    level: int
    signs: tuple[str, ...]
    """Names of the rules."""
    version: str
    turn: int
    """0 where the turn itself was not kept."""
    told: datetime | None = None
    """When the trusted person was told; None when they were not."""


@dataclass(frozen=True, slots=True)
class Published:
    """A message of MQTT, to be sent or come."""

    topic: str
    payload: bytes = field(repr=False)
    qos: Literal[0, 1] = 0
    retain: bool = False
    """To be sent: the broker keeps it. Come: it was kept, and is old news."""
    answer_to: str = ""
    """Response topic of MQTT 5: where an answer is awaited; empty: nowhere."""
    correlation: bytes = b""
    """Correlation data of MQTT 5."""

    @classmethod
    def text(cls, topic: str, text: str, *, qos: Literal[0, 1] = 0, retain: bool = False) -> Self:
        return cls(topic, text.encode(), qos, retain)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A backup, as it lies where backups are kept."""

    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """All models are loaded and warm: it answers at once."""


class State(enum.StrEnum):
    """What it is doing, as a person would say it."""

    STARTING = "starting"
    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    DEAF = "deaf"
    MUTED = "muted"
    STOPPING = "stopping"


RESTING = frozenset({State.IDLE, State.DEAF, State.MUTED})
"""Nobody speaks or is listened to."""

"""What a page and the daemon tell each other of the talk: one form, described in docs/console.md."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from digital_life.values import RATE, Language, State, Timings, Turn

LONGEST_LINE = 4_000
"""Characters that may be typed at once."""

Line = Annotated[str, Meta(min_length=1, max_length=LONGEST_LINE)]
SoundNumber = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=3_600)]


class _Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Fields that are not known are ignored."""


# From a page.


class Say(_Told, frozen=True, tag="say"):
    """A line was typed."""

    text: Line
    aloud: bool = False
    """Whether the answer is to be heard in this page."""


class Press(_Told, frozen=True, tag="press"):
    """Somebody holds the button to talk: from now on sound comes."""

    rate: int = RATE


class Release(_Told, frozen=True, tag="release"):
    """The button was let go: that was all."""


class Open(_Told, frozen=True, tag="open"):
    """The microphone of the page is open from now on, or is not."""

    on: bool
    rate: int = RATE


class Stop(_Told, frozen=True, tag="stop"):
    """Be silent."""


class Mute(_Told, frozen=True, tag="mute"):
    """Hear nothing, anywhere; or hear again."""

    on: bool


class CatchUp(_Told, frozen=True, tag="past"):
    """The page wants to know what was said before it came, and what goes on."""


class Playing(_Told, frozen=True, tag="playing"):
    """A sound is heard; told when it begins and twice a second."""

    id: SoundNumber
    seconds: Seconds = 0.0
    """Of it, that were heard."""


class Played(_Told, frozen=True, tag="played"):
    """A sound is over, or was stopped."""

    id: SoundNumber
    seconds: Seconds
    """Of it, that were heard."""


FromPage = Say | Press | Release | Open | Stop | Mute | CatchUp | Playing | Played


# To a page.


class Hello(_Told, frozen=True, tag="hello", omit_defaults=False):
    """The first message of a connection."""

    version: str
    name: str
    """Of who answers."""
    state: State
    muted: bool
    languages: tuple[Language, ...]
    """That it speaks."""
    page: str
    """Which page this is, among all."""


class StateTold(_Told, frozen=True, tag="state"):
    """What it does from now on."""

    state: State
    name: str
    """Of who answers."""
    muted: bool


class Heard(_Told, frozen=True, tag="heard", omit_defaults=False):
    """What was said or typed to it, and is answered now."""

    text: str
    language: Language
    here: bool
    """Whether it was in this page."""


class SpokenTold(_Told, frozen=True, tag="spoken"):
    """These words of the answer begin to be heard."""

    text: str
    language: Language


class TurnTold(_Told, frozen=True, tag="turn", omit_defaults=False):
    """An exchange is over."""

    number: int
    """0: it is not remembered."""
    began: str
    """Date and time with its zone, ISO 8601."""
    heard: str
    language: Language
    said: str
    interrupted: bool
    by: str
    """Name of who answered."""
    timings: Timings | None
    """None: of one that is long over."""
    written: bool = False
    """Whether it was asked and answered in writing, over MQTT."""


class Past(_Told, frozen=True, tag="past"):
    """The latest exchanges of today, the oldest first."""

    turns: tuple[TurnTold, ...]


class AnnouncedTold(_Told, frozen=True, tag="announced"):
    """It says this by itself."""

    text: str
    language: Language


class Wake(_Told, frozen=True, tag="wake"):
    """It has heard its wake word."""


class Holder(_Told, frozen=True, tag="holder", omit_defaults=False):
    """Which page hears and speaks; neither: the room."""

    here: bool
    other: bool


class Sound(_Told, frozen=True, tag="speech"):
    """Sound to be played follows, in binary messages: mono, signed 16-bit little-endian."""

    id: int
    rate: int
    """Samples a second."""
    samples: int


class Silence(_Told, frozen=True, tag="silence"):
    """Nothing is to be heard any more of what was sent."""


class Level(_Told, frozen=True, tag="level", omit_defaults=False):
    """Play so loud, 0 to 1; at 0 the sound waits where it is."""

    value: float


class Refused(_Told, frozen=True, tag="refused"):
    """What the page wanted cannot be."""

    why: str
    """A sentence in the language of the page."""
    what: str
    """Which of the reasons that docs/console.md lists."""


class Waiting(_Told, frozen=True, tag="waiting"):
    """The line that was typed there is answered after others."""

    before: int
    """How many are answered first."""
    why: str
    """A sentence in the language of the page."""


ToPage = (
    Hello
    | StateTold
    | Heard
    | SpokenTold
    | TurnTold
    | Past
    | AnnouncedTold
    | Wake
    | Holder
    | Sound
    | Silence
    | Level
    | Refused
    | Waiting
)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(FromPage)


class CourseError(ValueError):
    """That is no message, or one with a value that cannot be."""


def to_json(message: ToPage) -> bytes:
    return _encoder.encode(message)


def from_json(written: str) -> FromPage:
    """Raises CourseError."""
    try:
        message: FromPage = _decoder.decode(written)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise CourseError(str(error)) from error
    return message


def told(turn: Turn, *, written: bool = False) -> TurnTold:
    """An exchange that is over just now."""
    return TurnTold(
        number=turn.number,
        began=turn.began.isoformat(timespec="seconds"),
        heard=turn.heard.text,
        language=turn.heard.language,
        said=turn.reply.said,
        interrupted=turn.reply.interrupted,
        by=turn.by,
        timings=turn.timings,
        written=written,
    )

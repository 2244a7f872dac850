"""What a display is told and may ask: the one form of it, over a WebSocket and over MQTT alike."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from digital_life.values import Language, State

MOST_BYTES = 16_384
"""A longer message is none: the longest, a subtitle, is far below."""
ROOT = "display"
"""Over MQTT a message goes to the topic `display/<type>`, below the companion's own."""

Mood = Literal["neutral", "happy", "sad", "surprised", "thinking", "worried"]
"""What a face can show."""
MOODS: tuple[Mood, ...] = get_args(Mood)

Share = Annotated[float, Meta(ge=0, le=1)]
Milliseconds = Annotated[int, Meta(ge=0)]
"""Of the sender's clock since 1970 (UTC)."""
Name = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,40}$")]


class _Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Fields that are not known are ignored, so that later displays and companions understand earlier ones."""


class Status(_Told, frozen=True, tag="state"):
    """What the companion does from now on."""

    state: State
    mood: Mood | None = None
    """None: as it was."""


class Mouth(_Told, frozen=True, tag="mouth"):
    """The shape of the mouth, 30 times a second while it speaks, told some time before the sound is heard.

    It takes the place of all that was told of the same moment or a later one: a shut mouth at once ends a speech
    that is interrupted.
    """

    open: Share
    """0 shut, 1 wide open."""
    form: Annotated[float, Meta(ge=-1, le=1)]
    """-1 round as in "oo", 1 spread as in "ee"."""
    at: Milliseconds
    """When its sound is heard."""
    turn: Annotated[int, Meta(ge=0)] | None = None
    """Of the conversation; None outside of one."""


class Expression(_Told, frozen=True, tag="expression"):
    """How it looks from now on."""

    name: Mood


class Motion(_Told, frozen=True, tag="motion"):
    """Something it does once: "wake", "tap", "idle", or another that the avatar knows."""

    name: Name


class Subtitle(_Told, frozen=True, tag="subtitle"):
    """What is being said; each takes the place of the one before."""

    text: Annotated[str, Meta(max_length=4000)]
    """Empty: nothing is shown any more."""
    language: Language
    final: bool
    """Whether nothing follows that continues it."""


class Clock(_Told, frozen=True, tag="clock"):
    """A display asks what time it is (`at` is None) and is answered, to know its own clock's distance."""

    page: Name
    """Which display asks."""
    sent: float
    """When it asked, by its own clock: returned as it came."""
    at: Milliseconds | None = None
    """When it was answered, by the companion's clock."""


Message = Status | Mouth | Expression | Motion | Subtitle | Clock
RETAINED = (Status, Expression)

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Message)


class MessageError(ValueError):
    """That is no message, or one with a value that cannot be."""


def to_json(message: Message) -> bytes:
    return _encoder.encode(message)


def from_json(payload: bytes | str) -> Message:
    """Raises MessageError."""
    if len(payload) > MOST_BYTES:
        raise MessageError(f"{len(payload)} bytes")
    try:
        message: Message = _decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise MessageError(str(error)) from error
    return message


def kept(message: Message) -> bool:
    """Whether a broker keeps it for a display that comes later."""
    return isinstance(message, RETAINED)


def topic_of(message: Message) -> str:
    """Below the companion's own topic."""
    return f"{ROOT}/{type(message).__struct_config__.tag}"

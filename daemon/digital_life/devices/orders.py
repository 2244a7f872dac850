"""Commands from the broker, read as strangers' writing: an order, or why it is none."""

from __future__ import annotations

import enum
import json
import math
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digital_life.devices.topics import Command
from digital_life.words import LANGUAGES

if TYPE_CHECKING:
    from digital_life.devices.topics import Topics
    from digital_life.values import Language, Published

LONGEST_BYTES = 4096
LONGEST_ID = 64
"""Characters of what an asker tells its questions apart by."""
LONGEST_WAIT_S = 366 * 86_400.0
PRESS = "PRESS"
ON, OFF = "ON", "OFF"
DIGITS = 8
"""Of a percentage: what is longer is none."""


class Problem(enum.StrEnum):
    """Why a command was refused, as `error` tells it."""

    RETAINED = "retained"
    """It was kept by the broker: nobody wants that now."""
    TOO_LONG = "too-long"
    NOT_UTF8 = "not-utf8"
    CONTROL = "control-characters"
    EMPTY = "empty"
    NOT_JSON = "not-json"
    """It begins as an object of JSON and is none."""
    WRONG_TYPE = "wrong-type"
    """A key is missing, unknown, or of another type."""
    UNKNOWN_COMMAND = "unknown-command"
    UNKNOWN_VALUE = "unknown-value"
    OUT_OF_RANGE = "out-of-range"
    RESPONSE_TOPIC = "response-topic"
    """No answer is sent there."""
    TOO_MANY = "too-many"
    """Too many in too short a time: until it is calm, none is taken."""
    BUSY = "busy"
    """As many wait as can."""
    NO_TIME = "no-time"
    """It names no time to come."""
    NOT_KEPT = "not-kept"
    """The disk refused."""
    NO_ANSWER = "no-answer"
    """No model could be asked."""


@dataclass(frozen=True, slots=True)
class Say:
    """Say this aloud."""

    text: str
    language: Language | None = None
    """None: as the text shows."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer this in writing."""

    text: str
    id: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class SetMute:
    on: bool


@dataclass(frozen=True, slots=True)
class SetVolume:
    percent: float
    """0 to 100."""


@dataclass(frozen=True, slots=True)
class SetPersona:
    name: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Be silent."""


@dataclass(frozen=True, slots=True)
class WriteDiary:
    """The conversation is over; write its diary."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind the person of `text`. Where neither `at` nor `within_s` is there, the words tell the time."""

    text: str
    at: datetime | None = None
    """Without a zone: by the clock of the house."""
    within_s: float | None = None


Order = Say | Ask | SetMute | SetVolume | SetPersona | Stop | WriteDiary | Remind


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that is not obeyed. Nothing of its payload is in it."""

    command: Command | None
    """None: there is no such command."""
    problem: Problem


class _RefusedError(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def read(message: Published, *, topics: Topics, personas: Collection[str]) -> Order | Refusal:
    """What a message on `<base>/+/set` wants. Raises nothing, whatever came."""
    command = topics.command(message.topic)
    if command is None:
        return Refusal(None, Problem.UNKNOWN_COMMAND)
    try:
        _require(not message.retain, Problem.RETAINED)
        _require(_may_answer(message.answer_to, topics), Problem.RESPONSE_TOPIC)
        return _order(command, _text(message.payload), personas)
    except _RefusedError as refused:
        return Refusal(command, refused.problem)


def _require(holds: bool, otherwise: Problem) -> None:  # noqa: FBT001 - as `assert`
    if not holds:
        raise _RefusedError(otherwise)


def _may_answer(topic: str, topics: Topics) -> bool:
    """Whether an answer can be sent there: it must not become a command to itself, or a device of Home Assistant's."""
    odd = any(sign in topic for sign in "+#\0") or topic.startswith("$")
    return not (odd or topics.is_own(topic) or topic.startswith(f"{topics.prefix}/"))


def _text(payload: bytes) -> str:
    _require(len(payload) <= LONGEST_BYTES, Problem.TOO_LONG)
    try:
        return _clean(payload.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _RefusedError(Problem.NOT_UTF8) from error


def _clean(text: str) -> str:
    """On one line; no byte that a terminal or voice would act on, and no half of a character."""
    on_a_line = " ".join(text.split())
    _require(bool(on_a_line), Problem.EMPTY)
    _require(not any(unicodedata.category(char) in ("Cc", "Cs") for char in on_a_line), Problem.CONTROL)
    return on_a_line


def _order(command: Command, text: str, personas: Collection[str]) -> Order:
    match command:
        case Command.SAY:
            return _say(_parts(text, {"text": str, "language": str, "id": str}))
        case Command.ASK:
            return _ask(_parts(text, {"text": str, "language": str, "id": str}))
        case Command.REMINDER:
            return _reminder(_parts(text, {"text": str, "at": str, "in": float}))
        case Command.MUTE:
            return SetMute(_one_of(text.upper(), (ON, OFF)) == ON)
        case Command.VOLUME:
            return SetVolume(_percent(text))
        case _:
            return _button(command, text) or SetPersona(_one_of(text, personas))


def _button(command: Command, text: str) -> Stop | WriteDiary | None:
    """None where it is for no button."""
    buttons: dict[Command, Stop | WriteDiary] = {Command.STOP: Stop(), Command.WRITE_DIARY: WriteDiary()}
    found = buttons.get(command)
    _require(found is None or text.upper() == PRESS, Problem.UNKNOWN_VALUE)
    return found


def _parts(text: str, types: Mapping[str, type]) -> dict[str, Any]:
    """A text alone, or an object of JSON with some of these keys."""
    if not text.startswith("{"):
        return {"text": text}
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(Problem.NOT_JSON) from error
    right = all(key in types and _is(value, types[key]) for key, value in parts.items())
    _require(right and "text" in parts, Problem.WRONG_TYPE)
    return dict(parts)


def _is(value: object, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind)


def _say(parts: Mapping[str, Any]) -> Say:
    return Say(_clean(parts["text"]), _language(parts), _id(parts))


def _ask(parts: Mapping[str, Any]) -> Ask:
    return Ask(_clean(parts["text"]), _id(parts), _language(parts))


def _id(parts: Mapping[str, Any]) -> str:
    """What the asker tells its messages apart by; empty where it does not."""
    name: str = parts.get("id", "")
    _require(len(name) <= LONGEST_ID, Problem.TOO_LONG)
    return _clean(name) if name else ""


def _language(parts: Mapping[str, Any]) -> Language | None:
    if "language" not in parts:
        return None
    _one_of(parts["language"], LANGUAGES)
    return next(each for each in LANGUAGES if each == parts["language"])


def _one_of(text: str, known: Collection[str]) -> str:
    _require(text in known, Problem.UNKNOWN_VALUE)
    return text


def _percent(text: str) -> float:
    try:
        percent = float(text) if len(text) <= DIGITS else math.nan
    except ValueError as error:
        raise _RefusedError(Problem.WRONG_TYPE) from error
    _require(0 <= percent <= 100, Problem.OUT_OF_RANGE)  # also what is no number
    return percent


def _reminder(parts: Mapping[str, Any]) -> Remind:
    text = _clean(parts["text"])
    _require(not ("at" in parts and "in" in parts), Problem.WRONG_TYPE)
    if "at" in parts:
        return Remind(text, at=_moment(parts["at"]))
    if "in" in parts:
        _require(0 < parts["in"] <= LONGEST_WAIT_S, Problem.OUT_OF_RANGE)
        return Remind(text, within_s=float(parts["in"]))
    return Remind(text)


def _moment(written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise _RefusedError(Problem.WRONG_TYPE) from error


class Admission(enum.Enum):
    """What becomes of a command, by how many came before it."""

    ADMITTED = enum.auto()
    FLOOD = enum.auto()
    """With it a flood begins: nothing is admitted until it is over."""
    FLOODED = enum.auto()


class Limit:
    """A bucket of BURST tokens, filled with RATE a second; a flood is over when nothing came for CALM_S."""

    BURST = 20
    RATE = 2.0
    CALM_S = 2.0

    def __init__(self) -> None:
        self._tokens = float(self.BURST)
        self._last: float | None = None
        self._flooded = False

    def judge(self, now: float) -> Admission:
        """`now` in monotonic seconds."""
        calm_s = math.inf if self._last is None else max(0.0, now - self._last)
        self._last = now
        self._tokens = min(self.BURST, self._tokens + calm_s * self.RATE)
        if self._flooded and calm_s < self.CALM_S:
            return Admission.FLOODED
        if self._tokens < 1:
            self._flooded = True
            return Admission.FLOOD
        self._flooded = False
        self._tokens -= 1
        return Admission.ADMITTED

"""Every topic of MQTT that it speaks or listens on: built and read side by side."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

ROOT = "digital-life"
ANYBODY = "home"
"""The name of a machine that has none to speak of."""


class Command(enum.StrEnum):
    """What can be wished of it: `<base>/<command>/set`."""

    SAY = "say"
    ASK = "ask"
    MUTE = "mute"
    VOLUME = "volume"
    PERSONA = "persona"
    STOP = "stop"
    WRITE_DIARY = "write_diary"
    REMINDER = "reminder"


class Shown(enum.StrEnum):
    """What displays are told, and tell: `<base>/display/<shown>`."""

    STATE = "state"
    EXPRESSION = "expression"
    MOUTH = "mouth"
    MOTION = "motion"
    SUBTITLE = "subtitle"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Topics:
    """Those of one companion."""

    name: str
    """Letters, digits, - and _."""
    prefix: str = "homeassistant"
    """Of Home Assistant's discovery."""

    @property
    def base(self) -> str:
        return f"{ROOT}/{self.name}"

    @property
    def id(self) -> str:
        """Of the companion among all devices, and as a client of the broker."""
        return f"{ROOT}-{self.name}"

    # What it tells.

    @property
    def state(self) -> str:
        return f"{self.base}/state"

    @property
    def availability(self) -> str:
        return f"{self.base}/availability"

    @property
    def mood(self) -> str:
        return f"{self.base}/mood"

    @property
    def metrics(self) -> str:
        return f"{self.base}/metrics"

    @property
    def problem(self) -> str:
        return f"{self.base}/problem"

    @property
    def mute(self) -> str:
        return f"{self.base}/mute"

    @property
    def volume(self) -> str:
        return f"{self.base}/volume"

    @property
    def persona(self) -> str:
        return f"{self.base}/persona"

    @property
    def wake(self) -> str:
        return f"{self.base}/wake"

    @property
    def heard(self) -> str:
        return f"{self.base}/heard"

    @property
    def said(self) -> str:
        return f"{self.base}/said"

    @property
    def diary(self) -> str:
        return f"{self.base}/diary"

    @property
    def reminder(self) -> str:
        return f"{self.base}/reminder"

    @property
    def answer(self) -> str:
        return f"{self.base}/ask/answer"

    def waiting(self, command: Command) -> str:
        """Where who asked, or wants something said, is told that others are before it."""
        return f"{self.base}/{command}/waiting"

    @property
    def error(self) -> str:
        return f"{self.base}/error"

    def shown(self, what: Shown) -> str:
        """Where a display is told it."""
        return f"{self.base}/display/{what}"

    @property
    def retained(self) -> tuple[str, ...]:
        """All that the broker keeps of it."""
        states = (self.state, self.mood, self.metrics, self.problem, self.mute, self.volume, self.persona)
        return (self.discovery, self.availability, *states, self.shown(Shown.STATE), self.shown(Shown.EXPRESSION))

    # What it listens to.

    @property
    def commands(self) -> str:
        """All of them, also those that do not exist."""
        return f"{self.base}/+/set"

    def of(self, command: Command) -> str:
        return f"{self.base}/{command}/set"

    def command(self, topic: str) -> Command | None:
        """The one that `topic` is for; None when it is for none that exists."""
        return next((each for each in Command if self.of(each) == topic), None)

    # Home Assistant's.

    @property
    def discovery(self) -> str:
        """Where it announces itself."""
        return f"{self.prefix}/device/{self.id}/config"

    @property
    def birth(self) -> str:
        """Where Home Assistant tells that it has come or gone."""
        return f"{self.prefix}/status"

    @property
    def announcements(self) -> tuple[str, ...]:
        """Where devices announce themselves."""
        return (f"{self.prefix}/+/+/config", f"{self.prefix}/+/+/+/config")

    def is_own(self, topic: str) -> bool:
        """Whether it is one of this companion's: nobody can have an answer sent there."""
        return topic in (self.discovery, self.base) or topic.startswith(f"{self.base}/")


def name_of(machine: str) -> str:
    """What a machine of this host name is called in topics."""
    host = machine.split(".", 1)[0]
    return re.sub(r"[^A-Za-z0-9_-]+", "-", host).strip("-") or ANYBODY


@dataclass(frozen=True, slots=True)
class Row:
    """A topic as it is documented."""

    topic: str
    """With <name> and <prefix> where those stand."""
    told: bool
    """Whether the companion sends it; else it listens."""
    retained: bool
    form: str
    example: str
    """A payload; the empty text where there is none."""


def table() -> tuple[Row, ...]:
    """All topics, as docs/mqtt.md tells them."""
    of = Topics("<name>", "<prefix>")
    return (
        Row(of.availability, True, True, "`online` or `offline`; the will says `offline`", "online"),
        Row(of.state, True, True, "`idle`, `listening`, `thinking`, `speaking`, `muted` or `deaf`", "idle"),
        Row(of.mood, True, True, "`neutral`, `happy`, `sad`, `surprised`, `thinking` or `worried`", "happy"),
        Row(
            of.metrics,
            True,
            True,
            "the last turn, in milliseconds; `null` where a stage did not happen",
            '{"turn": 3, "language": "en", "interrupted": false, "latency_ms": 812.5, "endpoint_ms": 410.2,'
            ' "stt_ms": 95.1, "first_token_ms": 160.4, "first_audio_ms": 812.5, "total_ms": 4210.0}',
        ),
        Row(
            of.problem,
            True,
            True,
            "whether something is wrong, and what: `deaf` (no microphone), `no-answer` (the last answer failed)",
            '{"problem": true, "what": ["deaf"]}',
        ),
        Row(of.mute, True, True, "`ON` or `OFF`", "OFF"),
        Row(of.volume, True, True, "percent", "70"),
        Row(of.persona, True, True, "its name", "Jarvis"),
        Row(
            of.wake,
            True,
            False,
            "a wake word was heard; `score` is 0 to 1; `room` where it was another one than the machine's",
            '{"event_type": "wake", "phrase": "hey_jarvis", "score": 0.93}',
        ),
        Row(
            of.reminder,
            True,
            False,
            "something rings: `timer`, `alarm` or `reminder`; `text` only with `mqtt.said`; `room`: set there",
            '{"event_type": "timer", "at": "2026-11-21T10:15:00+01:00", "rung": 1}',
        ),
        Row(
            of.diary,
            True,
            False,
            "a diary was written; `title` and `text` only with `mqtt.diary_text`",
            '{"event_type": "written", "day": "2026-11-21", "sentences": 4}',
        ),
        Row(
            of.heard,
            True,
            False,
            "what you said; only with `mqtt.heard`; `room` as above",
            '{"text": "What time is it?", "language": "en", "confidence": 0.94}',
        ),
        Row(
            of.said,
            True,
            False,
            "what it said; only with `mqtt.said`; `room` as above",
            '{"text": "It is five past ten.", "language": "en", "interrupted": false}',
        ),
        Row(
            of.answer,
            True,
            False,
            "the answer to `ask/set`, unless that named a response topic",
            '{"id": "7", "answer": "Paris."}',
        ),
        Row(
            of.waiting(Command.ASK),
            True,
            False,
            "a question to `ask/set` waits for more than 3 s; `before` are answered first",
            '{"id": "7", "before": 2, "notice": "One moment please, there are 2 before you."}',
        ),
        Row(
            of.waiting(Command.SAY),
            True,
            False,
            "a text to `say/set` waits for more than 3 s behind others; `before` are said first",
            '{"id": "8", "before": 1, "notice": "One moment please, it is your turn next."}',
        ),
        Row(of.error, True, False, "a command was refused, and why", '{"command": "say", "problem": "too-long"}'),
        Row(
            of.of(Command.SAY),
            False,
            False,
            "a text, or JSON with `text` and perhaps `id` and `language`",
            "Dinner is ready.",
        ),
        Row(
            of.of(Command.ASK),
            False,
            False,
            "a text, or JSON with `text` and perhaps `id` and `language`",
            '{"text": "What is the capital of France?", "id": "7"}',
        ),
        Row(of.of(Command.MUTE), False, False, "`ON` or `OFF`", "ON"),
        Row(of.of(Command.VOLUME), False, False, "percent, 0 to 100; it never falls silent", "70"),
        Row(of.of(Command.PERSONA), False, False, "the name of a persona of the settings", "Jarvis"),
        Row(of.of(Command.STOP), False, False, "`PRESS`", "PRESS"),
        Row(of.of(Command.WRITE_DIARY), False, False, "`PRESS`", "PRESS"),
        Row(
            of.of(Command.REMINDER),
            False,
            False,
            "words with a time, or JSON with `text` and either `at` (ISO 8601) or `in` (seconds)",
            '{"text": "take the bread out", "in": 1200}',
        ),
        *_displayed(of),
        Row(of.discovery, True, True, "the companion as a device of Home Assistant; empty: removed", ""),
        Row(of.birth, False, False, "Home Assistant has come: all is told again", "online"),
        *(Row(each, False, True, "devices that announce themselves", "") for each in of.announcements),
    )


def _displayed(of: Topics) -> tuple[Row, ...]:
    """What goes to displays, with `display.mqtt`."""
    return (
        Row(
            of.shown(Shown.STATE), True, True, "what the face does (`display.md`)", '{"type": "state", "state": "idle"}'
        ),
        Row(of.shown(Shown.EXPRESSION), True, True, "how it looks", '{"type": "expression", "name": "happy"}'),
        Row(
            of.shown(Shown.MOUTH),
            True,
            False,
            "its mouth, 30 times a second while it speaks; `at` is when the sound is heard",
            '{"type": "mouth", "open": 0.7, "form": -0.3, "at": 1795298006064}',
        ),
        Row(
            of.shown(Shown.MOTION),
            True,
            False,
            "something it does once; a display tells a tap here",
            '{"type": "motion", "name": "wake"}',
        ),
        Row(
            of.shown(Shown.SUBTITLE),
            True,
            False,
            "what is being said; only with `mqtt.said` and `display.subtitles`",
            '{"type": "subtitle", "text": "Good morning!", "language": "en", "final": true}',
        ),
        Row(
            of.shown(Shown.CLOCK),
            False,
            False,
            "a display asks what time it is, and is answered here",
            '{"type": "clock", "page": "page-1", "sent": 1795298006000.5}',
        ),
    )

"""The companion on the broker: what it does and how it is, told as it changes, and all of it after every connection."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from digital_life.broadcast import placed
from digital_life.config import Mqtt
from digital_life.devices.companion import NEUTRAL, OFFLINE, ONLINE, STATES, THINKING, WOKE, Companion
from digital_life.devices.errands import Body, Errands
from digital_life.devices.orders import OFF, ON
from digital_life.ports import Clock, Connection
from digital_life.values import (
    Announced,
    DiaryWritten,
    Entry,
    Language,
    Published,
    Rang,
    State,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
    Written,
)

LOOK_S = 1.0
"""So often it looks whether mute, volume or persona were changed by voice, or by another program."""
BIRTH_S = 5.0
"""Within it, at a moment of chance, all is told to a Home Assistant that has come: not every device at once."""
MOOD_S = 30.0
"""So long after an answer its mood is shown."""
DEAF, NO_ANSWER = "deaf", "no-answer"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What of a talk is told."""

    heard: bool
    said: bool
    diary_text: bool

    @classmethod
    def of(cls, settings: Mqtt) -> Allowed:
        return cls(settings.heard, settings.said, settings.diary_text)


class Presence:
    """`hear` what happens; within `shown` it is seen and takes commands."""

    def __init__(
        self,
        broker: Connection,
        *,
        companion: Companion,
        settings: Mqtt,
        body: Body,
        mood_of: Callable[[Turn], str],
        clock: Clock,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`chance` is a number from 0 to 1."""
        self._broker = broker
        self._companion = companion
        self._topics = companion.topics
        self._allowed = Allowed.of(settings)
        self._is_announced = settings.home_assistant
        self._body = body
        self._mood_of = mood_of
        self._clock = clock
        self._chance = chance
        self._now: dict[str, Published] = {}
        """What is told and kept, by its topic."""
        self._mood_until: float | None = None
        """Monotonic seconds; None: it does not end by itself."""
        self._deaf = self._failed = False
        self._born = asyncio.Event()
        self._errands = Errands(
            broker,
            topics=self._topics,
            personas=companion.personas,
            body=body,
            clock=clock,
            changed=self._look,
        )

    @asynccontextmanager
    async def shown(self) -> AsyncGenerator[None]:
        """Online, until the end says offline."""
        self._feel(NEUTRAL)
        self._judge()
        self._look()
        self._keep(self._topics.availability, ONLINE)
        self._broker.subscribe(self._topics.commands, self._errands.take)
        if self._is_announced:
            self._broker.subscribe(self._topics.birth, self._hear_birth)
        self._broker.on_connected(self.tell_all)
        try:
            async with asyncio.TaskGroup() as tasks:
                working = [
                    tasks.create_task(self._errands.run(), name="presence.errands"),
                    tasks.create_task(self._watch(), name="presence.watch"),
                    tasks.create_task(self._greet(), name="presence.greet"),
                ]
                try:
                    yield
                finally:
                    for each in working:
                        each.cancel()
        finally:
            self._broker.unsubscribe(self._topics.commands, self._errands.take)
            if self._is_announced:
                self._broker.unsubscribe(self._topics.birth, self._hear_birth)
            self._keep(self._topics.availability, OFFLINE)

    def tell_all(self) -> None:
        """Who it is, and how things are."""
        self._broker.publish(self._companion.announcement if self._is_announced else self._companion.removal)
        for message in self._now.values():
            self._broker.publish(message)

    def hear(self, event: object) -> None:
        """What happens in the conversations, and beside them; its state and how it looks are those of this machine."""
        room, event = placed(event)
        match event:
            case State() if not room:
                self._become(event)
            case WakeHeard():
                told = {"event_type": WOKE, "phrase": event.phrase, "score": round(event.score, 3)}
                self._tell(self._topics.wake, told | _in(room))
            case Transcript():
                self._heard(event, room)
            case Turn() if room:
                self._said(event.reply.said, event.heard.language, interrupted=event.reply.interrupted, room=room)
            case Turn():
                self._turned(event)
            case Written(turn):
                self._heard(turn.heard, room)
                self._turned(turn)
            case Announced(text, language):
                self._said(text, language, interrupted=False, room=room)
            case Rang(entry):
                self._tell(self._topics.reminder, _ringing(entry, spoken=self._allowed.said), qos=1)
            case DiaryWritten():
                self._tell(self._topics.diary, _diary(event, whole=self._allowed.diary_text), qos=1)

    # What changes.

    def _become(self, state: State) -> None:
        if state not in STATES:
            return  # it starts or stops: that is what availability is for
        self._keep(self._topics.state, state)
        self._deaf = state is State.DEAF or (self._deaf and state in (State.THINKING, State.SPEAKING))
        if state is State.THINKING:
            self._feel(THINKING)
        elif self._now[self._topics.mood].payload.decode() == THINKING:
            self._feel(NEUTRAL)
        self._judge()

    def _turned(self, turn: Turn) -> None:
        self._failed = turn.failed
        self._feel(self._mood_of(turn))
        self._mood_until = self._clock.monotonic() + MOOD_S
        self._keep(self._topics.metrics, json.dumps(_metrics(turn)))
        self._said(turn.reply.said, turn.heard.language, interrupted=turn.reply.interrupted)
        self._judge()

    def _heard(self, heard: Transcript, room: str) -> None:
        if self._allowed.heard:
            told = {"text": heard.text, "language": heard.language, "confidence": round(heard.confidence, 3)}
            self._tell(self._topics.heard, told | _in(room))

    def _said(self, text: str, language: Language, *, interrupted: bool, room: str = "") -> None:
        if self._allowed.said and text:
            told = {"text": text, "language": language, "interrupted": interrupted}
            self._tell(self._topics.said, told | _in(room))

    def _feel(self, mood: str) -> None:
        self._mood_until = None
        self._keep(self._topics.mood, mood)

    def _judge(self) -> None:
        what = [name for name, wrong in ((DEAF, self._deaf), (NO_ANSWER, self._failed)) if wrong]
        self._keep(self._topics.problem, json.dumps({"problem": bool(what), "what": what}))

    def _look(self) -> None:
        """At what others may have changed."""
        body = self._body
        self._keep(self._topics.mute, ON if body.mute.on else OFF)
        self._keep(self._topics.volume, str(round(body.volume.level * 100)))
        self._keep(self._topics.persona, body.persona.name)
        if self._mood_until is not None and self._clock.monotonic() >= self._mood_until:
            self._feel(NEUTRAL)

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(LOOK_S)
            self._look()

    # Home Assistant.

    def _hear_birth(self, message: Published) -> None:
        if message.payload == ONLINE.encode():
            self._born.set()

    async def _greet(self) -> None:
        """Once for many births in that time."""
        while True:
            await self._born.wait()
            await self._clock.sleep(self._chance() * BIRTH_S)
            self._born.clear()
            self.tell_all()

    # Telling.

    def _keep(self, topic: str, payload: str) -> None:
        """Tell it where it is not what was told last; the broker keeps it."""
        message = Published.text(topic, payload, qos=1, retain=True)
        if self._now.get(topic) != message:
            self._now[topic] = message
            self._broker.publish(message)

    def _tell(self, topic: str, told: Mapping[str, object], *, qos: int = 0) -> None:
        """Once: what happened is no state."""
        self._broker.publish(Published.text(topic, json.dumps(told, ensure_ascii=False), qos=1 if qos else 0))


def _in(room: str) -> dict[str, object]:
    """Where it happened; nothing where this machine stands."""
    return {"room": room} if room else {}


def _metrics(turn: Turn) -> Mapping[str, object]:
    times = turn.timings
    return {
        "turn": turn.number,
        "language": turn.heard.language,
        "interrupted": turn.reply.interrupted,
        "latency_ms": _latency(times),
        "endpoint_ms": times.endpoint,
        "stt_ms": times.stt,
        "first_token_ms": times.first_token,
        "first_audio_ms": times.first_audio,
        "total_ms": times.total,
    }


def _latency(times: Timings) -> float | None:
    """Until it began to speak; of what was written, until that was written."""
    return times.total if times.first_audio is None else times.first_audio


def _ringing(entry: Entry, *, spoken: bool) -> Mapping[str, object]:
    told: dict[str, object] = {"event_type": entry.kind, "at": entry.at.isoformat(), "rung": entry.rung}
    return told | _in(entry.room) | ({"text": entry.what} if spoken and entry.what else {})


def _diary(page: DiaryWritten, *, whole: bool) -> Mapping[str, object]:
    told: dict[str, object] = {
        "event_type": "written",
        "day": page.day.isoformat(),
        "sentences": len(page.sentences),
    }
    return told | {"title": page.title, "text": " ".join(page.sentences)} if whole else told

"""What others see of the companion: as it changes, after every connection, and nothing that was said unless allowed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from digital_life import words
from digital_life.broadcast import InRoom
from digital_life.config import Mqtt
from digital_life.devices.companion import Companion
from digital_life.devices.presence import BIRTH_S, MOOD_S, Presence
from digital_life.devices.topics import Command, Topics
from digital_life.values import (
    Announced,
    DiaryWritten,
    Entry,
    EntryKind,
    Published,
    Rang,
    State,
    Transcript,
    WakeHeard,
    Written,
)
from fakes.body import FakeBody, turn
from fakes.broker import FakeBroker
from fakes.clock import HandClock

TOPICS = Topics("kitchen")
TREASURE = "the treasure"
EVENTS = (
    State.LISTENING,
    WakeHeard("hey_jarvis", 0.93, 16_000, sound=TREASURE.encode()),
    Transcript(TREASURE, "en", 0.9),
    State.THINKING,
    State.SPEAKING,
    turn(TREASURE, f"I found {TREASURE}."),
    Written(turn(TREASURE, TREASURE)),
    Announced(TREASURE, "en"),
    Rang(Entry(EntryKind.REMINDER, datetime(2026, 11, 21, 12, tzinfo=UTC), "en", TREASURE, rung=1)),
    DiaryWritten(date(2026, 11, 21), TREASURE, (TREASURE,)),
)


@dataclass
class Seen:
    broker: FakeBroker
    presence: Presence
    it: FakeBody
    clock: HandClock

    def kept(self, topic: str) -> str | None:
        payload = self.broker.kept(topic)
        return None if payload is None else payload.decode()

    def told(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(each.payload) for each in self.broker.sent if each.topic == topic]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await self.clock.let_pass(0.1)


@asynccontextmanager
async def seen(settings: Mqtt | None = None, broker: FakeBroker | None = None) -> AsyncGenerator[Seen]:
    broker, it, clock = broker or FakeBroker(), FakeBody(), HandClock()
    presence = Presence(
        broker,
        companion=Companion(TOPICS, ["Jarvis", "Ada"], "0.1.0", words.load("en")),
        settings=settings or Mqtt(enabled=True),
        body=it.body,
        mood_of=lambda _: "happy",
        clock=clock,
        chance=lambda: 0.5,
    )
    async with presence.shown():
        yield Seen(broker, presence, it, clock)


async def test_it_is_online_and_tells_how_it_is_until_it_goes() -> None:
    async with seen() as it:
        it.presence.hear(State.IDLE)
        assert it.kept(TOPICS.availability) == "online"
        assert it.kept(TOPICS.state) == "idle"
        assert (it.kept(TOPICS.mute), it.kept(TOPICS.volume), it.kept(TOPICS.persona)) == ("OFF", "70", "Jarvis")
        assert it.kept(TOPICS.discovery)
    assert it.kept(TOPICS.availability) == "offline"


async def test_its_state_follows_a_turn() -> None:
    async with seen() as it:
        for state in (State.IDLE, State.LISTENING, State.THINKING, State.SPEAKING, State.IDLE, State.STOPPING):
            it.presence.hear(state)
        states = [each.payload.decode() for each in it.broker.sent if each.topic == TOPICS.state]
        assert states == ["idle", "listening", "thinking", "speaking", "idle"]


async def test_nothing_that_was_said_is_told_unless_it_is_allowed() -> None:
    async with seen() as it:
        for event in EVENTS:
            it.presence.hear(event)
        assert not [each for each in it.broker.sent if TREASURE.encode() in each.payload]
        assert it.told(TOPICS.wake) == [{"event_type": "wake", "phrase": "hey_jarvis", "score": 0.93}]
        assert it.told(TOPICS.reminder) == [{"event_type": "reminder", "at": "2026-11-21T12:00:00+00:00", "rung": 1}]
        assert it.told(TOPICS.diary) == [{"event_type": "written", "day": "2026-11-21", "sentences": 1}]


async def test_what_is_allowed_is_told() -> None:
    async with seen(Mqtt(enabled=True, heard=True, said=True, diary_text=True)) as it:
        for event in EVENTS:
            it.presence.hear(event)
        assert [each["text"] for each in it.told(TOPICS.heard)] == [TREASURE, TREASURE]
        assert [each["text"] for each in it.told(TOPICS.said)] == [f"I found {TREASURE}.", TREASURE, TREASURE]
        assert it.told(TOPICS.reminder)[0]["text"] == TREASURE
        assert it.told(TOPICS.diary)[0]["text"] == TREASURE


async def test_the_latencies_of_the_last_turn_are_kept() -> None:
    async with seen() as it:
        it.presence.hear(turn("a", "b"))
        (metrics,) = it.told(TOPICS.metrics)
        assert metrics["latency_ms"] == metrics["first_audio_ms"] == 812.0
        assert (metrics["turn"], metrics["language"], metrics["interrupted"]) == (1, "en", False)


async def test_its_mood_is_that_of_its_answer_for_a_while() -> None:
    async with seen() as it:
        it.presence.hear(State.THINKING)
        assert it.kept(TOPICS.mood) == "thinking"
        it.presence.hear(State.SPEAKING)
        it.presence.hear(turn("a", "b"))
        assert it.kept(TOPICS.mood) == "happy"
        await it.clock.let_pass(MOOD_S + 2)
        assert it.kept(TOPICS.mood) == "neutral"


async def test_who_thought_in_vain_looks_thoughtful_no_more() -> None:
    async with seen() as it:
        it.presence.hear(State.THINKING)
        it.presence.hear(State.IDLE)
        assert it.kept(TOPICS.mood) == "neutral"


async def test_a_lost_microphone_and_a_failed_answer_are_problems_until_they_are_over() -> None:
    async with seen() as it:
        it.presence.hear(State.DEAF)
        it.presence.hear(State.THINKING)
        it.presence.hear(turn("a", "b", failed=True))
        assert it.told(TOPICS.problem)[-1] == {"problem": True, "what": ["deaf", "no-answer"]}
        it.presence.hear(State.IDLE)
        it.presence.hear(turn("a", "b"))
        assert it.told(TOPICS.problem)[-1] == {"problem": False, "what": []}


async def test_what_is_changed_elsewhere_is_told_within_two_seconds() -> None:
    async with seen() as it:
        it.it.mute.on, it.it.knob.level, it.it.knob.name = True, 0.25, "Ada"
        await it.clock.let_pass(2)
        assert (it.kept(TOPICS.mute), it.kept(TOPICS.volume), it.kept(TOPICS.persona)) == ("ON", "25", "Ada")


async def test_a_command_is_done_and_its_state_is_told() -> None:
    async with seen() as it:
        it.broker.publish(Published.text(TOPICS.of(Command.MUTE), "ON"))
        await it.until(lambda: it.kept(TOPICS.mute) == "ON")
        assert it.it.mute.on


async def test_after_a_broker_that_forgot_everything_all_is_there_again_and_true() -> None:
    async with seen() as it:
        it.presence.hear(State.IDLE)
        before = {topic: it.kept(topic) for topic in TOPICS.retained}
        it.broker.lose()
        it.presence.hear(State.LISTENING)
        it.it.mute.on = True
        await it.clock.let_pass(2)
        it.broker.come_back(empty=True)
        assert {topic: it.kept(topic) for topic in TOPICS.retained} == {
            **before,
            TOPICS.state: "listening",
            TOPICS.mute: "ON",
        }


async def test_home_assistant_that_has_come_is_told_all_after_a_while_and_once() -> None:
    async with seen() as it:
        it.broker.sent.clear()
        for _ in range(3):
            it.broker.publish(Published.text(TOPICS.birth, "online"))
        await it.clock.let_pass(BIRTH_S * 0.5 - 1)
        assert not [each for each in it.broker.sent if each.topic == TOPICS.discovery]
        await it.clock.let_pass(10)
        assert len([each for each in it.broker.sent if each.topic == TOPICS.discovery]) == 1
        assert [each for each in it.broker.sent if each.topic == TOPICS.availability]


async def test_home_assistant_that_goes_is_told_nothing() -> None:
    async with seen() as it:
        it.broker.sent.clear()
        it.broker.publish(Published.text(TOPICS.birth, "offline"))
        await it.clock.let_pass(10)
        assert [each.topic for each in it.broker.sent] == [TOPICS.birth]


async def test_turned_off_it_is_removed_from_home_assistant() -> None:
    broker = FakeBroker()
    async with seen(broker=broker):
        pass
    assert broker.kept(TOPICS.discovery)
    async with seen(Mqtt(enabled=True, home_assistant=False), broker) as it:
        assert broker.kept(TOPICS.discovery) is None
        assert it.kept(TOPICS.availability) == "online"
        broker.publish(Published.text(TOPICS.birth, "online"))
        await it.clock.let_pass(10)
        assert broker.kept(TOPICS.discovery) is None


async def test_what_happens_in_another_room_names_it_and_is_no_state_of_this_machine() -> None:
    async with seen(Mqtt(enabled=True, heard=True, said=True)) as it:
        it.presence.hear(State.IDLE)
        for event in (
            State.SPEAKING,
            WakeHeard("hey_jarvis", 0.93, 16_000),
            Transcript(TREASURE, "en", 0.9, room="study"),
            turn(TREASURE, f"I found {TREASURE}."),
            Announced(TREASURE, "en"),
        ):
            it.presence.hear(InRoom("study", event))
        assert it.kept(TOPICS.state) == "idle"
        assert not it.told(TOPICS.metrics)
        told = [*it.told(TOPICS.wake), *it.told(TOPICS.heard), *it.told(TOPICS.said)]
        assert [each["room"] for each in told] == ["study"] * 4


async def test_what_happens_where_this_machine_stands_names_no_room() -> None:
    async with seen(Mqtt(enabled=True, heard=True, said=True)) as it:
        for event in EVENTS:
            it.presence.hear(event)
        told = [*it.told(TOPICS.wake), *it.told(TOPICS.heard), *it.told(TOPICS.said), *it.told(TOPICS.reminder)]
        assert told
        assert all("room" not in each for each in told)


async def test_what_rings_names_the_room_where_it_was_set() -> None:
    async with seen() as it:
        entry = Entry(EntryKind.TIMER, datetime(2026, 11, 21, 12, tzinfo=UTC), "en", rung=1, room="study")
        it.presence.hear(Rang(entry))
        assert [each["room"] for each in it.told(TOPICS.reminder)] == ["study"]

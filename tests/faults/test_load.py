"""Twenty write at once, over pages and MQTT, while one speaks: who speaks goes first, and nobody is forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from digital_life.devices import errands as commands
from digital_life.devices.errands import Errands
from digital_life.devices.topics import Command, Topics
from digital_life.talking import session
from digital_life.talking.session import Habits
from digital_life.values import Published, State, Turn, Written
from digital_life.web import course
from digital_life.web import talk as pages
from digital_life.web.talk import About, Talk
from fakes.body import FakeBody
from fakes.broker import FakeBroker
from fakes.ears import FakeMute, FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.pages import FakePage
from fakes.room import Room, room
from fakes.talk import Line

MANY = 10
"""Of each kind."""
TOPICS = Topics("study")
HABITS = Habits(answer_wait_s=6.0, follow_up_s=0.0, language="en")
SPOKEN = "What is the sea like?"


class Slow(FakeLanguageModel):
    """Says what it was asked, as soon as it may."""

    def __init__(self) -> None:
        super().__init__(*["Yes."] * 100)
        self.held = asyncio.Event()


@dataclass
class House:
    room: Room
    talk: Talk
    broker: FakeBroker
    model: Slow

    def page(self, name: str) -> FakePage:
        page = FakePage(name, "en")
        self.talk.opened(page)
        return page

    def type(self, page: FakePage, text: str) -> None:
        self.talk.told(page, json.dumps({"type": "say", "text": text}))

    def ask(self, text: str, name: str) -> None:
        question = json.dumps({"text": text, "id": name}).encode()
        self.broker.publish(Published(TOPICS.of(Command.ASK), question))

    @property
    def answered(self) -> list[str]:
        """What was answered to the end, in its order."""
        told = [each.turn if isinstance(each, Written) else each for each in self.room.events]
        return [each.heard.text for each in told if isinstance(each, Turn) and not each.reply.interrupted]

    def told(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(each.payload) for each in self.broker.sent if each.topic == topic]

    def speak(self) -> None:
        self.room.ears.wake()
        self.room.ears.speak()


@asynccontextmanager
async def house() -> AsyncGenerator[House]:
    model, broker, body = Slow(), FakeBroker(), FakeBody()
    async with room(FakeSpeechToText(*[SPOKEN] * 9), model, HABITS) as it:

        async def past() -> list[course.TurnTold]:
            return []

        about = About("test", lambda: "Ada", ("en", "zh"))
        talk = Talk(line=Line(), conversation=it.session, mute=FakeMute(), about=about, past=past)
        it.broadcast.subscribe(talk.hear)
        moved = commands.Body(
            talk=it.session,
            mute=body.body.mute,
            volume=body.body.volume,
            persona=body.body.persona,
            language_of=lambda _: "en",
            write_diary=body.body.write_diary,
            remind=body.body.remind,
        )
        errands = Errands(broker, topics=TOPICS, personas=["Ada"], body=moved, clock=it.clock, changed=lambda: None)
        broker.subscribe(TOPICS.commands, errands.take)
        await it.until(lambda: it.session.state is State.IDLE)
        async with talk.attended(), asyncio.TaskGroup() as tasks:
            running = tasks.create_task(errands.run(), name="test.errands")
            yield House(it, talk, broker, model)
            running.cancel()


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (pages, session):
        monkeypatch.setattr(module, "NOTICE_S", 0.01)


@pytest.mark.usefixtures("soon")
async def test_who_speaks_is_answered_first_and_the_rest_in_their_order_with_a_notice() -> None:
    async with house() as it:
        it.speak()
        await it.room.until(lambda: it.model.running)
        guests = [it.page(f"page {n}") for n in range(MANY)]
        for n, guest in enumerate(guests):
            it.type(guest, f"typed {n}")
            it.ask(f"asked {n}", str(n))
        await asyncio.sleep(0.1)
        assert it.answered == []
        assert [page.of("waiting")[0]["before"] for page in guests] == list(range(1, MANY + 1))
        assert guests[0].of("waiting")[0]["why"] == "One moment please, it is your turn next."
        assert guests[4].of("waiting")[0]["why"] == "One moment please, there are 5 before you."
        told = it.told(TOPICS.waiting(Command.ASK))
        assert sorted(each["id"] for each in told) == [str(n) for n in range(MANY)]
        assert sorted(each["before"] for each in told) == list(range(MANY + 1, 2 * MANY + 1))
        assert it.model.held
        it.model.held.set()
        await it.room.until(lambda: len(it.answered) == 1 + 2 * MANY)
        assert it.answered[0] == SPOKEN
        assert [each for each in it.answered if each.startswith("typed")] == [f"typed {n}" for n in range(MANY)]
        assert [each for each in it.answered if each.startswith("asked")] == [f"asked {n}" for n in range(MANY)]
        await it.room.until(lambda: len(it.told(TOPICS.answer)) == MANY)
        assert {each["answer"] for each in it.told(TOPICS.answer)} == {"Yes."}


async def test_who_speaks_while_a_line_is_thought_about_goes_first_and_the_line_is_answered_afterwards() -> None:
    async with house() as it:
        guests = [it.page("one"), it.page("two")]
        it.type(guests[0], "typed 0")
        await it.room.until(lambda: it.model.running)
        it.type(guests[1], "typed 1")
        it.speak()
        await it.room.until(lambda: any(State.LISTENING is each for each in it.room.events))
        assert it.model.held
        it.model.held.set()
        await it.room.until(lambda: len(it.answered) == 3)
        assert it.answered == [SPOKEN, "typed 0", "typed 1"]


async def test_more_than_can_wait_are_refused_with_a_sentence() -> None:
    async with house() as it:
        it.speak()
        await it.room.until(lambda: it.model.running)
        guests = [it.page(f"page {n}") for n in range(pages.LINES + 1)]
        for guest in guests:
            it.type(guest, "typed")
        assert [page.of("refused")[0]["what"] for page in guests if page.of("refused")] == ["crowded"]
        assert "Try again" in guests[-1].of("refused")[0]["why"]
        greedy = it.page("greedy")
        it.type(greedy, "typed")
        assert greedy.of("refused")[0]["why"]
        assert it.model.held
        it.model.held.set()
        await it.room.until(lambda: len(it.answered) == 1 + pages.LINES)


async def test_one_page_cannot_take_all_the_places() -> None:
    async with house() as it:
        it.speak()
        await it.room.until(lambda: it.model.running)
        greedy, other = it.page("greedy"), it.page("other")
        for n in range(100):
            it.type(greedy, f"greedy {n}")
        it.ask("asked", "1")
        it.type(other, "mine")
        assert greedy.of("refused")
        assert not other.of("refused")
        assert it.model.held
        await asyncio.sleep(0.05)  # the question on MQTT has come
        it.model.held.set()
        await it.room.until(lambda: {"mine", "asked", "greedy 7"} <= set(it.answered))
        assert it.answered.index("mine") <= 2
        assert it.answered.index("asked") <= 3
        assert len(it.answered) == 1 + pages.LINES_OF_ONE + 2


async def test_many_questions_on_mqtt_do_not_keep_a_page_waiting() -> None:
    async with house() as it:
        it.speak()
        await it.room.until(lambda: it.model.running)
        for n in range(MANY):
            it.ask(f"asked {n}", str(n))
        await asyncio.sleep(0.05)
        it.type(it.page("one"), "mine")
        assert it.model.held
        it.model.held.set()
        await it.room.until(lambda: len(it.answered) == 1 + MANY + 1)
        assert it.answered.index("mine") == 2


async def test_lines_that_come_at_the_same_moment_are_all_answered_once() -> None:
    """Nobody's answer is interrupted by another's line, though nobody was being answered when they wrote."""
    async with house() as it:
        assert it.model.held
        it.model.held.set()
        guests = [it.page(f"page {n}") for n in range(MANY)]
        for n, guest in enumerate(guests):
            it.type(guest, f"typed {n}")
        await it.room.until(lambda: len(it.answered) == MANY)
        assert it.answered == [f"typed {n}" for n in range(MANY)]
        assert not [each for each in it.room.turns if each.reply.interrupted]


async def test_what_was_written_by_who_left_is_answered_all_the_same() -> None:
    async with house() as it:
        it.speak()
        await it.room.until(lambda: it.model.running)
        gone, stays = it.page("gone"), it.page("stays")
        it.type(gone, "typed by who left")
        it.type(stays, "typed by who stayed")
        it.talk.closed(gone)
        assert it.model.held
        it.model.held.set()
        await it.room.until(lambda: len(it.answered) == 3)
        assert it.answered[1:] == ["typed by who left", "typed by who stayed"]

"""What is wished on the broker is done: each in its turn, never too much, and what is refused is said once."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from digital_life.devices import errands as commands
from digital_life.devices.errands import WAITING, Errands
from digital_life.devices.orders import Problem, Remind
from digital_life.devices.topics import Command, Topics
from digital_life.errors import MemoryFileError, ToolError
from digital_life.values import Published
from fakes.body import FakeBody
from fakes.broker import FakeBroker
from fakes.clock import FakeClock

TOPICS = Topics("kitchen")


@dataclass
class House:
    broker: FakeBroker = field(default_factory=FakeBroker)
    it: FakeBody = field(default_factory=FakeBody)
    clock: FakeClock = field(default_factory=FakeClock)
    changed: int = 0

    def change(self) -> None:
        self.changed += 1

    def wish(self, command: Command | str, payload: str | bytes, **more: Any) -> None:
        raw = payload.encode() if isinstance(payload, str) else payload
        self.broker.publish(Published(f"{TOPICS.base}/{command}/set", raw, **more))

    def told(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(each.payload) for each in self.broker.sent if each.topic == topic]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0)

    async def a_while(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)


@asynccontextmanager
async def house() -> AsyncGenerator[House]:
    made = House()
    errands = Errands(
        made.broker,
        topics=TOPICS,
        personas=["Jarvis", "Ada"],
        body=made.it.body,
        clock=made.clock,
        changed=made.change,
    )
    made.broker.subscribe(TOPICS.commands, errands.take)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(errands.run())
        yield made
        running.cancel()


async def test_texts_are_said_one_after_another_in_their_language() -> None:
    async with house() as home:
        home.wish(Command.SAY, "Dinner is ready.")
        home.wish(Command.SAY, "吃饭了。")
        home.wish(Command.SAY, '{"text": "Hallo", "language": "zh"}')
        await home.until(lambda: len(home.it.talk.said) == 3)
        assert home.it.talk.said == [("Dinner is ready.", "en"), ("吃饭了。", "zh"), ("Hallo", "zh")]
        assert home.told(TOPICS.error) == []


async def test_a_question_is_answered_on_its_topic_with_its_id() -> None:
    async with house() as home:
        home.wish(Command.ASK, '{"text": "Paris", "id": "7"}', correlation=b"\x00\x01")
        await home.until(lambda: bool(home.told(TOPICS.answer)))
        assert home.told(TOPICS.answer) == [{"id": "7", "answer": "About Paris"}]
        assert home.broker.sent[-1].correlation == b"\x00\x01"
        assert not home.broker.sent[-1].retain


async def test_an_answer_goes_where_it_is_awaited_and_nowhere_else() -> None:
    async with house() as home:
        home.wish(Command.ASK, "Paris", answer_to="panel/answers", correlation=b"9")
        await home.until(lambda: bool(home.told("panel/answers")))
        assert home.told("panel/answers") == [{"id": "", "answer": "About Paris"}]
        assert [each.correlation for each in home.broker.sent if each.topic == "panel/answers"] == [b"9"]
        assert home.told(TOPICS.answer) == []


async def test_an_answer_that_no_model_gave_says_so() -> None:
    async with house() as home:
        home.it.talk.fails = True
        home.wish(Command.ASK, "Paris")
        await home.until(lambda: bool(home.told(TOPICS.answer)))
        assert home.told(TOPICS.answer)[0]["problem"] == Problem.NO_ANSWER


async def test_mute_volume_and_persona_are_set_and_looked_at() -> None:
    async with house() as home:
        home.wish(Command.MUTE, "ON")
        home.wish(Command.VOLUME, "30")
        home.wish(Command.PERSONA, "Ada")
        await home.until(lambda: home.changed == 3)
        assert (home.it.mute.on, home.it.knob.level, home.it.knob.name) == (True, 0.3, "Ada")


async def test_a_diary_is_written_and_a_reminder_kept() -> None:
    async with house() as home:
        home.wish(Command.WRITE_DIARY, "PRESS", answer_to="panel/done")
        home.wish(Command.REMINDER, '{"text": "bread", "in": 60}')
        await home.until(lambda: bool(home.it.reminded))
        assert (home.it.diaries, home.it.reminded) == (1, [Remind("bread", within_s=60)])
        assert home.told("panel/done") == [{"done": True}]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ToolError("agenda-no-time", text="x"), Problem.NO_TIME),
        (MemoryFileError("life-failed", path="x", cause="full"), Problem.NOT_KEPT),
    ],
)
async def test_what_cannot_be_done_is_said(error: ToolError | MemoryFileError, problem: Problem) -> None:
    async with house() as home:
        home.it.fails = error
        home.wish(Command.REMINDER, "bread", answer_to="panel/done")
        await home.until(lambda: bool(home.told("panel/done")))
        assert home.told(TOPICS.error) == [{"command": "reminder", "problem": problem}]
        assert home.told("panel/done") == [{"problem": problem}]


async def test_stop_silences_drops_what_waits_to_be_said_and_keeps_questions() -> None:
    async with house() as home:
        home.it.talk.free.clear()
        for text in ("one", "two", "three"):
            home.wish(Command.SAY, text)
        home.wish(Command.ASK, "why")
        await home.a_while()
        home.wish(Command.STOP, "PRESS")
        await home.until(lambda: home.it.talk.stopped == 1)
        home.it.talk.free.set()
        await home.until(lambda: bool(home.it.talk.asked))
        home.wish(Command.SAY, "four")
        await home.until(lambda: bool(home.it.talk.said))
        assert home.it.talk.said == [("four", "en")]


async def test_more_than_can_wait_is_refused() -> None:
    async with house() as home:
        home.it.talk.free.clear()
        for round_ in range(3):
            for n in range(10):
                home.wish(Command.SAY, f"{round_} {n}")
            home.clock.passed += 60
            await home.a_while()
        assert home.told(TOPICS.error) == [{"command": "say", "problem": "busy"}] * (30 - WAITING - 1)


async def test_of_too_many_questions_the_last_are_refused_and_the_others_answered() -> None:
    async with house() as home:
        home.it.talk.free.clear()
        for round_ in range(3):
            for n in range(10):
                home.wish(Command.ASK, f"{round_} {n}", answer_to="panel/answers")
            home.clock.passed += 60
            await home.a_while()
        assert home.told(TOPICS.error) == [{"command": "ask", "problem": "busy"}] * (30 - WAITING - 1)
        home.it.talk.free.set()
        await home.until(lambda: len(home.told("panel/answers")) == 30)
        home.wish(Command.ASK, "There is room again.")
        await home.until(lambda: bool(home.told(TOPICS.answer)))


async def test_who_asks_where_too_many_wait_already_is_refused() -> None:
    async with house() as home:
        home.it.talk.crowded = True
        home.wish(Command.ASK, "Paris", answer_to="panel/answers")
        await home.until(lambda: bool(home.told("panel/answers")))
        assert home.told("panel/answers") == [{"problem": "busy"}]


async def test_who_asked_is_told_how_many_are_before() -> None:
    async with house() as home:
        home.it.talk.free.clear()
        home.wish(Command.ASK, '{"text": "Paris", "id": "7"}', correlation=b"9")
        await home.until(lambda: bool(home.it.talk.waits))
        for before in (3, 1):
            home.it.talk.waits[0](before)
        assert home.told(TOPICS.waiting(Command.ASK)) == [
            {"id": "7", "before": 3, "notice": "One moment please, there are 3 before you."},
            {"id": "7", "before": 1, "notice": "One moment please, it is your turn next."},
        ]
        assert home.broker.sent[-1].correlation == b"9"


async def test_whose_text_waits_behind_others_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "NOTICE_S", 0.01)
    async with house() as home:
        home.it.talk.free.clear()
        for number in ("1", "2", "3"):
            home.wish(Command.SAY, json.dumps({"text": "开饭了", "id": number}))
        await home.until(lambda: len(home.told(TOPICS.waiting(Command.SAY))) == 2)
        assert home.told(TOPICS.waiting(Command.SAY)) == [
            {"id": "2", "before": 1, "notice": "请稍等，下一个就是你。"},
            {"id": "3", "before": 2, "notice": "请稍等，你前面还有 2 位。"},
        ]
        home.wish(Command.STOP, "PRESS")
        await home.until(lambda: home.it.talk.stopped == 1)


async def test_bad_commands_are_refused_with_a_line_and_a_message_and_nothing_of_them_is_repeated(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad: list[tuple[str, bytes, Problem]] = [
        ("say", b"\xffsecret", Problem.NOT_UTF8),
        ("say", b"secret" * 200_000, Problem.TOO_LONG),
        ("say", b'{"text": ["secret"]}', Problem.WRONG_TYPE),
        ("secret", b"secret", Problem.UNKNOWN_COMMAND),
    ]
    async with house() as home:
        for command, payload, _ in bad:
            home.wish(command, payload)
        await home.a_while()
        assert [each["problem"] for each in home.told(TOPICS.error)] == [problem for *_, problem in bad]
        assert home.told(TOPICS.error)[-1]["command"] == ""
        assert home.it.talk.said == []
    lines = [each.getMessage() for each in caplog.records if each.levelno >= logging.INFO]
    assert len(lines) == len(bad)
    assert "secret" not in " ".join(lines)


async def test_a_kept_command_is_not_obeyed() -> None:
    broker = FakeBroker()
    broker.publish(Published.text(TOPICS.of(Command.SAY), "Old news.", retain=True))
    it, clock = FakeBody(), FakeClock()
    errands = Errands(broker, topics=TOPICS, personas=[], body=it.body, clock=clock, changed=lambda: None)
    broker.subscribe(TOPICS.commands, errands.take)
    assert json.loads(broker.sent[-1].payload) == {"command": "say", "problem": "retained"}


async def test_of_a_flood_nothing_is_said_and_one_line_tells_of_it(caplog: pytest.LogCaptureFixture) -> None:
    async with house() as home:
        for n in range(10_000):
            home.wish(Command.SAY, f"spam {n}")
        home.wish(Command.MUTE, "ON")
        await home.until(lambda: home.it.mute.on)
        await home.a_while()
        assert home.it.talk.said == []
        assert home.told(TOPICS.error) == [{"command": "say", "problem": "too-many"}]
        home.clock.passed += 10
        home.wish(Command.SAY, "Calm again.")
        await home.until(lambda: bool(home.it.talk.said))
    assert len([each for each in caplog.records if each.levelno >= logging.INFO]) == 1

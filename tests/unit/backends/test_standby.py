"""The machine's own model stands in for a server that is lost, and gives way when it is found."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable

import pytest

from digital_life.backends.reach import LONGEST_S
from digital_life.backends.standby import Standby
from digital_life.errors import ModelError
from digital_life.values import Message, Role
from fakes.brain import FakeBrain
from fakes.clock import FakeClock

QUESTION = (Message(Role.USER, "Where are you?"),)
GRAMMAR = 'root ::= "yes"'


class HeldClock(FakeClock):
    """Nobody wakes before the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.morning = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        await self.morning.wait()


@pytest.fixture
def remote() -> FakeBrain:
    return FakeBrain({"Where": "I am there."}, written="there")


@pytest.fixture
def local() -> FakeBrain:
    return FakeBrain({"Where": "I am here."}, written="here")


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def standby(remote: FakeBrain, local: FakeBrain, clock: HeldClock) -> AsyncGenerator[Standby]:
    async with Standby.open(remote, local, clock=clock) as it:
        yield it


async def ask(standby: Standby) -> str:
    return "".join([piece async for piece in standby.reply(QUESTION)])


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


async def test_while_the_server_answers_this_machine_rests(standby: Standby, local: FakeBrain) -> None:
    await standby.prepare(QUESTION)
    assert await ask(standby) == "I am there."
    assert await standby.compose(QUESTION, grammar=GRAMMAR, tokens=4) == "there"
    assert not local.asked
    assert not local.prepared


async def test_a_server_that_is_gone_costs_no_turn(standby: Standby, remote: FakeBrain) -> None:
    remote.gone = True
    assert await ask(standby) == "I am here."


async def test_what_was_said_stays_when_it_breaks_off_and_the_next_answer_is_whole(
    standby: Standby, remote: FakeBrain
) -> None:
    remote.gone_after = 2
    pieces = standby.reply(QUESTION)
    assert [await anext(pieces), await anext(pieces)] == ["I a", "m t"]
    with pytest.raises(ModelError):
        await anext(pieces)
    assert await ask(standby) == "I am here."


async def test_a_lost_server_is_not_asked_for_an_answer(standby: Standby, remote: FakeBrain, local: FakeBrain) -> None:
    remote.gone = True
    await standby.prepare(QUESTION)
    remote.gone = False
    assert await ask(standby) == "I am here."
    await standby.prepare(QUESTION)
    assert await standby.compose(QUESTION, grammar=GRAMMAR, tokens=4) == "here"
    assert len(local.prepared) == 2
    assert not remote.asked


async def test_the_server_answers_again_once_it_is_found(
    standby: Standby, remote: FakeBrain, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    remote.gone = True
    await ask(standby)
    await ask(standby)
    clock.morning.set()
    await until(lambda: remote.greetings > 3)
    remote.gone = False
    await until(lambda: "model answers again" in caplog.text)
    assert await ask(standby) == "I am there."
    assert [each.levelname for each in caplog.records] == ["WARNING", "INFO"]


async def test_it_is_looked_for_less_and_less_often(standby: Standby, remote: FakeBrain, clock: HeldClock) -> None:
    clock.morning.set()
    remote.gone = True
    await ask(standby)
    await until(lambda: len(clock.slept) > 8)
    assert clock.slept[:8] == [5, 10, 20, 40, 80, 160, LONGEST_S, LONGEST_S]


async def test_a_server_that_is_found_but_does_not_answer_is_given_more_time_each_time(
    standby: Standby, remote: FakeBrain, clock: HeldClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask_and_wait(found: int) -> None:
        await ask(standby)
        await until(lambda: caplog.text.count("model answers again") == found)

    caplog.set_level(logging.INFO)
    clock.morning.set()
    remote.fails = True
    for found in (1, 2, 3):
        await ask_and_wait(found)
    remote.fails = False
    await ask_and_wait(3)
    remote.fails = True
    await ask_and_wait(4)
    assert clock.slept == [5, 10, 20, 5]


async def test_a_server_without_grammars_talks_and_this_machine_writes(standby: Standby, remote: FakeBrain) -> None:
    remote.grammars = False
    assert await standby.compose(QUESTION, grammar=GRAMMAR, tokens=4) == "here"
    assert await ask(standby) == "I am there."


async def test_what_the_server_cannot_write_it_may_still_talk_about(standby: Standby, remote: FakeBrain) -> None:
    remote.fails = True
    assert await standby.compose(QUESTION, grammar=GRAMMAR, tokens=4) == "here"
    remote.fails = False
    assert await ask(standby) == "I am there."


async def test_what_lasts_is_kept_here_so_that_it_can_stand_in_at_once(standby: Standby, local: FakeBrain) -> None:
    await standby.keep("en", QUESTION)
    assert local.kept == ["en"]


async def test_it_stops_looking_when_it_is_left(remote: FakeBrain, local: FakeBrain) -> None:
    async with Standby.open(remote, local, clock=HeldClock()) as standby:
        remote.gone = True
        await ask(standby)
    assert not [task for task in asyncio.all_tasks() if task.get_name() == "standby.watch"]

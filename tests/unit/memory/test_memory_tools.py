"""What is asked of the memory as tools."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.memory.tools import tools
from digital_life.memory.wishes import MemoryWishes
from digital_life.tool import Outcome
from digital_life.values import Call, Language, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder


@asynccontextmanager
async def living(home: Path, clock: FakeClock) -> AsyncGenerator[Life]:
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
    ):
        yield life


def heard(text: str, language: Language = "en") -> Transcript:
    return Transcript(text, language, 1.0)


async def tell(life: Life, clock: FakeClock, text: str, *calls: Call) -> int:
    return await life.remember(Turn(1, clock.now(), None, heard(text), Reply("I see."), Timings(), calls))


async def run(life: Life, name: str, text: str, language: Language = "en") -> Outcome:
    tool = next(each for each in tools(life, MemoryWishes(life)) if each.name == name)
    assert tool.read
    arguments = tool.read(heard(text, language))
    assert arguments is not None
    return await tool.run(heard(text, language), **arguments)


async def test_what_was_said_on_a_day_is_found(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        await tell(life, clock, "My locker code is 4417.")
        await life.end_conversation()
        clock.passed += timedelta(days=1).total_seconds()
        outcome = await run(life, "recall_by_date", "What did I say yesterday?")
    assert outcome.recalls
    assert "4417" in outcome.recalls[0].text


async def test_what_was_never_told_is_a_look_in_vain(tmp_path: Path) -> None:
    async with living(tmp_path, FakeClock()) as life:
        outcome = await run(life, "recall_by_need", "What is my cat called?")
    assert outcome.recalls == ()


async def test_what_was_said_just_now_is_no_look_into_the_memory(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        await tell(life, clock, "My locker code is 4417.")
        outcome = await run(life, "recall_by_need", "What is my locker code?")
    assert outcome == Outcome()


async def test_what_is_to_be_remembered_stands_at_once_among_what_is_known_of_the_user(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        outcome = await run(life, "remember", "Please remember that my locker code is 4417.")
        assert outcome.said == "I will remember that: my locker code is 4417."
        number = await tell(life, clock, "Please remember.", Call("remember", "my locker code is 4417", ()))
        concept = await life.concept("user")
        assert concept
        assert "4417" in concept.sentences[-1].text
        assert concept.sentences[-1].sources == (number,)


async def test_what_was_remembered_so_is_forgotten_with_its_turn(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        number = await tell(life, clock, "Remember it.", Call("remember", "my locker code is 4417", ()))
        await life.forget([number])
        concept = await life.concept("user")
    assert concept is None or not any("4417" in each.text for each in concept.sentences)


async def test_forgetting_is_asked_for_once(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        await tell(life, clock, "Peter owes me money.")
        outcome = await run(life, "forget", "Delete what I told you about Peter, please.")
    assert "Peter owes me money" in outcome.said
    assert not outcome.remembered


@pytest.mark.parametrize(
    ("name", "text", "language", "what"),
    [
        ("remember", "Note this down for later, the plumber is called Dennis.", "en", "the plumber is called Dennis"),
        ("remember", "麻烦记一下车停在地下三层", "zh", "车停在地下三层"),
        ("forget", "please delete everything you know about my old address", "en", "my old address"),
        ("forget", "把我说的关于老板的话忘了吧。", "zh", "老板"),
        ("recall_by_need", "What is my sister's name again?", "en", "my sister's name"),
        ("recall_by_need", "你还记得我早餐喜欢吃什么吗", "zh", "我早餐喜欢吃什么"),
    ],
)
async def test_what_it_is_about_is_read_from_the_words(
    tmp_path: Path, name: str, text: str, language: Language, what: str
) -> None:
    async with living(tmp_path, FakeClock()) as life:
        tool = next(each for each in tools(life, MemoryWishes(life)) if each.name == name)
        assert tool.read
        assert tool.read(heard(text, language)) == {"what": what}


async def test_all_that_was_told_is_listed_and_not_the_best_alone(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        for film in ("Titanic", "Chocolat", "Casablanca", "Amadeus"):
            await tell(life, clock, f"I saw the film {film}.")
            await tell(life, clock, "It is raining outside.")
        await life.end_conversation()
        clock.passed += timedelta(days=1).total_seconds()
        question = heard("Which films did I say I saw?")
        tool = next(each for each in tools(life, MemoryWishes(life)) if each.name == "recall_by_need")
        assert tool.claims
        arguments = tool.claims(question)
        assert arguments is not None
        outcome = await tool.run(question, **arguments)
    assert all(film in outcome.said for film in ("Titanic", "Chocolat", "Casablanca", "Amadeus"))
    assert "raining" not in outcome.said


async def test_the_day_on_which_another_one_hangs_is_asked_for_once_and_then_known(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        by_date = next(each for each in tools(life, MemoryWishes(life)) if each.name == "recall_by_date")
        assert by_date.claims
        assert by_date.awaits
        await tell(life, clock, "I went sailing on the lake.")
        sailed = clock.now()
        await life.end_conversation()
        clock.passed += timedelta(days=9).total_seconds()
        question = heard("What did I do the day after my birthday?")
        assert by_date.awaits(heard("It is raining.")) is None
        asked = await by_date.run(question, **(by_date.claims(question) or {}))
        assert asked.said == "When is your birthday?"
        answer = heard(f"It is on {(sailed - timedelta(days=1)):%-d %B}.")
        assert by_date.awaits(replace(answer, room="kitchen")) is None
        told = by_date.awaits(answer)
        assert told
        outcome = await by_date.run(answer, **told)
        assert "sailing" in outcome.said
        await life.remember(Turn(1, clock.now(), None, answer, Reply(outcome.said), Timings(), ()))
        again = await by_date.run(question, **(by_date.claims(question) or {}))
    assert again.recalls
    assert "sailing" in again.recalls[0].text


async def test_what_was_said_of_a_day_to_come_is_told_with_that_day(tmp_path: Path) -> None:
    clock = FakeClock()
    async with living(tmp_path, clock) as life:
        await tell(life, clock, "I have an exam tomorrow.")
        exam = clock.now() + timedelta(days=1)
        await life.end_conversation()
        clock.passed += timedelta(days=40).total_seconds()
        (found,) = await life.search("When was my exam?")
    assert f"tomorrow ({exam:%A, %-d %B %Y})" in found.text

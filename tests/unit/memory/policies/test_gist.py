"""Gist memory over a life: written at rest, looked up by the model, reached by forgetting."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digital_life.config import Memory as Settings
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.life import Life
from digital_life.memory.notefile import Note
from digital_life.memory.policies import gist
from digital_life.memory.records import PastTurn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG = "We talked about it for a while. " * 20


def turn(number: int, heard: str, talk: int = 1) -> PastTurn:
    return PastTurn(number, talk, NOW, "en", heard, "I see.")


def talk(days: int, *heard: str) -> Talk:
    when = NOW - timedelta(days=days)
    return Talk(when, when, tuple((when, each, "I see.") for each in heard))


DOG = talk(9, f"My dog is called Rex. {LONG}", f"Rex eats fish. {LONG}", f"Rex is brown. {LONG}", f"Rex sleeps. {LONG}")
BOAT = talk(5, "My boat has a red sail.", "It lies in Leith.")


def write(rule: str, asked: str) -> str | None:
    if "number of the place" in rule:
        return "1"
    if "write down what" in rule:
        return asked.removeprefix("User: ").partition(".")[0] + "."
    if "must read again" in rule:
        return next(line for line in asked.splitlines() if "boat" in line)[0]
    return diligent(rule, asked)


@asynccontextmanager
async def alive(home: Path, policy: str = "gist") -> AsyncGenerator[Life]:
    settings = Settings(policy=policy)  # type: ignore[arg-type]
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=FakeClock(NOW), settings=settings) as life,
    ):
        if not (await life.stats()).turns:
            await life.take_in(Foreign((DOG, BOAT)))
        yield life


async def gists(life: Life) -> list[Note]:
    return await life.run(lambda store: store.notes.notes("gist"))


def test_a_page_ends_with_a_conversation() -> None:
    pages = gist.told([turn(1, "One."), turn(2, "Two."), turn(3, "Three.", talk=2)])
    assert [[each.id for each in page.turns] for page in pages] == [[1, 2], [3]]


def test_what_was_read_keeps_its_page_and_its_gist() -> None:
    note = Note(1, "gist", NOW, "Two things.", (2, 3))
    pages = gist.told([turn(1, "One."), turn(2, "Two."), turn(3, "Three."), turn(4, "Four.")], [note])
    assert [(page.turns[0].id, page.gist == "Two things.") for page in pages] == [(1, False), (2, True)]
    assert sorted(each.id for page in pages for each in page.turns) == [1, 2, 3, 4]


async def test_at_rest_every_turn_that_is_over_gets_a_page_with_a_gist(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        await life.rest(FakeWriter(write))
        notes = await gists(life)
    assert [each.text for each in notes] == ["My dog is called Rex.", "Rex is brown.", "My boat has a red sail."]
    assert [each.sources for each in notes] == [(1, 2), (3, 4), (5, 6)]
    assert all(each.meaning for each in notes)


async def test_a_rest_with_nothing_new_asks_nobody(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        await life.rest(FakeWriter(write))
        again = FakeWriter(write)
        await life.rest(again)
    assert again.asked == []


async def test_the_page_with_the_nearest_gist_comes_first_read_or_not(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        assert {each.ref for each in (await life.search("red sail of the boat"))[:2]} == {5, 6}
        await life.rest(FakeWriter(write))
        assert {each.ref for each in (await life.search("red sail of the boat"))[:2]} == {5, 6}


async def test_the_latest_gist_stands_in_the_prompt(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        await life.rest(FakeWriter(write))
        assert (await life.standing()).love[-1] == "My boat has a red sail."


async def test_the_model_names_the_pages_whose_turns_come_back(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        life.use(FakeWriter(write))
        await life.rest(FakeWriter(write))
        found = await life.look_up("recall_by_need", "boat", "What do I sail?")
        assert {each.ref for each in found} == {5, 6}


async def test_without_a_model_it_looks_up_as_ever(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        assert 5 in {each.ref for each in await life.look_up("recall_by_need", "", "My boat has a red sail.")}


async def test_a_page_of_which_something_is_forgotten_is_read_anew(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        await life.rest(FakeWriter(write))
        await life.forget([5])
        assert [each.sources for each in await gists(life)] == [(1, 2), (3, 4)]
        await life.rest(FakeWriter(write))
        notes = await gists(life)
    assert notes[-1].sources == (6,)
    assert not any("sail" in each.text for each in notes)


async def test_another_policy_and_back_loses_nothing(tmp_path: Path) -> None:
    async with alive(tmp_path) as life:
        await life.rest(FakeWriter(write))
    async with alive(tmp_path, "digital-life") as life:
        await life.rest(FakeWriter(write))
    async with alive(tmp_path) as life:
        assert len(await gists(life)) == 3

"""Paged memory (MemGPT): what its calls do to a life."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.memory.policies import paged
from digital_life.memory.policies.paged import APPEND, INSERT, PAGE, REPLACE, SEARCH_ARCHIVE, SEARCH_SAID
from digital_life.memory.records import Hit, Sentence
from digital_life.values import Call, Event, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LINES = (Sentence("The user likes tea", (1,)), Sentence("The user lives in Ulm", (2,)))


# What is pure.


def test_a_line_is_appended_and_what_stands_there_is_not_said_twice() -> None:
    new = Sentence("The user has a cat", (3,))
    assert paged.appended(LINES, new) == (*LINES, new)
    with pytest.raises(paged.Refused, match="known"):
        paged.appended(LINES, Sentence("The user likes tea", (3,)))
    with pytest.raises(paged.Refused, match="empty"):
        paged.appended(LINES, Sentence("", (3,)))


def test_words_are_replaced_and_their_turns_stay_with_those_of_the_new_ones() -> None:
    changed = paged.replaced(LINES, "in ulm", Sentence("in Bonn", (9,)))
    assert changed == (LINES[0], Sentence("The user lives in Bonn", (2, 9)))
    assert paged.replaced(LINES, "The user likes tea", Sentence("", (9,))) == LINES[1:]
    with pytest.raises(paged.Refused, match="not-there"):
        paged.replaced(LINES, "milk", Sentence("coffee", (9,)))


@given(st.lists(st.tuples(st.sampled_from([APPEND, REPLACE]), st.text(max_size=90)), max_size=30))
def test_the_working_context_never_outgrows_its_bounds(calls: list[tuple[str, str]]) -> None:
    lines = paged.after((), [Call(name, argument, ()) for name, argument in calls])
    assert len("\n".join(each.text for each in lines)) <= paged.WORKING


def test_a_replacement_names_both_sides() -> None:
    assert paged.written(LINES, REPLACE, "in Ulm -> in Bonn")[1].text == "The user lives in Bonn"
    assert paged.written(LINES, REPLACE, "in Ulm → in Bonn")[1].text == "The user lives in Bonn"
    with pytest.raises(paged.Refused, match="form"):
        paged.written(LINES, REPLACE, "in Bonn")


@pytest.mark.parametrize(
    ("argument", "query", "page"),
    [
        ("the cat", "the cat", 1),
        ("the cat, 2", "the cat", 2),
        ('"the cat", page 3', "the cat", 3),
        ("猫，第2页", "猫", 2),
        ("in May, 2024", "in May, 2024", 1),
        ("", "", 1),
    ],
)
def test_a_search_says_which_page_it_wants(argument: str, query: str, page: int) -> None:
    assert paged.searched(argument) == (query, page)


def test_results_come_a_page_at_a_time() -> None:
    assert paged.page([1, 2, 3, 4, 5, 6, 7], 1, size=3) == paged.Results((4, 5, 6), 1, 3)
    assert paged.page([1, 2], 5, size=3).found == ()
    assert paged.page([1, 2], -1, size=3).found == ()


def test_a_note_came_of_the_turns_with_its_words_and_of_all_in_sight_where_none_has_any() -> None:
    seen = {4: "My cat is called Momo.", 5: "It rains.", 6: "I have a son, too."}
    assert paged.came_of("The cat is Momo", 6, seen) == (6, 4)
    assert paged.came_of("用户养猫", 6, seen) == (6, 4, 5)
    assert paged.came_of("The user has a son", 6, seen) == (6,)


def hit(number: int, cosine: float, *, matched: float = 0) -> Hit:
    return Hit(number, "turn", number, NOW, f"text {number}", 1, NOW, cosine, matched)


def test_both_searches_of_a_paged_memory_are_read_in_turn() -> None:
    assert paged.ranked([hit(1, 0.9), hit(2, 0.7, matched=1.0), hit(3, 0.8)])[0] == 1
    assert set(paged.ranked([hit(1, 0.9), hit(2, 0.7, matched=1.0), hit(3, 0.8)])) == {1, 2, 3}


# In a life.


@dataclass
class Alive:
    life: Life
    clock: FakeClock

    async def told(self, heard: str, *calls: tuple[str, str]) -> int:
        self.clock.passed += 60
        made = tuple(Call(name, argument, ()) for name, argument in calls)
        heard_ = Transcript(heard, "en", 1.0)
        return await self.life.remember(Turn(1, self.clock.now(), None, heard_, Reply("I see."), Timings(), made))

    async def event(self, name: str, argument: str, *before: tuple[str, str]) -> Event:
        told = await self.life.event(name, argument, [Call(*each, ()) for each in before])
        assert told
        return told

    async def outcome(self, name: str, argument: str, *before: tuple[str, str]) -> str:
        return (await self.event(name, argument, *before)).outcome


@asynccontextmanager
async def alive(home: Path, policy: str = "paged") -> AsyncGenerator[Alive]:
    clock = FakeClock()
    settings = Settings(policy="paged" if policy == "paged" else "digital-life")
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=settings) as life,
    ):
        yield Alive(life, clock)


async def test_what_it_notes_stands_in_every_prompt_once_the_turn_is_kept(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        assert await it.outcome(APPEND, "The user has a cat") == "kept"
        assert (await it.life.standing()).love == (), "nothing is written while it thinks"
        await it.told("I have a cat.", (APPEND, "The user has a cat"))
        assert (await it.life.standing()).love == ("The user has a cat",)


async def test_a_call_sees_what_those_before_it_in_the_turn_did(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        noted = (APPEND, "The user has a cat")
        assert await it.outcome(REPLACE, "cat -> dog") == "not-there"
        assert await it.outcome(REPLACE, "cat -> dog", noted) == "kept"
        assert await it.outcome(*noted, noted) == "known"
        await it.told("I have a cat, no, a dog.", noted, (REPLACE, "cat -> dog"))
        assert (await it.life.standing()).love == ("The user has a dog",)


async def test_where_there_is_no_room_it_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("Much.", (APPEND, "a" * (paged.WORKING - 10)))
        assert await it.outcome(APPEND, "The user has a cat") == "full"
        await it.told("I have a cat.", (APPEND, "The user has a cat"))
        assert len((await it.life.standing()).love) == 1


async def test_what_was_said_is_found_by_its_words_a_page_at_a_time(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        for number in range(PAGE + 2):
            await it.told(f"My cat caught mouse number {number}.")
        await it.told("It rains.")
        first, second = await it.event(SEARCH_SAID, "cat"), await it.event(SEARCH_SAID, "cat, 2")
        assert (first.outcome, first.page, first.pages, len(first.found)) == ("page", 1, 2, PAGE)
        assert (second.outcome, second.page, second.pages, len(second.found)) == ("last-page", 2, 2, 2)
        assert len({each.ref for each in (*first.found, *second.found)}) == PAGE + 2
        assert await it.outcome(SEARCH_SAID, "cat, 3") == "no-such-page"
        assert await it.outcome(SEARCH_SAID, "elephant") == "nothing"
        assert await it.outcome(SEARCH_SAID, "cat", (SEARCH_SAID, "cat")) == "asked"


async def test_the_days_that_a_search_names_come_first(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        old = await it.told("My cat is black.")
        it.clock.passed += 3 * 24 * 3600
        await it.told("My cat is fat.")
        found = (await it.event(SEARCH_SAID, "cat three days ago")).found
        assert found[0].ref == old
        assert len(found) == 2


async def test_the_archive_holds_what_was_put_there_and_is_searched_by_meaning(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        assert await it.outcome(SEARCH_ARCHIVE, "pancakes recipe") == "nothing"
        assert await it.outcome(INSERT, "") == "empty"
        assert await it.outcome(INSERT, "pancakes recipe eggs") == "kept"
        await it.told("Keep this.", (INSERT, "pancakes recipe eggs"))
        told = await it.event(SEARCH_ARCHIVE, "pancakes recipe")
        assert [(each.kind, each.text) for each in told.found] == [("note", "pancakes recipe eggs")]
        assert await it.outcome(SEARCH_ARCHIVE, "whales") == "nothing"


async def test_nothing_comes_unasked_and_a_tool_that_recalls_reads_the_first_page(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        number = await it.told("My brother Tom lives in Berlin.")
        await it.life.end_conversation()
        assert await it.life.recall("Where does my brother Tom live?") == ()
        found = await it.life.look_up("recall_by_need", "brother", "Where does my brother Tom live?")
        assert [each.ref for each in found] == [number]
        assert [each.ref for each in await it.life.search("brother Tom")] == [number]


async def test_what_the_user_has_it_remember_stands_among_its_notes(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("Remember that the key is under the pot.", ("remember", "the key is under the pot"))
        (line,) = (await it.life.standing()).love
        assert "the key is under the pot" in line


async def test_forgetting_reaches_notes_and_archive(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        secret = await it.told("My pin is 4711.")
        await it.told("Note it.", (APPEND, "The user's pin is 4711"), (INSERT, "The pin: 4711"))
        await it.life.forget([secret])
        assert not any("4711" in each for each in (await it.life.standing()).love)
        assert await it.outcome(SEARCH_ARCHIVE, "The pin: 4711") == "nothing"
        assert b"4711" not in (tmp_path / "life.db").read_bytes()


async def test_a_life_changes_to_another_policy_and_back_and_loses_nothing(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("I have a cat.", (APPEND, "The user has a cat"), (INSERT, "pancakes recipe eggs"))
    async with alive(tmp_path, "digital-life") as it:
        assert (await it.life.standing()).love == ()
        assert await it.life.event("recall_by_need", "cat", ()) is None
    async with alive(tmp_path) as it:
        assert (await it.life.standing()).love == ("The user has a cat",)
        assert await it.outcome(SEARCH_ARCHIVE, "pancakes recipe") == "last-page"

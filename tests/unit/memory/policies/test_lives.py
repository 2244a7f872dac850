"""A life that remembers by each of the ways there are, and changes from one to another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from digital_life.config import Memory as Settings
from digital_life.memory import archive, calibration
from digital_life.memory.life import Life
from digital_life.memory.notefile import NoteKind
from digital_life.memory.policies import POLICIES, cued, memorybank, recursive
from digital_life.values import Call, Recall, Reply, Standing, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
HOUR_S = 3600
DAY_S = 24 * HOUR_S
KINDS: tuple[NoteKind, ...] = get_args(NoteKind)
TALKS = (
    ("My sister Anna lives in Lisbon.", "She studies law there."),
    ("I play the cello on Fridays.", "My teacher is called Bo."),
    ("My cat Miro sleeps on the piano.", "It rained today."),
)
QUESTIONS = ("Where does my sister Anna live?", "What sleeps on the piano?", "Who is the pope?", "Hello!", "")


@dataclass
class Alive:
    life: Life
    clock: FakeClock
    home: Path

    async def told(self, heard: str, said: str = "I see.", calls: tuple[Call, ...] = ()) -> int:
        self.clock.passed += 60
        turn = Turn(1, self.clock.now(), None, Transcript(heard, "en", 0.9), Reply(said), Timings(), calls)
        return await self.life.remember(turn)

    async def lived(self) -> None:
        """Some days with a talk each, and what is written of them."""
        for talk in TALKS:
            for heard in talk:
                await self.told(heard)
            await self.slept()

    async def slept(self) -> None:
        await self.life.end_conversation()
        await self.life.rest(FakeWriter(diligent))
        self.clock.passed += DAY_S

    async def memory(self) -> list[str]:
        return [each.text for each in await self.life.notes("recursive")]


@asynccontextmanager
async def alive(home: Path, policy: str = "digital-life", **settings: Any) -> AsyncGenerator[Alive]:
    clock = FakeClock(BEGAN)
    chosen = Settings(policy=policy, **settings)  # type: ignore[arg-type] # any that there is
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=chosen) as life,
    ):
        yield Alive(life, clock, home)


def everything(home: Path) -> bytes:
    return b"".join(each.read_bytes() for each in home.rglob("*") if each.is_file())


policies = pytest.mark.parametrize("policy", POLICIES)


# What each of them promises.


def test_each_can_be_chosen_in_the_settings() -> None:
    assert set(POLICIES) <= set(get_args(get_type_hints(Settings)["policy"]))


@policies
async def test_nothing_is_found_twice_and_nothing_that_is_not_there(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        await it.lived()
        turns = {("turn", each.id) for each in await it.life.all_turns()}
        there = turns | {("diary", each.id) for each in await it.life.diaries()}
        for question in QUESTIONS:
            found = [(each.kind, each.ref) for each in await it.life.search(question)]
            assert len(found) == len(set(found))
            assert set(found) <= there
            unasked = [(each.kind, each.ref) for each in await it.life.recall(question)]
            assert len(unasked) <= POLICIES[policy].unasked_most
            assert set(unasked) <= there


@policies
async def test_a_life_without_a_word_answers_too(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        standing = await it.life.standing()
        assert (standing.soul, standing.love, standing.summary, standing.said) == ((), (), (), ())
        assert await it.life.search(QUESTIONS[0]) == ()
        assert await it.life.recall(QUESTIONS[0]) == ()
        assert await it.life.rest(FakeWriter(diligent)) == []


@policies
async def test_what_stands_in_every_prompt_does_not_grow_with_the_life(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        lengths = []
        for day in range(50):
            await it.told(f"My friend Name{day} has {day} apples in house number {day}.")
            await it.slept()
            standing = await it.life.standing()
            lengths.append(sum(map(len, (*standing.soul, *standing.love, *standing.summary))))
        assert lengths[49] <= 1.1 * max(lengths[:30])


@policies
async def test_the_running_talk_stands_as_it_was_said(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        await it.lived()
        await it.told("I am back.")
        standing = await it.life.standing()
        assert [each.heard for each in standing.said] == ["I am back."]
        assert standing.met == BEGAN.replace(minute=1)


@policies
async def test_what_is_forgotten_leaves_no_byte(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        await it.lived()
        await it.life.tidy()
        assert b"piano" in everything(tmp_path)
        await it.life.forget([each.id for each in await it.life.all_turns() if "piano" in each.heard])
        assert b"piano" not in everything(tmp_path)


@policies
async def test_what_a_person_wants_forgotten_is_found_whoever_recalls(tmp_path: Path, policy: str) -> None:
    from digital_life.memory.wishes import about

    async with alive(tmp_path, policy) as it:
        await it.lived()
        assert [each.heard for each in await about(it.life, "my sister Anna in Lisbon")] == [TALKS[0][0]]


@policies
async def test_a_life_changes_its_way_and_back_and_loses_nothing(tmp_path: Path, policy: str) -> None:
    async def all_of(it: Alive) -> tuple[object, ...]:
        found = [await it.life.search(question) for question in QUESTIONS]
        concepts = [await it.life.concept("self"), await it.life.concept("user")]
        return await it.life.all_turns(), await it.life.diaries(), concepts, await it.life.standing(), found

    async with alive(tmp_path) as it:
        await it.lived()
        lived = it.clock.passed
        before = await all_of(it)
    async with alive(tmp_path, policy) as it:
        it.clock.passed = lived
        await it.life.rest(FakeWriter(diligent))
        for question in QUESTIONS:
            await it.life.recall(question)
        await it.told("This was said meanwhile.")
        await it.life.end_conversation()
        meanwhile = (await it.life.all_turns())[-1].id
        await it.life.forget([meanwhile])
    async with alive(tmp_path) as it:
        it.clock.passed = lived
        assert await all_of(it) == before


@policies
async def test_it_goes_on_where_it_was_after_a_time_with_another_way(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy) as it:
        await it.lived()
        lived = it.clock.passed
        before = await it.life.standing(), await it.life.search(QUESTIONS[0])
    for other in POLICIES:
        async with alive(tmp_path, other) as it:
            it.clock.passed = lived
            await it.life.rest(FakeWriter(diligent))
    async with alive(tmp_path, policy) as it:
        it.clock.passed = lived
        assert (await it.life.standing(), await it.life.search(QUESTIONS[0])) == before


@policies
async def test_a_copy_an_archive_and_a_life_beside_it_take_it_along(tmp_path: Path, policy: str) -> None:
    home, target, other = tmp_path / "home", tmp_path / "ada.life", tmp_path / "other"
    async with alive(home, policy) as it:
        await it.lived()
        written = {kind: await it.life.notes(kind) for kind in KINDS}
        async with it.life.beside(tmp_path / "beside") as beside:
            assert [await beside.notes(kind) for kind in written] == [[] for _ in written]
        await it.life.export(target, home / "none.toml", passphrase="")
    other.mkdir()
    archive.unpack(archive.read(target), other, FakeEmbedder(), BEGAN, target)
    async with alive(other, policy) as it:
        assert {kind: await it.life.notes(kind) for kind in written} == written


# MemoryBank.


async def told_often(it: Alive, count: int) -> None:
    for n in range(count):
        await it.told(f"My garden has a tree number {n}.")
        await it.slept()


async def test_memorybank_puts_six_memories_forward_turns_and_summaries_alike(tmp_path: Path) -> None:
    async with alive(tmp_path, "memorybank") as it:
        await told_often(it, 4)
        found = await it.life.recall("What is in my garden?")
        assert len(found) == memorybank.MERGED
        assert {each.kind for each in found} == {"turn", "diary"}


async def test_memorybank_leaves_out_what_is_said_just_now(tmp_path: Path) -> None:
    async with alive(tmp_path, "memorybank") as it:
        await told_often(it, 9)
        now = [await it.told("My garden, my garden, my garden.") for _ in range(3)]
        found = await it.life.recall("What is in my garden?")
        assert len(found) == memorybank.MERGED
        assert not {each.ref for each in found if each.kind == "turn"} & set(now)


async def test_memorybank_strengthens_a_summary_by_its_recall_and_keeps_that_over_a_restart(tmp_path: Path) -> None:
    async with alive(tmp_path, "memorybank") as it:
        await it.lived()
        found = await it.life.recall("Tell me of my sister Anna in Lisbon")
        page = next(each for each in found if each.kind == "diary")
        turn = next(each for each in found if each.kind == "turn")
        await it.told("Tell me of my sister Anna in Lisbon", calls=(Call("recall", "", found),))
        recalled = it.clock.now()
    async with alive(tmp_path, "memorybank") as it:
        for trace in (await it.life.trace("diary", page.ref), await it.life.trace("turn", turn.ref)):
            assert trace is not None
            assert (trace.strength, trace.recalled) == (2.0, recalled)


# Cued recall.


async def probable(it: Alive, question: str) -> float:
    return max(each.score for each in await it.life.search(question) if each.ref == 1 and each.kind == "turn")


async def test_five_recalls_one_unit_apart_consolidate_a_memory_of_a_life(tmp_path: Path) -> None:
    question = "Where does my sister Anna live?"
    async with alive(tmp_path, "cued", cued_unit_hours=1) as it:
        await it.told("My sister Anna lives in Lisbon.", "")
        for _ in range(5):
            it.clock.passed += HOUR_S - 60
            found = Recall("turn", 1, BEGAN, "", 1.0)
            await it.told("Something else.", calls=(Call("recall", "", (found,)),))
        it.clock.passed += 2 * HOUR_S
        embedder = FakeEmbedder()
        cosine = near(embedder, question, "My sister Anna lives in Lisbon.")
        relevance = calibration.scale(embedder, question).relevance(cosine)
        assert await probable(it, question) == pytest.approx(cued.probability(relevance, 2.0, 3.311), abs=0.002)


def near(embedder: FakeEmbedder, one: str, other: str) -> float:
    first, second = (memoryview(each).cast("b") for each in (embedder.query(one), embedder.passage(other)))
    return sum(a * b for a, b in zip(first, second, strict=True)) / embedder.unit**2


async def test_the_unit_of_time_decides_how_soon_a_cue_is_too_weak(tmp_path: Path) -> None:
    question = "My sister Anna lives in Lisbon."
    for hours, expected in ((8760.0, [1]), (24.0, [])):
        home = tmp_path / str(hours)
        async with alive(home, "cued", cued_unit_hours=hours) as it:
            await it.told("My sister Anna lives in Lisbon.", "")
            await it.life.end_conversation()
            it.clock.passed += 7 * DAY_S
            assert [each.ref for each in await it.life.recall(question)] == expected
            assert [each.ref for each in await it.life.search(question)] == [1]


# Recursive memory.


async def test_the_memory_is_written_for_each_talk_that_is_over_and_stands_in_the_prompt(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        await it.lived()
        standing = await it.life.standing()
        notes = await it.life.notes("recursive")
        assert {*standing.soul, *standing.love} == {each.text for each in notes}
        assert any("Anna" in each for each in standing.love)
        assert any("Miro" in each for each in standing.love)
        assert {number for each in notes for number in each.sources} == {1, 2, 3, 4, 5, 6}


async def test_what_the_life_itself_knows_does_not_stand_beside_the_memory(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.life.set_concept("user", ["The user paints."])
        await it.life.set_concept("self", ["I am calm."])
    async with alive(tmp_path, "recursive") as it:
        assert (await it.life.standing()) == Standing(met=BEGAN)
    async with alive(tmp_path) as it:
        assert (await it.life.standing()).love == ("The user paints.",)


async def test_with_a_recursive_memory_nothing_is_looked_up(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        await it.lived()
        assert await it.life.recall(QUESTIONS[0]) == ()
        assert await it.life.recall("What did we talk about yesterday?") == ()
        for name in ("recall_by_date", "recall_by_need"):
            assert await it.life.look_up(name, "yesterday", QUESTIONS[0]) == ()
        assert POLICIES["recursive"].calls == ()


async def test_the_turns_that_the_memory_tells_of_are_found(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        await it.lived()
        assert (await it.life.search(QUESTIONS[0]))[0].ref == 1
        assert await it.life.is_at_hand(QUESTIONS[0])
        assert not await it.life.is_at_hand("Who is the pope?")


async def test_nights_that_were_missed_are_caught_up_talk_by_talk(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.lived()
        assert await it.memory() == []
    async with alive(tmp_path, "recursive") as it:
        it.clock.passed += 9 * DAY_S
        writer = FakeWriter(diligent)
        await it.life.rest(writer)
        assert any("Anna" in each for each in await it.memory())
        asked = len(writer.asked)
        assert asked
        await it.life.rest(writer)
        assert len(writer.asked) == asked


async def test_without_a_model_the_memory_is_the_users_own_words(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        await it.told("My sister Anna lives in Lisbon.")
        await it.life.end_conversation()
        await it.life.rest(FakeWriter(lambda _rule, _asked: None))
        assert await it.memory() == ["The user said: “My sister Anna lives in Lisbon.”"]


async def test_what_is_new_takes_the_place_of_what_it_makes_untrue(tmp_path: Path) -> None:
    def strict(rule: str, asked: str) -> str | None:
        return "yes" if "Known:" in asked else diligent(rule, asked)

    async with alive(tmp_path, "recursive") as it:
        for heard in ("My sister Anna lives in Lisbon.", "My sister Anna lives in Porto."):
            await it.told(heard, "")
            await it.life.end_conversation()
            await it.life.rest(FakeWriter(strict))
        told = await it.memory()
        assert any("Porto" in each for each in told)
        assert not any("Lisbon" in each for each in told)


async def held(it: Alive, writer: FakeWriter, until: Callable[[FakeWriter], bool]) -> asyncio.Task[Any]:
    """A rest that has come as far as that."""
    writer.held = asyncio.Event()
    resting = asyncio.create_task(it.life.rest(writer), name="test.rest")
    writer.held.set()
    while not until(writer):
        await asyncio.sleep(0)
    writer.held.clear()
    return resting


async def test_a_rest_that_is_disturbed_leaves_the_memory_of_the_talks_before(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.lived()
    async with alive(tmp_path, "recursive") as it:
        it.clock.passed += 9 * DAY_S
        resting = await held(it, FakeWriter(diligent), lambda writer: "Miro" in str(writer.asked))
        resting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await resting
        told = str(await it.memory())
        assert "Anna" in told
        assert "Miro" not in told
        await it.life.rest(FakeWriter(diligent))
        assert "Miro" in str(await it.memory())


async def test_the_memory_tells_nothing_that_was_forgotten_while_it_was_written(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.lived()
    async with alive(tmp_path, "recursive") as it:
        it.clock.passed += 9 * DAY_S
        writer = FakeWriter(diligent)
        resting = await held(it, writer, lambda writer: "Miro" in str(writer.asked))
        await it.life.forget([5])
        assert writer.held is not None
        writer.held.set()
        await resting
        assert "Miro" not in str(await it.memory())
        assert "rained" in str(await it.memory())


async def test_forgetting_reaches_the_memory_and_is_told_before(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        await it.lived()
        losses = [each for each in await it.life.would_forget([1]) if each.owner == "note"]
        assert [(each.what, each.present) for each in losses] == [("recursive", True)]
        assert "Anna" in str(losses[0].before)
        await it.life.forget([1])
        assert "Anna" not in str(await it.memory())
        await it.life.rest(FakeWriter(diligent))
        assert "Anna" not in str(await it.memory())


async def test_no_talk_makes_the_memory_longer_than_it_may_be(tmp_path: Path) -> None:
    async with alive(tmp_path, "recursive") as it:
        for n in range(2 * recursive.MOST_SENTENCES):
            await it.told(f"My friend Name{n} has {n} apples.")
        await it.slept()
        assert len(await it.memory()) <= recursive.MOST_SENTENCES

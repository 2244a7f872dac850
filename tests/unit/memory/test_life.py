"""One life: what it keeps, recalls, writes and forgets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.config import Memory as Settings
from digital_life.errors import MemoryFileError, PostponedError
from digital_life.memory import copies
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.life import SUMMARY_SENTENCES, Life
from digital_life.values import Call, Entry, EntryKind, Language, Recall, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
HOUR_S = 3600
DAY_S = 24 * HOUR_S


@dataclass
class Alive:
    life: Life
    clock: FakeClock
    home: Path

    async def told(
        self, heard: str, said: str = "I see.", language: Language = "en", calls: tuple[Call, ...] = ()
    ) -> int:
        self.clock.passed += 60
        heard_ = Transcript(heard, language, 0.9)
        return await self.life.remember(Turn(1, self.clock.now(), None, heard_, Reply(said), Timings(), calls))


@asynccontextmanager
async def alive(home: Path, *, began: datetime = BEGAN, settings: Settings = Settings()) -> AsyncGenerator[Alive]:  # noqa: B008
    clock = FakeClock(began)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=settings, names=["Ada"]) as life,
    ):
        yield Alive(life, clock, home)


async def test_what_was_said_stands_in_the_prompt_until_the_rest(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        standing = await it.life.standing()
        assert [each.heard for each in standing.said] == ["My cat is black."]
        assert standing.met == standing.began == BEGAN + timedelta(minutes=1)
        it.clock.passed += 6 * HOUR_S
        assert (await it.life.standing()).said == ()


async def test_a_talk_goes_on_after_a_restart_and_past_midnight(tmp_path: Path) -> None:
    late = BEGAN.replace(hour=23, minute=58)
    async with alive(tmp_path, began=late) as it:
        await it.told("It is late.")
    async with alive(tmp_path, began=late + timedelta(minutes=5)) as it:
        await it.told("Now it is later.")
        assert [each.heard for each in (await it.life.standing()).said] == ["It is late.", "Now it is later."]
        await it.life.end_conversation()
        (page,) = await it.life.rest(FakeWriter(diligent))
        assert page.day == late.date()


async def test_after_the_rest_one_diary_and_both_concepts_are_written(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My brother Tom lives in Berlin.")
        await it.told("I like black tea.")
        assert await it.life.rest(FakeWriter(diligent)) == []
        it.clock.passed += 6 * HOUR_S
        (page,) = await it.life.rest(FakeWriter(diligent))
        assert await it.life.rest(FakeWriter(diligent)) == []
        assert page.day == BEGAN.date()
        assert [each.sources for each in page.sentences if "Tom" in each.text] == [(1,)]
        standing = await it.life.standing()
        assert any("Tom" in each for each in standing.love)
        assert not any("Tom" in each for each in standing.soul)


async def test_nights_without_power_are_caught_up_with_a_diary_for_each_talk(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        for day in range(4):
            await it.told(f"My plan number {day} is a long walk.")
            it.clock.passed += DAY_S
        pages = await it.life.rest(FakeWriter(diligent))
        assert [page.day for page in pages] == [(BEGAN + timedelta(days=day)).date() for day in range(4)]


async def test_two_talks_of_a_day_have_two_diaries(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        it.clock.passed += 7 * HOUR_S
        await it.told("My dog is brown.")
        it.clock.passed += 7 * HOUR_S
        pages = await it.life.rest(FakeWriter(diligent))
        assert [page.day for page in pages] == [BEGAN.date()] * 2
        assert [any("dog" in each.text for each in page.sentences) for page in pages] == [False, True]


async def test_a_clock_that_is_set_back_tells_nothing_twice(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        it.clock.passed -= 2 * HOUR_S
        await it.told("My dog is brown.")
        it.clock.passed -= 3 * DAY_S
        await it.told("My horse is white.")
        it.clock.passed += 10 * DAY_S
        pages = await it.life.rest(FakeWriter(diligent))
        told = [each.sources for page in pages for each in page.sentences if "said that" in each.text]
        assert sorted(told) == [(1,), (2,), (3,)]
        assert len(pages) == 2


async def test_a_rest_that_is_disturbed_leaves_nothing_half_done(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        await it.life.end_conversation()
        writer = FakeWriter(diligent)
        writer.held = asyncio.Event()
        resting = asyncio.create_task(it.life.rest(writer))
        while not writer.asked:
            await asyncio.sleep(0)
        resting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await resting
        assert await it.life.diaries() == []
        assert len(await it.life.rest(FakeWriter(diligent))) == 1


async def test_a_model_that_writes_nonsense_leaves_an_extract_that_is_marked(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My brother Tom lives in Berlin.")
        await it.life.end_conversation()
        (page,) = await it.life.rest(
            FakeWriter(lambda _rule, _asked: "The user met Napoleon in 1812.\nI flew to Mars.")
        )
        assert page.extract
        assert [each.text for each in page.sentences] == ["The user said: “My brother Tom lives in Berlin.”"]


async def test_a_model_that_fails_leaves_an_extract_too(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("我妹妹在北京读大学。", "真好。", "zh")
        await it.life.end_conversation()
        (page,) = await it.life.rest(FakeWriter(lambda _rule, _asked: None))
        assert page.extract
        assert page.language == "zh"
        assert page.sentences[0].text == "用户说：“我妹妹在北京读大学。”"


async def test_the_summary_goes_on_from_the_last_one_and_stays_short(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        numbers = [await it.told(f"My friend number {n} is called Name{n}.") for n in range(30)]
        await it.life.summarise(numbers[9], FakeWriter(diligent))
        before = await it.life.standing()
        assert [each.turn for each in before.said] == numbers[10:]
        assert any("Name9" in each for each in before.summary)
        await it.life.summarise(numbers[25], FakeWriter(diligent))
        after = await it.life.standing()
        assert len(after.summary) == SUMMARY_SENTENCES
        assert [each.turn for each in after.said] == numbers[26:]


async def test_an_update_of_the_summary_that_is_disturbed_leaves_the_old_one(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        first = await it.told("My cat is black.")
        await it.life.summarise(first, FakeWriter(diligent))
        old = await it.life.standing()
        second = await it.told("My dog is brown.")
        writer = FakeWriter(diligent)
        writer.held = asyncio.Event()
        work = asyncio.create_task(it.life.summarise(second, writer))
        while not writer.asked:
            await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        now = await it.life.standing()
        assert now.summary == old.summary
        assert [each.turn for each in now.said] == [second]


async def week_later(it: Alive) -> None:
    it.clock.passed += 7 * DAY_S


async def test_what_was_told_comes_to_mind_a_week_later_but_only_once_in_a_talk(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister Anna lives in Lisbon.")
        await it.told("It rained.")
        await week_later(it)
        (found,) = await it.life.recall("Where does my sister Anna live?")
        assert (found.kind, found.ref, found.text) == ("turn", 1, "My sister Anna lives in Lisbon. I see.")
        await it.told("Where does my sister Anna live?", "In Lisbon.", calls=(Call("recall", "", (found,)),))
        assert not [each for each in await it.life.recall("And my sister Anna?") if each.ref == 1]


async def test_what_stands_in_the_prompt_anyway_is_not_recalled(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister Anna lives in Lisbon.")
        assert await it.life.recall("Where does my sister Anna live?") == ()


async def test_what_was_said_in_another_room_just_now_is_recalled(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister Anna lives in Lisbon.")
        (found,) = await it.life.recall("Where does my sister Anna live?", unseen={1})
        assert (found.kind, found.ref) == ("turn", 1)


async def test_a_day_brings_back_its_diary(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister Anna lives in Lisbon.")
        await it.life.end_conversation()
        (page,) = await it.life.rest(FakeWriter(diligent))
        await week_later(it)
        for ask in (it.life.recall("What did we talk about last Monday?"), by_date(it, "last Monday")):
            (found,) = await ask
            assert (found.kind, found.ref) == ("diary", page.id)


async def test_the_first_talk_and_the_last_one_are_days_too(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("I play badminton.")
        await week_later(it)
        await it.told("I was in Rome.")
        await week_later(it)
        (first,) = await it.life.recall("What did we talk about in our first conversation?")
        (last,) = await it.life.recall("What did we talk about the last time we talked?")
    assert "badminton" in first.text
    assert "Rome" in last.text


async def test_where_one_lives_is_what_was_told_last(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        old = await it.told("I live in Boston.")
        await week_later(it)
        new = await it.told("We moved to Denver.")
        await week_later(it)
        assert [each.ref for each in await it.life.search("Where do I live?")][:2] == [new, old]
        assert next(each.ref for each in await it.life.search("Where did I live before?")) == old


async def by_date(it: Alive, days: str) -> tuple[Recall, ...]:
    return await it.life.look_up("recall_by_date", days, "What was it?")


async def test_a_day_without_a_diary_brings_back_its_turns_and_a_strange_day_nothing(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister Anna lives in Lisbon.")
        await week_later(it)
        (found,) = await it.life.look_up("recall_by_date", "last Monday", "What was it?")
        assert (found.kind, found.ref) == ("turn", 1)
        assert await it.life.look_up("recall_by_date", "last year", "What was it?") == ()


async def test_by_need_the_model_picks_from_the_gists_of_the_diaries(tmp_path: Path) -> None:
    async with alive(tmp_path, settings=Settings(gist_limit=2)) as it:
        for heard in (
            "My car is red.",
            "My sister Anna lives in Lisbon.",
            "My sister Anna studies law.",
            "I like tea.",
        ):
            await it.told(heard)
            await it.life.end_conversation()
            it.clock.passed += DAY_S
        await it.life.rest(FakeWriter(diligent))
        picking = FakeWriter(lambda _rule, asked: "1" if asked.startswith("1. ") else "-")
        it.life.use(picking)
        (found,) = await it.life.look_up("recall_by_need", "the sister", "What does my sister do?")
        assert found.kind == "diary"
        assert "sister" in found.text
        assert "tea" not in picking.asked[0]
        assert "3." not in picking.asked[0]


async def test_tools_alone_recall_nothing_unasked(tmp_path: Path) -> None:
    async with alive(tmp_path, settings=Settings(recall="tools")) as it:
        await it.told("My sister Anna lives in Lisbon.")
        await week_later(it)
        assert await it.life.recall("Where does my sister Anna live?") == ()


async def test_a_private_talk_leaves_nothing_until_it_ends(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My xylophone is secret.")
        await it.life.leave_nothing()
        assert await it.told("So is my zither.") == 0
        it.clock.passed += 7 * HOUR_S
        assert await it.told("It is cold.") > 0
    assert not [word for word in (b"xylophone", b"zither") if word in everything(tmp_path)]


async def test_what_is_forgotten_is_gone_from_the_daily_copies_too(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        number = await it.told("My xylophone is secret.")
        await it.told("My cat is black.")
        await it.life.tidy()
        await it.life.end_conversation()
        await it.life.rest(FakeWriter(diligent))
        it.clock.passed += DAY_S
        await it.life.tidy()
        assert len(copies.copies(tmp_path)) == 2
        await it.life.forget([number])
        assert [each.heard for each in await it.life.all_turns()] == ["My cat is black."]
    assert b"xylophone" not in everything(tmp_path)


async def test_what_is_over_of_the_agenda_leaves_the_copies_when_something_is_forgotten(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        number = await it.told("Remind me to tune the xylophone and the zither.")
        over, waiting = await it.life.keep(
            Entry(EntryKind.REMINDER, BEGAN, "en", what) for what in ("tune the xylophone", "tune the banjo")
        )
        await it.life.keep_list("shopping", ["xylophone", "banjo"])
        await it.life.tidy()
        await it.life.drop([over.number])
        await it.life.keep_list("shopping", ["banjo"])
        await it.life.forget([number])
        (copy,) = copies.copies(tmp_path)
        assert await it.life.entries() == (waiting,)
    assert b"xylophone" not in everything(tmp_path)
    assert b"tune the banjo" in copy.read_bytes()


def everything(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())


async def test_a_deleted_diary_is_not_written_again(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        await it.life.end_conversation()
        (page,) = await it.life.rest(FakeWriter(diligent))
        assert await it.life.delete_diary(page.id)
        assert await it.life.rest(FakeWriter(diligent)) == []
        assert not await it.life.delete_diary(page.id)


async def test_a_person_may_correct_what_it_knows(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My brother Tom lives in Berlin.")
        await it.life.end_conversation()
        await it.life.rest(FakeWriter(diligent))
        concept = await it.life.concept("user")
        assert concept
        await it.life.set_concept("user", [concept.sentences[0].text, "The user is left-handed."])
        corrected = await it.life.concept("user")
        assert corrected
        assert [each.sources for each in corrected.sentences] == [concept.sentences[0].sources, ()]


async def test_one_copy_a_day_is_made_and_a_week_of_them_kept(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        for _ in range(10):
            await it.life.tidy()
            await it.life.tidy()
            it.clock.passed += DAY_S
        days = [BEGAN.date() + timedelta(days=day) for day in range(3, 10)]
        assert [path.stem for path in copies.copies(tmp_path)] == [f"life-{day}" for day in days]


async def test_a_damaged_life_is_put_aside_and_its_copy_takes_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        await it.life.tidy()
    path = tmp_path / "life.db"
    data = bytearray(path.read_bytes())
    data[4096 : 4096 * 12] = b"\xa5" * 4096 * 11
    path.write_bytes(data)
    async with alive(tmp_path) as it:
        assert [each.heard for each in await it.life.all_turns()] == ["My cat is black."]
    assert len(list(tmp_path.glob("life-damaged-*.db"))) == 1
    assert "damaged" in caplog.text


async def test_without_a_copy_a_damaged_life_begins_anew_and_loses_no_byte(tmp_path: Path) -> None:
    (tmp_path / "life.db").write_bytes(b"not a database at all" * 500)
    async with alive(tmp_path) as it:
        assert await it.life.all_turns() == []
        await it.told("Hello.")
    (aside,) = tmp_path.glob("life-damaged-*.db")
    assert aside.read_bytes() == b"not a database at all" * 500


async def test_while_the_file_cannot_be_written_turns_wait_and_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with alive(tmp_path) as it:
        await it.told("One.")

        def full(*_: object) -> int:
            raise apsw.FullError("database or disk is full")

        with monkeypatch.context() as injured:
            injured.setattr("digital_life.memory.store.Store.add_turn", full)
            assert await it.told("Two.") == 0
            assert await it.told("Three.") == 0
        assert await it.told("Four.") > 0
        assert [each.heard for each in await it.life.all_turns()] == ["One.", "Two.", "Three.", "Four."]
    assert "2 turns wait" in caplog.text


async def test_the_memory_of_another_program_is_taken_in_whole(tmp_path: Path) -> None:
    when = datetime(2025, 1, 5, 9, tzinfo=UTC)
    talk = Talk(when, when, ((when, "My cat is black.", "I see."),), "A cat", "The user has a cat. It is black.")
    silent = Talk(when + timedelta(days=1), when + timedelta(days=1), ((when + timedelta(days=1), "It rains.", ""),))
    async with alive(tmp_path) as it:
        assert await it.life.take_in(Foreign((talk, silent), {"user": "The user is kind. The user bakes."})) == 2
        (page,) = await it.life.diaries()
        assert (page.title, [each.text for each in page.sentences]) == (
            "A cat",
            ["The user has a cat.", "It is black."],
        )
        assert (await it.life.standing()).love == ("The user is kind.", "The user bakes.")
        assert (await it.life.standing()).met == when
        assert [each.day for each in await it.life.rest(FakeWriter(diligent))] == [silent.began.date()]


async def test_the_prompt_does_not_grow_with_the_age_of_the_life(tmp_path: Path) -> None:
    async def length(it: Alive) -> int:
        standing = await it.life.standing()
        return sum(map(len, (*standing.soul, *standing.love, *standing.summary)))

    async with alive(tmp_path) as it:
        lengths = []
        for day in range(60):
            await it.told(f"My friend Name{day} has {day} apples in house number {day}.")
            await it.life.end_conversation()
            await it.life.rest(FakeWriter(diligent))
            it.clock.passed += DAY_S
            lengths.append(await length(it))
        assert lengths[59] <= 1.1 * lengths[30]


async def test_a_life_beside_it_is_apart_from_it(tmp_path: Path) -> None:
    async with alive(tmp_path / "one") as it, it.life.beside(tmp_path / "other") as other:
        await it.told("My sister is called Anna.")
        await Alive(other, it.clock, tmp_path).told("My brother is called Tom.")
        assert [each.heard for each in await it.life.all_turns()] == ["My sister is called Anna."]
        assert [each.heard for each in await other.all_turns()] == ["My brother is called Tom."]
        await other.forget([1])
        assert [each.heard for each in await it.life.all_turns()] == ["My sister is called Anna."]
        assert await other.all_turns() == []


async def test_a_diary_tells_nothing_that_was_forgotten_while_it_was_written(tmp_path: Path) -> None:
    async with alive(tmp_path) as it, asyncio.TaskGroup() as tasks:
        await it.told("My brother Tom lives in Berlin.")
        await it.told("I like black tea.")
        await it.life.end_conversation()
        writer = FakeWriter(diligent)
        writer.held = asyncio.Event()
        rest = tasks.create_task(it.life.rest(writer), name="test.rest")
        while not writer.asked:
            await asyncio.sleep(0.001)
        await it.life.forget([1])
        writer.held.set()
        assert await rest == []
        (page,) = await it.life.rest(writer)
        assert "Tom" not in page.text


async def test_what_a_person_writes_of_itself_while_a_diary_is_written_stands(tmp_path: Path) -> None:
    async with alive(tmp_path) as it, asyncio.TaskGroup() as tasks:
        await it.told("My brother Tom lives in Berlin.")
        await it.life.end_conversation()
        writer = FakeWriter(diligent)
        writer.held = asyncio.Event()
        rest = tasks.create_task(it.life.rest(writer), name="test.rest")
        while not writer.asked:
            await asyncio.sleep(0.001)
        writer.held.set()
        while len(writer.asked) < 2:
            await asyncio.sleep(0)
        writer.held.clear()
        await it.life.set_concept("user", ["Likes rain."])
        writer.held.set()
        await rest
        concept = await it.life.concept("user")
        assert concept is not None
        assert [each.text for each in concept.sentences][:1] == ["Likes rain."]


async def test_a_wiped_life_leaves_no_byte_of_what_was_said_and_goes_on(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My brother Tom lives in Berlin.")
        await it.life.end_conversation()
        await it.life.rest(FakeWriter(diligent))
        await it.life.tidy()
        (tmp_path / "life-before-20260101-000000.db").write_bytes(b"Berlin")
        (tmp_path / "readings").mkdir()
        (tmp_path / "readings" / "text.json").write_text("{}", encoding="utf-8")
        await it.life.wipe()
        assert not (tmp_path / "readings").exists()
        assert b"Berlin" not in b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
        assert await it.told("My cat is black.") == 1
        assert (await it.life.search("cat"))[0].ref == 1


async def test_a_file_that_is_no_life_replaces_nothing(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My cat is black.")
        with pytest.raises(MemoryFileError):
            await it.life.replace(b"SQLite format 3\0 but no more")
        assert (await it.life.stats()).turns == 1
        assert it.life.files_put_aside() == []


async def test_what_changed_is_known_without_a_question_and_for_one(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        for told in (
            "I drive a red Honda Civic.",
            "It rains.",
            "My cat is black.",
            "I sold the Civic, I have a Tesla.",
        ):
            await it.told(told)
            it.clock.passed += DAY_S
        for known in (await it.life.facts(), await it.life.facts("What car do I drive?")):
            assert [(each.sources, each.superseded_by) for each in known] == [((1,), 4), ((4,), None)]
        found = {each.ref: each for each in await it.life.search("What car do I drive?")}
        assert found[1].superseded_by == 4
        assert found[1].valid_to == known[1].valid_from
        await it.life.forget([4])
        assert await it.life.facts() == []


async def test_why_something_is_recalled_is_told_in_the_order_of_the_search(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        for told in ("I walk the dog.", "I walk to work.", "It rains."):
            await it.told(told)
        why = await it.life.explain("Where do I walk the dog?", most=2)
        assert [each.ref for each in why.hits] == [
            each.ref for each in await it.life.search("Where do I walk the dog?")
        ][:2]
        assert why.hits[0].words == ("walk", "dog")
        assert why.span is None


async def test_how_everything_was_remembered_is_known_at_once(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My name is Tom.")
        found = await it.life.search("What is my name?")
        await it.told("It rains.", calls=(Call("recall", "", found),))
        first, second = await it.life.traces()
        assert (first.ref, first.strength, len(first.recalls), first.lasting) == (1, 2, 1, True)
        assert (second.ref, second.strength, second.recalls, second.lasting) == (2, 1, (), False)
        assert await it.life.trace("turn", 1) == first


async def test_what_was_said_in_this_talk_is_not_denied_for_being_said_in_other_words(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My flat is in Lisbon now, near the river.")
        assert await it.life.is_at_hand("Is my flat in Lisbon by the sea?")
        assert not await it.life.is_at_hand("Who won the championship?")


async def test_what_was_asked_in_vain_is_not_recalled_for_the_same_question(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My sister paints.")
        await it.told("What does my sister paint?", "I do not remember that you told me.")
        assert next(each.ref for each in await it.life.search("What does my sister paint?")) == 1


async def test_of_many_lives_each_writes_at_a_moment_of_its_own(tmp_path: Path) -> None:
    settings = Settings(rest_hours=6, spread_hours=4)
    written: set[float] = set()
    for number in range(4):
        async with alive(tmp_path / str(number), settings=settings) as it:
            await it.told("I have a cat.")
            last, writer = it.clock.passed, FakeWriter(diligent)
            while not await it.life.rest(writer):
                assert writer.asked == []
                it.clock.passed += HOUR_S / 60
                assert it.clock.passed <= last + 10 * HOUR_S
            written.add(it.clock.passed - last)
    assert min(written) >= 6 * HOUR_S
    assert len(written) == 4


async def test_a_talk_that_was_ended_waits_for_its_moment_and_not_for_a_silence(tmp_path: Path) -> None:
    async with alive(tmp_path, settings=Settings(rest_hours=6, spread_hours=4)) as it:
        await it.told("I have a cat.")
        await it.life.end_conversation()
        assert await it.life.rest(FakeWriter(diligent)) == []
        it.clock.passed += 4 * HOUR_S
        assert len(await it.life.rest(FakeWriter(diligent))) == 1


async def test_a_diary_that_is_asked_for_does_not_wait_for_its_moment(tmp_path: Path) -> None:
    async with alive(tmp_path, settings=Settings(spread_hours=24)) as it:
        await it.told("I have a cat.")
        await it.life.end_conversation()
        assert len(await it.life.rest(FakeWriter(diligent), hurried=True)) == 1


async def test_who_was_off_at_its_moment_writes_when_it_is_on_again(tmp_path: Path) -> None:
    settings = Settings(spread_hours=24)
    async with alive(tmp_path, settings=settings) as it:
        await it.told("I have a cat.")
    async with alive(tmp_path, settings=settings, began=BEGAN + timedelta(days=3)) as it:
        assert len(await it.life.rest(FakeWriter(diligent))) == 1


async def test_what_is_said_before_its_moment_begins_a_new_talk_and_the_former_gets_its_diary(tmp_path: Path) -> None:
    async with alive(tmp_path, settings=Settings(rest_hours=6, spread_hours=24)) as it:
        first = await it.told("I have a cat.")
        it.clock.passed += 6 * HOUR_S + 1
        await it.told("I have a dog.")
        it.clock.passed += 24 * HOUR_S
        pages = await it.life.rest(FakeWriter(diligent))
        assert pages[0].sentences[0].sources == (first,)


async def test_a_postponed_diary_is_written_at_a_later_rest(tmp_path: Path) -> None:
    class Putting:
        async def compose(self, *_: object, **__: object) -> str:
            raise PostponedError("server-postponed")

    async with alive(tmp_path) as it:
        await it.told("I have a cat.")
        await it.life.end_conversation()
        with pytest.raises(PostponedError):
            await it.life.rest(Putting())
        assert await it.life.diaries() == []
        (page,) = await it.life.rest(FakeWriter(diligent))
        assert not page.extract


async def test_while_another_program_reads_the_file_it_is_told_that_the_bytes_stay_and_the_copies_forget_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digital_life.memory.lifefile.BUSY_MS", 20)
    async with alive(tmp_path) as it:
        number = await it.told("I live in Berlin.")
        await it.told("I have a cat.")
        await it.life.tidy()
        reader = apsw.Connection(str(tmp_path / "life.db"))
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM turn").fetchone()
        with pytest.raises(MemoryFileError, match="another program is reading"):
            await it.life.forget([number])
        assert [each.heard for each in await it.life.all_turns()] == ["I have a cat."]
        assert not any(b"Berlin" in copy.read_bytes() for copy in copies.copies(tmp_path))
        reader.close()
    assert b"Berlin" not in everything(tmp_path)

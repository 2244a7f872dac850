"""Wishes about the memory itself."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.memory.wishes import MemoryWishes, is_yes, understood
from digital_life.values import Granted, Language, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "language", "kind", "what"),
    [
        ("Forget what I just said.", "en", "forget-last", ""),
        ("Please forget that!", "en", "forget-last", ""),
        ("忘掉我刚才说的话。", "zh", "forget-last", ""),
        ("把我刚才说的忘了吧", "zh", "forget-last", ""),
        ("Forget everything I told you about my sister.", "en", "forget-about", "my sister"),
        ("忘掉关于我妹妹的事", "zh", "forget-about", "我妹妹"),
        ("Don't remember this conversation.", "en", "forget-conversation", ""),
        ("不要记住这次谈话。", "zh", "forget-conversation", ""),
        ("What do you remember about my sister?", "en", "remember-about", "my sister"),
        ("关于我妹妹你还记得什么？", "zh", "remember-about", "我妹妹"),
        ("What do you think of me?", "en", "about-me", ""),
        ("你觉得我是个怎样的人？", "zh", "about-me", ""),
        ("你对我有什么看法？", "zh", "about-me", ""),
        ("What do you know about yourself?", "en", "about-you", ""),
        ("Read me your diary of Tuesday.", "en", "read-diary", "Tuesday"),
        ("读一下你昨天的日记。", "zh", "read-diary", "昨天"),
        ("Good night!", "en", "good-night", ""),
        ("今天就到这里。", "zh", "good-night", ""),
        ("晚安", "zh", "good-night", ""),
    ],
)
def test_wishes_are_understood(said: str, language: Language, kind: str, what: str) -> None:
    assert understood(said, language) == (kind, what)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("I had a good night in Paris.", "en"),
        ("What do you think of Paris?", "en"),
        ("I forgot my keys.", "en"),
        ("Read me a story about a diary.", "en"),
        ("昨晚睡得很好。", "zh"),
        ("你觉得天气怎么样？", "zh"),
        ("我忘了带钥匙。", "zh"),
        ("What do you remember?", "en"),
    ],
)
def test_ordinary_talk_is_none(said: str, language: Language) -> None:
    assert understood(said, language) is None


def test_a_yes_is_a_yes_and_nothing_else_is() -> None:
    assert all(is_yes(each, "en") for each in ("Yes.", "yes, please", "Do it!", "OK"))
    assert all(is_yes(each, "zh") for each in ("好的", "是的。", "可以", "忘掉吧"))
    assert not any(is_yes(each, "en") for each in ("No.", "Yesterday", "yes but not that", ""))
    assert not any(is_yes(each, "zh") for each in ("不", "不要", "好像是"))


@asynccontextmanager
async def wishing(home: Path) -> AsyncGenerator[tuple[MemoryWishes, Life, FakeClock]]:
    clock = FakeClock(MONDAY)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
    ):
        yield MemoryWishes(life), life, clock


async def tell(life: Life, clock: FakeClock, heard: str, *, room: str = "") -> None:
    transcript = Transcript(heard, "en", 1.0, room=room)
    await life.remember(Turn(1, clock.now(), None, transcript, Reply("I see."), Timings()))


async def ask(wishes: MemoryWishes, text: str, language: Language = "en", *, room: str = "") -> Granted | None:
    return await wishes.grant(Transcript(text, language, 1.0, room=room))


async def heard(life: Life) -> list[str]:
    return [each.heard for each in await life.all_turns()]


async def test_before_it_forgets_it_shows_what_and_asks_once(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My cat is black.")
        await tell(life, clock, "My number is 1234.")
        shown = await ask(wishes, "Forget what I just said.")
        assert shown
        assert "My number is 1234." in shown.text
        assert not shown.remembered
        assert await heard(life) == ["My cat is black.", "My number is 1234."]
        assert await ask(wishes, "Yes.") == Granted("I have forgotten it.")
        assert await heard(life) == ["My cat is black."]


async def test_without_a_yes_it_is_kept(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My number is 1234.")
        await ask(wishes, "Forget what I just said.")
        assert await ask(wishes, "No.") == Granted("Then I keep it.")
        assert await ask(wishes, "Yes.") is None
        assert await heard(life) == ["My number is 1234."]


async def test_it_forgets_what_was_said_about_something(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        for text in ("My sister Anna lives in Lisbon.", "My cat is black.", "My sister Anna studies law."):
            await tell(life, clock, text)
        shown = await ask(wishes, "Forget everything I told you about my sister Anna.")
        assert shown
        assert "2 things" in shown.text
        await ask(wishes, "Yes, please.")
        assert await heard(life) == ["My cat is black."]


async def test_what_is_not_there_need_not_be_forgotten(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, _life, _clock):
        granted = await ask(wishes, "Forget what I just said.")
        assert granted == Granted("There is nothing about that in my memory.", remembered=False)


async def test_a_conversation_may_be_left_out(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My number is 1234.")
        await ask(wishes, "Don't remember this conversation.")
        await tell(life, clock, "My other number is 5678.")
        assert await heard(life) == []


async def test_it_tells_what_it_remembers_and_admits_what_not(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My sister Anna lives in Lisbon.")
        clock.passed += 7 * 24 * 3600
        told = await ask(wishes, "What do you remember about my sister Anna?")
        assert told
        assert "Monday, 2 November 2026" in told.text
        assert "My sister Anna lives in Lisbon." in told.text
        nothing = await ask(wishes, "What do you remember about the zebra?")
        assert nothing == Granted("I remember nothing about that.")


async def test_it_tells_what_it_thinks_of_its_user(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, _clock):
        unknown = await ask(wishes, "What do you think of me?")
        await life.set_concept("user", ["The user bakes cakes."])
        known = await ask(wishes, "What do you think of me?")
        assert unknown
        assert known
        assert "do not know you" in unknown.text
        assert "bakes cakes" in known.text


async def test_it_reads_its_diary_of_a_day(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My sister Anna lives in Lisbon.")
        assert await ask(wishes, "Good night.")
        await life.rest(FakeWriter(diligent))
        clock.passed += 24 * 3600
        read = await ask(wishes, "Read me your diary of yesterday.")
        assert read
        assert "Lisbon" in read.text
        assert await ask(wishes, "Read me your diary of last year.") == Granted("I have no diary of that day.")


async def test_a_yes_in_another_room_forgets_nothing(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My number is 1234.", room="kitchen")
        await ask(wishes, "Forget what I just said.", room="kitchen")
        assert not wishes.concern(Transcript("Yes.", "en", 1.0))
        assert await ask(wishes, "Yes.") is None
        assert await heard(life) == ["My number is 1234."]
        assert await ask(wishes, "Yes.", room="kitchen") == Granted("I have forgotten it.")


async def test_a_yes_that_is_written_elsewhere_forgets_nothing(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My number is 1234.")
        await ask(wishes, "Forget what I just said.")
        assert await wishes.grant(Transcript("Yes.", "en", 1.0, remote=True)) is None
        assert await heard(life) == ["My number is 1234."]


async def test_what_was_just_said_is_what_was_said_in_the_same_room(tmp_path: Path) -> None:
    async with wishing(tmp_path) as (wishes, life, clock):
        await tell(life, clock, "My number is 1234.", room="kitchen")
        await tell(life, clock, "My cat is black.")
        shown = await ask(wishes, "Forget what I just said.", room="kitchen")
        assert shown
        assert "My number is 1234." in shown.text

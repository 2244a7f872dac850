"""Whose memories come back to whom."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life.config import Memory as Settings
from digital_life.memory import copies
from digital_life.memory.life import Life
from digital_life.memory.policies import POLICIES
from digital_life.memory.records import CONCEPTS
from digital_life.memory.tools import tools
from digital_life.memory.wishes import MemoryWishes
from digital_life.tool import Tool
from digital_life.values import GUEST, USER, Call, Language, Person, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
HOUR_S = 3600
ANNA = Person("Anna")
TOM = Person("Tom")
TOLD: dict[Language, dict[Person, tuple[str, str]]] = {
    "en": {
        USER: ("My parrot is called Whisker.", "Whisker"),
        ANNA: ("My parrot is called Blitz.", "Blitz"),
        GUEST: ("My parrot is called Zorro.", "Zorro"),
    },
    "zh": {
        USER: ("我的鹦鹉叫雪球。", "雪球"),
        ANNA: ("我的鹦鹉叫闪电。", "闪电"),
        GUEST: ("我的鹦鹉叫黑龙。", "黑龙"),
    },
}
"""What each of them told, and the word that tells whose it is."""
ASKED: dict[Language, str] = {"en": "What is my parrot called?", "zh": "我的鹦鹉叫什么？"}


def bilingual(rule: str, asked: str) -> str | None:
    """As `diligent`, and of what was told in Chinese."""
    if not rule.startswith(("请", "从", "你")):
        return diligent(rule, asked)
    if rule.startswith("请用两个短句"):
        told = asked.partition("\n")[0].partition("：")[2].rstrip("。")
        return f"用户说{told.replace('我的', '用户的')}。\n我说知道了。"
    return asked if rule.startswith("从一天的句子") else "-"


@dataclass
class Alive:
    life: Life
    clock: FakeClock
    home: Path

    async def told(
        self, heard: str, person: Person = USER, language: Language = "en", calls: tuple[Call, ...] = ()
    ) -> int:
        self.clock.passed += 60
        said = Transcript(heard, language, 0.9, person=person)
        return await self.life.remember(Turn(1, self.clock.now(), None, said, Reply("I see."), Timings(), calls))

    async def over(self) -> None:
        """The talk is, and its diary is written."""
        await self.life.end_conversation()
        await self.life.rest(FakeWriter(bilingual))
        self.clock.passed += 6 * HOUR_S


@asynccontextmanager
async def alive(home: Path, *, policy: str = "digital-life") -> AsyncGenerator[Alive]:
    clock = FakeClock(BEGAN)
    settings = Settings(policy=policy)  # type: ignore[arg-type] # one of the known names
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=settings) as life,
    ):
        yield Alive(life, clock, home)


async def recalled(life: Life, question: str) -> list[str]:
    """Whatever a question can bring back, by whichever way."""
    found = [
        *await life.recall(question),
        *await life.search(question),
        *await life.look_up("recall_by_need", question, question),
        *await life.look_up("recall_by_date", "2 November 2026", question),
        *await life.think_harder(question, None),
        *await life.list_all(question),
    ]
    check = await life.check(Transcript("My parrot is called Rex, right?", "en", 1.0))
    return [*[each.text for each in found], check.said if check else ""]


async def days(life: Life, _question: str) -> list[str]:
    return [each.text for each in await life.look_up("recall_by_date", "2 November 2026", "What did we talk about?")]


async def diaries(life: Life, _question: str) -> list[str]:
    return [*[each.text for each in await life.diaries()], *[each.text for each in await life.pages()]]


async def facts(life: Life, question: str) -> list[str]:
    return [each.text for each in (*await life.facts(), *await life.facts(question))]


async def known(life: Life, _question: str) -> list[str]:
    standing = await life.standing()
    told = [*standing.soul, *standing.love]
    for kind in CONCEPTS:
        concept = await life.concept(kind)
        told += [each.text for each in concept.sentences] if concept else []
    return told


async def summary(life: Life, _question: str) -> list[str]:
    return [*(await life.standing()).summary, *[each.text for each in await life.summary()]]


Ways = Callable[[Life, str], Awaitable[list[str]]]
AFTERWARDS: tuple[Ways, ...] = (recalled, days, diaries, known)


@pytest.mark.parametrize("asks", [USER, ANNA, TOM, GUEST], ids=["user", "anna", "tom", "guest"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_each_is_told_what_they_told_and_nothing_else(tmp_path: Path, language: Language, asks: Person) -> None:
    question = ASKED[language]
    async with alive(tmp_path) as it:
        for person, (text, _) in TOLD[language].items():
            await it.told(text, person, language)
        await it.over()
        told = {way.__name__: "\n".join(await way(it.life.of(asks), question)) for way in AFTERWARDS}
    for person, (_, word) in TOLD[language].items():
        for way, text in told.items():
            assert (word in text) is (person == asks != GUEST), f"{way} to {asks or 'the user'} of {person}: {text}"


@pytest.mark.parametrize("asks", [USER, ANNA, GUEST], ids=["user", "anna", "guest"])
@pytest.mark.parametrize("language", ["en", "zh"])
async def test_so_it_is_while_they_talk_with_one_another(tmp_path: Path, language: Language, asks: Person) -> None:
    async with alive(tmp_path) as it:
        last = 0
        for person, (text, _) in TOLD[language].items():
            last = await it.told(text, person, language)
        await it.life.summarise(last, FakeWriter(bilingual))
        told = "\n".join(await summary(it.life.of(asks), ""))
        for person, (_, word) in TOLD[language].items():
            assert (word in told) is (person == asks != GUEST)


@pytest.mark.parametrize("asks", [USER, ANNA, GUEST], ids=["user", "anna", "guest"])
async def test_what_changed_for_one_did_not_change_for_another(tmp_path: Path, asks: Person) -> None:
    async with alive(tmp_path) as it:
        await it.told("I live in Berlin.", USER)
        await it.told("I live in Madrid.", ANNA)
        await it.over()
        await it.told("I moved from Madrid to Lisbon.", ANNA)
        await it.told("My name is Bob and I moved from Berlin to Mars.", GUEST)
        told = "\n".join(await facts(it.life.of(asks), "Where do I live?"))
        assert "Mars" not in told
        assert ("Lisbon" in told) is (asks == ANNA)


@pytest.mark.parametrize("policy", POLICIES)
async def test_no_way_of_remembering_tells_one_what_another_told(tmp_path: Path, policy: str) -> None:
    async with alive(tmp_path, policy=policy) as it:
        for person, (text, _) in TOLD["en"].items():
            await it.told(text, person)
        await it.over()
        for asks, (_, own) in TOLD["en"].items():
            seen = it.life.of(asks)
            told = "\n".join([*await recalled(seen, ASKED["en"]), *await known(seen, ""), *await days(seen, "")])
            others = {word for _, word in TOLD["en"].values()} - {own}
            assert not [word for word in others if word in told]


async def test_what_a_guest_wants_remembered_is_not_known_of_the_user(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        kept = (Call("remember", "my name is Bob", ()),)
        await it.told("Remember that my name is Bob.", GUEST, calls=kept)
        await it.told("Remember that my name is Anna.", ANNA, calls=(Call("remember", "my name is Anna", ()),))
        assert (await it.life.of(USER).standing()).love == ()
        assert any("Anna" in each for each in (await it.life.of(ANNA).standing()).love)
        assert not any("Bob" in each for each in (await it.life.of(ANNA).standing()).love)


async def test_a_visit_while_nobody_was_at_home_has_no_diary(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told(TOLD["en"][GUEST][0], GUEST)
        await it.over()
        assert await it.life.diaries() == []
        assert [each.person for each in await it.life.all_turns()] == [GUEST]


async def test_a_diary_of_two_is_one_page_of_which_each_hears_their_own(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told(TOLD["en"][USER][0], USER)
        await it.told(TOLD["en"][ANNA][0], ANNA)
        await it.over()
        (whole,) = await it.life.diaries()
        assert "Whisker" in whole.text
        assert "Blitz" in whole.text
        (annas,) = await it.life.of(ANNA).diaries()
        assert annas.id == whole.id
        assert "Whisker" not in annas.title + annas.text


async def test_what_was_said_before_anybody_was_told_apart_is_the_users(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My parrot is called Whisker.")
        await it.over()
        assert "Whisker" in "\n".join(await recalled(it.life.of(USER), ASKED["en"]))
        assert await it.life.of(USER).search(ASKED["en"]) == await it.life.search(ASKED["en"])
        assert "Whisker" not in "\n".join(await recalled(it.life.of(ANNA), ASKED["en"]))


async def test_one_who_seldom_speaks_is_found_among_much_that_another_said(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My parrot is called Blitz.", ANNA)
        for number in range(150):
            await it.told(f"My parrot is called number {number}.")
        assert "Blitz" in "\n".join(await recalled(it.life.of(ANNA), ASKED["en"]))


async def test_nothing_of_a_forgotten_person_stays_and_all_of_the_others_does(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        for person, (text, _) in TOLD["en"].items():
            await it.told(text, person)
        await it.over()
        await it.life.tidy()
        assert await it.life.people() == [GUEST, ANNA]
        assert await it.life.forget_person(ANNA) == 1
        assert await it.life.people() == [GUEST]
        assert "Whisker" in "\n".join(await recalled(it.life.of(USER), ASKED["en"]))
        assert (await it.life.of(ANNA).standing()).love == ()
    for path in (tmp_path / copies.LIFE, *copies.copies(tmp_path)):
        assert b"Blitz" not in path.read_bytes()
        assert b"Whisker" in path.read_bytes()


async def test_forgetting_one_leaves_what_the_other_told_in_their_common_diary(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        number = await it.told(TOLD["en"][USER][0], USER)
        await it.told(TOLD["en"][ANNA][0], ANNA)
        await it.over()
        await it.life.of(USER).forget([number])
        (whole,) = await it.life.diaries()
        assert "Whisker" not in whole.text
        assert "Blitz" in whole.text


async def test_the_voice_of_the_user_that_was_learnt_under_a_name_brings_its_memories_along(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told("My parrot is called Whisker.")
        await it.told("My canary is called Blitz.", TOM)
        await it.over()
        await it.life.take_for_user(["tom"])
        assert await it.life.people() == []
        told = "\n".join(await known(it.life.of(USER), ""))
        assert "Whisker" in told
        assert "Blitz" in told


# By voice.


def wish(text: str, person: Person) -> Transcript:
    return Transcript(text, "en", 1.0, person=person)


async def test_only_who_was_asked_says_whether_something_is_forgotten(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told(TOLD["en"][USER][0], USER)
        wishes = MemoryWishes(it.life)
        assert await wishes.grant(wish("Forget what I just said.", USER))
        assert await wishes.grant(wish("Yes.", ANNA)) is None
        assert len(await it.life.all_turns()) == 1
        assert await wishes.grant(wish("Yes.", USER)) is None  # by then it means something else
        assert len(await it.life.all_turns()) == 1


async def test_one_forgets_what_one_said_oneself(tmp_path: Path) -> None:
    async with alive(tmp_path) as it:
        await it.told(TOLD["en"][USER][0], USER)
        await it.told(TOLD["en"][ANNA][0], ANNA)
        wishes = MemoryWishes(it.life)
        await wishes.grant(wish("Forget what I just said.", USER))
        await wishes.grant(wish("Yes.", USER))
        assert [each.person for each in await it.life.all_turns()] == [ANNA]


@pytest.mark.parametrize("said", ["What do you remember about my parrot?", "Read me your diary of 2 November."])
async def test_a_wish_is_granted_from_the_memory_of_who_wishes(tmp_path: Path, said: str) -> None:
    async with alive(tmp_path) as it:
        for person, (text, _) in TOLD["en"].items():
            await it.told(text, person)
        await it.over()
        granted = await MemoryWishes(it.life).grant(wish(said, ANNA))
        assert granted
        assert "Blitz" in granted.text
        assert "Whisker" not in granted.text


BY_TOOL = {
    "recall_by_need": (ASKED["en"], {"what": "parrot"}),
    "recall_by_date": ("What did I tell you on 2 November?", {"date": "2 November"}),
    "think_harder": ("Think harder: what is my parrot called?", dict[str, str]()),
}


@pytest.mark.parametrize("name", BY_TOOL)
async def test_a_tool_recalls_for_who_asks(tmp_path: Path, name: str) -> None:
    async with alive(tmp_path) as it:
        for person, (text, _) in TOLD["en"].items():
            await it.told(text, person)
        await it.over()
        by_name: dict[str, Tool] = {each.name: each for each in tools(it.life, MemoryWishes(it.life))}
        said, arguments = BY_TOOL[name]
        outcome = await by_name[name].run(wish(said, ANNA), **arguments)
        told = "\n".join(each.text for each in outcome.recalls or ())
        assert "Blitz" in told
        assert "Whisker" not in told


# Whatever the order in which they speak.

PEOPLE = (USER, ANNA, TOM, GUEST)
WORDS = {USER: "whisker", ANNA: "blitz", TOM: "comet", GUEST: "zorro"}
THINGS = ("parrot", "bicycle", "garden")
spoken = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(THINGS), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=25)
@given(spoken)
def test_whatever_the_order_nobody_is_told_what_only_another_said(talk: list[tuple[Person, str, bool]]) -> None:
    async def check() -> None:
        with tempfile.TemporaryDirectory() as home:
            async with alive(Path(home)) as it:
                for person, thing, over in talk:
                    await it.told(f"My {thing} is called {WORDS[person]}.", person)
                    if over:
                        await it.over()
                for asks in PEOPLE:
                    seen = it.life.of(asks)
                    told = [text for way in (*AFTERWARDS, facts, summary) for text in await way(seen, ASKED["en"])]
                    foreign = {word for person, word in WORDS.items() if person != asks or asks == GUEST}
                    assert not [word for word in foreign if word in "\n".join(told)]

    asyncio.run(check())

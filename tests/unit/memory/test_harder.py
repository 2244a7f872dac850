"""What else is looked for when somebody asks to think harder."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.config import Memory as Settings
from digital_life.memory import harder, recall
from digital_life.memory.life import Life
from digital_life.memory.recall import Judged
from digital_life.memory.records import Hit
from digital_life.memory.tools import tools
from digital_life.memory.wishes import MemoryWishes
from digital_life.tool import Outcome
from digital_life.values import Call, Language, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def judged(number: int, certain: float = 0.5) -> Judged:
    when = NOW - timedelta(days=900)
    return Judged(Hit(number, "turn", number, when, f"text {number}", 1, when, 0.8, 0.0), certain, 0.0, certain)


def order(first: list[int], *further: list[int]) -> list[int]:
    found = [[judged(each) for each in one] for one in further]
    return [each.hit.id for each in harder.joined([judged(each) for each in first], found)]


def test_what_several_searches_find_comes_before_what_one_finds() -> None:
    assert order([1, 2, 3, 4, 5], [9, 5], [8, 5])[:2] == [5, 1]


def test_a_further_search_does_not_outweigh_the_first() -> None:
    assert order([1, 2], [9])[:2] == [1, 2]


def test_each_is_as_sure_as_the_surest_search() -> None:
    (found,) = harder.joined([judged(1, 0.2)], [[judged(1, 0.7)]])
    assert found.certain == 0.7


@given(st.lists(st.integers(1, 30), unique=True), st.lists(st.lists(st.integers(1, 30), unique=True), max_size=4))
def test_nothing_is_lost_and_nothing_comes_twice(first: list[int], further: list[list[int]]) -> None:
    assert sorted(order(first, *further)) == sorted({*first, *(each for one in further for each in one)})


def test_what_faded_is_found_as_if_it_had_been_told_just_now() -> None:
    faded = judged(1).hit
    fresh, asleep = (recall.judged([each], None, NOW)[0].fresh for each in (*harder.awake([faded], NOW), faded))
    assert (fresh, asleep < 0.5) == (1.0, True)


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("Think harder.", ""),
        ("Please try to remember!", ""),
        ("Think harder: where did I leave my keys?", "where did I leave my keys"),
        ("try to remember what my aunt is called", "what my aunt is called"),
        ("What was my flat like? Think harder.", "What was my flat like?"),
        ("What is harder, tin or lead?", None),
        ("I will think about it.", None),
        ("再想想", ""),
        ("你再仔细想想。", ""),
        ("再想想，我的钥匙放哪了？", "我的钥匙放哪了"),
        ("好好想想我姑姑叫什么", "我姑姑叫什么"),
        ("我的钥匙放哪儿了？再想想", "我的钥匙放哪儿了？"),
        ("我们再想想办法", None),
        ("我想想吃什么", None),
    ],
)
def test_it_is_heard_when_somebody_asks_to_think_harder(said: str, question: str | None) -> None:
    assert harder.question_within(said) == question


async def test_the_model_imagines_what_may_have_been_said() -> None:
    writer = FakeWriter(lambda _, __: "I bought a cup.\nI bought a cup.\n\nA spoon was cheap.\nA pot.")
    assert await harder.imagined(writer, "What did I buy?") == ("I bought a cup.", "A spoon was cheap.", "A pot.")
    assert writer.asked == ["What did I buy?"]


@pytest.mark.parametrize("question", ["What did I buy?", "我买了什么？"])
async def test_without_the_model_nothing_is_imagined(question: str) -> None:
    assert await harder.imagined(FakeWriter(lambda _, __: None), question) == ()


def test_what_is_imagined_is_searched_alone_and_beside_the_question() -> None:
    assert harder.searches("Which pets?", ("Tim: I got a cat.",)) == ("I got a cat.", "Which pets? Tim: I got a cat.")


@pytest.mark.parametrize(
    ("question", "apart"),
    [
        ("Which city have both Jean and John seen?", ("Which city have Jean seen?", "Which city have John seen?")),
        ("小红和小丽都去过哪里？", ("小红都去过哪里？", "小丽都去过哪里？")),
        ("Which city have I seen?", ()),
    ],
)
def test_without_the_model_a_question_about_two_is_taken_apart(question: str, apart: tuple[str, ...]) -> None:
    assert harder.searches(question, ()) == apart


class Talk:
    """A life, and what is said to it."""

    def __init__(self, life: Life, clock: FakeClock) -> None:
        self.life = life
        self.clock = clock

    async def tell(self, text: str, *calls: Call, language: Language = "en") -> int:
        self.clock.passed += 60
        heard = Transcript(text, language, 1.0)
        return await self.life.remember(Turn(1, self.clock.now(), None, heard, Reply("I see."), Timings(), calls))

    async def think_harder(self, said: str, language: Language = "en") -> Outcome:
        tool = next(each for each in tools(self.life, MemoryWishes(self.life)) if each.name == "think_harder")
        heard = Transcript(said, language, 1.0)
        assert tool.claims
        arguments = tool.claims(heard)
        assert arguments is not None
        return await tool.run(heard, **arguments)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncGenerator[Talk]:
    clock = FakeClock(NOW)
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
    ):
        yield Talk(life, clock)


async def test_what_the_model_imagines_finds_what_the_question_did_not(talk: Talk) -> None:
    await talk.tell("The canoe was too narrow for the dog.")
    await talk.life.end_conversation()
    asked = "Which sports have I tried?"
    (found,) = await talk.life.think_harder(asked, FakeWriter(lambda _, __: "A canoe is narrow."))
    assert "canoe" in found.text


async def test_the_last_question_is_thought_about_again(talk: Talk) -> None:
    await talk.tell("My locker code is 4417.")
    await talk.life.end_conversation()
    talk.clock.passed += timedelta(days=900).total_seconds()
    await talk.tell("What is my locker code?")
    await talk.tell("Think harder.")
    outcome = await talk.think_harder("Come on, think harder!")
    assert outcome.question == "What is my locker code?"
    assert outcome.recalls
    assert [each.text for each in outcome.recalls if "4417" in each.text]
    assert not [each.text for each in outcome.recalls if "What is" in each.text]


async def test_what_it_brings_back_grows_stronger(talk: Talk) -> None:
    number = await talk.tell("My locker code is 4417.")
    await talk.life.end_conversation()
    talk.clock.passed += timedelta(days=900).total_seconds()
    before = await talk.life.trace("turn", number)
    outcome = await talk.think_harder("Think harder: what is my locker code?")
    await talk.tell("Think harder: what is my locker code?", Call("think_harder", "", outcome.recalls or ()))
    after = await talk.life.trace("turn", number)
    assert before
    assert after
    assert after.strength > before.strength


@pytest.mark.parametrize(("said", "language"), [("Think harder.", "en"), ("再想想", "zh")])
async def test_where_nothing_was_asked_it_asks_what(talk: Talk, said: str, language: Language) -> None:
    outcome = await talk.think_harder(said, language)
    assert outcome.said
    assert not outcome.remembered

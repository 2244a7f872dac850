"""What stands before the model, within its ceiling."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.config import Persona
from digital_life.errors import ModelError
from digital_life.talking.prompting import AROUND_TOKENS, Budget, Known, Prompting, within
from digital_life.values import Event, Message, Recall, Role, Said, Shares, Standing
from fakes.clock import FakeClock
from fakes.memory import FakeMemory

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


def words_of(text: str) -> int:
    return len(text.split())


def prompting(context: int = 3_000, *, calls: str = "recall", shares: Shares = Shares()) -> Prompting:  # noqa: B008
    budget = Budget.of(context, reply=220, shares=shares)
    return Prompting(persona=Persona(), clock=FakeClock(), budget=budget, tokens=words_of, calls=calls)


def recalls(count: int, length: int) -> tuple[Recall, ...]:
    return tuple(Recall("turn", n, NOW, "word " * length, 1.0) for n in range(count))


@given(
    context=st.integers(2_000, 4_000),
    exchanges=st.lists(st.integers(1, 300), max_size=12),
    found=st.integers(0, 6),
    question=st.integers(1, 400),
)
def test_it_never_takes_more_than_its_ceiling(context: int, exchanges: list[int], found: int, question: int) -> None:
    it = prompting(context)
    for number, length in enumerate(exchanges, 1):
        it.follow(number, "asked " * length, "answered " * length)
    messages = it.whole("why " * question, Known(recalls(found, 60)))
    assert it.tokens(messages) <= context - 220
    assert messages[0].role is Role.SYSTEM
    assert messages[-1].text.endswith("why " * question)


def test_what_does_not_fit_at_all_is_said_to_be_too_long() -> None:
    with pytest.raises(ModelError, match="raise llm"):
        prompting(2_000).whole("why " * 3_000)


def test_the_oldest_exchanges_give_way_first_and_whole() -> None:
    it = prompting()
    for number in range(1, 9):
        it.follow(number, f"question {number} " * 80, f"answer {number} " * 80)
    texts = [each.text for each in it.whole("why " * 500)]
    assert not any("question 1 " in each for each in texts)
    assert any(each == "answer 8 " * 80 for each in texts)


def test_what_was_recalled_gives_way_from_its_end() -> None:
    told = prompting(2_000).asked("Why?", Known(recalls(9, 60)))
    assert 0 < told.count("word " * 60) < 9


def test_of_the_examples_those_in_its_own_language_stay() -> None:
    few = prompting(2_000).lasting("zh")
    all_of_them = prompting(20_000).lasting("zh")
    assert few[0] == all_of_them[0]
    assert few[1:] == all_of_them[-len(few[1:]) :]
    assert len(few) % 2 == 1


def test_the_tokens_of_a_message_count_what_the_template_adds() -> None:
    it = prompting()
    messages = it.lasting("en")
    assert it.tokens(messages) == sum(words_of(each.text) + AROUND_TOKENS for each in messages)


async def test_the_latest_of_what_is_known_stays_where_there_is_too_much() -> None:
    it, memory = prompting(2_000), FakeMemory(FakeClock())
    sentences = tuple(f"The user has thing number {n}." for n in range(60))
    memory.known = Standing(love=sentences)
    await it.look_back(memory)
    system = it.lasting("en")[0].text
    assert sentences[-1] in system
    assert sentences[0] not in system


async def test_a_manner_for_the_time_being_stands_in_the_system_message() -> None:
    it = prompting()
    it.manner = "Be gentle."
    assert it.lasting("en")[0].text.endswith("Be gentle.")


@given(st.lists(st.integers(0, 50)), st.integers(0, 200))
def test_what_fits_is_a_beginning_and_as_long_as_it_can_be(lengths: list[int], room: int) -> None:
    kept = within(lengths, room, lambda each: each)
    assert list(kept) == lengths[: len(kept)]
    assert sum(kept) <= room
    assert len(kept) == len(lengths) or sum(lengths[: len(kept) + 1]) > room


def test_calls_and_events_follow_the_question_and_give_way_last() -> None:
    it = prompting(2_000, calls="paged")
    steps = tuple(Message(role, "word " * 400) for _ in range(5) for role in (Role.ASSISTANT, Role.USER))
    it.follow(1, "asked", "answered")
    *_, asked, _called, _told = it.whole("Why?", Known(steps=steps[:2]))
    assert asked.text.endswith("Why?")
    whole = it.whole("Why?", Known(steps=steps))
    assert it.tokens(whole) <= 2_000 - 220
    assert whole[-1] == steps[-1]


def test_of_what_was_found_an_event_tells_as_much_as_there_is_room_for() -> None:
    told = prompting(2_000, calls="paged").event(Event("last-page", recalls(9, 60), page=1, pages=1))
    assert 0 < told.count("word " * 59) < 9


def test_a_warning_stands_before_the_model_once_when_its_sight_grows_full() -> None:
    it = prompting(calls="paged", shares=Shares(warned=0.7))
    warning = words.load("en").text("paged.warning")
    it.follow(1, "asked " * 500, "answered")
    assert warning not in it.asked("Why?")
    it.follow(2, "asked " * 40, "answered")
    assert warning in it.asked("Why?")
    assert warning in it.opening()[-1].text, "it is read in advance"
    it.follow(3, it.asked("Why?"), "answered")
    assert warning not in it.asked("And then?")


def test_where_nothing_can_be_called_nothing_is_warned_of() -> None:
    it = prompting(calls="", shares=Shares(warned=0.0))
    assert it.asked("Why?") == prompting().asked("Why?")


def test_the_older_half_is_to_be_summarised_when_so_much_room_is_taken_as_the_memory_says() -> None:
    half, all_of_it = prompting(), prompting(shares=Shares(summarised=1.0))
    for it in (half, all_of_it):
        for number in range(1, 5):
            assert it.to_summarise == 0
            it.follow(number, "asked " * 150, "answered")
    assert half.to_summarise == 2
    assert all_of_it.to_summarise == 0
    all_of_it.follow(5, "asked " * 150, "answered")
    assert all_of_it.to_summarise == 3


async def test_what_was_put_out_of_sight_is_to_be_summarised() -> None:
    it = prompting(shares=Shares(summarised=1.0))
    said = [Said(number, NOW, "en", "asked " * 200, "answered") for number in range(1, 5)]
    await it.look_back(Elsewhere(Standing(said=tuple(said))))
    assert it.turns == (3, 4)
    assert it.to_summarise == 2


async def test_a_long_talk_is_cut_seldom_though_the_memory_holds_all_of_it() -> None:
    """Each cut makes the model read all that is left again."""
    it, memory = prompting(shares=Shares(summarised=1.0)), Elsewhere(Standing())
    begins = []
    for number in range(1, 41):
        memory.known = Standing(said=tuple(Said(n, NOW, "en", "asked " * 30, "answered") for n in range(1, number + 1)))
        await it.look_back(memory)
        begins.append(it.turns[0])
    cuts = [(before, after) for before, after in itertools.pairwise(begins) if before != after]
    assert 1 <= len(cuts) <= 4
    assert len(it.turns) >= 10


async def test_what_was_cut_is_there_again_when_the_later_is_forgotten_or_another_life_has_come() -> None:
    it, memory = prompting(), Elsewhere(Standing())
    long = tuple(Said(n, NOW, "en", "asked " * 200, "answered") for n in range(1, 9))
    memory.known = Standing(said=long)
    await it.look_back(memory)
    assert it.turns[0] > 2
    memory.known = Standing(said=long[:2])
    await it.look_back(memory)
    assert it.turns == (1, 2)


async def test_what_is_known_of_the_user_has_the_room_that_the_memory_says() -> None:
    small, large = prompting(), prompting(shares=Shares(love=0.2))
    memory = FakeMemory(FakeClock())
    memory.known = Standing(love=tuple(f"The user has thing number {n}." for n in range(40)))
    for it in (small, large):
        await it.look_back(memory)
    assert "number 0." not in small.lasting("en")[0].text
    assert "number 0." in large.lasting("en")[0].text


class Elsewhere(FakeMemory):
    """A memory of a talk with another program."""

    def __init__(self, known: Standing) -> None:
        super().__init__(FakeClock())
        self.known = known

    async def standing(self) -> Standing:
        return self.known

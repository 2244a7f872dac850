"""What the soak calls growth, and what it calls lost."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence

import pytest

from benches.soak import Look, Recogniser, Soaked, figures, growth_mb_a_day, made_up, spoken
from benches.soak_parts import Failing, Faults
from benches.soak_real import Model
from digital_life.errors import ModelError
from digital_life.values import Message, Role, WakeHeard
from fakes.writer import FakeWriter, diligent


def look(hour: float, *, resident_mb: float = 100.0, threads: int = 2) -> Look:
    return Look(hour, resident_mb, threads, tasks=8, files=14, database_mb=1.0, warnings=0)


def over(soaked: Soaked) -> list[str]:
    return [each.name for each in figures(soaked) if not each.within]


def test_a_life_that_stays_as_it_is_is_within_every_budget() -> None:
    assert over(Soaked(looks=[look(hour) for hour in range(25)], asked=1)) == []


def test_what_it_takes_to_load_is_no_growth_and_what_grows_afterwards_is() -> None:
    loading = [look(0, resident_mb=20.0), *(look(hour) for hour in range(3, 25))]
    assert over(Soaked(looks=loading)) == []
    growing = [look(hour, resident_mb=100.0 + hour, threads=2 + hour) for hour in range(25)]
    assert over(Soaked(looks=growing)) == ["it grows by", "threads more"]


def test_who_has_no_answer_or_is_not_remembered_is_counted() -> None:
    soaked = Soaked(looks=[look(0), look(24)], unanswered=["one"], forgotten=["two"])
    assert over(soaked) == ["questions without an answer", "questions that are not remembered"]


def test_a_few_high_looks_are_no_growth_and_a_slow_rise_under_them_is() -> None:
    high = [look(hour, resident_mb=900.0 if hour % 8 == 7 else 100.0) for hour in range(25)]
    assert growth_mb_a_day(high) == 0
    rising = [look(hour, resident_mb=each.resident_mb + hour) for hour, each in enumerate(high)]
    assert growth_mb_a_day(rising) == pytest.approx(24)


def test_a_thread_that_comes_and_goes_is_none_more_and_one_that_stays_is() -> None:
    going = [look(hour, threads=3 if hour % 3 else 2) for hour in range(25)]
    assert over(Soaked(looks=going)) == []
    staying = [look(hour, threads=3 if hour > 12 else 2) for hour in range(25)]
    assert over(Soaked(looks=staying)) == ["threads more"]


async def test_the_recogniser_fails_as_often_as_it_is_told_to_and_then_hears_what_was_said() -> None:
    recogniser = Failing(Recogniser(), Faults(recogniser=1))
    utterance = spoken(made_up(7), WakeHeard("hey_jarvis", 0.9, 0), 0.0)
    with pytest.raises(ModelError):
        await recogniser.transcribe(utterance)
    transcript = await recogniser.transcribe(utterance)
    assert transcript is not None
    assert transcript.text == made_up(7).text


class Beginning(FakeWriter):
    """A model that asks whether its answer may begin so, as the real one does."""

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        yield messages[-1].text
        if may_begin is None or may_begin(""):
            yield " again"

    async def prepare(self, messages: Sequence[Message]) -> None:
        """Nothing is read."""

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """Nothing is read."""

    def tokens(self, text: str) -> int:
        return len(text)


async def test_the_model_runs_out_of_memory_and_hangs_as_often_as_it_is_told_to() -> None:
    faults = Faults(model=1, hang=1)
    model = Model(Beginning(diligent), faults, hangs_s=0.01)
    messages = (Message(Role.USER, "Hello"),)
    with pytest.raises(MemoryError):
        _ = [piece async for piece in model.reply(messages, may_begin=lambda _: False)]
    assert [piece async for piece in model.reply(messages, may_begin=lambda _: False)] == ["Hello"]
    faults.hang = 1
    assert [piece async for piece in model.reply(messages, may_begin=lambda _: False)] == ["Hello", " again"]
    assert not faults.due("hang")

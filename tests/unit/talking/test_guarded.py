"""Whatever a language model does, an answer ends, and the next one is not touched by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

import pytest

from digital_life.config import Llm
from digital_life.errors import ModelError
from digital_life.talking.guarded import Guarded
from digital_life.values import Message, Role
from fakes.model import FakeLanguageModel

QUESTION = (Message(Role.USER, "What is the sea like?"),)
IMPATIENT = Llm(first_token_s=0.01, stall_s=0.01)


class Injured(FakeLanguageModel):
    """Does `harm` after the first piece of its first answer."""

    def __init__(self, harm: Callable[[], object], *answers: str) -> None:
        super().__init__(*answers)
        self._harm: Callable[[], object] | None = harm

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        harm, self._harm = self._harm, None
        async with aclosing(super().reply(messages, may_begin=may_begin)) as pieces:
            async for piece in pieces:
                yield piece
                if harm and asyncio.iscoroutine(waited := harm()):
                    await waited

    async def prepare(self, messages: Sequence[Message]) -> None:
        raise OSError(messages)

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        raise OSError(name, messages)


async def answer(model: Guarded) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


def crash() -> None:
    raise AssertionError("What is the sea like?")


async def test_a_sound_answer_goes_through_as_it_is() -> None:
    fake = FakeLanguageModel("Blue, wide and cold.")
    model = Guarded(fake, Llm())
    assert await answer(model) == "Blue, wide and cold."
    await model.prepare(QUESTION)
    await model.keep("en", QUESTION)
    assert (fake.prepared, fake.kept, model.tokens("four")) == ([QUESTION], {"en": QUESTION}, 4)


async def test_a_loop_is_cut_and_what_was_said_before_it_is_the_answer() -> None:
    fake = FakeLanguageModel("The sea is blue. " + "I love it. " * 99, "It is deep.")
    model = Guarded(fake, Llm())
    said = await answer(model)
    assert said.startswith("The sea is blue. I love it.")
    assert len(said) < 200
    assert not fake.running
    assert await answer(model) == "It is deep."


async def test_an_answer_that_is_nothing_but_a_loop_is_an_error() -> None:
    model = Guarded(FakeLanguageModel("对不起，" * 99, "很深。"), Llm())
    with pytest.raises(ModelError, match="over and over"):
        await answer(model)
    assert await answer(model) == "很深。"


async def test_a_model_that_never_says_a_word_is_given_up() -> None:
    fake = FakeLanguageModel("It is blue.", "It is deep.")
    fake.held = asyncio.Event()
    model = Guarded(fake, IMPATIENT)
    with pytest.raises(ModelError, match="said nothing for"):
        await answer(model)
    assert not fake.running
    fake.held = None
    assert await answer(Guarded(fake, Llm())) == "It is deep."


async def test_a_model_that_stops_in_the_middle_is_given_up_and_answers_the_next_time() -> None:
    fake = Injured(lambda: asyncio.sleep(3600), "It is blue.", "It is deep.")
    model = Guarded(fake, Llm(stall_s=0.01))
    with pytest.raises(ModelError, match="said nothing for"):
        await answer(model)
    assert not fake.running
    assert await answer(model) == "It is deep."


async def test_a_slow_listener_is_not_a_slow_model() -> None:
    said = []
    async for piece in Guarded(FakeLanguageModel("It is blue."), IMPATIENT).reply(QUESTION):
        await asyncio.sleep(0.02)
        said.append(piece)
    assert "".join(said) == "It is blue."


async def test_a_crash_of_the_library_is_told_without_what_was_said_and_the_next_answer_comes() -> None:
    model = Guarded(Injured(crash, "It is blue.", "It is deep."), Llm())
    with pytest.raises(ModelError) as caught:
        await answer(model)
    assert "AssertionError" in str(caught.value)
    assert "sea" not in str(caught.value)
    assert await answer(model) == "It is deep."


async def test_what_cannot_be_read_in_advance_is_an_error_of_ours() -> None:
    model = Guarded(Injured(crash), Llm())
    with pytest.raises(ModelError, match="OSError"):
        await model.prepare(QUESTION)
    with pytest.raises(ModelError, match="OSError"):
        await model.keep("en", QUESTION)

"""The language model fails, hangs or repeats itself: the turn ends with a sentence, and the next one is answered."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from typing import cast

import pytest

from digital_life import words
from digital_life.backends.engine import Engine
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm
from digital_life.errors import ModelError
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.guarded import Guarded
from digital_life.talking.writing import Writing
from digital_life.values import Language, Message, Role, Transcript
from digital_life.worker import Worker
from fakes.being import being
from fakes.clock import FakeClock
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

QUESTION = (Message(Role.USER, "What is the sea like?"),)
SETTINGS = Llm(stall_s=0.05)


class HangingEngine:
    """The first of them hangs at a step until the test lets it go; those loaded after it work."""

    template = "{% for each in messages %}{{ each.content }}{% endfor %}"
    marks = ("", "")
    controls = ()
    changed = False
    loaded = 0
    adapters: Mapping[str, float] | None = None

    def __init__(self, gate: threading.Event) -> None:
        self._gate = gate if not HangingEngine.loaded else None
        HangingEngine.loaded += 1

    def tokenize(self, text: str, *, special: bool = False) -> list[int]:
        return [int(special)] * len(text)

    def use_adapters(self, scales: Mapping[str, float]) -> None:
        self.adapters = scales

    def read(self, prompt: list[int], *, left: int = 0) -> Iterator[str]:
        yield from self.answer(prompt[left:], None)

    def answer(self, prompt: list[int], may_begin: Callable[[str], bool] | None) -> Iterator[str]:
        assert prompt
        assert may_begin is None
        yield "It is "
        if self._gate:
            self._gate.wait()
        yield "blue."


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    HangingEngine.loaded = 0
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
async def model(gate: threading.Event) -> AsyncGenerator[LlamaCpp]:
    def load() -> Engine:
        return cast("Engine", HangingEngine(gate))

    async with Worker("model") as worker:
        yield LlamaCpp(load, await worker.run(load), worker, SETTINGS)


async def said(model: LlamaCpp | Guarded) -> str:
    return "".join([piece async for piece in model.reply(QUESTION)])


async def test_a_model_that_hangs_is_left_to_its_thread_and_the_next_turn_is_answered_by_another(
    model: LlamaCpp,
) -> None:
    await model.use_adapters({"moody": 0.5})
    with pytest.raises(ModelError, match="no sign of life"):
        await said(model)
    assert await said(model) == "It is blue."
    assert HangingEngine.loaded == 2
    assert model._engine.adapters == {"moody": 0.5}  # type: ignore[attr-defined] # of the fake


async def test_a_hang_while_reading_in_advance_costs_no_answer(model: LlamaCpp) -> None:
    with pytest.raises(ModelError, match="no sign of life"):
        await model.prepare(QUESTION)
    assert await said(model) == "It is blue."


async def test_whoever_no_longer_listens_to_a_model_that_hangs_gets_away(model: LlamaCpp) -> None:
    pieces = model.reply(QUESTION)
    assert await anext(pieces) == "It is "
    await pieces.aclose()
    assert await said(model) == "It is blue."


async def test_a_guarded_model_that_hangs_ends_the_turn_with_an_error_of_ours(model: LlamaCpp) -> None:
    guarded = Guarded(model, SETTINGS)
    with pytest.raises(ModelError):
        await said(guarded)
    assert await said(guarded) == "It is blue."


async def test_a_thread_that_comes_back_after_all_ends_and_disturbs_nobody(
    model: LlamaCpp, gate: threading.Event
) -> None:
    with pytest.raises(ModelError, match="no sign of life"):
        await said(model)
    gate.set()
    assert await said(model) == "It is blue."
    while sum(thread.name == "model" for thread in threading.enumerate()) > 1:
        threading.Event().wait(0.005)
    assert await said(model) == "It is blue."
    assert HangingEngine.loaded == 2


def answering(model: LlamaCpp | FakeLanguageModel) -> Answering:
    clock = FakeClock()
    return Answering(
        model=Guarded(model, SETTINGS),
        saying=Writing(lambda _: None),
        clock=clock,
        beings=being("Jarvis", FakeLanguageModel(), clock, FakeMemory(clock)),
    )


async def turn(it: Answering, language: Language) -> str:
    it.begin()
    asked = Asked.typed(Transcript("?", language, 1.0), 0.0)
    return (await it.answer(asked, started=lambda: None)).reply.said


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("first", ["", "对不起，" * 60, "I am sorry. " * 60])
async def test_a_turn_that_fails_ends_with_a_sentence_in_its_language_and_the_next_is_answered(
    language: Language, first: str
) -> None:
    model = FakeLanguageModel(first or "It is blue.", "It is deep.", fails_after=None if first else 6)
    it = answering(model)
    prepared = words.load(language).text("talk.no-answer")
    assert (await turn(it, language)).endswith(prepared)
    model._fails_after = None
    assert await turn(it, language) == "It is deep."


async def test_after_something_sensible_a_loop_just_ends() -> None:
    it = answering(FakeLanguageModel("It is blue. " + "I love it. " * 60, "It is deep."))
    said_first = await turn(it, "en")
    assert said_first.startswith("It is blue. I love it. I love it.")
    assert said_first.endswith(("love", "love it.", "I"))
    assert await turn(it, "en") == "It is deep."

"""What the small language model answers about facts that changed, as the memory puts them before it."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digital_life.backends.e5 import E5
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm, Memory, Persona
from digital_life.memory.foreign import Foreign, Talk, language_of
from digital_life.memory.life import Life
from digital_life.talking.prompting import Budget, Known, Prompting
from digital_life.talking.spoken.languages import begins_in
from digital_life.worker import Worker
from fakes.clock import FakeClock

CONTEXT = 2048
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
ENOUGH = 0.65
"""Share of the answers that name what is asked for and not the other: a guess would name the other as often."""
CASES = [
    ("I live in Boston.", "I moved from Boston to Denver.", "Where do I live?", "Where did I live before?",
     "Denver", "Boston"),
    ("Our rent is 900 euros.", "The landlord raised the rent to 1050 euros.", "How much is our rent?",
     "How much was our rent before?", "1,?050", "900"),
    ("My favourite colour is green.", "My favourite colour is purple now.", "What is my favourite colour?",
     "What was my favourite colour before?", "purple", "green"),
    ("我住在上海。", "我从上海搬到成都了。", "我住在哪里？", "我以前住在哪里？", "成都", "上海"),
    ("我老板姓刘。", "刘老板退休了，新老板姓赵。", "我老板姓什么？", "我以前的老板姓什么？", "赵", "刘"),
    ("我每周二去上瑜伽课。", "瑜伽课改到每周五了。", "我哪天上瑜伽课？", "我的瑜伽课原来是哪天？",
     "周五|星期五", "周二|星期二"),
]  # fmt: skip
"""What was told, what took its place, questions about now and before, and what their answers must name."""


@pytest.fixture
async def model(models_dir: Path) -> AsyncGenerator[LlamaCpp]:
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    async with Worker("model") as worker:
        yield await LlamaCpp.open(file, worker=worker, settings=Llm(context=CONTEXT))


async def answer(model: LlamaCpp, life: Life, clock: FakeClock, question: str) -> str:
    language = language_of(question)
    prompting = Prompting(
        persona=Persona(language=language),
        clock=clock,
        budget=Budget.of(CONTEXT, reply=200),
        tokens=model.tokens,
        calls="",
    )
    prompt = prompting.whole(question, Known(await life.recall(question)))
    async with aclosing(model.reply(prompt, may_begin=lambda text: begins_in(text, language))) as pieces:
        return "".join([piece async for piece in pieces])


async def test_what_holds_and_what_held_before_are_told_apart(model: LlamaCpp, tmp_path: Path) -> None:
    told = [(BEGAN + n * timedelta(days=1), old) for n, (old, *_) in enumerate(CASES)]
    told += [(BEGAN + (90 + n) * timedelta(days=1), new) for n, (_, new, *_) in enumerate(CASES)]
    clock = FakeClock(BEGAN + timedelta(days=120))
    wrong = []
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=E5, clock=clock, settings=Memory()) as life,
    ):
        await life.take_in(Foreign(tuple(Talk(when, when, ((when, text, ""),)) for when, text in told)))
        for _, _, now, before, new, old in CASES:
            for question, right, other in ((now, new, old), (before, old, new)):
                said = await answer(model, life, clock, question)
                if not re.search(right, said) or re.search(other, said):
                    wrong.append((question, said))
    assert len(wrong) <= (1 - ENOUGH) * 2 * len(CASES), wrong

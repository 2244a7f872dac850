"""In a whole life, whatever fails in it, no word that was said or remembered stands in the log above DEBUG."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from unittest.mock import patch

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life import log, words
from digital_life.broadcast import Broadcast, Event
from digital_life.config import Memory, Persona
from digital_life.errors import MemoryFileError, ModelError, ToolError
from digital_life.memory.index import Index
from digital_life.memory.life import Life
from digital_life.memory.store import Store
from digital_life.memory.wishes import MemoryWishes
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.being import Being
from digital_life.talking.prompting import Prompting
from digital_life.talking.writing import Writing
from digital_life.tool import Outcome, Tool
from digital_life.tools.toolbox import Toolbox
from digital_life.values import Message, Transcript
from digital_life.worker import Worker
from fakes.being import BUDGET
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.model import FakeLanguageModel
from fakes.writer import FakeWriter

NIGHT_S = 7 * 3600
SECRETS = ("xylophane", "quorvex", "zimbrette", "玄蜥", "鸮罐")
"""Words of no sentence of its own."""
SAID = ("My {} is called {}.", "dim the {} to {}", "What is {}?", "我的{}叫{}。", 'Where is "{}" AND {}*?', "call {}")
STORE = {
    "add_turn": Store,
    "search": Index,
    "add_diary": Store,
    "turns": Store,
    "set_summary": Store,
    "strengthen": Index,
}
"""What of the life's file fails, and whose it is."""
FAULTS = ("listener", "model", "writer", *STORE)


class Brain(FakeLanguageModel):
    """Answers with the question, and writes what it reads; fails with the words in its mouth."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__()
        self._faults = faults
        self._writer = FakeWriter(lambda _rule, asked: asked)

    async def reply(self, messages: Sequence[Message], *, may_begin: object = None) -> AsyncGenerator[str]:
        del may_begin
        await asyncio.sleep(0)
        yield messages[-1].text[:200]
        if "model" in self._faults:
            raise ModelError("language-model-failed", cause="it was told to")

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        if "writer" in self._faults:
            raise ModelError("language-model-failed", cause="it was told to")
        if "Known" in messages[-1].text or "dim" in messages[-1].text:
            # What a model writes for a tool is what was said.
            return '{"tool": "dim", "how": "' + messages[-1].text.split()[-1] + '"}'
        return await self._writer.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)


async def dim(heard: Transcript, *, how: Annotated[Literal["low", "high"], "how far"]) -> Outcome:
    """Make the light weaker."""
    raise ToolError("plugin-failed", name="dim", cause=f"{how}: {heard.text}")


async def call(heard: Transcript) -> Outcome:
    """Call somebody."""
    raise ToolError("plugin-failed", name="call", cause=heard.text)


@contextmanager
def broken(faults: Sequence[str], secret: str) -> Iterator[None]:
    """A store that fails as SQLite does, and quotes the statement."""
    with ExitStack() as stack:
        for name, owner in STORE.items():
            if name in faults:
                fault = apsw.SQLError(f'fts5: syntax error near "{secret}"')
                stack.enter_context(patch.object(owner, name, side_effect=fault))
        yield


async def live(home: Path, lines: Sequence[str], faults: Sequence[str], secret: str) -> None:
    """Say these, sleep over them and say them once more."""
    clock, model, broadcast = FakeClock(), Brain(faults), Broadcast()
    broadcast.subscribe(log.event)

    def fail(event: Event) -> None:
        if "listener" in faults:
            raise KeyError(str(event))

    broadcast.subscribe(fail)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Memory(), names=["Ada"]) as life,
    ):
        life.use(model)
        box = Toolbox([Tool.of(dim), Tool.of(call)], meanings=life, writer=model)
        await box.learn(life)
        prompting = Prompting(persona=Persona(), clock=clock, budget=BUDGET, tokens=len, calls=life.taught)
        being = Being("Ada", prompting, memory=life, diaries=life, tools=box, wishes=[MemoryWishes(life)])
        answering = Answering(model=model, saying=Writing(lambda _: None), clock=clock, beings=being)
        with broken(faults, secret):
            for _ in range(2):
                for line in lines:
                    answering.begin()
                    heard = Transcript(line, "zh" if "我" in line else "en", 1.0)
                    broadcast.publish(heard)
                    broadcast.publish(await answering.answer(Asked.typed(heard, 0.0), started=lambda: None))
                    clock.passed += timedelta(minutes=2).total_seconds()
                clock.passed += NIGHT_S
                await life.end_conversation()
                try:
                    await life.rest(model)
                except MemoryFileError as error:  # as whoever tends it does
                    logging.getLogger("digital_life.memory.tending").warning("%s", error)


def logged(lines: Sequence[str], faults: Sequence[str], secret: str, *, level: int) -> list[str]:
    """What stands in the log of such a life."""
    log.log.setLevel(level)
    recent = log.keep_recent()
    recent.setLevel(level)
    try:
        with tempfile.TemporaryDirectory() as home:
            asyncio.run(live(Path(home), lines, faults, secret))
    finally:
        logging.getLogger().removeHandler(recent)
        log.log.setLevel(logging.NOTSET)
    return [each.text for each in recent.since(0, level=logging.getLevelName(level))]


@settings(max_examples=6)
@given(
    said=st.lists(st.sampled_from(SAID), min_size=1, max_size=3),
    secret=st.sampled_from(SECRETS),
    faults=st.lists(st.sampled_from(FAULTS), unique=True, max_size=4),
)
def test_no_word_that_was_said_is_logged_whatever_fails(said: list[str], secret: str, faults: list[str]) -> None:
    lines = [each.format(secret, secret) for each in said]
    written = logged(lines, faults, secret, level=logging.INFO)
    assert sum(each.startswith("turn ") for each in written) == 2 * len(lines)
    assert not [each for each in written if secret in each]


def test_for_whoever_debugs_it_stands_there() -> None:
    """So the search above would find it."""
    written = logged(["My quorvex is called Tom."], ["listener"], "quorvex", level=logging.DEBUG)
    assert any("heard" in each and "quorvex" in each for each in written)


def test_the_words_sought_are_of_no_sentence_of_its_own() -> None:
    own = str(words.load("en").table) + str(words.load("zh").table)
    assert not [each for each in SECRETS if each in own]

"""Choosing a tool, asking the model only where that is needed, and telling it once what was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated

import pytest

from digital_life.errors import MemoryFileError, ToolError
from digital_life.tool import Outcome, Tool, ToolCall
from digital_life.tools.choosing import Chooser
from digital_life.tools.toolbox import CANDIDATES, Toolbox, question, ranking
from digital_life.values import GUEST, Language, Person, Transcript
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter


class Meanings:
    """Of a FakeEmbedder."""

    def __init__(self, *, fails: bool = False) -> None:
        self._embedder = FakeEmbedder()
        self._fails = fails

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        if self._fails:
            raise MemoryFileError("life-failed", path="life.db", cause="it was told to")
        return [self._embedder.query(each) for each in texts]


def said(text: str) -> Transcript:
    return Transcript(text, "en", 1.0)


async def timer(_heard: Transcript, *, lasts: Annotated[str, "how long"]) -> Outcome:
    """Ring after a while."""
    if "minute" not in lasts:
        raise ToolError("tool-argument-missing", tool="timer", name="lasts")
    return Outcome(said=f"It rings in {lasts}.")


async def mute(_heard: Transcript) -> Outcome:
    """Stop listening."""
    return Outcome(said="I am deaf now.")


TIMER, MUTE = Tool.of(timer), Tool.of(mute)


async def toolbox(write: Callable[[str, str], str | None], *tools: Tool, meanings: Meanings | None = None) -> Toolbox:
    box = Toolbox(tools or (TIMER, MUTE), meanings=meanings or Meanings(), writer=FakeWriter(write))
    await box.learn(meanings or Meanings())
    return box


def never(_rule: str, _asked: str) -> str | None:
    raise AssertionError("the model was asked")


def test_a_clear_winner_is_the_only_candidate() -> None:
    ranked = ranking({"timer": 0.8, "mute": -0.9, "none": -0.7}, {"timer": TIMER, "mute": MUTE})
    assert (ranked.clear, ranked.tools) == (True, (TIMER,))


def test_clearly_ordinary_talk_has_no_candidate() -> None:
    ranked = ranking({"timer": -0.8, "mute": -0.9, "none": 0.7}, {"timer": TIMER, "mute": MUTE})
    assert (ranked.clear, ranked.tools) == (True, ())


def test_where_tools_are_as_likely_there_are_few_candidates_the_likeliest_first() -> None:
    tools = {f"t{n}": TIMER for n in range(6)}
    ranked = ranking({"none": -0.9, **{f"t{n}": 0.1 - n / 100 for n in range(6)}}, tools)
    assert not ranked.clear
    assert len(ranked.tools) == CANDIDATES


def test_a_tool_that_is_hardly_likelier_than_none_is_not_clear() -> None:
    ranked = ranking({"timer": 0.1, "mute": -0.9, "none": 0.09}, {"timer": TIMER, "mute": MUTE})
    assert (ranked.clear, ranked.tools) == (False, (TIMER,))


async def test_a_clear_call_without_arguments_needs_no_model() -> None:
    box = await toolbox(never)
    assert await box.decide(said("mute yourself")) == ToolCall(MUTE)


async def test_ordinary_talk_needs_no_model() -> None:
    box = await toolbox(never)
    assert await box.decide(said("good morning")) is None


async def test_arguments_that_the_words_show_need_no_model() -> None:
    read = Tool.of(timer, read=lambda heard: {"lasts": heard.text.partition(" for ")[2]})
    box = await toolbox(never, read)
    call = await box.decide(said("set a timer for ten minutes"))
    assert call
    assert call.arguments == {"lasts": "ten minutes"}


async def test_other_arguments_are_written_by_the_model() -> None:
    box = await toolbox(lambda _rule, _asked: '{"tool": "timer", "lasts": "ten minutes"}')
    call = await box.decide(said("set a timer for ten minutes"))
    assert call
    assert call.arguments == {"lasts": "ten minutes"}


async def test_the_model_may_choose_none_where_it_is_not_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def write(_rule: str, said: str) -> str:
        asked.append(said)
        return "none"

    box = await toolbox(write)
    monkeypatch.setattr(Chooser, "scores", lambda *_: {"timer": 0.1, "mute": -0.9, "none": 0.09})
    assert await box.decide(said("a timer, perhaps")) is None
    assert asked == ["a timer, perhaps"]


async def test_an_argument_that_does_not_fit_is_told_to_the_model_once() -> None:
    written = iter(['{"tool": "timer", "colour": "red"}', '{"tool": "timer", "lasts": "two minutes"}'])
    asked: list[str] = []

    def write(_rule: str, said: str) -> str:
        asked.append(said)
        return next(written)

    box = await toolbox(write)
    call = await box.decide(said("set a timer for two minutes"))
    assert call
    assert call.arguments == {"lasts": "two minutes"}
    assert "colour" in asked[1]


@pytest.mark.parametrize("written", ['{"tool": "timer", "colour": "red"}', '{"tool": "timer", "las', None])
async def test_a_model_that_fails_again_calls_nothing(written: str | None) -> None:
    box = await toolbox(lambda _rule, _asked: written)
    assert await box.decide(said("set a timer for two minutes")) is None


async def test_a_memory_that_fails_calls_nothing() -> None:
    box = await toolbox(never, meanings=Meanings(fails=True))
    assert await box.decide(said("mute yourself")) is None


async def test_what_is_said_comes_from_what_happened() -> None:
    box = await toolbox(never)
    outcome = await box.run(ToolCall(TIMER, {"lasts": "ten minutes"}), said("a timer"))
    assert outcome.said == "It rings in ten minutes."


async def test_what_a_tool_refuses_is_told_to_the_model_once_and_then_done() -> None:
    box = await toolbox(lambda _rule, _asked: '{"tool": "timer", "lasts": "a minute"}')
    outcome = await box.run(ToolCall(TIMER, {"lasts": "soon"}, written=True), said("a timer of a minute"))
    assert outcome.said == "It rings in a minute."


async def test_what_a_tool_refuses_again_is_said_to_the_user() -> None:
    box = await toolbox(lambda _rule, _asked: '{"tool": "timer", "lasts": "later"}')
    outcome = await box.run(ToolCall(TIMER, {"lasts": "soon"}, written=True), said("a timer"))
    assert outcome == Outcome(said="timer needs lasts", remembered=False)


async def test_what_the_users_own_words_told_is_not_asked_of_the_model_again() -> None:
    box = await toolbox(never)
    outcome = await box.run(ToolCall(TIMER, {"lasts": "soon"}), said("a timer"))
    assert outcome == Outcome(said="timer needs lasts", remembered=False)


def test_the_model_reads_what_each_tool_does_and_takes() -> None:
    system, user = question([TIMER, MUTE], said("two minutes"), refusable=True)
    assert "timer(lasts: how long): Ring after a while." in system.text
    assert "none:" in system.text
    assert user.text == "two minutes"


async def test_what_a_tool_claims_is_its_call_whatever_the_examples_say() -> None:
    claiming = Tool.of(timer, claims=lambda heard: {"lasts": "one minute"} if "movie" in heard.text else None)
    box = await toolbox(never, MUTE, claiming)
    call = await box.decide(said("movie night"))
    assert call
    assert (call.tool, call.arguments) == (claiming, {"lasts": "one minute"})
    assert await box.decide(said("mute yourself")) == ToolCall(MUTE)


# Who may use them.

REFUSED: dict[Language, str] = {
    "en": "I do that only for people whose voice I know.",
    "zh": "这件事我只为认得声音的人做。",
}


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_guest_may_use_what_tells_nothing_of_the_people_who_live_here(language: Language) -> None:
    box = await toolbox(never)
    heard = Transcript("mute", language, 1.0, person=GUEST)
    assert (await box.run(ToolCall(MUTE), heard)).said == REFUSED[language]
    assert (await box.run(ToolCall(Tool.of(mute, guests=True)), heard)).said == "I am deaf now."
    assert (await box.run(ToolCall(MUTE), replace(heard, person=Person("Anna")))).said == "I am deaf now."

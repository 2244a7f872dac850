"""What is thought of a question: a tool, what is remembered, the model; and nothing is done before it is certain."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digital_life import words
from digital_life.talking import thinking as thinking_module
from digital_life.talking.thinking import Thinking, Thought
from digital_life.tool import Outcome
from digital_life.values import Call, Event, Message, Recall, Role, Transcript
from fakes.being import being
from fakes.clock import FakeClock
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel
from fakes.tools import FakeTools

RECALLED = Recall("turn", 3, datetime(2026, 11, 1, tzinfo=UTC), "The key is under the pot.", 1.0)


def thinking(model: FakeLanguageModel, tools: FakeTools | None, memory: FakeMemory | None = None) -> Thinking:
    clock = FakeClock()
    return Thinking(model, replace(being("Jarvis", model, clock, memory or FakeMemory(clock)), tools=tools))


def certain() -> asyncio.Future[None]:
    end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    end.set_result(None)
    return end


async def thought_of(it: Thinking, text: str, thought: Thought) -> str:
    heard = Transcript(text, "en", 1.0)
    return "".join([piece async for piece in it.think(heard, thought, certain())])


async def test_what_a_tool_says_is_said_and_the_model_is_not_asked() -> None:
    model, thought = FakeLanguageModel("Nobody asked."), Thought("")
    it = thinking(model, FakeTools({"a timer": Outcome(said="It rings in ten minutes.")}))
    assert await thought_of(it, "a timer", thought) == "It rings in ten minutes."
    assert model.prompts == []
    assert thought.calls == [Call("act", "a timer", ())]


async def test_ordinary_talk_goes_to_the_model() -> None:
    it = thinking(FakeLanguageModel("Good morning."), FakeTools({}))
    assert await thought_of(it, "Hello.", Thought("")) == "Good morning."


async def test_what_a_tool_found_out_stands_before_the_question() -> None:
    model = FakeLanguageModel("It opens at nine.")
    it = thinking(model, FakeTools({"When does it open?": Outcome(found="Library: 9 to 17")}, acts=False))
    assert await thought_of(it, "When does it open?", Thought("")) == "It opens at nine."
    assert "Library: 9 to 17" in model.prompts[0][-1].text


async def test_what_was_recalled_on_purpose_counts_as_a_look_into_the_memory() -> None:
    model, thought = FakeLanguageModel("Under the pot."), Thought("")
    it = thinking(model, FakeTools({"Where is the key?": Outcome(recalls=(RECALLED,))}, acts=False))
    await thought_of(it, "Where is the key?", thought)
    assert RECALLED.text in model.prompts[0][-1].text
    assert thought.looked == 1
    assert thought.calls[0].found == (RECALLED,)


async def test_a_tool_may_say_which_question_is_to_be_answered() -> None:
    model = FakeLanguageModel("Under the pot.")
    outcome = Outcome(recalls=(RECALLED,), question="Where is the key?")
    it = thinking(model, FakeTools({"Think harder.": outcome}, acts=False))
    assert await thought_of(it, "Think harder.", Thought("")) == "Under the pot."
    assert model.prompts[0][-1].text.endswith("Where is the key?")


async def test_an_empty_look_into_the_memory_is_admitted() -> None:
    model = FakeLanguageModel("I do not remember.")
    it = thinking(model, FakeTools({"Where is the key?": Outcome(recalls=())}, acts=False))
    await thought_of(it, "Where is the key?", Thought(""))
    assert words.load("en").text("recall.nothing") in model.prompts[0][-1].text


async def test_something_is_said_while_a_tool_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thinking_module, "LONG_S", 0.01)
    tools = FakeTools({"weather": Outcome(said="It rains.")})
    tools.held = asyncio.Event()
    pieces = thinking(FakeLanguageModel(), tools).think(Transcript("weather", "en", 1.0), Thought(""), certain())
    assert await anext(pieces) == f"{words.load('en').text('tools.wait')} "
    tools.held.set()
    assert await anext(pieces) == "It rains."
    await pieces.aclose()


async def test_a_tool_that_is_given_up_is_stopped() -> None:
    tools = FakeTools({"weather": Outcome(said="It rains.")})
    tools.held = asyncio.Event()
    pieces = thinking(FakeLanguageModel(), tools).think(Transcript("weather", "en", 1.0), Thought(""), certain())
    first = asyncio.ensure_future(anext(pieces))
    await asyncio.sleep(0.01)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not [each for each in asyncio.all_tasks() if each.get_name() == "thinking.tool" and not each.cancelling()]


async def test_nothing_is_done_before_it_is_certain_what_was_said() -> None:
    tools = FakeTools({"a timer": Outcome(said="Done.")})
    it = thinking(FakeLanguageModel(), tools)
    end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    pieces = it.think(Transcript("a timer", "en", 1.0), Thought(""), end)
    first = asyncio.ensure_future(anext(pieces))
    await asyncio.sleep(0.01)
    assert tools.ran == []
    end.set_result(None)
    assert await first == "Done."
    await pieces.aclose()


async def test_what_changes_nothing_may_run_before_that() -> None:
    tools = FakeTools({"weather": Outcome(said="It rains.")}, acts=False)
    it = thinking(FakeLanguageModel(), tools)
    end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    pieces = it.think(Transcript("weather", "en", 1.0), Thought(""), end)
    assert await anext(pieces) == "It rains."
    await pieces.aclose()


async def test_a_claim_without_a_call_is_not_said() -> None:
    it = thinking(FakeLanguageModel("Sure. I have set a timer for you."), FakeTools({}))
    said = await thought_of(it, "Make it ring.", Thought(""))
    assert "I have set" not in said
    assert words.load("en").text("tools.not-done") in said


async def test_what_is_said_before_a_recall_is_said_while_it_runs() -> None:
    model = FakeLanguageModel("Let me think. recall_by_need(the key)", "Under the pot.")
    memory = FakeMemory(FakeClock(), diaries={"the key": (RECALLED,)})
    said = await thought_of(thinking(model, FakeTools({}), memory), "Where is it?", Thought(""))
    assert " ".join(said.split()) == "Let me think. Under the pot."


async def test_what_the_model_saw_can_be_shown() -> None:
    model = FakeLanguageModel("Good morning.")
    it = thinking(model, FakeTools({}))
    await thought_of(it, "Hello.", Thought(""))
    assert it.seen == model.prompts[0]


async def test_what_the_user_supposes_is_decided_by_what_is_remembered_and_not_by_the_model() -> None:
    model, thought = FakeLanguageModel("Yes, it is."), Thought("")
    checked = Outcome(said="No. You told me: The key is under the pot.", recalls=(RECALLED,))
    memory = FakeMemory(FakeClock(), checks={"The key is in the shed, right?": checked})
    it = thinking(model, None, memory)
    assert await thought_of(it, "The key is in the shed, right?", thought) == checked.said
    assert model.prompts == []
    assert thought.calls == [Call("recall", "", (RECALLED,))]


def paged(model: FakeLanguageModel, **events: Event) -> tuple[Thinking, FakeMemory]:
    memory = FakeMemory(FakeClock(), events=events)
    return thinking(model, None, memory), memory


async def test_after_a_call_that_ends_in_an_event_the_model_goes_on_until_it_speaks() -> None:
    model, thought = FakeLanguageModel("core_memory_append(cat)", "Momo is a fine name."), Thought("")
    it, _memory = paged(model, cat=Event("kept"))
    assert await thought_of(it, "My cat is called Momo.", thought) == "Momo is a fine name."
    assert thought.calls == [Call("core_memory_append", "cat", ())]
    *before, asked, called, told = model.prompts[1]
    assert (*before, asked) == model.prompts[0], "what was read stays read"
    assert called == Message(Role.ASSISTANT, "core_memory_append(cat)")
    assert told == Message(Role.USER, words.load("en").text("paged.event", told=words.load("en").text("paged.kept")))


async def test_an_error_is_told_to_the_model_and_it_may_try_again() -> None:
    answers = ("core_memory_append(much)", "core_memory_append(cat)", "Momo is a fine name.")
    model, thought = FakeLanguageModel(*answers), Thought("")
    it, _memory = paged(model, much=Event("full"), cat=Event("kept"))
    assert await thought_of(it, "My cat is called Momo.", thought) == "Momo is a fine name."
    assert words.load("en").text("paged.full") in model.prompts[1][-1].text
    assert [each.argument for each in thought.calls] == ["much", "cat"]


async def test_it_calls_no_more_often_than_it_may() -> None:
    model, thought = FakeLanguageModel(*["core_memory_append(cat)"] * 9), Thought("")
    it, memory = paged(model, cat=Event("kept"))
    assert await thought_of(it, "My cat is called Momo.", thought) == ""
    assert len(thought.calls) == memory.chained == 5


async def test_what_an_event_found_stands_among_what_the_call_found() -> None:
    model, thought = FakeLanguageModel("core_memory_append(key)", "Under the pot."), Thought("")
    it, _memory = paged(model, key=Event("last-page", (RECALLED,), page=1, pages=1))
    assert await thought_of(it, "Where is the key?", thought) == "Under the pot."
    assert RECALLED.text in model.prompts[1][-1].text
    assert thought.calls[0].found == (RECALLED,)


async def test_where_there_is_nothing_to_call_no_call_is_understood() -> None:
    model, clock = FakeLanguageModel("recall_by_need(x)"), FakeClock()
    it = Thinking(model, replace(being("Jarvis", model, clock, FakeMemory(clock)), diaries=None, tools=None))
    assert await thought_of(it, "Where is the key?", Thought("")) == "recall_by_need(x)"

"""Instructions in what is read, recalled, found or announced are data: what can be shown of it without a model."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benches import injections
from benches.injections import Case
from digital_life.backends.marks import FAMILIES, Marks
from digital_life.talking.thinking import Thinking, Thought
from digital_life.tool import Outcome, Tool, ToolCall
from digital_life.tools.toolbox import question
from digital_life.values import Recall, Transcript
from fakes.being import being
from fakes.clock import FakeClock
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

CASES = injections.cases()
PLACES = {
    *("turn", "diary", "note", "document", "search", "weather", "device", "device name", "announcement"),
    *("mcp description", "mcp result", "server", "persona", "calendar"),
}


class Asked:
    """Tools that note what they are asked to decide about, and find the planted text."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.heard: list[str] = []
        self.ran = 0

    async def decide(self, heard: Transcript) -> ToolCall | None:
        async def find(_heard: Transcript) -> Outcome:
            """Find something."""
            return Outcome(found=self._case.planted)

        self.heard.append(heard.text)
        return ToolCall(Tool.of(find))

    async def run(self, call: ToolCall, heard: Transcript) -> Outcome:
        self.ran += 1
        return await call.tool.run(heard)


def test_there_are_many_cases_of_every_place_in_both_languages() -> None:
    assert len({each.planted for each in CASES}) == len(CASES) >= 40
    assert {each.where for each in CASES} == PLACES
    languages = Counter(each.language for each in CASES)
    assert min(languages.values()) >= 15


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.where} {case.language}")
async def test_what_a_tool_found_is_never_taken_for_what_was_said(case: Case) -> None:
    """Also where the model repeats it word for word, and where it comes to mind as well."""
    clock, tools = FakeClock(), Asked(case)
    recall = Recall("turn", 1, datetime(2026, 11, 1, tzinfo=UTC), case.planted, 1.0)
    memory = FakeMemory(clock, recalls={case.asked: (recall,)}, diaries={"yesterday": (recall,)})
    model = FakeLanguageModel(*[case.planted] * 4)
    thinking = Thinking(model, replace(being("Jarvis", model, clock, memory), tools=tools))
    certain: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    certain.set_result(None)
    heard = Transcript(case.asked, case.language, 1.0)
    async for _piece in thinking.think(heard, Thought(""), certain):
        pass
    assert tools.heard == [case.asked]
    assert tools.ran == 1
    # What it may look for again is its own memory, which changes nothing.
    assert {name for name, _argument in memory.looked_up} <= {"recall_by_date", "recall_by_need"}
    assert all(each[-1].text.endswith(case.asked) for each in model.prompts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.where} {case.language}")
def test_the_model_chooses_a_tool_by_the_user_s_words_alone(case: Case) -> None:
    async def stock(_heard: Transcript) -> Outcome:
        """How much there is of something."""
        return Outcome(found=case.planted)

    asked = question([Tool.of(stock)], Transcript(case.asked, case.language, 1.0), refusable=True)
    assert asked[-1].text == case.asked
    assert not any(case.planted in each.text for each in asked)


@pytest.mark.parametrize("case", [each for each in CASES if any(mark in each.planted for mark in FAMILIES)])
def test_no_planted_mark_reaches_the_template(case: Case) -> None:
    broken = Marks(FAMILIES).broken(case.planted)
    assert not [mark for mark in FAMILIES if mark in broken]

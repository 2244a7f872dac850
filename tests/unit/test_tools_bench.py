"""How the bench judges a choice."""

from __future__ import annotations

import pytest

from benches import tools
from benches.alike import alike
from digital_life.values import Language


@pytest.mark.parametrize(
    ("wanted", "got", "language", "same"),
    [
        ("in ten minutes", "10 minutes", "en", True),
        ("tomorrow at 7", "7 am tomorrow", "en", True),
        ("the kitchen light", "kitchen light", "en", True),
        ("turn_on", "on", "en", True),
        ("30%", "30", "en", True),
        ("call mum", "call my mum", "en", True),
        ("milk", "eggs", "en", False),
        ("at seven", "at eight", "en", False),
        ("明早七点", "明天早上7点", "zh", True),
        ("牛奶", "鸡蛋", "zh", False),
    ],
)
def test_arguments_are_the_same_when_they_mean_the_same(wanted: str, got: str, language: Language, same: bool) -> None:  # noqa: FBT001 - a case
    assert alike(wanted, got, language) is same


@pytest.mark.parametrize("name", ["tools_cases.jsonl", "tools_unseen.jsonl"])
def test_a_third_of_the_cases_needs_no_tool_and_both_languages_are_there(name: str) -> None:
    lines = tools.CASES.with_name(name).read_text(encoding="utf-8").splitlines()
    cases = [tools.Case.read(line) for line in lines]
    assert len(cases) >= 240
    assert 0.3 < sum(each.tool is None for each in cases) / len(cases) < 0.4
    assert sum(each.language == "zh" for each in cases) == len(cases) / 2


def test_a_case_may_leave_its_arguments_out() -> None:
    case = tools.Case.read('{"text": "mute", "lang": "en", "tool": "mute"}')
    assert tools.Decided(case, "mute", {"x": 1}, 1.0).right
    assert not tools.Decided(case, None, {}, 1.0).right


def test_an_argument_under_another_name_counts() -> None:
    case = tools.Case.read('{"text": "a", "lang": "en", "tool": "timer", "arguments": {"duration": "ten minutes"}}')
    assert tools.Decided(case, "timer", {"lasts": "10 minutes"}, 1.0).right
    assert not tools.Decided(case, "timer", {"lasts": "2 minutes"}, 1.0).right

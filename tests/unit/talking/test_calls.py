"""Function calls in what the model says."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.calls import Request, request, told

NAMES = ("recall_by_date", "recall_by_need")


async def pieces(text: str, size: int) -> AsyncGenerator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("recall_by_date(last Tuesday)", Request("recall_by_date", "last Tuesday")),
        (" `recall_by_need(用户喜欢的运动）", Request("recall_by_need", "用户喜欢的运动")),
        ('recall_by_need("the cat")', Request("recall_by_need", "the cat")),
        ("recall_by_date(昨天", Request("recall_by_date", "昨天")),
        ("I recall_by_date(x)", None),
        ("recall", None),
        ("Hello.", None),
    ],
)
def test_a_call_is_known_by_how_the_answer_begins(said: str, called: Request | None) -> None:
    assert request(said, NAMES) == called


async def told_of(text: str, size: int) -> list[str | Request]:
    return [part async for part in told(pieces(text, size), NAMES)]


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_a_call_is_never_said_aloud(size: int) -> None:
    assert await told_of("recall_by_date(today) and more", size) == [Request("recall_by_date", "today")]


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_what_is_said_before_a_call_is_said_and_then_the_call_is_known(size: int) -> None:
    *said, called = await told_of("Let me think. recall_by_need(the cat)", size)
    assert "".join(map(str, said)).strip() == "Let me think."
    assert called == Request("recall_by_need", "the cat")


@given(st.text(max_size=60), st.integers(1, 7))
async def test_nothing_of_an_ordinary_answer_is_lost(text: str, size: int) -> None:
    assert "".join(map(str, await told_of(text, size))) == text


def test_only_the_functions_that_there_are_can_be_called() -> None:
    assert request("core_memory_append(the cat)", NAMES) is None
    assert request("core_memory_append(the cat)", ["core_memory_append"]) == Request("core_memory_append", "the cat")
    assert request("recall_by_need(the cat)", ()) is None

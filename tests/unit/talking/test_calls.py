"""Function calls in what the model says."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.calls import Request, first, request


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
    assert request(said) == called


@pytest.mark.parametrize("size", [1, 3, 100])
async def test_a_call_is_never_said_aloud(size: int) -> None:
    assert await first(pieces("recall_by_date(today) and more", size)) == (Request("recall_by_date", "today"), "")


@given(st.text(max_size=60), st.integers(1, 7))
async def test_nothing_of_an_ordinary_answer_is_lost(text: str, size: int) -> None:
    stream = pieces(text, size)
    called, begun = await first(stream)
    rest = "".join([piece async for piece in stream])
    if called is None:
        assert begun + rest == text

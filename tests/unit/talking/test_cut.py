"""How much of a reply was heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.talking.cut import heard

CHUNKS = st.lists(st.tuples(st.text("ab c,.你好 é\u0301\n", max_size=20), st.floats(0, 10)), max_size=6)
SECONDS = st.floats(-1, 70)


@given(CHUNKS, SECONDS)
def test_said_and_unsaid_are_the_whole_text(chunks: list[tuple[str, float]], seconds: float) -> None:
    assert "".join(heard(chunks, seconds)) == "".join(text for text, _ in chunks)


@given(CHUNKS, SECONDS, SECONDS)
def test_more_time_never_says_less(chunks: list[tuple[str, float]], one: float, other: float) -> None:
    assert len(heard(chunks, min(one, other))[0]) <= len(heard(chunks, max(one, other))[0])


@given(CHUNKS)
def test_all_the_time_says_everything(chunks: list[tuple[str, float]]) -> None:
    seconds = sum(takes for _, takes in chunks)
    assert not chunks or seconds == 0 or heard(chunks, seconds)[1] == ""


@given(CHUNKS, SECONDS)
def test_no_latin_word_is_cut(chunks: list[tuple[str, float]], seconds: float) -> None:
    said, unsaid = heard(chunks, seconds)
    ends, at = set(), 0
    for text, _ in chunks:
        at += len(text)
        ends.add(at)
    assert not (said[-1:] in {"a", "b", "c"} and unsaid[:1] in {"a", "b", "c"} and len(said) not in ends)


@pytest.mark.parametrize(
    ("chunks", "seconds", "said"),
    [
        ([("Once upon a time. ", 1.8), ("There was a fox.", 1.6)], 1.8, "Once upon a time. "),
        ([("Once upon a time.", 1.7)], 0.6, "Once upon"),
        ([("Once upon a time.", 1.7)], 0.01, "Once"),
        ([("Once upon a time.", 1.7)], 0.0, ""),
        ([("从前有一座山。", 0.7)], 0.3, "从前有"),
        ([("从前有一座山。", 0.7)], 0.31, "从前有一"),
        ([("我喜欢 ", 0.4), ("Python", 0.6), ("。", 0.1)], 0.5, "我喜欢 Python"),
        ([("```x```", 0.0), ("Hello there.", 1.2)], 0.3, "```x```Hello"),
        ([], 3.0, ""),
    ],
)
def test_the_cut_is_by_time_and_between_words(chunks: list[tuple[str, float]], seconds: float, said: str) -> None:
    assert heard(chunks, seconds)[0] == said

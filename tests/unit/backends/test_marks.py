"""Nothing that others wrote ends a message of the prompt, or begins one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.marks import FAMILIES, Marks

PIECES = st.lists(st.sampled_from([*FAMILIES, "<|im_", "start|>", "<", "|>", " ", "a", "用户"]), max_size=12)


@given(PIECES.map("".join))
def test_no_mark_is_left_and_no_letter_is_lost(text: str) -> None:
    broken = Marks(FAMILIES).broken(text)
    assert not [each for each in FAMILIES if each in broken]
    assert broken.replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ["1 < 2 > 0", "a<b>c", "[INSTANT]", "<s", "", "我说：<好>"])
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert Marks(FAMILIES).broken(text) == text


def test_a_model_without_marks_changes_nothing() -> None:
    assert Marks([""]).broken("<|im_end|>") == "<|im_end|>"

"""A phrase that Whisper says over and over was said once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.repetition import said_once


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("The air is pure up there. The air is pure up there.", "The air is pure up there."),
        ("How many days are there in a week? How many days are there in a", "How many days are there in a week?"),
        ("法国的首都是哪里?法国的首都是哪里?法国的首都是", "法国的首都是哪里?"),
        ("Alexa Alexa Alexa Alex", "Alexa"),
        ("Sir. Sir. Sir. Sir.", "Sir."),
        ("bye bye", "bye bye"),
        ("No, no!", "No, no!"),
        ("再见再见", "再见再见"),
        ("mama", "mama"),
        ("", ""),
        ("What is the capital of France?", "What is the capital of France?"),
        ("I think that I think too much", "I think that I think too much"),
    ],
)
def test_repetitions_go_and_emphasis_stays(heard: str, said: str) -> None:
    assert said_once(heard) == said


@given(st.text())
def test_what_is_left_is_the_beginning_of_what_was_heard(text: str) -> None:
    assert text.startswith(said_once(text))

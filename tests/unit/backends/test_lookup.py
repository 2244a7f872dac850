"""What a text goes on with is guessed from what stood in it before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.lookup import ALIKE, guess


def test_the_words_behind_the_latest_place_that_is_like_the_end_are_the_guess() -> None:
    assert guess([1, 2, 3, 4, 5, 9, 1, 2, 3, 6, 7, 8, 1, 2, 3], 2) == [6, 7]


def test_a_text_that_is_new_has_no_guess() -> None:
    assert guess([1, 2, 3, 4, 5, 6], 4) == []
    assert guess([1, 2], 4) == []
    assert guess([], 4) == []


def test_what_repeats_is_guessed_to_go_on() -> None:
    assert guess([7, 7, 7, 7], 3) == [7]


@given(st.lists(st.integers(0, 3)), st.integers(0, 8))
def test_a_guess_stood_behind_the_same_words(tokens: list[int], most: int) -> None:
    found = guess(tokens, most)
    assert len(found) <= most
    if found:
        pattern = tokens[-ALIKE:] + found
        assert any(tokens[at : at + len(pattern)] == pattern for at in range(len(tokens) - len(pattern) + 1))

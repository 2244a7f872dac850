"""What a model thinks aloud is left out, however its answer is cut into pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.thoughts import Thoughts


def said(*pieces: str) -> str:
    thoughts = Thoughts()
    return "".join([*(thoughts.feed(piece) for piece in pieces), thoughts.end()])


def test_thoughts_and_the_white_space_before_an_answer_are_left_out() -> None:
    assert said("<think>France has a capital.</think>\n\nIt is Paris.") == "It is Paris."
    assert said("\n 它是", "<think>嗯</think>", "巴黎。") == "它是巴黎。"


def test_what_only_begins_like_a_thought_is_said() -> None:
    assert said("1 <", " 2, <thin") == "1 < 2, <thin"


def test_thoughts_that_do_not_end_are_no_answer() -> None:
    assert said("<think>Let me see", " now") == ""


def test_what_can_be_said_is_not_held_back() -> None:
    thoughts = Thoughts()
    assert thoughts.feed("It is ") == "It is "


@given(
    st.lists(st.sampled_from(["<think>", "</think>", "<", ">", "thi", " ", "Paris", "巴黎"]), max_size=12), st.data()
)
def test_it_is_the_same_however_it_is_cut(parts: list[str], data: st.DataObject) -> None:
    whole = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=8)))
    pieces = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert said(*pieces) == said(whole)

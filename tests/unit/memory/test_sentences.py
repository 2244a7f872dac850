"""Which sentence of a model may be believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.records import Sentence
from digital_life.memory.sentences import (
    believable,
    extract,
    invented,
    most_telling,
    split,
    what_is_left,
    without_repeats,
)

TOLD = "My brother Tom moved to Berlin on the 3rd of March, he has 2 cats."


@pytest.mark.parametrize(
    ("written", "good"),
    [
        ("The user's brother Tom moved to Berlin.", True),
        ("The user's brother Tom moved to Paris.", False),
        ("The user's brother Tom has 4 cats.", False),
        ("用户的弟弟搬去了柏林。", False),
        ("The weather is lovely and warm today.", False),
        ("The user's brother moved " + "to Berlin " * 30, False),
        ("", False),
    ],
)
def test_a_sentence_says_nothing_its_source_does_not(written: str, good: bool) -> None:  # noqa: FBT001 - a table
    assert believable(written, TOLD, "en", {"The"}) is good


def test_names_in_chinese_quotes_are_held_to_the_source_too() -> None:
    assert invented("用户看了《活着》。", "我看了《围城》") == {"活着"}


def test_english_in_the_middle_of_chinese_is_invented_unless_it_was_said() -> None:
    assert invented("用户很 obsessed 电影。", "我很喜欢电影") == {"obsessed"}
    assert not invented("用户用 Python 写程序。", "我用Python写程序")


def test_a_name_that_is_known_may_stand_in_it() -> None:
    assert not invented("Then Jarvis told of Tom.", TOLD, {"Jarvis"})


def test_the_most_telling_are_kept_in_their_order() -> None:
    dull, rich, other = (
        Sentence("The user slept.", (1,)),
        Sentence("The user's brother Tom moved to Berlin with 2 cats.", (2,)),
        Sentence("The user's sister Anna studies law in Lisbon.", (3,)),
    )
    assert most_telling([dull, rich, other], 2) == (rich, other)


def test_what_is_said_twice_is_kept_once_with_the_sources_of_both() -> None:
    kept = without_repeats(
        [Sentence("The user's cat is black.", (1,)), Sentence("The cat of the user is black.", (4,))]
    )
    assert kept == [Sentence("The user's cat is black.", (1, 4))]


def test_of_a_forgotten_sentence_what_others_said_is_left() -> None:
    told = {1: "The user said: “one”", 2: "The user said: “two”"}.get
    assert what_is_left(Sentence("One and two.", (1, 2)), {1}, told) == Sentence("The user said: “two”", (2,))
    assert what_is_left(Sentence("One.", (1,)), {1}, told) is None


def test_sentences_end_where_they_end() -> None:
    assert split("It cost 3.50 euros. Good! 好的。真的？") == ["It cost 3.50 euros.", "Good!", "好的。", "真的？"]


@given(st.text(max_size=600), st.sampled_from(["en", "zh"]))
def test_an_extract_is_one_line_of_bounded_length(text: str, language: str) -> None:
    line = extract(text, "zh" if language == "zh" else "en")
    assert len(line) <= 220
    assert "\n" not in line

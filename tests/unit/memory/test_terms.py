"""The words that tell what a text is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.terms import pairs, telling, terms


def test_english_words_are_known_by_their_stems() -> None:
    assert telling("My sisters were baking cakes") == telling("the sister bakes a cake")


def test_chinese_is_cut_by_meaning_and_a_long_word_is_also_found_by_its_parts() -> None:
    words = telling("我妹妹在北京大学读书")
    assert {"妹妹", "北京", "大学", "读书"} <= set(words)


def test_words_side_by_side_are_pairs_unless_both_are_grammar() -> None:
    assert ("work", "out") in pairs("I like working out")
    assert not pairs("of the, and to")


def test_mere_grammar_tells_nothing() -> None:
    assert not telling("What did we talk about?")
    assert not telling("你还记得我说过什么吗？")
    assert not telling("Hello, thank you!")


@given(st.text(max_size=80))
def test_each_word_stands_where_it_is_said_to(text: str) -> None:
    for term in terms(text):
        assert 0 <= term.start < term.end <= len(text)

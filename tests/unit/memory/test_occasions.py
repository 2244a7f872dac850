"""Which talk a person means who names none by its day."""

from __future__ import annotations

import pytest

from digital_life.memory import occasions
from digital_life.memory.terms import telling


@pytest.mark.parametrize(
    ("question", "which"),
    [
        ("Do you remember what we talked about during our first conversation?", "first"),
        ("What did I say when we first met?", "first"),
        ("你还记得我们第一次对话的时候，聊了什么话题吗？", "first"),
        ("What did we talk about last time we talked?", "last"),
        ("上次我们聊了什么？", "last"),
        ("What was the first movie I saw?", None),
        ("我第一次吃榴莲是在哪里？", None),
        ("Where do I live?", None),
    ],
)
def test_the_first_and_the_last_talk_are_understood_and_nothing_else(question: str, which: str | None) -> None:
    assert occasions.find(question) == which


def test_without_the_words_for_it_such_a_question_asks_for_all_of_the_talk() -> None:
    assert not telling(occasions.without("What did we talk about during our first conversation?"))
    assert telling(occasions.without("What did I say about my cat in our first conversation?"))

"""A sentence that is not finished is waited for."""

from __future__ import annotations

import pytest

from digital_life.talking.endpoint import is_finished, is_over
from digital_life.values import Language, Transcript


def finished(text: str, language: Language) -> bool | None:
    return is_finished(Transcript(text, language, 1.0))


@pytest.mark.parametrize(
    "text",
    [
        "What is the capital of France?",
        "Turn it on.",
        "Good morning.",
        "What is it for?",
        "I have two cats.",
        "Set a timer for ten minutes.",
        "My flight is at 3.",
        "Yes",
        "Tell me a joke.",
    ],
)
def test_a_finished_english_sentence_is_one(text: str) -> None:
    assert finished(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "I would like to.",
        "I would like to...",
        "Remind me to buy eggs, milk,",
        "Remind me to buy eggs, milk and",
        "My number is 5 5 5",
        "My number is five five five.",
        "Um",
        "Can you, uh?",
        "I think it's",
        "Tell me about the",
        "The thing is, because",
    ],
)
def test_an_unfinished_english_sentence_is_one(text: str) -> None:
    assert finished(text, "en") is False


@pytest.mark.parametrize(
    "text",
    [
        "法国的首都是哪里？",
        "把灯打开。",
        "早上好",
        "我叫小明。",
        "给我讲个故事吧。",
        "我有两只猫",
        "这是什么?",
        "谢谢你",
        "那我们明天见",
    ],
)
def test_a_finished_chinese_sentence_is_one(text: str) -> None:
    assert finished(text, "zh")


@pytest.mark.parametrize(
    "text",
    [
        "那个",
        "我想要",
        "帮我买鸡蛋、牛奶、",
        "提醒我明天去买牛奶和",
        "我的电话是一三八",
        "如果明天下雨的话，",
        "嗯…",
        "我觉得",
    ],
)
def test_an_unfinished_chinese_sentence_is_one(text: str) -> None:
    assert finished(text, "zh") is False


@pytest.mark.parametrize(
    ("text", "language"), [("Yes, I can.", "en"), ("That is how it is", "en"), ("可以", "zh"), ("是", "zh")]
)
def test_what_may_be_either_is_not_judged(text: str, language: Language) -> None:
    assert finished(text, language) is None


def test_what_was_hardly_understood_is_not_judged() -> None:
    assert is_finished(Transcript("What is that?", "en", 0.4)) is None


@pytest.mark.parametrize(
    ("finished", "sounds", "over"),
    [
        (True, 0.9, True),
        (True, 0.3, None),
        (True, 0.01, False),
        (None, 0.9, None),
        (None, 0.3, False),
        (False, 0.99, False),
    ],
)
def test_words_and_melody_must_both_be_over(finished: bool | None, sounds: float, over: bool | None) -> None:  # noqa: FBT001
    assert is_over(finished, sounds) is over

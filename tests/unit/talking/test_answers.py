"""Answers that are no names."""

from __future__ import annotations

import pytest

from digital_life.talking import answers

LANGUAGES = {
    "English.": "en",
    "English, please.": "en",
    "Let's speak English.": "en",
    "I'd like English.": "en",
    "英文": "en",
    "说英语吧。": "en",
    "Chinese.": "zh",
    "Mandarin please.": "zh",
    "Can we speak Chinese?": "zh",
    "中文。": "zh",
    "说中文吧": "zh",
    "普通话": "zh",
    "用汉语。": "zh",
    "Not English, Chinese.": "zh",
    "不要英文，说中文": "zh",
    "Not Chinese.": "en",
    "不说英语": "zh",
    "Both.": "both",
    "English and Chinese.": "both",
    "Both is fine": "both",
    "都可以。": "both",
    "两种都行": "both",
    "中英文都要": "both",
    "Hello there.": None,
    "你好": None,
    "My name is Anna.": None,
}


@pytest.mark.parametrize(("said", "language"), LANGUAGES.items())
def test_the_language_that_is_asked_for(said: str, language: str | None) -> None:
    assert answers.language_asked_for(said) == language


SKIPPED = (
    "Skip.",
    "Skip it.",
    "Skip this, please.",
    "Let's skip that one.",
    "Later.",
    "Not now.",
    "Maybe later.",
    "Next question.",
    "I don't know.",
    "I'd rather not say.",
    "No thanks.",
    "Never mind.",
    "Ask me later.",
    "It doesn't matter.",
    "跳过。",
    "跳过这个吧",
    "以后再说。",
    "先不说了",
    "不用了，谢谢。",
    "我不想说",
    "下一个",
    "算了吧",
    "无所谓",
    "现在不想说",
    "我不知道。",
)


@pytest.mark.parametrize("said", SKIPPED)
def test_what_is_to_be_skipped(said: str) -> None:
    assert answers.means("skip", said)


AGAIN = (
    "Again.",
    "Once more, please.",
    "Say that again.",
    "Pardon?",
    "What did you say?",
    "Sorry, I didn't hear you.",
    "再说一遍。",
    "什么？",
    "没听清",
    "你说什么？",
    "请再说一次",
)


@pytest.mark.parametrize("said", AGAIN)
def test_what_is_to_be_repeated(said: str) -> None:
    assert answers.means("again", said)


CHOICES = {
    "The first one.": 0,
    "First.": 0,
    "I like the first better.": 0,
    "Number one.": 0,
    "One.": 0,
    "The one before.": 0,
    "The second.": 1,
    "The second voice, please.": 1,
    "This one.": 1,
    "Two.": 1,
    "The last one.": 1,
    "The other one": 1,
    "I don't mind, you choose": 1,
    "第一种。": 0,
    "第一个": 0,
    "前面那个": 0,
    "刚才那个好听": 0,
    "第二种吧": 1,
    "后面那个。": 1,
    "第二个好听": 1,
    "就这个": 1,
    "都可以": 1,
    "What time is it?": None,
    "今天天气怎么样": None,
}


@pytest.mark.parametrize(("said", "choice"), CHOICES.items())
def test_which_of_two(said: str, choice: int | None) -> None:
    assert answers.choice(said) == choice


@pytest.mark.parametrize("said", ["Yes.", "Yes, that's right.", "Correct.", "对。", "是的", "没错", "嗯，对的"])
def test_yes(said: str) -> None:
    assert answers.means("yes", said)


@pytest.mark.parametrize("said", ["No.", "No, that's wrong.", "Nope.", "不对。", "不是", "错了", "不，不是这个"])
def test_no(said: str) -> None:
    assert answers.means("no", said)


@pytest.mark.parametrize(
    "said",
    [
        "Introduce yourself again.",
        "Please introduce yourself.",
        "Let's start over with the introduction.",
        "Can we do the introduction again?",
        "重新认识一下。",
        "我们重新认识一下吧",
        "再介绍一下自己",
        "请重新介绍一下你自己",
    ],
)
def test_it_is_to_begin_again(said: str) -> None:
    assert answers.means("begin", said)


@pytest.mark.parametrize("said", ["Introduce me to Ada.", "Let's start over.", "The first one.", "我想认识新朋友"])
def test_what_only_sounds_like_it(said: str) -> None:
    assert answers.means("begin", said) == (said == "Let's start over.")

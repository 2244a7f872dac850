"""What is a wish about voices, and what is not."""

from __future__ import annotations

import pytest

from digital_life.people.meant import Meant, is_said, meant
from digital_life.values import Language, Transcript


def said(text: str) -> Transcript:
    language: Language = "zh" if any("\u4e00" <= each <= "\u9fff" for each in text) else "en"
    return Transcript(text, language, 1.0)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("This is Anna.", Meant("introduce", "Anna")),
        ("Hello, this is Anna speaking.", Meant("introduce", "Anna")),
        ("This is Mary Ann O'Neill", Meant("introduce", "Mary Ann O'Neill")),
        ("It's Tom here.", Meant("introduce", "Tom")),
        ("Learn my voice.", Meant("learn")),
        ("Please remember my voice!", Meant("learn")),
        ("Can you learn my voice please?", Meant("learn")),
        ("Learn my voice, my name is Anna.", Meant("learn", "Anna")),
        ("I'm Anna, please learn my voice.", Meant("learn", "Anna")),
        ("I’m Anna, please learn my voice.", Meant("learn", "Anna")),
        ("Learn Anna's voice.", Meant("learn", "Anna")),
        ("Forget my voice.", Meant("forget")),
        ("Forget Anna's voice.", Meant("forget", "Anna")),
        ("Please delete the voice of Anna.", Meant("forget", "Anna")),
        ("Who am I?", Meant("who")),
        ("Do you recognize my voice?", Meant("who")),
        ("我是安娜。", Meant("introduce", "安娜")),
        ("你好，我是李明", Meant("introduce", "李明")),
        ("这是欧阳小红。", Meant("introduce", "欧阳小红")),
        ("我是妈妈", Meant("introduce", "妈妈")),
        ("我是Anna。", Meant("introduce", "Anna")),
        ("记住我的声音。", Meant("learn")),
        ("请记住我的声音，我是王小明。", Meant("learn", "王小明")),
        ("我叫李明，请记住我的声音吧", Meant("learn", "李明")),
        ("忘掉安娜的声音。", Meant("forget", "安娜")),
        ("把我的声音忘掉吧。", Meant("forget")),
        ("我是谁？", Meant("who")),
        ("你听得出我是谁吗？", Meant("who")),
    ],
)
def test_a_wish_about_voices_is_understood(text: str, wish: Meant) -> None:
    assert meant(said(text)) == wish


@pytest.mark.parametrize(
    "text",
    [
        "This is nice.",
        "This is great!",
        "This is Monday.",
        "This is London.",
        "This is the end.",
        "This is a test.",
        "This is what I mean.",
        "This is not funny.",
        "This is my brother.",
        "This is too loud.",
        "This is Spotify.",
        "This is anna",
        "This is Anna's book.",
        "This is Anna and she likes tea.",
        "I'm tired.",
        "I am Anna.",
        "My name is Anna.",
        "It's Anna.",
        "It is raining here.",
        "Nobody here.",
        "Remember that my voice is hoarse.",
        "I like your voice.",
        "Forget that.",
        "Forget what I said about Anna.",
        "Forget Anna.",
        "Who is Anna?",
        "Who am I going to meet tomorrow?",
        "Turn down the voice.",
        "Learn a new song.",
        "",
        "我是老师。",
        "我是中国人。",
        "我是学生",
        "我是谁的朋友",
        "这是什么？",
        "这是我的书。",
        "这是真的吗？",
        "我是高兴",
        "我是想问你天气。",
        "这是安全的",
        "这是马上要吃的",
        "这是白色",
        "记住我的生日。",
        "忘掉这件事。",
        "你的声音真好听。",
        "今天谁在家？",
    ],
)
def test_ordinary_talk_is_no_wish_about_voices(text: str) -> None:
    assert meant(said(text)) is None


@pytest.mark.parametrize("text", ["Yes.", "yes please", "Sure, go ahead.", "好的", "可以", "嗯，好"])
def test_agreeing_is_understood(text: str) -> None:
    assert is_said("yes", said(text))
    assert not is_said("no", said(text))


@pytest.mark.parametrize("text", ["No.", "no thanks", "rather not", "不用了", "不要", "算了"])
def test_refusing_is_understood(text: str) -> None:
    assert is_said("no", said(text))
    assert not is_said("yes", said(text))


@pytest.mark.parametrize("text", ["Cancel.", "never mind", "Stop it now", "取消", "不录了"])
def test_giving_up_is_understood(text: str) -> None:
    assert is_said("cancel", said(text))


@pytest.mark.parametrize(
    "text", ["On Sunday mornings we walk along the river together.", "明天晚上我想听一点安静的音乐。"]
)
def test_a_sentence_that_was_asked_for_is_neither(text: str) -> None:
    assert meant(said(text)) is None
    assert not is_said("cancel", said(text))

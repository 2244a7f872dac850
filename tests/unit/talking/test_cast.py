"""Who is asked for: only who is there, however the recogniser writes the name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.pinyin import sound
from digital_life.talking.cast import CastRequests, meant
from digital_life.values import Granted, Language, Transcript

NAMES = ("Jarvis", "Ada", "小雅")


@dataclass
class Wanted:
    name: str = ""


def requests(wanted: Wanted) -> CastRequests:
    return CastRequests(wanted, present="Jarvis", names=NAMES, sound=sound)


def heard(text: str, language: Language = "en") -> Transcript:
    return Transcript(text, language, 1.0)


@pytest.mark.parametrize(
    ("said", "language", "name"),
    [
        ("Switch to Ada.", "en", "Ada"),
        ("Please switch over to Ada now.", "en", "Ada"),
        ("I want to talk to Ada.", "en", "Ada"),
        ("I'd like to speak with Aida, please.", "en", "Ada"),
        ("Let me speak with Ada!", "en", "Ada"),
        ("Call Ada.", "en", "Ada"),
        ("Can you get me Ada?", "en", "Ada"),
        ("Bring Ada back.", "en", "Ada"),
        ("Can I talk to ADA?", "en", "Ada"),
        ("Switch to 小雅", "en", "小雅"),
        ("Switch to 小雅.", "zh", "小雅"),
        ("Switch to Xiao Ya.", "en", "小雅"),
        ("换成小雅。", "zh", "小雅"),
        ("请换成小亚吧", "zh", "小雅"),
        ("环程小牙。", "zh", "小雅"),
        ("我想跟小雅说话", "zh", "小雅"),
        ("我想和晓雅聊聊天", "zh", "小雅"),
        ("叫小雅来", "zh", "小雅"),
        ("让小雅来", "zh", "小雅"),
        ("让小雅过来一下", "zh", "小雅"),
        ("切换到Ada", "zh", "Ada"),
        ("让我跟小雅说几句话", "zh", "小雅"),
    ],
)
async def test_who_is_asked_for_is_wanted_from_then_on(said: str, language: Language, name: str) -> None:
    wanted = Wanted()
    it, wish = requests(wanted), heard(said, language)
    assert it.concern(wish)
    granted = await it.grant(wish)
    assert granted
    assert name in granted.text
    assert not granted.remembered
    assert wanted.name == name


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Switch to Celsius.", "en"),
        ("Call my mother.", "en"),
        ("Call me Adam.", "en"),
        ("I want to talk to you about Ada.", "en"),
        ("I talked to Ada yesterday.", "en"),
        ("Who is Ada?", "en"),
        ("Switch to Eva.", "en"),
        ("I want to talk to my sister.", "en"),
        ("换成摄氏度", "zh"),
        ("我想跟你说话", "zh"),
        ("我想跟妈妈说话", "zh"),
        ("叫我小雅", "zh"),
        ("小雅是谁？", "zh"),
        ("我昨天跟小雅说话了", "zh"),
        ("让我来", "zh"),
    ],
)
async def test_everything_else_is_ordinary_talk(said: str, language: Language) -> None:
    wanted = Wanted()
    it, wish = requests(wanted), heard(said, language)
    assert not it.concern(wish)
    assert await it.grant(wish) is None
    assert wanted.name == ""


async def test_who_is_there_already_says_so() -> None:
    assert await requests(Wanted()).grant(heard("Switch to Jarvis.")) == Granted("I am here already: Jarvis.", False)


@given(st.sampled_from(NAMES), st.sampled_from(["{}", " {}. ", "“{}”", "{}！"]))
def test_a_name_as_it_is_written_is_always_meant(name: str, around: str) -> None:
    assert meant(around.format(name), NAMES, sound) == name
    assert meant(around.format(name.upper()), NAMES, sound) == name


@given(st.text())
def test_nothing_but_a_name_is_ever_meant(said: str) -> None:
    assert meant(said, NAMES, sound) in {*NAMES, None}
    assert meant(said, (), sound) is None

"""Louder and softer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tools import volume
from digital_life.values import Language, Transcript
from fakes.outside import FakeVolume


async def turn(knob: FakeVolume, level: str, language: Language = "en") -> str:
    (tool,) = volume.tools(knob)
    outcome = await tool.run(Transcript("", language, 1.0), **tool.validated({"level": level}))
    return outcome.said


async def test_it_tells_what_the_volume_has_become() -> None:
    knob = FakeVolume(0.5)
    assert await turn(knob, "down") == "My volume is now at 30 percent."
    assert knob.level == pytest.approx(0.3)
    assert await turn(knob, "75%") == "My volume is now at 75 percent."


async def test_it_tells_how_loud_it_is() -> None:
    assert await turn(FakeVolume(0.5), "") == "My volume is at 50 percent."
    assert await turn(FakeVolume(0.5), "", "zh") == "现在的音量是百分之50。"


async def test_what_is_no_volume_is_refused() -> None:
    with pytest.raises(ToolError, match="no volume"):
        await turn(FakeVolume(), "purple")


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("30", "en", 30),
        ("30 %", "en", 30),
        ("thirty-five percent", "en", 35),
        ("seventeen", "en", 17),
        ("a hundred percent", "en", 100),
        ("one hundred percent", "en", 100),
        ("half", "en", 50),
        ("maximum volume", "en", 100),
        ("the phone", "en", None),
        ("百分之三十五", "zh", 35),
        ("十五", "zh", 15),
        ("百分之百", "zh", 100),
        ("一半", "zh", 50),
        ("最大", "zh", 100),
        ("八成", "zh", 80),
        ("那里", "zh", None),
    ],
)
def test_a_volume_is_understood(said: str, language: Language, expected: int | None) -> None:
    assert volume.percent(said, words.load(language)) == expected


@given(st.integers(0, 100))
def test_every_percent_in_digits_is_understood(percent: int) -> None:
    assert all(volume.percent(f"{percent}%", words.load(language)) == percent for language in words.LANGUAGES)


@pytest.mark.parametrize(
    ("text", "language", "level"),
    [
        ("Could you speak a bit louder please?", "en", "up"),
        ("I can't hear you.", "en", "up"),
        ("Turn the volume down.", "en", "down"),
        ("Quieter!", "en", "down"),
        ("Set your volume to forty percent", "en", "40"),
        ("volume 70", "en", "70"),
        ("声音大一点好吗", "zh", "up"),
        ("我听不清", "zh", "up"),
        ("小点声", "zh", "down"),
        ("把声音调小一点", "zh", "down"),
        ("音量调到百分之六十", "zh", "60"),
    ],
)
def test_what_is_wished_is_read(text: str, language: Language, level: str) -> None:
    assert volume.read(Transcript(text, language, 1.0)) == {"level": level}


@pytest.mark.parametrize(
    ("text", "language"), [("What's your volume?", "en"), ("how loud are you", "en"), ("现在音量是多少", "zh")]
)
def test_the_question_is_read(text: str, language: Language) -> None:
    assert volume.read(Transcript(text, language, 1.0)) == {}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("My neighbour is too loud.", "en"),
        ("Turn down the heating.", "en"),
        ("The volume of the box is ten litres", "en"),
        ("外面声音好大", "zh"),
        ("把暖气调小一点", "zh"),
    ],
)
def test_other_noise_is_none_of_its_own(text: str, language: Language) -> None:
    assert volume.read(Transcript(text, language, 1.0)) is None

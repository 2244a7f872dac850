"""What does not fade."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import forgetting, lasting, recall
from digital_life.memory.calibration import Scale
from digital_life.memory.policies import memorybank
from digital_life.memory.records import Hit

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LASTING = [
    "My sister is called Anna.",
    "My name's Tom, by the way.",
    "From now on call me Bob.",
    "I'm Emily.",
    "My dad's birthday is on the third of May.",
    "I was born in Turin.",
    "I am allergic to peanuts.",
    "I promised to visit my grandmother.",
    "How are you? My daughter has an allergy.",
    "我叫王小明。",
    "以后叫我阿明。",
    "我妹妹叫小红。",
    "我妈妈的生日是五月三号。",
    "我对花生过敏。",
    "我答应周末陪奶奶。",
]
FADING = [
    "I had noodles for lunch.",
    "What is my sister called?",
    "Am I allergic to anything?",
    "I'm tired.",
    "She called a taxi.",
    "今天中午吃了面条。",
    "我妹妹叫什么名字？",
    "我对什么过敏？",
    "明天早上七点叫我起床。",
    "我叫了外卖。",
    "",
]


def hit(text: str, *, days: float, strength: float = 1, kind: str = "turn") -> Hit:
    when = NOW - timedelta(days=days)
    made = Hit(1, "turn", 1, when, text, strength, when, 0.8, 0.5)
    return made if kind == "turn" else replace(made, kind="diary")


@pytest.mark.parametrize("told", LASTING)
def test_names_birthdays_allergies_and_promises_last(told: str) -> None:
    assert lasting.lasts(told)


@pytest.mark.parametrize("told", FADING)
def test_who_asks_for_one_or_tells_of_his_lunch_tells_nothing_that_lasts(told: str) -> None:
    assert not lasting.lasts(told)


def test_of_a_turn_what_the_user_said_counts_and_of_a_diary_all() -> None:
    said = "I had noodles.\nDid you know that my name is Jarvis? My name is Jarvis."
    assert not lasting.of_text("turn", said)
    assert lasting.of_text("diary", said)


@given(st.sampled_from(LASTING), st.floats(0, 40_000), st.floats(1, 50))
def test_what_lasts_is_as_fresh_after_any_time(told: str, days: float, strength: float) -> None:
    assert lasting.left(hit(told, days=days, strength=strength), NOW) == 1


@given(st.sampled_from(FADING), st.floats(0, 4_000), st.floats(1, 50))
def test_all_else_fades_as_the_curve_says(told: str, days: float, strength: float) -> None:
    made = hit(told, days=days, strength=strength)
    assert lasting.left(made, NOW) == forgetting.retention(strength, made.recalled, NOW)


@given(st.text(max_size=80), st.floats(0, 4_000))
def test_nothing_is_ever_fresher_than_fresh_and_lasting_is_never_less_than_fading(told: str, days: float) -> None:
    made = hit(told, days=days)
    assert forgetting.retention(made.strength, made.recalled, NOW) <= lasting.left(made, NOW) <= 1


def test_of_two_alike_the_older_one_that_lasts_comes_first() -> None:
    allergy, lunch = hit("I am allergic to nuts.", days=900), replace(hit("I had nuts.", days=30), id=2, ref=2)
    assert [each.hit.id for each in recall.judged([lunch, allergy], None, NOW)] == [1, 2]
    assert memorybank.ranked([lunch, allergy], NOW, Scale(0.75, 0.9))[0].hit.id == 1

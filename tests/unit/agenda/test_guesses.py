"""What is asked of the agenda, as far as the words show it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.agenda import guesses
from digital_life.agenda.when import find
from digital_life.values import Language, Transcript

NOW = datetime(2026, 11, 18, 10, 5, tzinfo=UTC)


def heard(text: str, language: Language) -> Transcript:
    return Transcript(text, language, 1.0)


@pytest.mark.parametrize(
    ("text", "language", "action", "what"),
    [
        ("in an hour tell me to ring the bank", "en", "set", "ring the bank"),
        ("don't let me miss my train at six", "en", "set", "my train"),
        ("五点告诉我倒垃圾", "zh", "set", "倒垃圾"),
        ("get rid of the alarm", "en", "cancel", "get rid of the alarm"),
        ("闹钟不要了", "zh", "cancel", "闹钟不要了"),
        ("what alarms are there", "en", "show", "what alarms are there"),
        ("有哪些提醒", "zh", "show", "有哪些提醒"),
    ],
)
def test_a_reminder_is_guessed_from_its_signs(text: str, language: Language, action: str, what: str) -> None:
    guessed = guesses.reminder(heard(text, language), NOW)
    assert (guessed["action"], guessed["what"]) == (action, what)
    if action == "set":
        assert find(guessed["when"], language, NOW)


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("ninety seconds on the clock", "en", {"action": "set", "lasts": "ninety seconds on the clock"}),
        ("the pasta is done, stop it", "en", {"action": "cancel", "name": ""}),
        ("how many minutes to go", "en", {"action": "show", "name": ""}),
        ("面条好了停掉吧", "zh", {"action": "cancel", "name": ""}),
        ("数九十秒", "zh", {"action": "set", "lasts": "数九十秒"}),
    ],
)
def test_a_timer_is_guessed_from_its_signs(text: str, language: Language, wanted: dict[str, str]) -> None:
    assert guesses.timer(heard(text, language)) == wanted


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("we're out of eggs add them to the shopping", "en", ("add", "eggs", "shopping")),
        ("cross off calling the bank from my to dos", "en", ("remove", "calling the bank", "to dos")),
        ("can you read me the shopping list", "en", ("show", "", "shopping")),
        ("鸡蛋没了加到购物单里", "zh", ("add", "鸡蛋", "购物")),
        ("给银行打电话那条可以划掉了", "zh", ("remove", "给银行打电话", "")),
        ("购物清单全部清掉", "zh", ("clear", "", "购物")),
    ],
)
def test_a_list_is_guessed_from_its_signs(text: str, language: Language, wanted: tuple[str, str, str]) -> None:
    guessed = guesses.lists(heard(text, language))
    assert (guessed["action"], guessed.get("what", ""), guessed["name"]) == wanted


@given(st.text(max_size=60), st.sampled_from(words.LANGUAGES))
def test_whatever_is_said_a_guess_has_an_action(text: str, language: Language) -> None:
    assert guesses.reminder(heard(text, language), NOW)["action"] in {"set", "show", "cancel", "snooze"}
    assert guesses.timer(heard(text, language))["action"] in {"set", "show", "cancel"}
    assert guesses.lists(heard(text, language))["action"] in {"add", "remove", "show", "clear"}

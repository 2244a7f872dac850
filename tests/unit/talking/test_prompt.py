"""The prompt begins with what changes least."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digital_life import words
from digital_life.config import Persona
from digital_life.talking import calls, prompt
from digital_life.values import Language, Recall, Role, Standing

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_persona_names_both_and_tells_how_to_speak(language: Language) -> None:
    persona = Persona(name="Ada", user="Grace", language=language)
    system = prompt.system(persona, Standing(), words.load(language))
    assert system.role is Role.SYSTEM
    assert "Ada" in system.text
    assert "Grace" in system.text
    assert words.load(language).text("persona.manner") in system.text


def test_an_own_character_replaces_the_given_one() -> None:
    system = prompt.system(Persona(character="a grumpy old sailor"), Standing(), words.load("en"))
    assert "a grumpy old sailor" in system.text
    assert words.load("en").text("persona.character") not in system.text


def test_the_note_tells_day_and_time_in_each_language() -> None:
    assert prompt.note(NOW, words.load("en")) == "(It is Saturday, 21 November 2026, 10:05.)"
    assert prompt.note(NOW, words.load("zh")) == "（现在是2026年11月21日星期六，10点05分。）"


def test_the_examples_call_only_where_there_is_something_to_call() -> None:
    text = words.load("en")
    with_calls, without = (prompt.examples(text, calls=each) for each in ("recall", ""))
    assert any("recall_by_date(" in message.text for message in with_calls)
    assert not any("recall_by" in message.text for message in without)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_example_is_understood_as_it_is_meant(language: Language) -> None:
    for question, answer in words.load(language).pairs("recall.call"):
        assert question.startswith(("(", "（"))
        assert (calls.request(answer) is not None) == answer.startswith("recall_by_")


def test_recalls_carry_their_dates_and_nothing_is_only_told_when_it_was_looked_for() -> None:
    text = words.load("en")
    found = (Recall("diary", 1, NOW, "The user baked.", 0.9),)
    assert "Saturday, 21 November 2026" in prompt.recalled(found, text)
    assert prompt.recalled((), text) == ""
    assert prompt.recalled((), text, asked=True).startswith(text.text("recall.nothing"))

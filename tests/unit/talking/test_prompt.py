"""The prompt begins with what changes least."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digital_life import words
from digital_life.config import Persona
from digital_life.talking import prompt
from digital_life.talking.dialogue import Dialogue, Exchange
from digital_life.values import Language, Role

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_persona_names_both_and_tells_how_to_speak(language: Language) -> None:
    persona = Persona(name="Ada", user="Grace", language=language)
    system = prompt.persona(persona, words.load(language))
    assert system.role is Role.SYSTEM
    assert "Ada" in system.text
    assert "Grace" in system.text
    assert words.load(language).text("persona.manner") in system.text


def test_an_own_character_replaces_the_given_one() -> None:
    system = prompt.persona(Persona(character="a grumpy old sailor"), words.load("en"))
    assert "a grumpy old sailor" in system.text
    assert words.load("en").text("persona.character") not in system.text


def test_the_note_tells_day_and_time_in_each_language() -> None:
    assert prompt.note(NOW, words.load("en")) == "(It is Saturday, 21 November 2026, 10:05.)"
    assert prompt.note(NOW, words.load("zh")) == "（现在是2026年11月21日星期六，10点05分。）"


def test_the_whole_prompt_goes_on_from_the_opening() -> None:
    system = prompt.persona(Persona(), words.load("en"))
    dialogue = Dialogue((Exchange(NOW, "Hello", "Hi."),))
    opening = prompt.opening(system, dialogue, "(note)")
    whole = prompt.whole(system, dialogue, "(note)\nHow are you?")
    assert whole[:-1] == opening[:-1]
    assert whole[-1].text.startswith(opening[-1].text)

"""The prompt begins with what changes least."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digital_life import words
from digital_life.config import Persona
from digital_life.talking import calls, prompt
from digital_life.values import Event, Language, Recall, Role, Standing

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
RECALLS = ("recall_by_date", "recall_by_need")
PAGED = (
    "core_memory_append",
    "core_memory_replace",
    "archival_memory_insert",
    "archival_memory_search",
    "conversation_search",
)


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
        assert (calls.request(answer, RECALLS) is not None) == answer.startswith("recall_by_")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_in_the_examples_of_paged_memory_each_function_is_called_and_at_last_it_speaks(language: Language) -> None:
    called = set()
    for lesson in words.load(language).talks("paged.call"):
        assert len(lesson) % 2 == 0
        assert all(each.startswith(("(", "（")) for each in lesson[::2])
        *asked, last = (calls.request(answer, PAGED) for answer in lesson[1::2])
        assert last is None
        called |= {each.name for each in asked if each}
    assert called == set(PAGED)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_rule_names_every_function(language: Language) -> None:
    system = prompt.system(Persona(), Standing(), words.load(language), calls="paged")
    assert all(f"{name}(" in system.text for name in PAGED)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_came_of_a_call_is_told_with_its_page(language: Language) -> None:
    text = words.load(language)
    found = (Recall("turn", 1, NOW, "The user baked.", 0.9), Recall("note", 2, NOW, "Three eggs.", 0.8))
    told = prompt.event(Event("page", found, page=2, pages=3), text, calls="paged")
    assert all(each in told for each in ("2", "3", "The user baked.", "Three eggs.", "2026"))
    outcomes = ("kept", "nothing", "no-such-page", "empty", "known", "asked", "not-there", "form", "full", "failed")
    assert len({prompt.event(Event(each), text, calls="paged") for each in outcomes}) == len(outcomes)


def test_recalls_carry_their_dates_and_nothing_is_only_told_when_it_was_looked_for() -> None:
    text = words.load("en")
    found = (Recall("diary", 1, NOW, "The user baked.", 0.9),)
    assert "Saturday, 21 November 2026" in prompt.recalled(found, text)
    assert prompt.recalled((), text) == ""
    assert prompt.recalled((), text, asked=True).startswith(text.text("recall.nothing"))


def turn(number: int, text: str, *, by: int | None = None) -> Recall:
    """Told on the day of its number."""
    return Recall("turn", number, NOW + timedelta(days=number), text, 0.9, NOW + timedelta(days=by) if by else None, by)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_what_took_the_place_of_something_is_told_with_it_as_one_and_last_what_is_asked_for(language: Language) -> None:
    text = words.load(language)
    old, new = turn(1, "I live in Boston.", by=2), turn(2, "We moved to Denver.")
    now, before = prompt.recalled((new, old), text), prompt.recalled((old, new), text)
    for told in (now, before):
        assert text.day(new.when) in told
        assert told.count("Boston") == told.count("Denver") == 1
    assert now.index("Boston") < now.index("Denver")
    assert before.index("Denver") < before.index("Boston")


def test_what_holds_no_more_says_until_when_where_what_took_its_place_is_not_there() -> None:
    told = prompt.recalled((turn(1, "I live in Boston.", by=2), turn(5, "I sing.")), words.load("en"))
    assert "Until Monday, 23 November 2026: I live in Boston." in told
    assert "you two talked: I sing." in told


def test_of_several_that_one_thing_took_the_place_of_each_is_told_once() -> None:
    found = (turn(3, "We moved to Denver."), turn(1, "I live in Boston.", by=3), turn(2, "I rent in Boston.", by=3))
    told = prompt.recalled(found, words.load("en"))
    assert [told.count(each.text) for each in found] == [1, 1, 1]

"""What the model writes for itself, held to its source."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digital_life import words
from digital_life.memory import concepts
from digital_life.memory.portraits import summarise
from digital_life.memory.records import Diary, PastTurn, Sentence
from digital_life.memory.scribe import Scribe
from digital_life.values import Language
from fakes.writer import FakeWriter, diligent

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TOLD = PastTurn(3, 1, NOON, "en", "My brother Tom lives in Berlin.", "Berlin is big.")


def writing(text: str | None) -> Scribe:
    return Scribe(FakeWriter(lambda _rule, _asked: text), "en")


async def test_a_note_carries_the_turn_it_came_from() -> None:
    noted = await writing("The user's brother Tom lives in Berlin.\nI said that Berlin is big.").notes(TOLD)
    assert noted == (
        Sentence("The user's brother Tom lives in Berlin.", (3,)),
        Sentence("I said that Berlin is big.", (3,)),
    )


@pytest.mark.parametrize(
    "written",
    [
        "The user's brother Tom lives in Paris.\nI was glad.",
        "My brother Tom lives in Berlin.\nI was glad.",
        "The user's brother Tim lives in Berlin.\nI was glad.",
        "用户的弟弟住在柏林。",
        "",
        None,
    ],
)
async def test_what_is_not_believed_becomes_the_users_own_words(written: str | None) -> None:
    (noted,) = await writing(written).notes(TOLD)
    assert noted.text == "The user said: “My brother Tom lives in Berlin.”"


async def test_what_the_user_said_is_not_taken_for_its_own() -> None:
    told = PastTurn(1, 1, NOON, "en", "I love painting and tea.", "That is nice.")
    noted = await writing("The user loves painting and tea.\nI love painting and tea.").notes(told)
    assert [each.text for each in noted] == ["The user loves painting and tea."]


async def test_what_tells_nothing_is_left_out() -> None:
    assert await writing("-").notes(TOLD) == ()


async def test_a_second_try_may_be_better() -> None:
    answers = iter(["The user's brother Tom lives in Rome.\nI saw.", "The user's brother Tom lives in Berlin.\nI saw."])
    scribe = Scribe(FakeWriter(lambda _rule, _asked: next(answers)), "en")
    assert (await scribe.notes(TOLD))[0].text == "The user's brother Tom lives in Berlin."


@pytest.mark.parametrize("language", words.LANGUAGES)
async def test_the_examples_keep_the_rules_they_teach(language: Language) -> None:
    text = words.load(language)
    for asked, noted in text.pairs("scribe.note"):
        heard = asked.partition("\n")[0]
        scribe = Scribe(FakeWriter(lambda _rule, _asked, noted=noted: noted), language)  # type: ignore[misc]
        made = await scribe.notes(PastTurn(1, 1, NOON, language, heard, asked.partition("\n")[2]))
        assert "\n".join(each.text for each in made) == noted.replace("-", "") or noted == "-"


async def test_what_passes_is_not_asked_for() -> None:
    writer = FakeWriter(diligent)
    assert await Scribe(writer, "en").lasting("user", Sentence("The user asked for a joke.", (1,))) is None
    assert writer.asked == []


async def test_a_concept_looks_at_one_party_alone_and_what_is_new_replaces_what_is_no_longer_true() -> None:
    def write(rule: str, asked: str) -> str:
        return "yes" if rule.startswith("You are told") else asked

    old = (Sentence("The user's brother Tom lives in Berlin.", (1,)), Sentence("The user has a cat.", (1,)))
    told = (Sentence("The user's brother Tom lives in Rome.", (9,)), Sentence("I recommended Rome.", (9,)))
    page = Diary(1, 1, NOON, NOON, "en", "Tom moved", "calm", told, extract=False)
    new = await concepts.rewrite("user", old, page, Scribe(FakeWriter(write), "en"))
    assert new == (Sentence("The user has a cat.", (1,)), Sentence("The user's brother Tom lives in Rome.", (9,)))


async def test_a_concept_that_grows_too_long_is_condensed_and_keeps_its_sources() -> None:
    many = [Sentence(f"The user has friend number {n}.", (n,)) for n in range(30)]
    short = await concepts.condensed(many, 20, writing(None), "user")
    assert len(short) == 20


async def test_a_title_that_cannot_be_believed_is_none() -> None:
    assert await writing("Napoleon in Egypt").title([Sentence("The user has a cat.", (1,))]) == ""


async def test_only_what_is_offered_can_be_picked() -> None:
    assert await writing("2,2,7").picked(["a", "b", "c"], "need") == [1]
    assert await writing("-").picked(["a", "b"], "need") == []


async def test_memory_banks_summaries_are_made_where_they_are_missing_or_old() -> None:
    day = [{"query": "My brother Tom lives in Berlin.", "response": "I see."}]
    table = {
        "Ada": {
            "name": "Ada",
            "history": {"2023-04-27": day, "2023-04-28": day * 2, "2023-04-29": day},
            "summary": {"2023-04-28": {"content": "Old.", "turns": 1}, "2023-04-29": {"content": "Theirs."}},
            "personality": {"2023-04-28": "Old.", "2023-04-29": "Theirs."},
        }
    }
    done: list[str] = []
    made = await summarise(table, FakeWriter(diligent), done=lambda _name, when: done.append(when))
    assert done == ["2023-04-27", "2023-04-28"]
    person = made["Ada"]
    assert "Tom" in person["summary"]["2023-04-27"]["content"]
    assert person["summary"]["2023-04-29"] == {"content": "Theirs."}
    assert "Theirs." in person["overall_history"]
    assert "Tom" in person["overall_personality"]
    again: list[str] = []
    await summarise(made, FakeWriter(diligent), done=lambda _name, when: again.append(when))
    assert again == []

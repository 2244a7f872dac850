"""Questions for all of several things."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import many
from digital_life.memory.recall import Judged
from digital_life.memory.records import Hit

WHEN = datetime(2026, 5, 3, 10, tzinfo=UTC)


def found(text: str, score: float, number: int = 1) -> Judged:
    hit = Hit(number, "turn", number, WHEN, text, 1.0, WHEN, cosine=0.8, matched=0.5)
    return Judged(hit, score, 0.0, score)


@pytest.mark.parametrize(
    "question",
    [
        "Which films did you recommend?",
        "What books have I told you about?",
        "List all the restaurants I mentioned.",
        "What are all the places you have suggested to me?",
        "你给我推荐过哪些电影？",
        "我跟你说过哪些书？",
        "把我提到过的餐厅都列出来",
    ],
)
def test_it_is_heard_that_all_that_was_told_is_wanted(question: str) -> None:
    assert many.is_of_memory(question)


@pytest.mark.parametrize(
    "question",
    [
        "Which film did you recommend?",
        "What is my sister's name?",
        "What was the address I told you?",
        "Which films do you recommend?",
        "List all my reminders.",
        "Which lamps are on?",
        "你能推荐一部电影吗？",
        "家里有哪些灯开着？",
        "你推荐哪些电影？",
        "我妹妹叫什么名字？",
    ],
)
def test_what_asks_for_one_thing_or_for_nothing_told_is_no_such_question(question: str) -> None:
    assert not many.is_of_memory(question)


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("Which films did you recommend?", True),
        ("What books have I told you about?", False),
        ("你给我推荐过哪些电影？", True),
        ("我跟你讲过哪些小说？", False),
    ],
)
def test_it_is_known_whose_words_are_meant(question: str, own: bool) -> None:  # noqa: FBT001 - a case
    assert many.is_of_its_own(question) is own


def test_the_mere_words_of_asking_are_not_looked_for() -> None:
    assert many.looked_for("List all the restaurants I mentioned") == "the restaurants I mentioned"
    assert many.looked_for("把我提到过的餐厅都列出来") == "我提到过的餐厅"


def test_the_list_ends_where_the_scores_fall() -> None:
    scores = [0.9, 0.8, 0.7, 0.25, 0.24, 0.22, 0.2]
    judged = [found(f"text {n}", score, n) for n, score in enumerate(scores)]
    assert many.chosen(judged, "which texts did I tell you about?") == judged[:3]


def test_where_names_are_told_what_names_nothing_new_is_left_out() -> None:
    judged = [
        found("I saw the film Titanic.\nNice!", 0.9, 1),
        found("I went to see Titanic again.\nNice!", 0.9, 2),
        found("I like films.\nSo do I.", 0.9, 3),
        found("Yesterday I saw Chocolat.\nNice!", 0.9, 4),
        *(found("It rains.\nYes.", 0.1, n) for n in range(5, 12)),
    ]
    assert [each.hit.id for each in many.chosen(judged, "Which films have I told you about?")] == [1, 4]


def test_a_thing_of_the_list_is_told_by_the_sentences_that_name_it() -> None:
    text = "Do you know a good film?\nOf course I do. Do you like old ones? You could see Casablanca."
    assert many.told(text, "Which films did you recommend?") == "You could see Casablanca."


@given(st.lists(st.floats(0, 1), max_size=30))
def test_no_list_is_longer_than_can_be_listened_to_and_the_best_is_in_it(scores: list[float]) -> None:
    judged = [found(f"text {n}", score, n) for n, score in enumerate(sorted(scores, reverse=True))]
    chosen = many.chosen(judged, "which texts did I tell you about?")
    assert len(chosen) <= many.MOST
    assert chosen[:1] == judged[:1]

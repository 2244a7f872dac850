"""What a user supposes, and what decides it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import premises
from digital_life.memory.recall import Judged
from digital_life.memory.records import Hit

WHEN = datetime(2026, 5, 1, 9, tzinfo=UTC)


def told(heard: str, said: str = "I see.", number: int = 1) -> Judged:
    hit = Hit(number, "turn", number, WHEN, f"{heard}\n{said}", 1.0, WHEN, cosine=0.9, matched=1.0)
    return Judged(hit, 0.9, 0.0, 0.9)


@pytest.mark.parametrize(
    "said",
    [
        "I don't like comedies, right?",
        "You said it was on Friday, didn't you?",
        "My brother lives in Rome, doesn't he?",
        "Isn't it true that we have a dog?",
        "我不喜欢喜剧，对吧？",
        "你说过是星期五，不是吗？",
        "我的车是红色的，对不对？",
    ],
)
def test_it_is_heard_that_something_is_supposed(said: str) -> None:
    assert premises.supposes(said)


@pytest.mark.parametrize(
    "said",
    [
        "What is my sister's name?",
        "Turn right at the next corner, please.",
        "Paris is the capital of France, right?",
        "You are right.",
        "Is it raining?",
        "我妹妹叫什么名字？",
        "巴黎是法国的首都，对吧？",
        "你说得对。",
    ],
)
def test_an_ordinary_question_or_one_about_the_world_supposes_nothing_of_the_user(said: str) -> None:
    assert not premises.supposes(said)


def test_what_is_supposed_stands_without_the_words_that_ask() -> None:
    assert premises.claim("I don't like comedies, right?") == "I don't like comedies"
    assert premises.claim("我不喜欢喜剧，对吧？") == "我不喜欢喜剧"


@pytest.mark.parametrize(
    ("claim", "sentence", "verdict"),
    [
        ("I don't like comedies", "I like comedies and romance films.", "not-so"),
        ("I like swimming", "I hate swimming, the water scares me.", "not-so"),
        ("I like comedies", "I love comedies.", "so"),
        ("My brother lives in Rome", "My brother lives in Lisbon.", "unsure"),
        ("I don't like working out", "Today I was working out.", "unsure"),
        ("我不喜欢喜剧", "我喜欢喜剧和爱情片。", "not-so"),
        ("我喝咖啡要加糖", "我喝咖啡从来不加糖。", "not-so"),
        ("我的车是蓝色的", "我的车是一辆蓝色的沃尔沃。", "so"),
        ("我的车是红色的", "我的车是一辆蓝色的沃尔沃。", "unsure"),
    ],
)
def test_only_what_speaks_of_all_that_is_supposed_decides_it(claim: str, sentence: str, verdict: str) -> None:
    proof = premises.evidence([told(sentence)], claim)
    assert proof
    assert premises.verdict(proof, claim) == verdict


def test_the_users_own_words_go_before_the_companions() -> None:
    found = [told("I like comedies.", "There are good comedy films in the cinema to watch.")]
    proof = premises.evidence(found, "I don't like watching comedy films")
    assert proof
    assert proof.by_user


def test_a_question_proves_nothing_and_neither_does_what_is_about_something_else() -> None:
    assert premises.evidence([told("Do you like comedies?", "It rains.")], "I don't like comedies") is None


def test_the_answer_gives_the_very_words_and_their_day() -> None:
    proof = premises.evidence([told("I like comedies.")], "I don't like comedies")
    assert proof
    said = premises.answer(proof, "I don't like comedies", "en")
    assert said == "No. On Friday, 1 May 2026 you told me: I like comedies."


@given(st.text(max_size=60))
def test_whatever_is_said_can_be_read(said: str) -> None:
    if premises.supposes(said):
        assert len(premises.claim(said)) <= len(said)

"""Whose words they are, and who may hear what came of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.belonging import EVERYBODY, TOGETHER, Household, heard_by, may_hear
from digital_life.values import GUEST, USER, Person, Speaker

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ANNA, TOM = Person("Anna"), Person("Tom")
VOICE = b"\0" * 8
people = st.sampled_from([USER, ANNA, TOM, GUEST])


def voice(name: str = "", score: float = 0.2) -> Speaker:
    return Speaker(name, score, VOICE, seconds=2.0)


TOO_SHORT = Speaker("", -1.0, b"", seconds=0.3)


@pytest.mark.parametrize(
    ("speaker", "person"),
    [
        (None, USER),
        (voice("Ada", 0.8), USER),
        (voice("ADA", 0.8), USER),
        (voice("Anna", 0.8), ANNA),
        (voice(), GUEST),
        (voice(score=-1.0), USER),
        (TOO_SHORT, GUEST),
    ],
    ids=["typed", "user", "user-otherwise-written", "anna", "unknown", "nobody-was-learnt", "too-short"],
)
def test_whose_words_they_are(speaker: Speaker | None, person: Person) -> None:
    assert Household.of(["Ada", ""], guests=True).person(speaker) == person


def test_without_guests_an_unknown_voice_is_the_users() -> None:
    assert Household.of(["Ada"], guests=False).person(voice()) == USER


def test_what_is_too_short_to_tell_is_of_who_spoke_before() -> None:
    assert Household.of(["Ada"], guests=True).person(TOO_SHORT, before=ANNA) == ANNA
    assert Household.of(["Ada"], guests=True).person(voice(), before=ANNA) == GUEST


def test_a_voice_that_could_not_be_looked_at_is_one_that_nobody_knows() -> None:
    assert Household.of(["Ada"], guests=True).person(Speaker("", -1.0), before=USER) == GUEST


@given(st.one_of(st.none(), st.builds(voice, st.text(max_size=3))))
def test_where_nobody_tells_voices_apart_all_that_is_said_is_somebodys_and_never_a_guests(
    speaker: Speaker | None,
) -> None:
    assert EVERYBODY.person(speaker) == Person(speaker.name if speaker else "")


@given(people, st.lists(people, max_size=4))
def test_one_hears_only_what_is_all_ones_own(person: Person, owners: list[Person]) -> None:
    if may_hear(person, owners):
        assert person != GUEST
        assert all(each == person for each in owners)
        assert owners or person == USER


said = st.lists(st.tuples(people, st.integers(0, 20)), max_size=8)


@given(people, said)
def test_what_others_said_is_known_only_as_long_as_the_talk_was_not_left(
    person: Person, talk: list[tuple[Person, int]]
) -> None:
    when = NOON
    told: list[tuple[Person, datetime]] = []
    for whose, minutes in talk:
        when += timedelta(minutes=minutes)
        told.append((whose, when))
    for at, there in enumerate(heard_by(person, told, when)):
        whose, _ = told[at]
        moments = [each for _, each in told[at:]]
        unbroken = all(b - a < TOGETHER for a, b in itertools.pairwise(moments))
        if person == GUEST:
            assert there == (unbroken and whose == GUEST)
        else:
            assert there == (unbroken or whose == person)

"""Whose voice it is."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digital_life.people.voices import MARGIN, VoicePrint, centre, likeness, recognise, spread, vector_of

ONE_DAY = datetime(2026, 11, 22, tzinfo=UTC)


def unit(*numbers: float) -> bytes:
    vector = np.array(numbers, np.float64)
    return (vector / np.linalg.norm(vector)).astype("<f4").tobytes()


VECTORS = (
    arrays(np.float64, 6, elements=st.floats(-1, 1))
    .filter(lambda vector: float(np.linalg.norm(vector)) > 0.1)
    .map(lambda vector: unit(*vector))
)


def voice(name: str, *vectors: bytes) -> VoicePrint:
    return VoicePrint(name, "model", ONE_DAY, vectors)


ANNA, BOB = voice("Anna", unit(1, 0, 0)), voice("Bob", unit(0, 1, 0))


def test_a_voice_is_that_of_whom_it_is_most_like() -> None:
    assert recognise(unit(1, 0.2, 0), (ANNA, BOB), threshold=0.5).name == "Anna"
    assert recognise(unit(0.2, 1, 0), (ANNA, BOB), threshold=0.5).name == "Bob"


def test_a_voice_that_is_like_none_is_nobodys_and_its_likeness_is_told() -> None:
    found = recognise(unit(0.3, 0, 1), (ANNA, BOB), threshold=0.5)
    assert found.name == ""
    assert 0 < found.score < 0.5


def test_a_voice_that_is_as_like_two_people_is_nobodys() -> None:
    assert recognise(unit(1, 1, 0), (ANNA, BOB), threshold=0.5).name == ""
    assert recognise(unit(1, 1 - MARGIN, 0), (ANNA, BOB), threshold=0.5).name == ""


def test_where_nobody_is_known_there_is_no_likeness() -> None:
    found = recognise(unit(1, 0, 0), (), threshold=0.0)
    assert (found.name, found.score) == ("", -1.0)


@given(VECTORS, st.floats(-1, 1))
def test_the_very_voice_that_was_learnt_is_always_known(vector: bytes, threshold: float) -> None:
    assert recognise(vector, [voice("Anna", vector)], threshold=min(threshold, 0.99)).name == "Anna"


@given(VECTORS, st.lists(VECTORS, min_size=1, max_size=4), st.floats(0, 1), st.floats(0, 1))
def test_who_is_known_at_a_higher_threshold_is_so_at_a_lower_one(
    vector: bytes, known: list[bytes], one: float, other: float
) -> None:
    prints = [voice(str(number), each) for number, each in enumerate(known)]
    strict = recognise(vector, prints, threshold=max(one, other))
    if strict.name:
        assert recognise(vector, prints, threshold=min(one, other)) == strict


@given(st.lists(VECTORS, min_size=1, max_size=5))
def test_the_centre_of_vectors_is_as_long_as_they_are_or_nothing(vectors: list[bytes]) -> None:
    length = float(np.linalg.norm(vector_of(centre(vectors))))
    assert length == pytest.approx(1, abs=1e-3) or np.allclose(
        np.sum([vector_of(each) for each in vectors], axis=0), 0, atol=1e-3
    )


@given(VECTORS, VECTORS)
def test_likeness_is_the_same_in_both_directions_and_never_over_one(one: bytes, other: bytes) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert -1.001 <= likeness(one, other) <= 1.001
    assert spread((one, other)) == likeness(one, other)


def test_one_sentence_alone_has_no_spread() -> None:
    assert spread((unit(1, 2, 3),)) == 1.0

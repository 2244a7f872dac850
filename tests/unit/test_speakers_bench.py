"""The bench of voices counts right."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches.material import Sound
from benches.speakers import Trials, trials
from fakes.voices import FakeSpeakerEmbedding, hum

SCORES = st.lists(st.floats(-1, 1), min_size=1, max_size=30).map(np.array)


def sound(hertz: float) -> Sound:
    return np.frombuffer(hum(hertz, 2.0), "<i2").astype(np.float32) / np.float32(32768)


def embed(heard: Sound) -> bytes:
    return FakeSpeakerEmbedding().embed((heard * 32767).astype("<i2").tobytes())


def test_scores_that_do_not_overlap_have_no_error() -> None:
    found = Trials(np.array([0.7, 0.8]), np.array([0.1, 0.2, 0.3]))
    error, threshold = found.equal_error
    assert error == 0
    assert 0.3 < threshold < 0.7
    assert found.missed(0.75) == 50.0
    assert found.taken(0.15) == pytest.approx(200 / 3)
    assert found.missed_where_taken(0.0) == 0.0


def test_where_every_second_is_mistaken_the_error_is_a_half() -> None:
    same = np.array([0.1, 0.2, 0.3, 0.4])
    assert Trials(same, same).equal_error[0] == pytest.approx(50)


@given(SCORES, SCORES)
def test_the_equal_error_is_a_share_and_near_both_errors(genuine: np.ndarray, others: np.ndarray) -> None:
    found = Trials(genuine, others)
    error, threshold = found.equal_error
    assert 0 <= error <= 100
    assert error == pytest.approx((found.missed(threshold) + found.taken(threshold)) / 2)


@given(SCORES, SCORES, st.floats(0, 100), st.floats(0, 100))
def test_the_more_may_be_taken_the_fewer_are_missed(
    genuine: np.ndarray, others: np.ndarray, one: float, other: float
) -> None:
    found = Trials(genuine, others)
    assert found.missed_where_taken(max(one, other)) <= found.missed_where_taken(min(one, other))


def test_nobody_is_tried_with_a_sentence_of_which_the_voice_was_learnt() -> None:
    people = [[sound(200)] * 4, [sound(900)] * 4]
    found = trials(embed, people, [sound(3000)], None, lambda each: [each])
    assert len(found.genuine) == 2 * 4
    assert len(found.others) == 2 * 4 * (4 + 1)
    assert found.genuine.min() > 0.99
    assert found.others.max() < 0.5

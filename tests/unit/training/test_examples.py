from __future__ import annotations

import numpy as np
import pytest

from digital_life.training import examples
from digital_life.training.examples import Surroundings
from digital_life.values import FRAME, RATE

PHRASE = np.ones(RATE // 2, np.float32)
AROUND = Surroundings([np.full(RATE, 0.1, np.float32)], [np.full(RATE, 0.2, np.float32)])


def test_the_moments_meant_lie_just_after_the_phrase() -> None:
    meant, _ = examples.moments(60, 40 * FRAME)
    after = [(place + 1) * FRAME - 40 * FRAME for place in meant]
    assert [samples / RATE for samples in after] == [0.16, 0.24, 0.32, 0.4]


def test_half_a_phrase_is_not_the_phrase_and_nothing_is_asked_of_the_moment_between() -> None:
    meant, others = examples.moments(60, 40 * FRAME)
    assert not set(meant) & set(others)
    assert 30 in others
    assert not {38, 39, 46} & {*meant, *others}


def test_other_sounds_are_not_meant_anywhere() -> None:
    meant, others = examples.moments(60, None)
    assert len(meant) == 0
    assert list(others) == list(range(examples.SETTLED, 60))


@pytest.mark.parametrize("seed", range(10))
def test_the_end_of_a_phrase_is_known_wherever_it_stands(seed: int) -> None:
    whole, end = examples.in_talk(PHRASE, AROUND, np.random.default_rng(seed))
    assert list(whole[end - len(PHRASE) : end]) == list(PHRASE)
    assert end >= examples.LEAD_S * RATE
    assert len(examples.moments(len(whole) // FRAME, end)[0]) >= 3


@pytest.mark.parametrize("seed", range(10))
def test_what_is_spoiled_still_fits_into_the_microphone(seed: int) -> None:
    spoiled = examples.spoiled(PHRASE, AROUND, np.random.default_rng(seed))
    assert len(spoiled) == len(PHRASE)
    assert 0 < np.abs(spoiled).max() <= 1.001


def test_a_longer_phrase_is_looked_at_for_longer() -> None:
    assert examples.looked_at([PHRASE]) == 9
    assert examples.looked_at([PHRASE, *[np.tile(PHRASE, 2)] * 2]) == 15
    assert examples.looked_at([np.tile(PHRASE, 9)]) == examples.MOST

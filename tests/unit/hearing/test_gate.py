"""What is let through to the networks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digital_life.hearing.gate import AFTER, BEFORE, Gate
from digital_life.values import FRAME, AudioFrame

NOISE = np.random.default_rng(1)


def frame(number: int, loudness: float) -> AudioFrame:
    return AudioFrame((NOISE.standard_normal(FRAME) * loudness).astype(np.int16).tobytes(), number * FRAME, 0.0)


def passed(*loudness: float) -> list[int]:
    """Numbers of the frames that are let through."""
    gate = Gate()
    return [each.position // FRAME for n, loud in enumerate(loudness) for each in gate.feed(frame(n, loud))]


def test_a_silent_room_lets_nothing_through() -> None:
    assert passed(*[0.0] * 50) == []


def test_a_room_whose_fan_runs_lets_nothing_through_either() -> None:
    assert passed(*[300.0] * 100) == []


def test_a_sound_is_let_through_from_just_before_it_until_a_while_after() -> None:
    loud = passed(*[10.0] * 20, *[1000.0] * 5, *[10.0] * 50)
    assert loud == list(range(20 - BEFORE, 20 + 5 + AFTER - 1))


def test_a_fan_that_is_switched_on_is_noise_after_a_while() -> None:
    loud = passed(*[10.0] * 20, *[300.0] * 1000)
    assert 900 not in loud


@given(st.lists(st.sampled_from([0.0, 10.0, 300.0, 3000.0]), max_size=60))
def test_nothing_is_let_through_twice_or_out_of_order(loudness: list[float]) -> None:
    numbers = passed(*loudness)
    assert numbers == sorted(set(numbers))

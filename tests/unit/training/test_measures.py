from __future__ import annotations

import numpy as np

from digital_life.training import measures
from digital_life.training.measures import RESTS_FRAMES, Scores
from digital_life.values import FRAME, RATE


def scores(*values: float) -> Scores:
    return np.array(values, np.float32)


def test_an_example_is_missed_when_no_frame_reaches_the_threshold() -> None:
    assert measures.missed([scores(0.1, 0.9), scores(0.1, 0.4)], 0.5) == 50


def test_one_waking_counts_once_until_it_has_rested() -> None:
    again = scores(*[0.9] * (RESTS_FRAMES + 1))
    assert measures.alarms([scores(0.9, 0.9, 0.1, 0.9)], 0.5) == 1
    assert measures.alarms([again], 0.5) == 2


def test_an_hour_is_an_hour_of_frames() -> None:
    assert measures.hours([np.zeros(3600 * RATE // FRAME, np.float32)]) == 1


def test_the_advised_threshold_lies_over_all_other_speech() -> None:
    others = [scores(0.2, 0.6), scores(0.1)]
    advised = measures.advised(others)
    assert 0.64 < advised < 0.7
    assert measures.alarms(others, advised) == 0


def test_the_advised_threshold_stays_within_reason() -> None:
    assert measures.advised([scores(0.01)]) == measures.LOWEST
    assert measures.advised([scores(0.999)]) == measures.HIGHEST

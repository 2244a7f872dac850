"""What is like what was learned has a like value."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digital_life.kernel import Regression, unit, vector

POINTS = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]], dtype=np.float32)
WANTED = np.array([[1.0], [1.0], [-1.0], [-1.0]])


def test_what_was_learned_is_known() -> None:
    regression = Regression.learned(POINTS, WANTED, width=2.0, ridge=0.01)
    assert [float(regression.values(point)[0]) > 0 for point in POINTS] == [True, True, False, False]


def test_far_from_everything_there_is_no_value() -> None:
    regression = Regression.learned(POINTS, WANTED, width=2.0, ridge=0.01)
    assert abs(float(regression.values(np.array([50.0, 50.0], dtype=np.float32))[0])) < 1e-6


@given(st.binary(min_size=1, max_size=32))
def test_a_vector_has_the_length_one_or_none(meaning: bytes) -> None:
    length = float(np.linalg.norm(vector(meaning)))
    assert abs(length - 1) < 1e-5 or length == 0


def test_nothing_stays_nothing() -> None:
    assert not unit(np.zeros(3, dtype=np.float32)).any()

"""The parts of one sum."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.reasons import Reasons


@given(st.lists(st.floats(-5, 5), min_size=10, max_size=10))
def test_no_part_is_left_out_of_the_sum(parts: list[float]) -> None:
    made = Reasons(*parts)
    assert made.total == pytest.approx(sum(astuple(made)))

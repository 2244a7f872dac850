"""The curve of forgetting."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import forgetting

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_after_as_many_days_as_its_strength_a_third_is_left() -> None:
    assert math.isclose(forgetting.retention(3.0, NOON, NOON + timedelta(days=3)), math.exp(-1))


@given(st.floats(1, 50), st.floats(0.1, 400))
def test_what_was_recalled_lasts_longer(strength: float, days: float) -> None:
    later = NOON + timedelta(days=days)
    once = forgetting.retention(strength, NOON, later)
    assert once <= forgetting.retention(forgetting.recalled(strength), NOON, later) <= 1


def test_a_clock_that_was_set_back_makes_nothing_fresher_than_fresh() -> None:
    assert forgetting.retention(1.0, NOON, NOON - timedelta(days=3)) == 1

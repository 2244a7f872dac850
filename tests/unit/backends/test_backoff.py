from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.backoff import pause_s


def test_it_waits_twice_as_long_each_time_up_to_a_bound() -> None:
    pauses = [pause_s(failures, first_s=1.0, longest_s=5.0, chance=1.0) for failures in range(5)]
    assert pauses == [1.0, 2.0, 4.0, 5.0, 5.0]


@given(st.integers(0, 10**9), st.floats(0, 1))
def test_it_waits_at_least_half_of_it_and_never_longer_than_the_bound(failures: int, chance: float) -> None:
    whole = pause_s(failures, first_s=1.0, longest_s=5.0, chance=1.0)
    assert whole / 2 <= pause_s(failures, first_s=1.0, longest_s=5.0, chance=chance) <= whole <= 5.0

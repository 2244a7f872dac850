"""When each of many lives writes its diary."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.spreading import FIRST_S, LONGEST_S, later, pause_s, share

CHANCES = st.floats(0, 1)


@given(st.text(), st.floats(0, 24))
def test_a_life_writes_within_the_hours_and_always_at_the_same_moment(identity: str, hours: float) -> None:
    found = later(identity, hours=hours)
    assert timedelta() <= found <= timedelta(hours=hours)
    assert found == later(identity, hours=hours)
    assert 0 <= share(identity) < 1


def test_without_a_window_every_life_writes_at_once() -> None:
    assert {later(str(n), hours=0) for n in range(100)} == {timedelta()}


def test_many_are_spread_evenly() -> None:
    quarters = Counter(int(share(f"life {n}") * 4) for n in range(4_000))
    assert all(900 <= quarters[quarter] <= 1_100 for quarter in range(4))


@given(st.integers(0, 10_000), CHANCES)
def test_a_pause_grows_and_stays_bounded(failures: int, chance: float) -> None:
    pause = pause_s(failures, asked_s=None, chance=chance)
    assert FIRST_S / 2 <= pause <= LONGEST_S
    assert pause <= pause_s(failures + 1, asked_s=None, chance=chance)


@given(st.integers(0, 10_000), st.floats(0, 1e6), CHANCES)
def test_a_server_is_never_asked_before_it_wants_to_be(failures: int, asked_s: float, chance: float) -> None:
    assert asked_s <= pause_s(failures, asked_s=asked_s, chance=chance) <= asked_s + LONGEST_S

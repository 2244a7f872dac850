"""A device may send what it can have heard, and what the network held back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.allowance import BURST_S, LEAST_S, TIMES, Allowance


def spent(allowance: Allowance, seconds: float, *, each_s: float, speed: float, now: float = 0.0) -> bool:
    """Whether so much sound may come so much faster than time."""
    return all(allowance.spend(each_s, now + step * each_s / speed) for step in range(round(seconds / each_s)))


@given(st.floats(0.02, 1.0))
def test_sound_in_time_may_come_for_ever(each_s: float) -> None:
    assert spent(Allowance(0.0), 600, each_s=each_s, speed=1.0)


def test_a_gap_is_made_up_for() -> None:
    allowance = Allowance(0.0)
    assert allowance.spend(BURST_S * 0.9, 20.0)
    assert spent(allowance, 60, each_s=0.08, speed=1.0, now=20.0)


def test_a_flood_is_noticed_soon() -> None:
    assert spent(Allowance(0.0), BURST_S, each_s=0.08, speed=2 * TIMES)
    assert not spent(Allowance(0.0), 4 * BURST_S, each_s=0.08, speed=2 * TIMES)


def test_silence_saves_nothing_up() -> None:
    allowance = Allowance(0.0)
    assert not allowance.spend(BURST_S * 1.1, 3600.0)


def test_events_without_sound_cost_too() -> None:
    allowance = Allowance(0.0)
    assert not all(allowance.spend(0.0, 0.0) for _ in range(round(BURST_S / LEAST_S) + 2))

"""How loud a room is, and when its own voice came back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.rooms.measured import FRAME_S, LATEST_S, echo, level
from digital_life.values import FRAME, LEVEL_LOWEST_DB, AudioFrame


def heard(*loudness: int) -> list[AudioFrame]:
    """A frame each 80 ms; the first was heard at FRAME_S."""
    return [
        AudioFrame(each.to_bytes(2, "little", signed=True) * FRAME, n * FRAME, (n + 1) * FRAME_S)
        for n, each in enumerate(loudness)
    ]


def test_full_scale_is_0_decibels_and_a_tenth_of_it_20_below() -> None:
    assert level(heard(32767)).mean_db == pytest.approx(0.0)
    assert level(heard(3277)).peak_db == pytest.approx(-20.0, abs=0.01)


def test_a_microphone_that_sends_nothing_but_noughts_is_silent() -> None:
    assert level(heard(0, 0)).silent
    assert not level(heard(0, 5)).silent


def test_its_own_voice_is_what_is_clearly_louder_than_the_room_after_it_began() -> None:
    quiet = heard(30, 30, 30)
    found = echo(heard(30, 3000, 30, 30, 30, 3000), 0.2, level(quiet))
    assert found
    assert found.after_s == pytest.approx(5 * FRAME_S - 0.2)
    assert found.louder_db == pytest.approx(40.0, abs=0.1)


def test_where_nothing_came_back_nothing_is_told() -> None:
    assert echo(heard(30, 40, 50), 0.0, level(heard(30))) is None
    assert echo([], 0.0, level(heard(30))) is None


def test_a_door_that_is_slammed_later_is_not_its_own_voice() -> None:
    frames = heard(*[30] * 30, 3000)
    assert echo(frames, 0.0, level(heard(30))) is None
    assert echo(frames, frames[-1].captured - LATEST_S, level(heard(30))) is not None


@given(st.lists(st.integers(-32768, 32767), min_size=1, max_size=20))
def test_levels_lie_between_silence_and_full_scale(loudness: list[int]) -> None:
    measured = level(heard(*loudness))
    assert LEVEL_LOWEST_DB <= measured.mean_db <= measured.peak_db + 1e-9 <= 0.001

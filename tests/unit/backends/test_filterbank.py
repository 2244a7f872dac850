"""The bands of a voice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.filterbank import BANDS, STEP, WINDOW, filterbank
from digital_life.values import RATE


def tone(hertz: float, loudness: float = 0.5) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return (loudness * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)).astype(np.float32)


@pytest.mark.parametrize(("hertz", "band"), [(200, 6), (1000, 27), (4000, 61)])
def test_a_tone_is_loudest_in_its_own_band(hertz: float, band: int) -> None:
    # Bands are 35.5 mel apart from 20 Hz on: the n-th has its middle at 32 + 35.5 * (n + 1) mel.
    mel = 1127 * np.log1p(hertz / 700)
    assert abs((mel - 31.7) / 34.66 - 1 - band) < 1
    assert abs(int(filterbank(tone(hertz)).mean(axis=0).argmax()) - band) <= 1


def test_ten_times_as_loud_is_the_same_amount_more_in_every_band() -> None:
    noise = np.random.default_rng(1).normal(0, 0.01, RATE).astype(np.float32)
    assert np.allclose(filterbank(10 * noise) - filterbank(noise), np.log(100), atol=1e-3)


def test_silence_has_no_energy_and_no_infinity() -> None:
    assert np.isfinite(filterbank(np.zeros(RATE, np.float32))).all()


@given(st.integers(0, 5 * WINDOW))
def test_there_is_a_row_for_every_step_where_a_whole_window_fits(samples: int) -> None:
    rows = 0 if samples < WINDOW else 1 + (samples - WINDOW) // STEP
    assert filterbank(np.zeros(samples, np.float32)).shape == (rows, BANDS)

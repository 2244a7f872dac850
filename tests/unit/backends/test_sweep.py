"""A room that is known is found again in what a microphone would have heard of the sweep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, fftconvolve, sosfilt

from digital_life.backends.sweep import FLOOR_DB, HIGHEST_HZ, LOUDNESS, LOWEST_HZ, clips, find_echo, loudness_db, sweep
from digital_life.values import RATE

SILENCE = np.zeros(RATE, np.int16)
PLAYED = np.concatenate((SILENCE, np.frombuffer(sweep().pcm, np.int16), SILENCE))


def heard(
    *, late_s: float, level_db: float, noise_db: float = -90.0, room: npt.NDArray[np.float64] | None = None
) -> bytes:
    """What a microphone hears while that is played."""
    echo = fftconvolve(PLAYED.astype(float), room)[: len(PLAYED)] if room is not None else PLAYED.astype(float)
    noise = np.random.default_rng(1).normal(0, 32768 * 10 ** (noise_db / 20), len(PLAYED))
    sound = np.roll(echo * 10 ** (level_db / 20), round(late_s * RATE)) + noise
    return np.clip(sound, -32768, 32767).astype(np.int16).tobytes()


@settings(max_examples=25, deadline=None)
@given(late_s=st.floats(-0.25, 0.9), level_db=st.floats(-30, 6), noise_db=st.floats(-90, -50))
def test_delay_and_level_are_found_in_noise(late_s: float, level_db: float, noise_db: float) -> None:
    echo = find_echo(heard(late_s=late_s, level_db=level_db, noise_db=noise_db), PLAYED.tobytes())
    assert echo
    assert echo.delay_s == pytest.approx(late_s, abs=0.001)
    assert echo.level_db == pytest.approx(level_db, abs=1.5)


@pytest.mark.parametrize("name", ["rir1", "rir3"])
def test_a_room_is_found_with_the_time_it_sounds(data_dir: Path, name: str) -> None:
    recorded, rate = soundfile.read(data_dir / "speech" / "rooms" / f"{name}.wav", always_2d=True)
    room = soxr.resample(recorded.mean(axis=1), rate, RATE)
    room = sosfilt(butter(4, (LOWEST_HZ, HIGHEST_HZ), "bandpass", fs=RATE, output="sos"), room)
    room = room[np.argmax(np.abs(room) >= 0.5 * np.abs(room).max()) :]
    room /= np.sqrt((room**2).sum())
    left = (room**2)[::-1].cumsum()[::-1]
    echo = find_echo(heard(late_s=0.1, level_db=-12, noise_db=-70, room=room), PLAYED.tobytes())
    assert echo
    assert echo.delay_s == pytest.approx(0.1, abs=0.003)
    assert echo.level_db == pytest.approx(-12, abs=1.5)
    assert echo.decay_s == pytest.approx(np.argmax(left <= 0.01) / RATE, abs=0.05)


def test_without_an_echo_none_is_found() -> None:
    assert find_echo(bytes(len(PLAYED) * 2), PLAYED.tobytes()) is None
    assert find_echo(heard(late_s=0, level_db=-200, noise_db=-30), PLAYED.tobytes()) is None


def test_a_sound_that_was_not_played_is_no_echo() -> None:
    tone = (8000 * np.sin(2 * np.pi * 440 * np.arange(len(PLAYED)) / RATE)).astype(np.int16)
    assert find_echo(tone.tobytes(), PLAYED.tobytes()) is None


def test_what_is_too_loud_clips_and_what_is_not_does_not() -> None:
    assert clips(heard(late_s=0.1, level_db=20))
    assert not clips(heard(late_s=0.1, level_db=0))


def test_loudness_is_under_full_scale() -> None:
    assert loudness_db(SILENCE.tobytes()) == FLOOR_DB
    assert loudness_db(np.full(100, 32767, np.int16).tobytes()) == pytest.approx(0, abs=0.01)
    assert loudness_db(PLAYED[RATE:-RATE].tobytes()) == pytest.approx(20 * np.log10(LOUDNESS) - 3, abs=0.3)

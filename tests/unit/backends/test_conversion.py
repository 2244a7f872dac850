"""Sound of any format, as the ears want it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.conversion import Converted
from digital_life.values import RATE

WIDTHS = st.integers(1, 4)
CHANNELS = st.integers(1, 8)
SAMPLES = st.lists(st.integers(-32_768, 32_767), max_size=50)
RATES = st.sampled_from([4_000, 8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])


def written(samples: list[int], width: int, channels: int) -> bytes:
    """16-bit samples in another width, the same in each channel."""
    if width == 1:
        each = [bytes([(sample >> 8) + 128]) for sample in samples]
    else:
        each = [(sample << (8 * (width - 2))).to_bytes(width, "little", signed=True) for sample in samples]
    return b"".join(one * channels for one in each)


def converted(pcm: bytes, *cuts: int, rate: int = RATE, width: int = 2, channels: int = 1) -> list[int]:
    """Fed in pieces that are cut there."""
    it, edges = Converted(rate=rate, width=width, channels=channels), [0, *sorted(cuts), len(pcm)]
    parts = [it.feed(pcm[start:end]) for start, end in itertools.pairwise(edges)]
    return [int(each) for each in np.frombuffer(b"".join(parts) + it.close(), dtype="<i2")]


@given(SAMPLES, CHANNELS, st.integers(2, 4))
def test_wider_samples_and_more_channels_are_the_same_sound(samples: list[int], channels: int, width: int) -> None:
    assert converted(written(samples, width, channels), width=width, channels=channels) == samples


@given(SAMPLES)
def test_a_byte_is_unsigned(samples: list[int]) -> None:
    assert converted(written(samples, 1, 1), width=1) == [sample >> 8 << 8 for sample in samples]


def test_channels_are_mixed() -> None:
    assert converted(np.array([1000, 3000, -200, 0], "<i2").tobytes(), channels=2) == [2000, -100]


@given(SAMPLES, WIDTHS, CHANNELS, RATES, st.lists(st.integers(0, 1600), max_size=5))
def test_how_it_is_cut_makes_no_difference(
    samples: list[int], width: int, channels: int, rate: int, cuts: list[int]
) -> None:
    pcm = written(samples, width, channels)
    within = [each for each in cuts if each <= len(pcm)]
    whole = converted(pcm, rate=rate, width=width, channels=channels)
    assert converted(pcm, *within, rate=rate, width=width, channels=channels) == pytest.approx(whole, abs=1)


@given(st.binary(max_size=500), WIDTHS, CHANNELS, RATES)
def test_any_bytes_are_some_sound(pcm: bytes, width: int, channels: int, rate: int) -> None:
    seconds = len(pcm) // (width * channels) / rate
    assert len(converted(pcm, rate=rate, width=width, channels=channels)) == pytest.approx(seconds * RATE, abs=2)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_tone_stays_that_tone(rate: int) -> None:
    moments = np.arange(rate) / rate
    tone = (10_000 * np.sin(2 * np.pi * 440 * moments)).astype("<i2")
    heard = np.array(converted(tone.tobytes(), 1000, 30_001, rate=rate))
    expected = 10_000 * np.sin(2 * np.pi * 440 * np.arange(len(heard)) / RATE)
    assert len(heard) == pytest.approx(RATE, abs=2)
    middle = slice(1_000, -1_000)
    assert np.abs(heard[middle] - expected[middle]).max() < 100

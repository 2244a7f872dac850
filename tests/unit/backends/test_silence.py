"""Silence around a sentence goes, the sentence stays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.silence import LEAD_S, TAIL_S, trimmed

RATE = 1_000


@given(st.integers(0, 3_000), st.integers(1, 500), st.integers(0, 3_000))
def test_little_silence_is_left_and_no_sound_is_lost(before: int, loud: int, after: int) -> None:
    sound = np.concatenate((np.zeros(before), np.full(loud, 10_000), np.zeros(after))).astype(np.int16)
    left = trimmed(sound, RATE)
    assert np.count_nonzero(left) == loud
    assert len(left) <= loud + (LEAD_S + TAIL_S) * RATE


def test_silence_alone_is_nothing() -> None:
    assert len(trimmed(np.zeros(100, np.int16), RATE)) == 0
    assert len(trimmed(np.zeros(0, np.int16), RATE)) == 0

"""Sound is sent a little ahead of the time at which it is heard, and what was heard is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.paced import FADE_S, PIECE_S, Paced
from digital_life.values import Speech

RATE = 16_000
AHEAD_S = 0.3
LOUD = Speech(np.full(RATE, 10_000, dtype="<i2").tobytes(), RATE)


def samples(pcm: bytes) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.frombuffer(pcm, dtype="<i2")


def taken(paced: Paced, now: float, level: float = 1.0) -> bytes:
    """All that it gives at that time."""
    pieces = []
    while piece := paced.take(now, level):
        pieces.append(piece)
    return b"".join(pieces)


@given(st.binary(max_size=20_000).map(lambda each: each[: len(each) // 2 * 2]), st.sampled_from([8_000, 22_050]))
def test_all_of_it_is_sent_as_it_is_and_never_too_far_ahead(pcm: bytes, rate: int) -> None:
    paced, now, sent = Paced(Speech(pcm, rate), ahead_s=AHEAD_S), 0.0, b""
    while not paced.over:
        sent += taken(paced, now)
        assert paced.left_s(now) <= AHEAD_S + PIECE_S
        now += max(paced.due_s(now), 0.001)
    assert sent == pcm
    assert paced.sent_s == pytest.approx(len(pcm) / 2 / rate)


def test_it_tells_when_it_is_time_for_more() -> None:
    paced = Paced(LOUD, ahead_s=AHEAD_S)
    first = taken(paced, 5.0)
    assert len(samples(first)) / RATE == pytest.approx(AHEAD_S, abs=PIECE_S)
    assert 0 < paced.due_s(5.0) <= PIECE_S
    assert paced.take(5.0 + paced.due_s(5.0) + 0.001, 1.0)


def test_who_comes_late_sends_at_once_and_what_was_missed_is_heard_later() -> None:
    paced = Paced(LOUD, ahead_s=AHEAD_S)
    before = len(taken(paced, 0.0))
    assert paced.left_s(0.6) == 0
    again = taken(paced, 0.6)
    assert len(again) == before
    assert paced.left_s(0.6) == pytest.approx(AHEAD_S, abs=PIECE_S)


def test_another_level_is_reached_without_a_step() -> None:
    paced = Paced(LOUD, ahead_s=AHEAD_S)
    paced.take(0.0, 1.0)
    lowered, after = samples(paced.take(0.0, 0.25)), samples(paced.take(0.0, 0.25))
    assert lowered[0] == 10_000
    assert lowered[-1] == 2_500
    assert set(after) == {2_500}


def test_at_level_zero_it_waits_where_it_is() -> None:
    paced = Paced(LOUD, ahead_s=AHEAD_S)
    paced.take(0.0, 1.0)
    assert samples(paced.take(0.0, 0.0))[-1] == 0
    waits_at = paced.sent_s
    assert paced.take(60.0, 0.0) == b""
    assert paced.sent_s == waits_at
    assert samples(paced.take(60.0, 1.0))[0] == 0
    assert paced.left_s(60.0) == pytest.approx(PIECE_S)


def test_it_ends_without_a_click_and_what_was_sent_counts_as_heard() -> None:
    paced = Paced(LOUD, ahead_s=AHEAD_S)
    taken(paced, 0.0)
    before = paced.sent_s
    last = samples(paced.end(0.1))
    assert last[0] == 10_000
    assert last[-1] == 0
    assert paced.sent_s == pytest.approx(before + FADE_S, abs=1 / RATE)


def test_where_nothing_is_heard_nothing_is_faded() -> None:
    assert Paced(LOUD, ahead_s=AHEAD_S).end(0.0) == b""
    paused = Paced(LOUD, ahead_s=AHEAD_S)
    paused.take(0.0, 1.0)
    paused.take(0.0, 0.0)
    assert paused.end(0.01) == b""

"""Sound that comes over a network becomes even frames."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.inflow import AHEAD_S, LATE_S, SIZE, WAITING_S, Inflow, Piece
from digital_life.values import FRAME, RATE

FRAME_S = FRAME / RATE
SILENT = Piece(bytes(SIZE))


def sound(samples: int, *, of: int = 1) -> bytes:
    return of.to_bytes(2, "little") * samples


def test_pieces_of_any_length_are_frames() -> None:
    inflow = Inflow(0.0)
    for step in range(8):
        inflow.add(sound(320, of=step), now=0.02 * step)
    frames = [inflow.take(0.16), inflow.take(0.16)]
    assert b"".join(each.pcm for each in frames if each) == b"".join(sound(320, of=step) for step in range(8))
    assert inflow.take(0.16) is None


def test_where_nothing_comes_there_is_silence_in_real_time() -> None:
    inflow = Inflow(0.0)
    taken = 0
    for millisecond in range(10_000):
        while piece := inflow.take(millisecond / 1000):
            assert piece == SILENT
            taken += 1
    assert taken == math.floor((9.999 - LATE_S) / FRAME_S)


def test_it_tells_when_silence_is_due() -> None:
    inflow = Inflow(5.0)
    due = inflow.due_s(5.0)
    assert inflow.take(5.0 + due - 0.001) is None
    assert inflow.take(5.0 + due + 0.001) == SILENT


def test_what_is_late_is_lost_in_the_end() -> None:
    inflow = Inflow(0.0)
    while inflow.take(3.0):
        pass
    inflow.add(sound(3 * RATE), now=3.0)  # all of it, at once
    assert inflow.waiting <= AHEAD_S * RATE + LATE_S * RATE + FRAME


def test_what_nobody_takes_is_lost_in_the_end() -> None:
    inflow = Inflow(0.0)
    for second in range(60):
        inflow.add(sound(RATE), now=float(second + 1))
    assert inflow.waiting <= WAITING_S * RATE
    taken = 0
    while inflow.take(60.0):
        taken += 1
    assert taken * FRAME_S <= WAITING_S + AHEAD_S  # what has passed is over


def test_the_last_frame_says_so_and_comes_at_once() -> None:
    inflow = Inflow(0.0)
    inflow.add(sound(FRAME + 320), now=0.1)
    inflow.finish()
    first, last = inflow.take(0.1), inflow.take(0.1)
    assert first == Piece(sound(FRAME))
    assert last == Piece(sound(320) + bytes(SIZE - 640), final=True)


@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 900)), max_size=60))
def test_however_it_comes_the_frames_keep_up_with_time(steps: list[tuple[int, int]]) -> None:
    inflow, now, taken = Inflow(0.0), 0.0, 0
    for samples, milliseconds in steps:
        now += milliseconds / 1000
        inflow.add(sound(samples), now=now)
        while piece := inflow.take(now):
            assert len(piece.pcm) == SIZE
            taken += 1
        assert taken * FRAME_S <= now + AHEAD_S + 2 * FRAME_S
        assert taken * FRAME_S >= now - LATE_S - 2 * FRAME_S

"""Sound that is sent as it is made: all of it, in order, a little ahead of time."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.outflow import BLOCK_S, Ahead, Outflow, Part, stereo

RATE = 16_000
AHEAD = Ahead(1.0, 0.25)
SIZE = int(BLOCK_S * RATE)


def samples(count: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.arange(1, count + 1, dtype=np.int16)


def sent(outflow: Outflow, blocks: int, level: float = 1.0) -> bytes:
    return b"".join(outflow.block(level, 0.0)[0] for _ in range(blocks))


@given(st.lists(st.integers(1, 3 * SIZE), min_size=1, max_size=6))
def test_everything_is_sent_once_and_in_order(lengths: list[int]) -> None:
    outflow = Outflow(RATE, AHEAD)
    parts = [outflow.add(samples(length)) for length in lengths]
    whole = np.frombuffer(sent(outflow, 3 * len(lengths) + 1), dtype=np.int16)
    assert whole[: sum(lengths)].tolist() == [each for length in lengths for each in samples(length)]
    assert not whole[sum(lengths) :].any()
    assert all(part.over for part in parts)
    assert not outflow.waiting


@given(st.integers(1, 5 * SIZE), st.integers(0, 6), st.floats(0, 1))
def test_no_more_was_heard_than_was_sent(length: int, blocks: int, now: float) -> None:
    outflow = Outflow(RATE, AHEAD)
    part = outflow.add(samples(length))
    sent(outflow, blocks)
    assert 0 <= outflow.heard_s(part, now) <= part.sent / RATE


def test_silence_goes_on_where_there_is_nothing() -> None:
    assert sent(Outflow(RATE, AHEAD), 1) == bytes(2 * SIZE)


def test_at_level_nothing_the_sound_waits_where_it_is() -> None:
    outflow = Outflow(RATE, AHEAD)
    part = outflow.add(samples(SIZE))
    assert sent(outflow, 2, level=0.0) == bytes(4 * SIZE)
    assert part.sent == 0
    assert sent(outflow, 1) == samples(SIZE).tobytes()


def test_it_is_sent_so_loud_as_it_is_told() -> None:
    outflow = Outflow(RATE, AHEAD)
    outflow.add(np.full(SIZE, 1000, dtype=np.int16))
    assert set(np.frombuffer(sent(outflow, 1, level=0.5), dtype=np.int16)) == {500}


def test_a_block_is_due_when_what_was_sent_before_is_nearly_heard() -> None:
    outflow = Outflow(RATE, AHEAD)
    assert outflow.due_s(7.0) == 0
    blocks = 0
    while outflow.due_s(7.0) <= 0:
        outflow.block(1.0, 7.0)
        blocks += 1
    assert blocks * BLOCK_S > AHEAD.most_s
    assert outflow.due_s(7.0) > AHEAD.most_s - AHEAD.silence_s - BLOCK_S
    outflow.add(samples(1))
    assert outflow.due_s(7.0) < BLOCK_S
    assert outflow.due_s(8.1) < 0


def test_what_is_dropped_is_not_sent() -> None:
    outflow = Outflow(RATE, AHEAD)
    outflow.add(samples(SIZE))
    outflow.drop()
    assert sent(outflow, 1) == bytes(2 * SIZE)


def test_a_part_is_told_with_each_block_that_it_is_heard_in() -> None:
    outflow = Outflow(RATE, AHEAD)
    first, second = outflow.add(samples(SIZE // 2)), outflow.add(samples(SIZE))
    told: list[list[Part]] = [outflow.block(1.0, 0.0)[1] for _ in range(3)]
    assert told == [[first, second], [second], []]


def test_both_sides_hear_the_same() -> None:
    assert stereo(b"\1\0\2\0") == b"\1\0\1\0\2\0\2\0"

"""What is advised after a month of wakings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from digital_life.values import WakeNote, Waking
from digital_life.wakings import LATELY, Wakings, better_threshold, count, lately

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def note(second: int, waking: Waking, score: float) -> WakeNote:
    return WakeNote(NOW + timedelta(seconds=second), "hey_ada", score, 0.6, -30.0, waking)


def called_twice(times: int, score: float) -> list[WakeNote]:
    return [
        each
        for n in range(times)
        for each in (note(100 * n, Waking.NEAR, score), note(100 * n + 4, Waking.ANSWERED, 0.9))
    ]


def test_who_has_to_call_twice_is_advised_a_lower_threshold() -> None:
    assert better_threshold(called_twice(3, 0.47), "hey_ada", 0.6) == 0.45


def test_once_is_chance() -> None:
    assert better_threshold(called_twice(2, 0.47), "hey_ada", 0.6) is None


def test_a_near_miss_after_which_nobody_called_again_is_no_miss() -> None:
    alone = [note(100 * n, Waking.NEAR, 0.5) for n in range(9)]
    assert better_threshold(alone, "hey_ada", 0.6) is None


def test_waking_in_vain_asks_for_a_higher_threshold_that_misses_none_that_was_answered() -> None:
    vain = [note(n, Waking.VAIN, 0.72) for n in range(4)]
    assert better_threshold(vain, "hey_ada", 0.6) == 0.75
    assert better_threshold([*vain, note(9, Waking.ANSWERED, 0.66)], "hey_ada", 0.6) == 0.65


def test_where_most_are_answered_nothing_is_advised() -> None:
    notes = [note(n, Waking.VAIN, 0.7) for n in range(3)] + [note(n, Waking.ANSWERED, 0.9) for n in range(20)]
    assert better_threshold(notes, "hey_ada", 0.6) is None


def test_another_word_is_another_matter_and_old_notes_are_left_out() -> None:
    assert better_threshold(called_twice(3, 0.47), "alexa", 0.6) is None
    assert lately(called_twice(3, 0.47), NOW + LATELY + timedelta(hours=1)) == []
    assert count(called_twice(2, 0.47)) == Wakings(answered=2, vain=0, near=2, doubted=0)

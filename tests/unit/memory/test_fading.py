"""How a memory fades, drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import fading, forgetting
from digital_life.memory.fading import Trace

MADE = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    moments = sorted(draw(st.lists(st.integers(1, 5_000).map(lambda each: MADE + each * timedelta(hours=1)))))
    missing = draw(st.integers(0, 3))
    known = tuple(each for each in moments if draw(st.booleans()))
    return Trace(MADE, 1.0 + len(moments) + missing, moments[-1] if moments else MADE, known, "")


@given(traces(), st.integers(0, 500))
def test_a_curve_goes_on_in_time_and_stays_between_nothing_and_all(trace: Trace, days: int) -> None:
    points = fading.curve(trace, trace.recalled + days * DAY)
    assert all(one.at <= other.at for one, other in pairwise(points))
    assert all(0 <= each.left <= 1 for each in points)


@given(traces(), st.integers(0, 500))
def test_its_end_is_what_is_really_left(trace: Trace, days: int) -> None:
    until = trace.recalled + days * DAY
    assert fading.curve(trace, until)[-1].left == forgetting.retention(trace.strength, trace.recalled, until)


@given(traces())
def test_there_are_never_more_recalls_than_its_strength_tells(trace: Trace) -> None:
    assert len(fading.recalls(trace)) <= trace.strength - forgetting.NEW


def test_a_recall_brings_all_of_it_back_and_makes_it_last() -> None:
    recalled = MADE + 2 * DAY
    points = fading.curve(Trace(MADE, 2.0, recalled, (recalled,), ""), recalled + 2 * DAY)
    before, after = [each.left for each in points if each.at == recalled]
    assert (round(before, 3), after) == (0.135, 1.0)
    assert round(points[-1].left, 3) == 0.368


def test_recalls_before_it_was_written_anew_count_no_more() -> None:
    assert fading.recalls(Trace(MADE, 1.0, MADE, (MADE + DAY,), "")) == ()


def test_a_recall_whose_turn_is_forgotten_is_still_the_last_one() -> None:
    assert fading.recalls(Trace(MADE, 2.0, MADE + DAY, (), "")) == (MADE + DAY,)


@given(traces(), st.integers(0, 500))
def test_what_lasts_is_all_there_at_any_time(trace: Trace, days: int) -> None:
    lasting = replace(trace, lasting=True)
    until = trace.recalled + days * DAY
    assert {each.left for each in fading.curve(lasting, until)} == {1.0}
    assert fading.left(lasting, until) == 1 >= fading.left(trace, until)

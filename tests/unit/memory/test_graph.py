"""How a life is remembered, as graphs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import graph
from digital_life.memory.fading import Trace
from digital_life.words import load

MADE = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = MADE + 30 * DAY


def trace(number: int, *recalled: int, text: str = "", lasting: bool = False) -> Trace:
    """Recalled so many days after it was made."""
    moments = tuple(MADE + each * DAY for each in recalled)
    last = moments[-1] if moments else MADE
    return Trace(MADE, 1.0 + len(moments), last, moments, text or f"memory {number}", lasting, "turn", number)


def test_strength_grows_by_one_with_each_recall() -> None:
    points = graph.strengths(trace(1, 3, 7), NOW)
    assert points == ((MADE, 1), (MADE + 3 * DAY, 2), (MADE + 7 * DAY, 3), (NOW, 3))


def test_the_strongest_and_the_weakest_are_drawn_and_none_twice() -> None:
    traces = [trace(1, 3, 7), trace(2, 29), *(trace(n) for n in range(3, 9)), trace(9, lasting=True)]
    strengths, fading, recalled = graph.panels(traces, NOW, load("en"), chinese=True)
    labels = [each.label for each in strengths.curves]
    assert labels[0] == "turn 1: memory 1"
    assert labels[1] == "turn 2: memory 2"
    assert len(set(labels)) == 2 * graph.SHOWN
    assert [each.label for each in fading.curves] == labels
    assert [each.label for each in recalled.rows] == labels[:2]
    assert recalled.rows[0].at == (MADE + 3 * DAY, MADE + 7 * DAY)


def test_what_does_not_fade_is_never_among_the_weakest_while_others_fade() -> None:
    traces = [trace(1, 3), trace(2, 4), trace(3, 5), *(trace(n, lasting=n < 8) for n in range(4, 12))]
    _, fading, _ = graph.panels(traces, NOW, load("en"), chinese=True)
    assert all(each.points[-1][1] < 0.01 for each in fading.curves[graph.SHOWN :])


def test_without_a_chinese_font_chinese_is_named_by_its_number_and_long_texts_are_cut() -> None:
    zh, en = trace(1, 3, text="我住在成都。\n好的。"), trace(2, 4, text="I live in Denver, " * 9)

    def labels(*, chinese: bool) -> list[str]:
        return [each.label for each in graph.panels([zh, en], NOW, load("en"), chinese=chinese)[0].curves]

    assert labels(chinese=False)[1] == "turn 1"
    assert labels(chinese=True)[1] == "turn 1: 我住在成都。"
    assert labels(chinese=True)[0].endswith("…")


@given(st.lists(st.lists(st.integers(1, 29), unique=True, max_size=6).map(sorted), max_size=12))
def test_every_curve_goes_on_in_time_up_to_now(recalled: list[list[int]]) -> None:
    traces = [replace(trace(n, *days), ref=n) for n, days in enumerate(recalled, 1)]
    for panel in graph.panels(traces, NOW, load("zh"), chinese=True):
        for curve in panel.curves:
            moments = [at for at, _ in curve.points]
            assert moments == sorted(moments)
            assert moments[-1] == NOW

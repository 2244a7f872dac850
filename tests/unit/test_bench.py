"""The bench counts right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benches.figures import Figure, error_rate, percentile, spread


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("The sky is blue.", "the sky is blue", 0.0),
        ("The sky is blue.", "the sky is", 0.25),
        ("The sky is blue.", "", 1.0),
        ("天空是蓝色的。", "天空是绿色的", 1 / 6),
        ("一 二", "一二", 0.0),
        ("one", "one two three", 2.0),
    ],
)
def test_errors_are_counted_in_words_and_in_chinese_characters(said: str, heard: str, rate: float) -> None:
    assert error_rate(said, heard) == pytest.approx(rate)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_a_percentile_is_a_measured_value_and_never_under_the_median(values: list[float]) -> None:
    figure = spread("time", values, "ms")
    assert percentile(values, 0.95) in values
    assert percentile(values, 1.0) == max(values)
    assert figure.p95 is not None
    assert figure.p95 >= percentile(values, 0.5)


def test_a_budget_is_kept_or_exceeded() -> None:
    assert Figure("time", 1300, "ms", budget=1300).within
    assert not Figure("time", 1301, "ms", budget=1300).within
    assert Figure("time", 9999, "ms").within

"""Days to come, as people name them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.tools.days import WEEK, days, name
from digital_life.values import Language

THURSDAY = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("Tonight", "en", [19]),
        ("tomorrow morning", "en", [20]),
        ("the day after tomorrow", "en", [21]),
        ("on Saturday", "en", [21]),
        ("Thursday", "en", [19]),
        ("Wednesday", "en", [25]),
        ("this weekend", "en", [21, 22]),
        ("今晚", "zh", [19]),
        ("明早", "zh", [20]),
        ("大后天", "zh", [22]),
        ("礼拜天", "zh", [22]),
        ("下周二", "zh", [24]),
        ("这个周末", "zh", [21, 22]),
        ("the next few days", "en", [19, 20, 21, 22]),
        ("这几天", "zh", [19, 20, 21, 22]),
        ("in five days", "en", [24]),
        ("in many days", "en", []),
        ("六天后", "zh", [25]),
        ("when pigs fly", "en", []),
        ("昨天", "zh", []),
    ],
)
def test_a_day_is_understood(said: str, language: Language, expected: list[int]) -> None:
    assert [each.day for each in days(said, language, THURSDAY)] == expected


def test_on_a_sunday_the_weekend_is_what_is_left_of_it() -> None:
    sunday = date(2026, 11, 22)
    assert days("this weekend", "en", sunday) == (sunday,)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, WEEK - 1), st.sampled_from(words.LANGUAGES))
def test_what_is_named_within_a_week_is_understood(today: date, ahead: int, language: Language) -> None:
    day = today + timedelta(days=ahead)
    assert days(name(day, language, today), language, today) == (day,)

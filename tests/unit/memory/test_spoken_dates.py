"""Dates as people say them by the way, and words that look like dates: seasons, months, names, songs, shops."""

from __future__ import annotations

from datetime import date

import pytest

from digital_life.memory.dates import find

TODAY = date(2026, 11, 21)
"""A Saturday."""


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in spring", "2026-03-01", "2026-05-31"),
        ("last winter", "2025-12-01", "2026-02-28"),
        ("What did we do in the summer?", "2026-06-01", "2026-08-31"),
        ("the other day", "2026-11-14", "2026-11-20"),
        ("early last month", "2026-10-01", "2026-10-10"),
        ("at the end of September", "2026-09-21", "2026-09-30"),
        ("two Fridays ago", "2026-11-13", "2026-11-13"),
        ("the summer before last", "2025-06-01", "2025-08-31"),
        ("去年夏天", "2025-06-01", "2025-08-31"),
        ("上个月初", "2026-10-01", "2026-10-10"),
        ("前阵子", "2026-11-14", "2026-11-20"),
        ("上上个月", "2026-09-01", "2026-09-30"),
        ("前年冬天", "2024-12-01", "2025-02-28"),
        ("今年年初", "2026-01-01", "2026-02-28"),
        ("我最近很忙", "2026-11-14", "2026-11-20"),
        ("月底", "2026-11-21", "2026-11-30"),
        ("周日的晚上", "2026-11-15", "2026-11-15"),
        ("上上周末", "2026-11-07", "2026-11-08"),
        ("What did we do in April?", "2026-04-01", "2026-04-30"),
        ("three Mondays ago", "2026-11-02", "2026-11-02"),
        ("the winter before last", "2024-12-01", "2025-02-28"),
        ("since August", "2026-08-01", "2026-08-31"),
        ("last autumn", "2026-09-01", "2026-11-30"),
        ("several weeks ago", "2026-10-31", "2026-10-31"),
        ("on Thursday I baked a cake", "2026-11-19", "2026-11-19"),
        ("at the start of October", "2026-10-01", "2026-10-10"),
        ("前些年我住在哪", "2021-01-01", "2025-12-31"),
        ("今年春天", "2026-03-01", "2026-05-31"),
        ("上个月底", "2026-10-21", "2026-10-31"),
        ("去年年底", "2025-11-01", "2025-12-31"),
        ("九月份我读了什么书", "2026-09-01", "2026-09-30"),
        ("前天我买了什么", "2026-11-19", "2026-11-19"),
        ("十月一日那天", "2026-10-01", "2026-10-01"),
    ],
)
def test_the_days_are_found(text: str, first: str, last: str) -> None:
    span = find(text, TODAY)
    assert span
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "May I ask",
        "March on, soldiers",
        "Friday's is a restaurant",
        "I may come",
        "April is my best friend",
        "June told me a joke",
        "my cat August is ill",
        "They march every year",
        "the first time we met",
        "in a second",
        "Fall in love",
        "Spring water is good",
        "Black Friday sales",
        "a sunday roast",
        "星期天乐队",
        "十一的说法",
        "五月天的歌",
        "三月兔",
        "春天花会开这首歌",
        "一号店在哪",
        "六一班的同学",
        "七七事变是哪年",
        "礼拜天酒吧",
        "June is my sister",
        "I met April at work",
        "every Monday I swim",
        "Good Friday is a holiday",
        "the march was long",
        "Sunday's was a café",
        "五一路怎么走",
        "周杰伦的歌",
        "国庆中学在哪",
    ],
)
def test_there_is_no_date_where_there_is_none(text: str) -> None:
    assert find(text, TODAY) is None


@pytest.mark.parametrize("text", ["a few weeks ago", "a couple of days ago", "好几个月前", "几个星期前", "前几年"])
def test_what_nobody_counted_is_a_soft_window(text: str) -> None:
    span = find(text, TODAY)
    assert span
    assert span.vague

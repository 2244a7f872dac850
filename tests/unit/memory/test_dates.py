"""Which days a person means."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory.dates import Span, find, without

TODAY = date(2026, 11, 21)
"""A Saturday."""


def test_the_cases_at_hand_are_all_understood(data_dir: Path) -> None:
    cases = json.loads((data_dir / "memory" / "date_cases.json").read_text(encoding="utf-8"))
    for case in cases:
        span = find(case["text"], datetime.fromisoformat(case["now"]).date())
        said = (span.first.isoformat(), span.last.isoformat()) if span else ("", "")
        assert said == (case["start"], case["end"]), case["text"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("What did I do on May 3rd?", "2026-05-03", "2026-05-03"),
        ("the 4th of May 2024", "2024-05-04", "2024-05-04"),
        ("on December 24", "2025-12-24", "2025-12-24"),
        ("what happened on the third of March", "2026-03-03", "2026-03-03"),
        ("on the twenty-first of September", "2026-09-21", "2026-09-21"),
        ("on April twelfth", "2026-04-12", "2026-04-12"),
        ("2026-01-31", "2026-01-31", "2026-01-31"),
        ("last night", "2026-11-20", "2026-11-20"),
        ("Tuesday", "2026-11-17", "2026-11-17"),
        ("on Saturday", "2026-11-14", "2026-11-14"),
        ("last weekend", "2026-11-14", "2026-11-15"),
        ("last week on Friday", "2026-11-13", "2026-11-13"),
        ("a couple of days ago", "2026-11-19", "2026-11-19"),
        ("a month ago", "2026-10-21", "2026-10-21"),
        ("in the past two weeks", "2026-11-07", "2026-11-21"),
        ("in the summer of 2024", "2024-06-01", "2024-08-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("at Easter", "2026-04-05", "2026-04-05"),
        ("in May", "2026-05-01", "2026-05-31"),
        ("late in October", "2026-10-21", "2026-10-31"),
        ("上周日", "2026-11-15", "2026-11-15"),
        ("周三我说了什么", "2026-11-18", "2026-11-18"),
        ("三周前", "2026-10-31", "2026-10-31"),
        ("上个月底", "2026-10-21", "2026-10-31"),
        ("去年五月", "2025-05-01", "2025-05-31"),
        ("十二月二十五号", "2025-12-25", "2025-12-25"),
        ("2025年3月8日", "2025-03-08", "2025-03-08"),
        ("大前年", "2023-01-01", "2023-12-31"),
        ("今年端午节", "2026-06-19", "2026-06-19"),
        ("前几天", "2026-11-14", "2026-11-20"),
        ("two nights ago", "2026-11-19", "2026-11-19"),
        ("the night before last", "2026-11-19", "2026-11-19"),
        ("half a year ago", "2026-05-21", "2026-05-21"),
        ("半年前", "2026-05-21", "2026-05-21"),
        ("this time last year", "2025-11-21", "2025-11-21"),
        ("去年的今天", "2025-11-21", "2025-11-21"),
        ("at the beginning of the year", "2026-01-01", "2026-02-28"),
        ("at the end of last year", "2025-11-01", "2025-12-31"),
        ("去年年底", "2025-11-01", "2025-12-31"),
        ("年初", "2026-01-01", "2026-02-28"),
        ("on the 5th", "2026-11-05", "2026-11-05"),
        ("on the 25th", "2026-10-25", "2026-10-25"),
        ("5号我说了什么", "2026-11-05", "2026-11-05"),
        ("昨儿", "2026-11-20", "2026-11-20"),
    ],
)
def test_days_are_counted_from_now(text: str, first: str, last: str) -> None:
    assert find(text, TODAY) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "May I ask you something?",
        "a long march",
        "星期天乐队的歌",
        "星期五餐厅好吃吗",
        "五月天的演唱会",
        "坐5号线去",
        "on the third floor",
        "一周一次",
        "I have two sons",
        "",
        "in three days",
        "9000 years ago",
        "三千年前",
    ],
)
def test_what_names_no_day_is_left_alone(text: str) -> None:
    assert find(text, TODAY) is None


def test_what_is_named_roughly_is_known_to_be_rough() -> None:
    for text, vague in (
        ("a few days ago", True),
        ("几天前", True),
        ("最近", True),
        ("three days ago", False),
        ("昨天", False),
    ):
        span = find(text, TODAY)
        assert span is not None
        assert span.vague is vague


def test_what_is_left_without_the_days() -> None:
    assert without("What did we talk about last Tuesday?", TODAY).split() == ["What", "did", "we", "talk", "about", "?"]
    assert without("Hello", TODAY) == "Hello"


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(1, 400))
def test_so_many_days_ago_is_that_day(today: date, days: int) -> None:
    day = today - timedelta(days=days)
    assert find(f"{days} days ago", today) == find(f"{days}天前", today) == Span(day, day)


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.dates(date(1990, 1, 1), date(2080, 1, 1)))
def test_a_date_in_full_does_not_depend_on_now(today: date, day: date) -> None:
    named = (day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day.year}年{day.month}月{day.day}日")
    assert {find(each, today) for each in named} == {Span(day, day)}


@given(st.text(max_size=40), st.dates(date(1950, 1, 1), date(2090, 1, 1)))
def test_nothing_a_person_says_breaks_it(text: str, today: date) -> None:
    span = find(text, today)
    assert span is None or span.first <= span.last


@given(
    st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    st.sampled_from(["last Christmas", "春节", "中秋节", "on 29 February", "清明"]),
)
def test_feasts_lie_in_the_past(today: date, feast: str) -> None:
    span = find(feast, today)
    assert span is None or span.first <= today

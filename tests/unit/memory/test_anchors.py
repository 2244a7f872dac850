"""Days that are named by something else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import anchors
from digital_life.memory.anchors import Anchored
from digital_life.memory.dates import Span

TODAY = date(2026, 11, 21)
SUNDAY = Span(date(2026, 5, 3), date(2026, 5, 3))


@pytest.mark.parametrize(
    ("text", "anchor", "first", "last"),
    [
        ("What did I do the day after my birthday?", "my birthday", "2026-05-04", "2026-05-04"),
        ("Where was I two weeks before we moved?", "we moved", "2026-04-16", "2026-04-22"),
        ("Who came the weekend after the exam?", "the exam", "2026-05-09", "2026-05-10"),
        ("What did I buy three days before the wedding?", "the wedding", "2026-04-30", "2026-04-30"),
        ("What did I eat on my birthday?", "my birthday", "2026-05-03", "2026-05-03"),
        ("Who helped us the day we moved?", "we moved", "2026-05-03", "2026-05-03"),
        ("What did I do the week after the exam?", "the exam", "2026-05-04", "2026-05-10"),
        ("我生日的第二天做了什么？", "我生日", "2026-05-04", "2026-05-04"),
        ("搬家前两周我们去了哪里？", "搬家", "2026-04-16", "2026-04-22"),
        ("考试后的那个周末我干了什么？", "考试", "2026-05-09", "2026-05-10"),
        ("搬家那天谁来帮忙了？", "搬家", "2026-05-03", "2026-05-03"),
        ("结婚前一天我吃了什么？", "结婚", "2026-05-02", "2026-05-02"),
    ],
)
def test_the_days_are_counted_from_what_they_hang_on(text: str, anchor: str, first: str, last: str) -> None:
    found = anchors.find(text)
    assert found
    assert found.anchor == anchor
    assert anchors.days(found, SUNDAY) == Span(date.fromisoformat(first), date.fromisoformat(last))
    assert anchors.is_asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "the week before last",
        "the day before yesterday",
        "What did I do yesterday?",
        "I have two sons",
        "What did I buy on my way home?",
        "两周前我做了什么？",
        "前天晚上我跟你说的那件事",
        "我以前一天喝几杯咖啡？",
        "上周三我去了哪里？",
        "去年今天",
    ],
)
def test_a_day_that_is_named_by_itself_hangs_on_nothing(text: str) -> None:
    assert anchors.find(text) is None


@pytest.mark.parametrize("text", ["Remind me the day after my birthday", "提醒我在生日的第二天打电话"])
def test_what_is_to_be_done_then_is_no_question_of_what_was(text: str) -> None:
    assert not anchors.is_asked(text)


@pytest.mark.parametrize(
    ("anchor", "question"),
    [
        ("my birthday", "When is your birthday?"),
        ("the exam", "When was the exam?"),
        ("we moved", "When was it that you moved?"),
        ("我生日", "你的生日是哪天？"),
        ("搬家", "搬家是哪天？"),
    ],
)
def test_the_day_is_asked_for_in_one_sentence(anchor: str, question: str) -> None:
    assert anchors.asks_for(Anchored(anchor, "day", 1, exact=False)) == question


def test_what_was_told_last_holds_seen_from_the_day_it_was_told_on() -> None:
    told = [("I have an exam next Friday.", date(2026, 5, 3)), ("The exam is on 20 June now.", date(2026, 5, 6))]
    assert anchors.told("the exam", told[:1], TODAY) == Span(date(2026, 5, 8), date(2026, 5, 8))
    assert anchors.told("the exam", told, TODAY) == Span(date(2026, 6, 20), date(2026, 6, 20))


def test_a_birthday_is_the_last_one_that_was() -> None:
    told = [("My birthday is on 3 December.", date(2026, 2, 1))]
    assert anchors.told("my birthday", told, TODAY) == Span(date(2025, 12, 3), date(2025, 12, 3))


def test_what_names_no_day_or_only_one_that_hangs_on_it_tells_nothing() -> None:
    told = [("My birthday was lovely.", TODAY), ("What did I do the day after my birthday last year?", TODAY)]
    assert anchors.told("my birthday", told, TODAY) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_the_latest_of_a_yearly_day_is_never_to_come_and_never_over_a_year_old(day: date, today: date) -> None:
    assert 0 <= (today - anchors.latest(day, today)).days <= 366


@given(
    st.sampled_from(["day", "week", "weekend", "month", "year"]),
    st.integers(-4, 4),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
)
def test_what_is_after_is_after_and_what_is_before_is_before(
    unit: anchors.Unit,
    count: int,
    exact: bool,  # noqa: FBT001 - drawn
    day: date,
) -> None:
    span = anchors.days(Anchored("it", unit, count, exact=exact), Span(day, day))
    assert span.first <= span.last
    if count > 0:
        assert span.last > day
    if count < 0:
        assert span.first < day

"""How a moment is said; what is said is understood again."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.agenda.repeats import localized
from digital_life.agenda.telling import describe, length
from digital_life.agenda.when import When, find
from digital_life.talking.spoken import chunks
from digital_life.values import Language

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 21, 10, tzinfo=BERLIN)
LANGUAGES = st.sampled_from(["en", "zh"])
WALLS = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1)).map(lambda wall: wall.replace(second=0, microsecond=0))  # noqa: DTZ001
NOWS = WALLS.map(lambda wall: localized(wall, BERLIN))
DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True)


@pytest.mark.parametrize(
    ("said", "english", "chinese"),
    [
        ("tomorrow at 7", "tomorrow at 7 am", "明天早上7点"),
        ("tomorrow at half past two", "tomorrow at 2:30 pm", "明天下午2点半"),
        ("tonight at 8:05", "today at 8:05 pm", "今天晚上8点05分"),
        ("on Thursday at noon", "on Thursday at noon", "周四中午12点"),
        ("on the 3rd of March at 9", "on March 3 at 9 am", "3月3号上午9点"),
        ("on the 3rd of March 2029 at 9", "on March 3, 2029 at 9 am", "2029年3月3号上午9点"),
        ("in ten minutes", "in 10 minutes", "10分钟后"),
        ("in an hour and a half", "in 1 hour and 30 minutes", "1小时30分钟后"),
        ("every weekday at seven", "every weekday at 7 am", "每个工作日早上7点"),
        ("every weekend at ten", "every weekend at 10 am", "每个周末上午10点"),
        ("every Monday and Thursday at 6 pm", "every Monday and Thursday at 6 pm", "每周一和周四晚上6点"),
        ("every other day at 8", "every 2 days at 8 am", "每2天早上8点"),
        ("every first of the month", "on the 1st of every month at 9 am", "每月1号上午9点"),
        ("on the last day of every month", "on the last day of every month at 9 am", "每月最后一天上午9点"),
        ("every last Friday of the month", "on the last Friday of every month at 9 am", "每月最后一个周五上午9点"),
        ("every year on May 5th", "every year on May 5 at 9 am", "每年5月5号上午9点"),
        ("every half hour", "every 30 minutes", "每30分钟"),
        ("twice a day", "every day at 9 am and 9 pm", "每天上午9点和晚上9点"),
        ("every day at 8 am and 8 pm", "every day at 8 am and 8 pm", "每天早上8点和晚上8点"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(said: str, english: str, chinese: str) -> None:
    found = find(said, "en", NOW)
    assert found
    assert describe(found.when, "en", NOW) == english
    assert describe(found.when, "zh", NOW) == chinese


def test_what_is_past_is_said_with_its_date() -> None:
    missed = When(NOW - timedelta(days=1), lasts=timedelta(minutes=5))
    assert describe(missed, "en", NOW) == "on November 20 at 10 am"
    assert describe(missed, "zh", NOW) == "11月20号上午10点"


def test_a_length_is_said_in_two_units() -> None:
    assert length(timedelta(days=1, hours=2, minutes=3), "en") == "1 day and 2 hours"
    assert length(timedelta(seconds=61), "zh") == "1分钟1秒"
    assert length(timedelta(milliseconds=1), "en") == "1 second"


def test_it_sounds_as_a_person_says_it() -> None:
    moment = When(NOW.replace(hour=14, minute=5))
    assert [each.spoken for each in chunks(describe(moment, "zh", NOW), main="zh")] == ["今天下午两点零五分"]
    assert [each.spoken for each in chunks(describe(moment, "en", NOW), main="en")] == ["today at two oh five p.m."]


@given(st.integers(1, 500_000), NOWS, LANGUAGES)
def test_a_moment_that_is_said_is_understood(minutes: int, now: datetime, language: Language) -> None:
    wall = now.replace(tzinfo=None) + timedelta(minutes=minutes)
    at = localized(wall, BERLIN)
    said = describe(When(at), language, now)
    found = find(said, language, now)
    assert found, said
    assert (found.when.at, found.when.repeat, found.rest) == (at, "", ""), said


@given(st.integers(1, 59), st.sampled_from([1, 60, 3600]), st.integers(0, 59), NOWS, LANGUAGES)
def test_a_length_that_is_said_is_understood(
    count: int, unit: int, more: int, now: datetime, language: Language
) -> None:
    lasts = timedelta(seconds=count * unit + more * unit // 60)
    at = (now.astimezone(ZoneInfo("UTC")) + lasts).astimezone(BERLIN)
    said = describe(When(at, lasts=lasts), language, now)
    found = find(said, language, now)
    assert found, said
    assert found.when.lasts, said
    assert abs(found.when.lasts - lasts) < timedelta(seconds=unit), said


def rules() -> st.SearchStrategy[str]:
    steps = st.sampled_from(["", ";INTERVAL=2", ";INTERVAL=3"])
    every = st.integers(1, 28).map(str)
    return st.one_of(
        st.builds("FREQ=DAILY{}".format, steps),
        st.builds("FREQ=HOURLY{}".format, steps),
        st.builds("FREQ=MINUTELY;INTERVAL={}".format, st.integers(2, 59)),
        st.builds("FREQ=WEEKLY{};BYDAY={}".format, steps, DAYS.map(in_order)),
        st.builds("FREQ=MONTHLY{};BYMONTHDAY={}".format, steps, st.one_of(every, st.just("-1"))),
        st.builds("FREQ=MONTHLY{};BYDAY={}{}".format, steps, st.sampled_from([1, 2, 3, 4, -1]), DAYS.map(min)),
        st.builds("FREQ=YEARLY{};BYMONTH={};BYMONTHDAY={}".format, steps, st.integers(1, 12), every),
        st.sampled_from(
            [
                "FREQ=DAILY;BYHOUR=9,21",
                "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
                "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-2,-1;BYHOUR=8,20",
            ]
        ),
    )


def in_order(days: list[str]) -> str:
    return ",".join(each for each in ("MO", "TU", "WE", "TH", "FR", "SA", "SU") if each in days)


@given(rules(), NOWS, LANGUAGES)
def test_a_rule_that_is_said_is_understood(rule: str, at: datetime, language: Language) -> None:
    said = describe(When(at, rule), language, NOW)
    found = find(said, language, NOW)
    assert found, said
    assert (found.when.repeat, found.rest) == (rule, ""), said
    told = "HOURLY" not in rule and "MINUTELY" not in rule and "BYHOUR" not in rule
    assert not told or (found.when.at.hour, found.when.at.minute) == (at.hour, at.minute), said

"""Which of the moments that words may mean is meant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.agenda.repeats import later
from digital_life.agenda.when import duration, find
from digital_life.values import Language

ZONES = [
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "UTC")
]
BERLIN = ZONES[0]
LANGUAGES = st.sampled_from(["en", "zh"])


def nows() -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1), timezones=st.sampled_from(ZONES))  # noqa: DTZ001


def at(text: str, now: str, language: Language = "en") -> str:
    found = find(text, language, datetime.fromisoformat(now).replace(tzinfo=BERLIN))
    assert found, text
    return f"{found.when.at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        ("at seven", "2026-11-20 05:00", "2026-11-20 07:00"),
        ("at seven", "2026-11-20 08:00", "2026-11-20 19:00"),
        ("at seven", "2026-11-20 20:00", "2026-11-21 07:00"),
        ("at three", "2026-11-20 20:00", "2026-11-21 15:00"),
        ("at one", "2026-11-20 23:30", "2026-11-21 01:00"),
        ("at two", "2026-11-20 01:00", "2026-11-20 02:00"),
        ("at twelve", "2026-11-20 22:00", "2026-11-21 00:00"),
        ("at twelve", "2026-11-20 13:00", "2026-11-21 12:00"),
        ("wake me at seven", "2026-11-20 08:00", "2026-11-21 07:00"),
        ("wake me at two", "2026-11-20 13:00", "2026-11-20 14:00"),
        ("七点叫我起床", "2026-11-20 08:00", "2026-11-21 07:00"),
        ("七点提醒我", "2026-11-20 08:00", "2026-11-20 19:00"),
        ("on Friday at 9", "2026-11-20 08:00", "2026-11-20 09:00"),
        ("on Friday", "2026-11-20 08:00", "2026-11-20 09:00"),
        ("next Friday", "2026-11-16 08:00", "2026-11-27 09:00"),
        ("下周五", "2026-11-16 08:00", "2026-11-27 09:00"),
        ("this Monday", "2026-11-20 08:00", "2026-11-23 09:00"),
        ("in the morning", "2026-11-20 07:00", "2026-11-20 08:00"),
        ("in the morning", "2026-11-20 09:30", "2026-11-21 08:00"),
        ("this morning", "2026-11-20 09:30", "2026-11-20 10:00"),
        ("tonight", "2026-11-20 21:30", "2026-11-20 22:00"),
        ("晚上", "2026-11-20 20:30", "2026-11-20 21:00"),
        ("today", "2026-11-20 12:30", "2026-11-20 13:00"),
        ("on the 31st", "2026-11-20 12:30", "2026-12-31 09:00"),
        ("on the 5th", "2026-12-20 12:30", "2027-01-05 09:00"),
        ("in a month", "2027-01-31 12:30", "2027-02-28 12:30"),
        ("every 31st", "2027-02-01 12:30", "2027-02-28 09:00"),
        ("every day at seven", "2026-11-20 06:00", "2026-11-20 07:00"),
        ("every year on February 29th", "2026-11-20 06:00", "2028-02-29 09:00"),
        ("once a day at 8 pm", "2026-11-20 06:00", "2026-11-20 20:00"),
        ("twice a day", "2026-11-20 12:00", "2026-11-20 21:00"),
    ],
)
def test_the_next_moment_that_makes_sense_is_meant(text: str, now: str, meant: str) -> None:
    assert at(text, now, "en" if text.isascii() else "zh") == meant


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("today at 8 am", "en"),
        ("this morning", "en"),
        ("tonight at 8", "en"),
        ("2026-01-01", "en"),
        ("on February 30th", "en"),
        ("every year on February 30th", "en"),
        ("every 0 minutes", "en"),
        ("in 0 minutes", "en"),
        ("every 0 days", "en"),
        ("in 9999 years", "en"),
        ("at 25:00", "en"),
        ("今天早上八点", "zh"),
    ],
)
def test_what_is_over_or_never_comes_is_no_time(text: str, language: Language) -> None:
    assert find(text, language, datetime(2026, 11, 21, 22, tzinfo=BERLIN)) is None


@pytest.mark.parametrize(
    ("text", "dated", "timed"),
    [
        ("at seven", False, True),
        ("tomorrow", True, False),
        ("tomorrow morning", True, True),
        ("in ten minutes", False, False),
        ("in three days", True, False),
        ("every Monday", True, False),
        ("every day at eight", True, True),
    ],
)
def test_what_was_named_is_known(text: str, *, dated: bool, timed: bool) -> None:
    found = find(text, "en", datetime(2026, 11, 21, 10, tzinfo=BERLIN))
    assert found
    assert (found.when.dated, found.when.timed) == (dated, timed)


@pytest.mark.parametrize(
    ("text", "language", "seconds"),
    [
        ("set a timer for an hour and a half", "en", 5400),
        ("10 minutes and 30 seconds please", "en", 630),
        ("two days", "en", 2 * 86400),
        ("a month", "en", None),
        ("at seven", "en", None),
        ("9999 years", "en", None),
        ("10分钟倒计时", "zh", 600),
        ("一个半小时", "zh", 5400),
        ("三刻钟", "zh", 2700),
        ("明天", "zh", None),
    ],
)
def test_a_length_is_no_moment(text: str, language: Language, seconds: int | None) -> None:
    assert duration(text, language) == (None if seconds is None else timedelta(seconds=seconds))


def test_in_three_days_is_at_the_same_time_of_day_though_the_clocks_change() -> None:
    assert at("in three days", "2026-10-23 18:00") == "2026-10-26 18:00"
    assert at("in 72 hours", "2026-10-23 18:00") == "2026-10-26 17:00"


def test_a_moment_that_the_clocks_leap_over_is_the_one_after_the_leap() -> None:
    assert at("tomorrow at 2:30 am", "2027-03-27 12:00") == "2027-03-28 03:00"


def test_a_time_that_comes_twice_is_the_first() -> None:
    found = find("tomorrow at 2:30 am", "en", datetime(2026, 10, 24, 12, tzinfo=BERLIN))
    assert found
    assert found.when.at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_hours_that_are_named_are_those_of_the_rule() -> None:
    now = datetime(2026, 11, 21, 10, tzinfo=BERLIN)
    rules = {
        text: found.when.repeat
        for text in ("once a day at 8 pm", "twice a day", "twice a day at 7 am and 7 pm", "every 31st at 8 am and 8 pm")
        if (found := find(text, "en", now))
    }
    assert list(rules.values()) == [
        "FREQ=DAILY",
        "FREQ=DAILY;BYHOUR=9,21",
        "FREQ=DAILY;BYHOUR=7,19",
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-2,-1;BYHOUR=8,20",
    ]


def test_a_page_of_text_is_no_request() -> None:
    assert find("remind me at seven " * 100, "en", datetime(2026, 11, 21, 10, tzinfo=BERLIN)) is None


@given(st.text(max_size=60), LANGUAGES, nows())
def test_nothing_that_is_said_breaks_it(text: str, language: Language, now: datetime) -> None:
    found = find(text, language, now)
    assert found is None or later(found.when.at, now)
    duration(text, language)


ENGLISH = re.findall(
    r"\S+",
    """
    at in on every the day week weeks monday fridays may 3rd first of month tomorrow tonight next seven
    7 30 half past quarter to noon midnight am p.m. ten minutes hour and a morning night last until year
    december 31 0 other twice
    """,
)
CHINESE = re.findall(
    r"\S+",
    """
    每 个 隔 周 星期 一 三 日 天 月 号 年 点 半 刻 分 钟 小时 十 二 两 零 明 后 今 早上 晚 下午
    中午 凌晨 下 后 前 差 过 工作日 周末 次 3 30 最后 第 叫我 到
    """,
)


@given(st.lists(st.sampled_from(ENGLISH), max_size=9), nows())
def test_no_heap_of_english_words_means_the_past(heap: list[str], now: datetime) -> None:
    found = find(" ".join(heap), "en", now)
    assert found is None or later(found.when.at, now)


@given(st.lists(st.sampled_from(CHINESE), max_size=12), nows())
def test_no_heap_of_chinese_words_means_the_past(heap: list[str], now: datetime) -> None:
    found = find("".join(heap), "zh", now)
    assert found is None or later(found.when.at, now)


@given(st.integers(1, 59), st.sampled_from(["remind me {} to eat", "{} remind me to eat", "remind me to eat {}"]))
def test_the_rest_does_not_hold_the_time(minutes: int, sentence: str) -> None:
    now = datetime(2026, 11, 21, 10, tzinfo=BERLIN)
    for said in (f"in {minutes} minutes", f"at 5:{minutes:02} pm", f"tomorrow at 8:{minutes:02}"):
        found = find(sentence.format(said), "en", now)
        assert found
        assert found.rest == "remind me to eat"
        assert find(found.rest, "en", now) is None

"""When something comes next, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.agenda.repeats import later, localized
from digital_life.agenda.when import When, following

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=DAILY;BYHOUR=9,21",
)


def test_a_single_moment_is_over_once_it_came() -> None:
    when = When(datetime(2026, 11, 21, 10, tzinfo=BERLIN))
    before = when.at - timedelta(seconds=1)
    assert following(when, before) == when.at
    assert following(when, when.at) is None


def test_a_single_moment_stays_the_same_instant_in_another_zone() -> None:
    when = When(datetime(2026, 11, 21, 10, tzinfo=BERLIN))
    there = following(when, datetime(2026, 11, 21, 1, tzinfo=NEW_YORK))
    assert there == when.at
    assert there
    assert (there.hour, there.tzinfo) == (4, NEW_YORK)


def test_what_repeats_is_at_the_same_time_of_day_wherever_one_is() -> None:
    when = When(datetime(2026, 11, 21, 7, tzinfo=BERLIN), "FREQ=DAILY")
    there = following(when, datetime(2026, 11, 25, 12, tzinfo=NEW_YORK))
    assert there == datetime(2026, 11, 26, 7, tzinfo=NEW_YORK)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK])
def test_seven_stays_seven_when_the_clocks_change(zone: ZoneInfo) -> None:
    when = When(datetime(2026, 1, 1, 7, tzinfo=zone), "FREQ=DAILY")
    at: datetime | None = when.at
    for _ in range(365):
        assert at
        at = following(when, at)
    assert at == datetime(2027, 1, 1, 7, tzinfo=zone)


@pytest.mark.parametrize(
    ("zone", "leap"),
    [(BERLIN, datetime(2027, 3, 28, 3, tzinfo=BERLIN)), (NEW_YORK, datetime(2027, 3, 14, 3, tzinfo=NEW_YORK))],
)
def test_a_time_that_is_leapt_over_rings_after_the_leap(zone: ZoneInfo, leap: datetime) -> None:
    when = When(datetime(2027, 3, 1, 2, 30, tzinfo=zone), "FREQ=DAILY")
    assert following(when, leap - timedelta(hours=12)) == leap
    assert following(when, leap) == datetime(2027, 3, leap.day + 1, 2, 30, tzinfo=zone)


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        (BERLIN, datetime(2026, 10, 24, 12, tzinfo=BERLIN), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 10, 31, 12, tzinfo=NEW_YORK), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ],
)
def test_a_time_that_comes_twice_rings_once(zone: ZoneInfo, day: datetime, first: datetime) -> None:
    at = first.astimezone(zone)
    when = When(at - timedelta(days=7), "FREQ=DAILY")
    rung = following(when, day)
    assert rung
    assert rung.astimezone(UTC) == first
    for either in (rung, rung.replace(fold=1)):
        assert following(when, either) == rung + timedelta(days=1)


def test_hours_pass_evenly_though_the_clocks_change() -> None:
    when = When(datetime(2026, 10, 24, 22, tzinfo=BERLIN), "FREQ=HOURLY;INTERVAL=2")
    at: datetime | None = when.at
    for _ in range(6):
        assert at
        after = following(when, at)
        assert after
        assert after.astimezone(UTC) - at.astimezone(UTC) == timedelta(hours=2)
        at = after


def test_a_rule_that_ends_is_over() -> None:
    when = When(datetime(2026, 11, 21, 7, tzinfo=BERLIN), "FREQ=DAILY;COUNT=2")
    assert following(when, when.at) == when.at + timedelta(days=1)
    assert following(when, when.at + timedelta(days=1)) is None


def test_the_last_day_of_a_short_month_has_all_its_hours() -> None:
    when = When(
        datetime(2027, 1, 31, 8, tzinfo=BERLIN), "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-2,-1;BYHOUR=8,20"
    )
    evening = following(when, when.at)
    assert evening == datetime(2027, 1, 31, 20, tzinfo=BERLIN)
    assert evening
    assert following(when, evening) == datetime(2027, 2, 28, 8, tzinfo=BERLIN)


def test_every_second_week_keeps_its_step_however_late_one_asks() -> None:
    when = When(datetime(2026, 11, 24, 9, tzinfo=BERLIN), "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    asked = datetime(2026, 12, 30, 9, tzinfo=BERLIN)
    assert following(when, asked) == datetime(2027, 1, 5, 9, tzinfo=BERLIN)


def zoned(start: int, end: int) -> st.SearchStrategy[datetime]:
    """Between the two years."""
    first, last = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (start, end))
    zones = st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Asia/Shanghai"), ZoneInfo("Australia/Lord_Howe")])
    return st.builds(datetime.fromtimestamp, st.integers(first, last), zones)


@given(zoned(2025, 2026), st.sampled_from(RULES), zoned(2026, 2028))
def test_it_is_always_later_and_in_the_zone_where_one_is(first: datetime, rule: str, after: datetime) -> None:
    at = following(When(first, rule), after)
    assert at
    assert later(at, after)
    assert at.tzinfo is after.tzinfo


@given(zoned(2025, 2028), st.sampled_from(RULES), st.lists(st.integers(1, 10**6), min_size=2, max_size=2))
def test_nothing_is_left_out_between(first: datetime, rule: str, steps: list[int]) -> None:
    """What follows the earlier of two moments is not later than what follows the later one."""
    when = When(first, rule)
    early = first + timedelta(seconds=steps[0])
    late = early.astimezone(UTC) + timedelta(seconds=steps[1])
    one, other = following(when, early), following(when, late.astimezone(first.tzinfo))
    assert one
    assert other
    assert not later(one, other)


@given(zoned(2025, 2028))
def test_a_wall_time_that_exists_is_itself(moment: datetime) -> None:
    wall = moment.replace(tzinfo=None, fold=0)
    assert moment.tzinfo
    assert localized(wall, moment.tzinfo).replace(tzinfo=None) == wall

"""What is due, how often it is said again, and when it was missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.agenda.entries import in_order, next_of, rings_at
from digital_life.agenda.ringing import LATE, is_due, rung, snoozed
from digital_life.config import Agenda as Settings
from digital_life.values import Entry, EntryKind, EntryState

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PILLS = Entry(EntryKind.REMINDER, NOON, "en", "take the pills", number=1)
WEEKDAYS = Entry(EntryKind.ALARM, NOON, "en", repeat="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", number=2)
EGG = Entry(EntryKind.TIMER, NOON, "en", "egg", lasts=timedelta(minutes=4), number=3)
SETTINGS = Settings(again_after_s=60, again_most=3)
SECOND = timedelta(seconds=1)


def local(moment: datetime) -> datetime:
    """As the machine's clock in Berlin shows it: with an offset, not with a zone."""
    there = moment.astimezone(BERLIN)
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()))


def test_it_is_due_at_its_time_and_not_before() -> None:
    assert not is_due(PILLS, NOON - SECOND)
    assert is_due(PILLS, NOON)


def test_it_rings_again_after_a_minute_then_after_twice_as_long_and_then_it_is_missed() -> None:
    entry, now, heard = PILLS, NOON, []
    while entry.state is not EntryState.MISSED:
        (entry,) = rung(entry, now, SETTINGS)
        heard.append(now)
        now = entry.again or now
    assert heard == [NOON + timedelta(minutes=each) for each in (0, 1, 3, 7)]
    assert entry == replace(PILLS, state=EntryState.MISSED, rung=3)
    assert not is_due(entry, now + timedelta(days=1))


def test_what_could_not_ring_for_long_is_missed_and_not_rung() -> None:
    (shortly,) = rung(PILLS, NOON + LATE, SETTINGS)
    (long_after,) = rung(PILLS, NOON + LATE + SECOND, SETTINGS)
    assert (shortly.state, long_after.state) == (EntryState.RINGING, EntryState.MISSED)


def test_of_what_repeats_one_time_is_missed_and_the_next_will_come() -> None:
    monday = datetime(2026, 11, 23, 12, tzinfo=UTC)
    following, missed = rung(replace(WEEKDAYS, at=monday), monday + timedelta(days=1), SETTINGS)
    assert (missed.number, missed.repeat, missed.state, missed.at) == (0, "", EntryState.MISSED, monday)
    assert (following.number, following.state, following.at) == (2, EntryState.WAITING, monday + timedelta(days=2))


def test_after_friday_comes_monday() -> None:
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    following = next_of(replace(WEEKDAYS, at=friday, state=EntryState.RINGING, rung=2), friday + timedelta(minutes=2))
    assert following
    assert (following.at.strftime("%A %H:%M"), following.state, following.rung) == (
        "Monday 12:00",
        EntryState.WAITING,
        0,
    )


def test_what_comes_once_is_over_when_it_was_heard() -> None:
    assert next_of(PILLS, NOON) is None


def test_what_is_snoozed_rings_once_more_and_the_series_stays_as_it_is() -> None:
    later = snoozed(replace(WEEKDAYS, state=EntryState.RINGING, rung=2), NOON + timedelta(minutes=10))
    assert (later.number, later.repeat, later.rung) == (0, "", 0)
    assert not is_due(later, NOON + timedelta(minutes=9))
    assert is_due(later, NOON + timedelta(minutes=10))


def test_seven_o_clock_is_seven_o_clock_after_the_clocks_change() -> None:
    asked = local(datetime(2026, 10, 24, 10, tzinfo=BERLIN))
    alarm = replace(PILLS, at=asked.replace(day=25, hour=7, minute=0))  # with the offset of the day before
    assert not is_due(alarm, local(datetime(2026, 10, 25, 6, 59, tzinfo=BERLIN)))
    assert is_due(alarm, local(datetime(2026, 10, 25, 7, 0, tzinfo=BERLIN)))


def test_an_hour_that_the_clocks_leave_out_rings_when_they_have() -> None:
    alarm = replace(PILLS, at=local(datetime(2026, 3, 28, 12, tzinfo=BERLIN)).replace(day=29, hour=2, minute=30))
    before = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)
    assert not is_due(alarm, local(before))
    assert is_due(alarm, local(before + SECOND))


def test_an_hour_that_comes_twice_rings_once() -> None:
    daily = replace(PILLS, at=datetime(2026, 10, 25, 2, 30), repeat="FREQ=DAILY")  # noqa: DTZ001 - any zone
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert is_due(daily, local(first))
    following = next_of(daily, local(first + timedelta(minutes=1)))
    assert following
    assert not is_due(following, local(first + timedelta(hours=1)))
    assert is_due(following, local(first + timedelta(hours=25)))


def test_who_travels_is_woken_by_the_clock_of_the_place() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert is_due(PILLS, datetime(2026, 11, 21, 12, tzinfo=tokyo))
    assert not is_due(PILLS, datetime(2026, 11, 21, 11, 59, tzinfo=tokyo))


def test_a_timer_runs_on_whatever_the_clock_of_the_place_shows() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert not is_due(EGG, datetime(2026, 11, 21, 20, 59, tzinfo=tokyo))
    assert is_due(EGG, datetime(2026, 11, 21, 21, 0, tzinfo=tokyo))


@pytest.mark.parametrize("kind", list(EntryKind))
def test_what_rings_first_comes_first(kind: EntryKind) -> None:
    late, early = replace(PILLS, kind=kind, at=NOON + timedelta(hours=1)), replace(EGG, at=NOON)
    missed = replace(PILLS, number=9, state=EntryState.MISSED)
    assert in_order([late, missed, early], NOON) == (early, late)


@given(
    minutes=st.integers(-600, 600),
    times=st.integers(0, 5),
    again=st.none() | st.integers(-600, 0),
    repeat=st.sampled_from(["", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO"]),
)
def test_nothing_is_lost_and_nothing_stays_due(minutes: int, times: int, again: int | None, repeat: str) -> None:
    now = NOON + timedelta(minutes=minutes)
    entry = replace(PILLS, repeat=repeat, rung=times, again=None if again is None else now + timedelta(minutes=again))
    if not is_due(entry, now):
        return
    after = rung(entry, now, SETTINGS)
    assert not any(is_due(each, now) for each in after)
    assert any(each.what == entry.what for each in after)
    assert all(rings_at(each, now) > now for each in after if each.state is not EntryState.MISSED)
    assert {each.number for each in after if each.number} == {entry.number}

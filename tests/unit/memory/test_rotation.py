"""Which backups are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import rotation

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENTS = st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)), max_size=60)  # noqa: DTZ001 - hypothesis adds the zone


def named(*moments: datetime) -> list[str]:
    return [rotation.name_at(each, sealed=True) for each in moments]


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)), st.booleans())  # noqa: DTZ001 - hypothesis adds the zone
def test_a_name_tells_when_it_was_made(when: datetime, sealed: bool) -> None:  # noqa: FBT001 - drawn
    assert rotation.when_of(rotation.name_at(when, sealed=sealed)) == when.replace(microsecond=0)


def test_what_others_laid_there_is_no_backup() -> None:
    others = ["notes.txt", "digital-life-2026.age", "digital-life-20261399T000000Z.age", "x.age.part"]
    assert rotation.backups(others) == []
    assert rotation.superseded(others, NOON, days=1, weeks=0) == []


def test_each_day_keeps_its_newest_and_each_week_too() -> None:
    moments = [NOON - timedelta(days=day, hours=hour) for day in range(40) for hour in (0, 3)]
    gone = rotation.superseded(named(*moments), NOON, days=7, weeks=4)
    kept = sorted((rotation.when_of(name) for name in set(named(*moments)) - set(gone)), key=str, reverse=True)
    assert kept[:7] == [NOON - timedelta(days=day) for day in range(7)]
    sundays = [each for each in kept[7:] if each]
    assert len(sundays) == 2
    assert all(each.isoweekday() == 7 for each in sundays)


@given(MOMENTS, st.integers(1, 10), st.integers(0, 10))
def test_the_newest_always_stays(moments: list[datetime], days: int, weeks: int) -> None:
    names = named(*moments)
    gone = rotation.superseded(names, NOON, days=days, weeks=weeks)
    assert not names or max(names) not in gone
    assert len(set(names) - set(gone)) <= days + weeks


@given(MOMENTS, st.integers(1, 10), st.integers(0, 10))
def test_to_rotate_twice_is_to_rotate_once(moments: list[datetime], days: int, weeks: int) -> None:
    names = named(*moments)
    left = set(names) - set(rotation.superseded(names, NOON, days=days, weeks=weeks))
    assert rotation.superseded(left, NOON, days=days, weeks=weeks) == []


def test_one_a_day_is_due_as_the_person_counts_days() -> None:
    east = NOON.astimezone(timezone(timedelta(hours=13)))
    assert rotation.is_due([], NOON)
    assert not rotation.is_due(named(NOON), NOON)
    assert rotation.is_due(named(NOON - timedelta(hours=13)), NOON)
    assert rotation.is_due(named(NOON - timedelta(hours=2)), east)


def test_a_backup_of_a_clock_that_went_ahead_does_not_stop_all_others() -> None:
    assert rotation.is_due(named(NOON + timedelta(days=400)), NOON)

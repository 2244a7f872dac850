"""The hours in which it is soft."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digital_life.talking.quiet import QuietHours


@pytest.mark.parametrize(
    ("hours", "at", "quiet"),
    [
        ("22:00-07:00", "23:30", True),
        ("22:00-07:00", "06:59", True),
        ("22:00-07:00", "07:00", False),
        ("13:00-15:00", "14:00", True),
        ("13:00-15:00", "15:30", False),
        ("", "03:00", False),
        ("08:00-08:00", "08:00", False),
    ],
)
def test_it_is_soft_within_the_hours_also_over_midnight(hours: str, at: str, *, quiet: bool) -> None:
    now = datetime.combine(datetime(2026, 11, 21, tzinfo=UTC), datetime.strptime(at, "%H:%M").time(), UTC)  # noqa: DTZ007
    assert QuietHours.parse(hours, volume=0.4).volume_at(now) == (0.4 if quiet else 1.0)

"""What a written line sets: nobody can be asked what it left out."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.agenda.written import entry_of
from digital_life.errors import ToolError
from digital_life.values import EntryKind, Language

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "kind", "at", "what"),
    [
        ("call Ada in ten minutes", "en", EntryKind.REMINDER, NOW + timedelta(minutes=10), "call Ada"),
        ("wake me up at noon", "en", EntryKind.ALARM, NOW.replace(hour=12, minute=0), ""),
        ("at noon", "en", EntryKind.ALARM, NOW.replace(hour=12, minute=0), ""),
        ("five minute timer for the tea", "en", EntryKind.TIMER, NOW + timedelta(minutes=5), "tea"),
        ("十分钟的定时器", "zh", EntryKind.TIMER, NOW + timedelta(minutes=10), ""),
        ("明天九点浇花", "zh", EntryKind.REMINDER, NOW.replace(day=22, hour=9, minute=0), "浇花"),
        ("明天早上七点叫我起床", "zh", EntryKind.ALARM, NOW.replace(day=22, hour=7, minute=0), ""),
    ],
)
def test_a_line_sets_what_it_says(text: str, language: Language, kind: EntryKind, at: datetime, what: str) -> None:
    entry = entry_of(text, language, NOW)
    assert (entry.kind, entry.at, entry.what) == (kind, at, what)


@pytest.mark.parametrize("text", ["", "call Ada", "remind me tomorrow", "set a timer", "cancel all alarms"])
def test_what_names_no_time_to_come_is_refused(text: str) -> None:
    with pytest.raises(ToolError):
        entry_of(text, "en", NOW)


@given(st.text(max_size=60), st.sampled_from(["en", "zh"]))
def test_whatever_is_written_sets_something_or_is_refused(text: str, language: Language) -> None:
    with contextlib.suppress(ToolError):
        assert entry_of(text, language, NOW).at

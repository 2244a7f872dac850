"""Which day is meant by somebody who tells something."""

from __future__ import annotations

from datetime import date

import pytest

from digital_life.memory import coming
from digital_life.memory.dates import Span

SAID = date(2026, 5, 3)
"""A Sunday."""


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("I have an exam next Friday", "2026-05-08", "2026-05-08"),
        ("We are moving in two weeks", "2026-05-17", "2026-05-17"),
        ("I am flying home tomorrow", "2026-05-04", "2026-05-04"),
        ("The party is this Friday", "2026-05-08", "2026-05-08"),
        ("I will be in Rome on 12 June", "2026-06-12", "2026-06-12"),
        ("I was in Rome on 12 June", "2025-06-12", "2025-06-12"),
        ("They are coming next weekend", "2026-05-09", "2026-05-10"),
        ("We moved yesterday", "2026-05-02", "2026-05-02"),
        ("下周五我有考试", "2026-05-08", "2026-05-08"),
        ("我后天搬家", "2026-05-05", "2026-05-05"),
        ("两周后我要去北京", "2026-05-17", "2026-05-17"),
        ("明天我要去医院", "2026-05-04", "2026-05-04"),
        ("六月十二号我要去罗马", "2026-06-12", "2026-06-12"),
        ("我们昨天搬家了", "2026-05-02", "2026-05-02"),
    ],
)
def test_what_is_told_lies_ahead_or_behind_as_it_is_told(told: str, first: str, last: str) -> None:
    assert coming.find(told, SAID) == Span(date.fromisoformat(first), date.fromisoformat(last))


def test_the_phrase_is_kept_and_the_day_stands_behind_it() -> None:
    said = coming.resolved("I have an exam next Friday, wish me luck", SAID, str)
    assert said == "I have an exam next Friday (2026-05-08), wish me luck"


@pytest.mark.parametrize(
    "told", ["I was born on 12 June 1980", "See you on 12 June", "Nothing new", "Lately I sleep well"]
)
def test_a_date_that_was_said_itself_and_what_is_vague_stay_as_they_are(told: str) -> None:
    assert coming.resolved(told, SAID, str) == told

"""The time and the day, told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tools import time
from digital_life.values import Language, Transcript
from fakes.clock import FakeClock


async def ask(what: str, language: Language, at: datetime) -> str:
    (tool,) = time.tools(FakeClock(at))
    outcome = await tool.run(Transcript("", language, 1.0), **tool.validated({"what": what}))
    return outcome.said


@pytest.mark.parametrize(
    ("hour", "english", "chinese"),
    [
        (0, "It is 12:05 a.m.", "现在是凌晨12:05。"),
        (10, "It is 10:05 a.m.", "现在是上午10:05。"),
        (12, "It is 12:05 p.m.", "现在是中午12:05。"),
        (15, "It is 3:05 p.m.", "现在是下午3:05。"),
        (23, "It is 11:05 p.m.", "现在是晚上11:05。"),
    ],
)
async def test_the_time_is_told_as_people_say_it(hour: int, english: str, chinese: str) -> None:
    at = datetime(2026, 11, 21, hour, 5, tzinfo=UTC)
    assert await ask("time", "en", at) == english
    assert await ask("time", "zh", at) == chinese


async def test_the_day_has_its_weekday() -> None:
    at = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
    assert await ask("day", "en", at) == "It is Saturday, 21 November 2026."
    assert await ask("day", "zh", at) == "今天是2026年11月21日星期六。"


async def test_the_time_elsewhere_is_told() -> None:
    (tool,) = time.tools(FakeClock(datetime(2026, 11, 21, 18, 5, tzinfo=UTC)))
    english = await tool.run(Transcript("", "en", 1.0), place="tokyo")
    chinese = await tool.run(Transcript("", "zh", 1.0), what="day", place="东京")
    assert english.said == "In Tokyo: It is 3:05 a.m."
    assert chinese.said == "东京：今天是2026年11月22日星期日。"


async def test_a_place_whose_time_it_does_not_know_is_told() -> None:
    (tool,) = time.tools(FakeClock())
    with pytest.raises(ToolError, match="what time it is in Xyzzy"):
        await tool.run(Transcript("", "en", 1.0), place="Xyzzy")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_city_has_a_zone(language: Language) -> None:
    for city, zone in words.load(language).pairs("clock.cities"):
        assert city == city.casefold()
        assert ZoneInfo(zone)


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("What time is it in New York right now?", "en", "new york"),
        ("tell me the time in Tokyo", "en", "tokyo"),
        ("请问东京现在几点了", "zh", "东京"),
        ("纽约那边几点", "zh", "纽约"),
    ],
)
def test_the_place_is_read(text: str, language: Language, place: str) -> None:
    assert time.read(Transcript(text, language, 1.0)) == {"what": "time", "place": place}


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from(words.LANGUAGES))
async def test_every_time_can_be_told(at: datetime, language: Language) -> None:
    assert f":{at.minute:02}" in await ask("time", language, at)


@pytest.mark.parametrize(
    ("text", "language", "what"),
    [
        ("Hey Jarvis, what time is it?", "en", "time"),
        ("could you tell me the time please", "en", "time"),
        ("What day is today?", "en", "day"),
        ("what's today's date", "en", "day"),
        ("请问现在几点了", "zh", "time"),
        ("现在什么时间了", "zh", "time"),
        ("今天星期几呀", "zh", "day"),
        ("今天几月几号？", "zh", "day"),
    ],
)
def test_the_question_is_read(text: str, language: Language, what: str) -> None:
    assert time.read(Transcript(text, language, 1.0)) == {"what": what}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What time is my appointment?", "en"),
        ("We had a great time.", "en"),
        ("What a day!", "en"),
        ("时间过得真快", "zh"),
        ("今天真是个好日子", "zh"),
    ],
)
def test_talk_of_time_is_no_question_for_it(text: str, language: Language) -> None:
    assert time.read(Transcript(text, language, 1.0)) is None

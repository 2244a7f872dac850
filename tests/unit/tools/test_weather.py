"""The weather, told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Outcome
from digital_life.tools import weather
from digital_life.tools.permission import Permission
from digital_life.values import DayForecast, Forecast, Language, Transcript
from fakes.clock import FakeClock
from fakes.outside import FakeConsents, FakeWeather

SATURDAY = date(2026, 11, 21)
LEEDS = Forecast(
    "Leeds",
    -2.6,
    71,
    (
        DayForecast(SATURDAY, 0, -4.2, 3.4, 0, 10.0),
        DayForecast(SATURDAY + timedelta(days=1), 63, 2.0, 8.5, 80, 55.0),
        *(DayForecast(SATURDAY + timedelta(days=ahead), 3, 1, 5, None, 30) for ahead in range(2, 7)),
    ),
)


async def ask(place: str = "", day: str = "", *, language: Language = "en", home: str = "Leeds") -> Outcome:
    permission = Permission(FakeConsents({"weather": True}), FakeClock())
    (tool,) = weather.tools(FakeWeather({"Leeds": LEEDS}), permission, place=home)
    return await tool.run(Transcript("", language, 1.0), **tool.validated({"place": place, "day": day}))


async def test_now_and_the_rest_of_the_day() -> None:
    outcome = await ask()
    assert outcome.said == ("In Leeds it is minus 3 degrees now, light snow. Today: clear sky, minus 4 to 3 degrees.")


async def test_a_day_to_come_with_rain_and_wind() -> None:
    outcome = await ask(day="tomorrow")
    assert outcome.said == (
        "The weather in Leeds. "
        "Tomorrow: rain, 2 to 8 degrees, the chance of rain or snow is 80 percent, and the wind is strong."
    )


async def test_a_weekend_has_two_days() -> None:
    outcome = await ask(day="this weekend")
    assert "Today: clear sky" in outcome.said
    assert "Tomorrow: rain" in outcome.said


async def test_it_is_told_in_chinese() -> None:
    outcome = await ask(day="后天", language="zh")
    assert outcome.said == "Leeds的天气：星期一阴，1度到5度，有风。"


@pytest.mark.parametrize(
    ("place", "day", "home", "key"),
    [
        ("", "", "", "weather-no-place"),
        ("Nowhere", "", "", "weather-place-unknown"),
        ("Leeds", "when the moon is full", "", "weather-day-unknown"),
    ],
)
async def test_what_cannot_be_told_is_said(place: str, day: str, home: str, key: str) -> None:
    with pytest.raises(ToolError) as raised:
        await ask(place, day, home=home)
    assert raised.value.key == key


async def test_a_day_that_is_not_foretold_yet_is_said() -> None:
    with pytest.raises(ToolError) as raised:
        await ask(day="下周日", language="zh")
    assert raised.value.key == "weather-too-far"


async def test_without_leave_nothing_is_asked() -> None:
    service = FakeWeather({"Leeds": LEEDS})
    (tool,) = weather.tools(service, Permission(FakeConsents(), FakeClock()), place="Leeds")
    outcome = await tool.run(Transcript("", "en", 1.0))
    assert "internet" in outcome.said
    assert service.asked == []


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_sky_has_a_name(language: Language) -> None:
    text = words.load(language)
    assert {*weather.SKIES.values(), "changeable"} == set(text.table["weather"]["sky"])


@given(st.integers(), st.floats(-60, 60), st.floats(0, 200), st.integers(0, 100) | st.none())
def test_any_weather_can_be_told(sky: int, degrees: float, wind: float, rain: int | None) -> None:
    forecast = Forecast("X", degrees, sky, (DayForecast(SATURDAY, sky, degrees, degrees + 1, rain, wind),))
    for language in words.LANGUAGES:
        assert "X" in weather.told(forecast, "", words.load(language))


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        ("Is it raining in San Francisco?", "san francisco", ""),
        ("Okay, and will it snow tonight?", "", "tonight"),
        ("What will the weather be like in York the day after tomorrow?", "york", "the day after tomorrow"),
        ("Should I take a coat?", "", ""),
        ("will it rain in Leeds in five days", "leeds", "in five days"),
        ("What's the weather going to be like this week?", "", "this week"),
    ],
)
def test_the_place_and_the_day_are_read(text: str, place: str, day: str) -> None:
    assert weather.read(Transcript(text, "en", 1.0)) == {"place": place, "day": day}


@pytest.mark.parametrize(
    ("text", "place", "day"),
    [
        ("请问上海后天冷吗", "上海", "后天"),
        ("下周三北京的天气怎么样", "北京", "下周三"),
        ("外面下雨了吗", "", ""),
        ("明天要带伞吗？", "", "明天"),
        ("你觉得晚上会下雨吗", "", "晚上"),
        ("这几天广州天气怎么样", "广州", "这几天"),
    ],
)
def test_the_place_and_the_day_are_read_in_chinese(text: str, place: str, day: str) -> None:
    assert weather.read(Transcript(text, "zh", 1.0)) == {"place": place, "day": day}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The weather is lovely today.", "en"),
        ("What's the difference between weather and climate?", "en"),
        ("I hope it will not rain tomorrow.", "en"),
        ("It rained in Leeds yesterday.", "en"),
        ("Is it cold in here?", "en"),
        ("How cold does it get in winter?", "en"),
        ("Will it be fun?", "en"),
        ("今天天气真好", "zh"),
        ("温暖的天气。", "zh"),
        ("什么时候会下雨", "zh"),
        ("昨天下雨了吗", "zh"),
        ("冬天冷吗", "zh"),
        ("屋里冷吗", "zh"),
        ("我最怕下雨了", "zh"),
        ("昨天下雨了", "zh"),
    ],
)
def test_talk_about_the_weather_asks_nothing(text: str, language: Language) -> None:
    assert weather.read(Transcript(text, language, 1.0)) is None

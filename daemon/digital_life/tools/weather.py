"""The weather: what it is like, and what it will be like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from digital_life import words
from digital_life.errors import ToolError
from digital_life.tool import Arguments, Outcome, Tool
from digital_life.tools.asked import plain, without
from digital_life.tools.days import days, name
from digital_life.values import Transcript

if TYPE_CHECKING:
    from digital_life.ports import Weather
    from digital_life.tools.permission import Permission
    from digital_life.values import DayForecast, Forecast
    from digital_life.words import Words

RAIN_TOLD = 10
"""Percent: a smaller chance of rain is not worth a sentence."""
WINDS = ((75, "storm"), (50, "gale"), (30, "windy"))
"""From so many km/h on: Beaufort 9, 7 and 5."""
SKIES = {
    0: "clear",
    1: "fair",
    2: "some-clouds",
    3: "overcast",
    45: "fog",
    48: "fog",
    51: "drizzle",
    53: "drizzle",
    55: "drizzle",
    56: "ice-rain",
    57: "ice-rain",
    61: "light-rain",
    63: "rain",
    65: "heavy-rain",
    66: "ice-rain",
    67: "ice-rain",
    71: "light-snow",
    73: "snow",
    75: "heavy-snow",
    77: "snow",
    80: "showers",
    81: "showers",
    82: "heavy-rain",
    85: "snow-showers",
    86: "heavy-snow",
    95: "thunder",
    96: "hail",
    99: "hail",
}
"""WMO code 4677, as far as a forecast uses it, to its name in words."""


def tools(service: Weather, permission: Permission, *, place: str) -> tuple[Tool, ...]:
    """`place` is where the person lives; "" when that is not known."""
    home = place

    async def weather(
        heard: Transcript,
        *,
        place: Annotated[str, "the town; empty for here"] = "",
        day: Annotated[str, "the day as it was said, such as tomorrow or on Saturday; empty for now"] = "",
    ) -> Outcome:
        """The weather now or in the days to come."""
        where = place or home
        if not where:
            raise ToolError("weather-no-place")

        async def ask() -> Outcome:
            forecast = await service.forecast(where, heard.language)
            if forecast is None or not forecast.days:
                raise ToolError("weather-place-unknown", place=where)
            return Outcome(said=told(forecast, day, words.load(heard.language)))

        return await permission.through("weather", heard, ask)

    # It acts: what goes out to the internet cannot be taken back, so never on suspicion.
    return (Tool.of(weather, read=read, guess=guess, guests=True),)


def read(heard: Transcript) -> Arguments | None:
    text = words.load(heard.language)
    _, rest = without(text.texts("weather.day"), plain(heard))
    _, rest = without(text.texts("weather.place"), rest)
    return guess(heard) if text.match("weather.asked", rest) else None


def guess(heard: Transcript) -> Arguments:
    """The place and the day that are named, whatever else is said."""
    text = words.load(heard.language)
    day, rest = without(text.texts("weather.day"), plain(heard))
    place, _ = without(text.texts("weather.place"), rest)
    return {"place": place["place"].strip() if place else "", "day": day[0] if day else ""}


def told(forecast: Forecast, day: str, text: Words) -> str:
    """What a person wants to know of `day`, as it was named; "" for now. Raises ToolError."""
    today = forecast.days[0].day
    wanted = days(day, text.language, today) if day else (today,)
    known = [each for each in forecast.days if each.day in wanted]
    if not wanted:
        raise ToolError("weather-day-unknown", day=day)
    if not known:
        raise ToolError("weather-too-far", day=day, days=len(forecast.days))
    sentences = [_day(each, name(each.day, text.language, today), text) for each in known]
    if today in wanted:
        degrees = _degrees(forecast.degrees, text)
        now = text.text("weather.now", place=forecast.place, sky=_sky(forecast.sky, text), degrees=degrees)
        return text.text("weather.joint").join((now, *sentences))
    return text.text("weather.at", place=forecast.place, told=text.text("weather.joint").join(sentences))


def _day(day: DayForecast, named: str, text: Words) -> str:
    sentence = text.text(
        "weather.told",
        day=named,
        sky=_sky(day.sky, text),
        low=_degrees(day.low, text),
        high=_degrees(day.high, text),
    )
    if day.rain is not None and day.rain >= RAIN_TOLD:
        sentence += text.text("weather.rain", percent=day.rain)
    wind = next((key for speed, key in WINDS if day.wind >= speed), None)
    if wind:
        sentence += text.text(f"weather.{wind}")
    return sentence[0].upper() + sentence[1:] + text.text("weather.end")


def _sky(code: int, text: Words) -> str:
    return text.text(f"weather.sky.{SKIES.get(code, 'changeable')}")


def _degrees(degrees: float, text: Words) -> str:
    whole = round(degrees)
    return text.text("weather.below", degrees=-whole) if whole < 0 else str(whole)

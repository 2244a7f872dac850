"""The weather from Open-Meteo, https://open-meteo.com, or a copy of it on a machine of one's own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from digital_life.backends.web import ask
from digital_life.values import DayForecast, Forecast

if TYPE_CHECKING:
    import httpx

    from digital_life.config import WeatherTool
    from digital_life.values import Language

DAYS = 14
"""From today to the last day of next week, and of what can be foretold."""


class _Place(msgspec.Struct):
    name: str
    latitude: float
    longitude: float


class _Places(msgspec.Struct):
    results: list[_Place] = []


class _Now(msgspec.Struct):
    temperature_2m: float
    weather_code: float


class _Days(msgspec.Struct):
    """Columns; what is not known of the last days is null."""

    time: list[date]
    weather_code: list[float | None]
    temperature_2m_min: list[float | None]
    temperature_2m_max: list[float | None]
    precipitation_probability_max: list[float | None]
    wind_speed_10m_max: list[float | None]


class _Answer(msgspec.Struct):
    current: _Now
    daily: _Days


class OpenMeteo:
    """Weather."""

    def __init__(self, web: httpx.AsyncClient, settings: WeatherTool) -> None:
        self._web = web
        self._settings = settings

    async def forecast(self, place: str, language: Language) -> Forecast | None:
        found = await self._find(place, language)
        if found is None:
            return None
        params = {
            "latitude": str(found.latitude),
            "longitude": str(found.longitude),
            "current": ",".join(_Now.__struct_fields__),
            "daily": ",".join(_Days.__struct_fields__[1:]),
            "temperature_unit": "celsius" if self._settings.units == "metric" else "fahrenheit",
            "timezone": "auto",
            "forecast_days": str(DAYS),
        }
        address = f"{self._settings.address.rstrip('/')}/v1/forecast"
        answer = await ask(self._web, address, _Answer, params=params, timeout_s=self._settings.timeout_s)
        now = answer.current
        return Forecast(found.name, now.temperature_2m, int(now.weather_code), _known(answer.daily))

    async def _find(self, place: str, language: Language) -> _Place | None:
        address = f"{self._settings.places_address.rstrip('/')}/v1/search"
        params = {"name": place, "count": "1", "language": language}
        answer = await ask(self._web, address, _Places, params=params, timeout_s=self._settings.timeout_s)
        return next(iter(answer.results), None)


def _known(days: _Days) -> tuple[DayForecast, ...]:
    """A row a day, up to the first that is not foretold."""
    rows: list[DayForecast] = []
    columns = (days.time, days.weather_code, days.temperature_2m_min, days.temperature_2m_max)
    more = (days.precipitation_probability_max, days.wind_speed_10m_max)
    for day, sky, low, high, rain, wind in zip(*columns, *more, strict=False):
        if sky is None or low is None or high is None:
            break
        rows.append(DayForecast(day, int(sky), low, high, None if rain is None else round(rain), wind or 0.0))
    return tuple(rows)

"""The weather and the web come from a real server on this machine, which answers, lies, refuses and falls silent."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from datetime import date

import httpx
import pytest

from digital_life.backends.open_meteo import OpenMeteo
from digital_life.backends.searxng import SearxNg
from digital_life.backends.web import open_web
from digital_life.config import SearchTool, WeatherTool
from digital_life.errors import ToolError
from digital_life.values import DayForecast, Forecast, WebPage
from fakes.site import Site, open_site

PLACES = {"results": [{"id": 2644688, "name": "Leeds", "latitude": 53.8, "longitude": -1.55, "country": "UK"}]}
FORECAST = {
    "latitude": 53.8,
    "current_units": {"temperature_2m": "°C"},
    "current": {"time": "2026-11-21T10:00", "interval": 900, "temperature_2m": 7.4, "weather_code": 3},
    "daily": {
        "time": ["2026-11-21", "2026-11-22", "2026-11-23"],
        "weather_code": [61, 0, None],
        "temperature_2m_min": [4.1, -1.0, None],
        "temperature_2m_max": [9.0, 5.2, None],
        "precipitation_probability_max": [85, None, None],
        "wind_speed_10m_max": [31.5, 8.0, None],
    },
}
RESULTS = {
    "query": "library",
    "results": [
        {"url": "https://www.library.example/hours", "title": "City Library", "content": "Open until six."},
        {"url": "https://other.example/", "title": "Other", "content": None, "engines": ["x"]},
    ],
    "answers": [],
}


@pytest.fixture
def site() -> Iterator[Site]:
    with open_site() as site:
        yield site


@pytest.fixture
async def web() -> AsyncIterator[httpx.AsyncClient]:
    async with open_web() as web:
        yield web


def weather(web: httpx.AsyncClient, site: Site, **settings: object) -> OpenMeteo:
    table = {"address": site.address, "places_address": f"{site.address}/", "timeout_s": 0.5} | settings
    return OpenMeteo(web, WeatherTool(**table))  # type: ignore[arg-type] # as the file has them


async def test_the_weather_of_a_place(web: httpx.AsyncClient, site: Site) -> None:
    site.pages = {"/v1/search": PLACES, "/v1/forecast": FORECAST}
    forecast = await weather(web, site).forecast("leeds", "en")
    assert forecast == Forecast(
        "Leeds",
        7.4,
        3,
        (
            DayForecast(date(2026, 11, 21), 61, 4.1, 9.0, 85, 31.5),
            DayForecast(date(2026, 11, 22), 0, -1.0, 5.2, None, 8.0),
        ),
    )
    (search, named), (path, wanted) = site.asked
    assert (search, named["name"], named["language"]) == ("/v1/search", "leeds", "en")
    assert (path, wanted["latitude"], wanted["longitude"]) == ("/v1/forecast", "53.8", "-1.55")
    assert wanted["temperature_unit"] == "celsius"
    assert "weather_code" in wanted["daily"]


async def test_degrees_are_asked_for_as_the_settings_say(web: httpx.AsyncClient, site: Site) -> None:
    site.pages = {"/v1/search": PLACES, "/v1/forecast": FORECAST}
    await weather(web, site, units="imperial").forecast("利兹", "zh")
    assert site.asked[0][1]["name"] == "利兹"
    assert site.asked[1][1]["temperature_unit"] == "fahrenheit"


async def test_a_place_that_is_not_there(web: httpx.AsyncClient, site: Site) -> None:
    site.pages = {"/v1/search": {"generationtime_ms": 0.5}}
    assert await weather(web, site).forecast("Xyzzy", "en") is None


async def test_what_is_found_on_the_web(web: httpx.AsyncClient, site: Site) -> None:
    site.pages = {"/search": RESULTS}
    pages = await SearxNg(web, SearchTool(address=site.address)).search("library & hours", "en")
    assert pages == (
        WebPage("www.library.example", "City Library", "Open until six."),
        WebPage("other.example", "Other", ""),
    )
    assert site.asked == [("/search", {"q": "library & hours", "format": "json", "language": "en"})]


@pytest.mark.parametrize(
    ("page", "status", "key"),
    [
        (b"<html>", 200, "web-foreign"),
        ({"results": [{"name": 1}]}, 200, "web-foreign"),
        (b"\xff\xff", 200, "web-foreign"),
        ({"error": True}, 403, "web-refused"),
        (None, 200, "web-refused"),
        ({"results": []}, 302, "web-refused"),
    ],
)
async def test_an_answer_that_is_none_is_told(
    web: httpx.AsyncClient, site: Site, page: object, status: int, key: str
) -> None:
    site.pages, site.status = {"/v1/search": page}, status
    with pytest.raises(ToolError) as raised:
        await weather(web, site).forecast("Leeds", "en")
    assert raised.value.key == key
    assert "127.0.0.1" in raised.value.sentence("zh")


async def test_a_server_that_falls_silent_is_given_up(web: httpx.AsyncClient, site: Site) -> None:
    site.silent.set()
    with pytest.raises(ToolError) as raised:
        await weather(web, site, timeout_s=0.1).forecast("Leeds", "en")
    assert raised.value.key == "web-unreachable"


async def test_a_server_that_is_not_there_is_told(web: httpx.AsyncClient) -> None:
    with pytest.raises(ToolError) as raised:
        await SearxNg(web, SearchTool(address="http://127.0.0.1:9")).search("x", "en")
    assert raised.value.key == "web-unreachable"


async def test_what_was_asked_for_is_not_logged(
    web: httpx.AsyncClient, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "digital_life")
    site.pages = {"/search": RESULTS}
    await SearxNg(web, SearchTool(address=site.address)).search("my secret", "en")
    site.status = 500
    with pytest.raises(ToolError):
        await SearxNg(web, SearchTool(address=site.address)).search("my secret", "en")
    assert "secret" not in caplog.text

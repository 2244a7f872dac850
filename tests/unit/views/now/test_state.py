"""What it is doing and costs, and the knobs."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from digital_life import words
from digital_life.errors import RequestError
from digital_life.values import State
from digital_life.views.now.state import Body, Broker, resources
from digital_life.web.resource import Call
from fakes.body import FakeKnob
from fakes.clock import FakeClock
from fakes.ears import FakeMute


class Talk:
    def __init__(self) -> None:
        self.state = State.SPEAKING
        self.stopped = 0

    async def stop(self) -> None:
        self.stopped += 1


class Process:
    share = 0.1234
    memory_bytes = 1_234_567_890


class Page:
    """Everything that it moves is there for the test to look at."""

    def __init__(self) -> None:
        self.talk, self.mute, self.knob, self.clock = Talk(), FakeMute(), FakeKnob(), FakeClock()
        self.diaries = 0
        self.connected = True
        body = Body(
            talk=self.talk,
            mute=self.mute,
            volume=self.knob,
            persona=self.knob,
            personas=("Jarvis", "Ada"),
            write_diary=self._write,
            process=Process(),
            broker=Broker("127.0.0.1:1883", lambda: self.connected),
            version="0.1.0",
            clock=self.clock,
        )
        self._answers = {(each.method, each.path): each.answer for each in resources(body)}

    async def asks(self, path: str, body: object = None) -> Any:
        call = Call(words.load("en"), body=b"" if body is None else json.dumps(body).encode())
        method: Any = "GET" if body is None and path == "/api/now" else "POST"
        return msgspec.json.decode(msgspec.json.encode(await self._answers[method, path](call)))

    async def _write(self) -> None:
        self.diaries += 1


@pytest.fixture
def page() -> Page:
    return Page()


async def test_it_tells_what_it_does_as_whom_and_at_what_cost(page: Page) -> None:
    page.clock.passed = 90.4
    assert await page.asks("/api/now") == {
        "state": "speaking",
        "muted": False,
        "volume": 70,
        "persona": "Jarvis",
        "personas": ["Jarvis", "Ada"],
        "version": "0.1.0",
        "uptime_s": 90,
        "processor": 0.123,
        "memory_mb": 1235,
        "broker": {"address": "127.0.0.1:1883", "connected": True},
    }


async def test_the_knobs_move_what_they_say(page: Page) -> None:
    assert (await page.asks("/api/now/mute", {"on": True}))["muted"] is True
    assert (await page.asks("/api/now/volume", {"percent": 35}))["volume"] == 35
    assert (await page.asks("/api/now/persona", {"name": "Ada"}))["persona"] == "Ada"
    assert page.mute.on
    assert (page.knob.level, page.knob.name) == (0.35, "Ada")


async def test_it_is_stopped_and_its_diary_is_written(page: Page) -> None:
    await page.asks("/api/now/stop")
    await page.asks("/api/now/diary")
    assert (page.talk.stopped, page.diaries) == (1, 1)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/now/mute", {"on": "yes"}),
        ("/api/now/mute", {}),
        ("/api/now/volume", {"percent": 101}),
        ("/api/now/volume", {"percent": -1}),
        ("/api/now/volume", {"percent": "loud"}),
        ("/api/now/persona", {"name": "Eve"}),
        ("/api/now/persona", {"name": "Ada", "life": "other"}),
    ],
)
async def test_what_no_knob_can_do_is_refused(page: Page, path: str, body: object) -> None:
    with pytest.raises(RequestError):
        await page.asks(path, body)
    assert (page.mute.on, page.knob.level, page.knob.name) == (False, 0.7, "Jarvis")

"""A life in a network of its own: what leaves it is for the broker, unless something else was allowed."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from daemon_process import IDLE, SPEAKING, THINKING, daemon
from networks import THERE, Networks
from soundcard import SoundCard

PORT = 1883
MINUTES = float(os.environ.get("DIGITAL_LIFE_NETWORK_MINUTES", "0.5"))
"""Of the clock on the wall, in each of the two runs; 30 is an hour in all."""
SAID = (
    "My sister is called Anna and she lives in London.",
    "What is the weather like tomorrow?",
    "No.",
    "Set a timer for five seconds.",
    "我最喜欢的水果是苹果。",
    "Where does my sister live?",
    "Search the web for bread recipes.",
)
RUNS = (("2026-11-01T10:00", SAID[:4]), ("2026-11-01T18:00", SAID[4:]))
"""Between them a talk is over, and in the second its diary is written."""
PATIENCE_S = 180.0
"""For anything: in a fresh network the first start is slow, and over an hour a machine is busy now and then."""
ELSEWHERE = "203.0.113.7"
"""An address that is nobody's."""


@pytest.fixture
def networks(tmp_path: Path) -> Iterator[Networks]:
    with Networks(tmp_path) as laid:
        laid.broker(tmp_path, PORT)
        yield laid


def beyond(networks: Networks) -> list[tuple[str, int]]:
    return [each for each in networks.sent if each != (THERE, PORT)]


async def test_a_life_sends_nothing_beyond_loopback_and_the_broker(
    soundcard: SoundCard,
    english: Path,
    networks: Networks,
    tmp_path: Path,
    record_testsuite_property: Callable[[str, object], None],
) -> None:
    """Spoken to and typed to, with a night between by its clock; DIGITAL_LIFE_NETWORK_MINUTES=30: an hour."""
    settings = (
        "mqtt.enabled=true",
        f"mqtt.host={THERE}",
        f"mqtt.port={PORT}",
        "conversation.follow_up_s=1",
        "web.port=0",
    )
    turns = 0
    for now, lines in RUNS:
        environment, home = soundcard.environment, tmp_path / "home"
        async with daemon(environment, home, *settings, within=networks.within, now=now) as it:
            line, ends = await it.until(IDLE, wait_s=PATIENCE_S), time.monotonic() + 60 * MINUTES
            await asyncio.to_thread(soundcard.play, english)
            line = await it.until(SPEAKING, after=line, wait_s=PATIENCE_S)
            said = iter(lines)
            while (text := next(said, None)) or time.monotonic() < ends:
                line = await it.until(IDLE, after=line, wait_s=PATIENCE_S)
                it.type(text or lines[0])
                line = await it.until(SPEAKING, after=line, wait_s=PATIENCE_S)
                turns += 1
            await it.until(IDLE, after=line, wait_s=PATIENCE_S)
            await it.stop()
    record_testsuite_property("turns", turns + len(RUNS))
    record_testsuite_property("packets", len(networks.sent))
    record_testsuite_property("packets beyond", len(beyond(networks)))
    assert (THERE, PORT) in networks.sent
    assert beyond(networks) == []


async def test_what_an_allowed_tool_sends_is_seen(soundcard: SoundCard, networks: Networks, tmp_path: Path) -> None:
    """So it would have been seen above."""
    settings = ("tools.weather.enabled=true", f"tools.weather.places_address=http://{ELSEWHERE}", "mqtt.enabled=false")
    async with daemon(soundcard.environment, tmp_path / "home", *settings, within=networks.within) as it:
        line = await it.until(IDLE, wait_s=PATIENCE_S)
        it.type("What is the weather like tomorrow in Leeds?")
        line = await it.until(THINKING, after=line)
        await it.until(SPEAKING, after=line)
        await it.stop()
    assert {to for to, _port in beyond(networks)} == {ELSEWHERE}

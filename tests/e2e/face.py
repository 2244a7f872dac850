"""A companion with a face but without a mind: the real web server, stage and mouth, in a room that nobody hears."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digital_life import config
from digital_life.backends.avatars import Avatars
from digital_life.backends.mqtt import open_connection
from digital_life.broadcast import Broadcast
from digital_life.clock import SystemClock
from digital_life.devices.companion import OFFLINE
from digital_life.devices.topics import Topics
from digital_life.display.lipsync import LipSync
from digital_life.display.messages import Mouth
from digital_life.display.stage import Stage
from digital_life.display.station import Station
from digital_life.values import Published, Speech
from digital_life.views import face
from digital_life.web.server import open_server
from digital_life.worker import Worker

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

LATENCY_S = 0.06
BLOCK_S = 0.02
TOPICS = Topics("kitchen")
WATCH = """() => {
  globalThis.mouths = [];
  const lamp = document.getElementById("lamp");
  const local = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    const open = Number(lamp.style.getPropertyValue("--mouth"));
    const painted = new MessageChannel();
    painted.port1.onmessage = () => globalThis.mouths.push([local(), open]);
    requestAnimationFrame(() => painted.port2.postMessage(0));
  }).observe(lamp, { attributes: true, attributeFilter: ["style"] });
}"""
"""Notes the moment after which a frame with a moved mouth was painted."""


class SilentRoom:
    """A Loudspeaker that takes its time, and that nobody hears."""

    def __init__(self) -> None:
        self._level = 1.0
        self._stopped = False

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        self._stopped, loop = False, asyncio.get_running_loop()
        if started:
            started()
        began = loop.time()
        while not self._stopped and (played := loop.time() - began) < speech.seconds:
            await asyncio.sleep(BLOCK_S)
            if not self._level:
                began = loop.time() - played
        return min(speech.seconds, loop.time() - began)

    def stop(self) -> None:
        self._stopped = True

    def turn(self, level: float) -> None:
        self._level = level


@dataclass
class Face:
    """`broadcast` what happens, and `play` what it says."""

    address: str
    broadcast: Broadcast
    stage: Stage
    mouth: LipSync
    told: list[Mouth] = field(default_factory=list)
    """Every mouth."""


@asynccontextmanager
async def open_face(home: Path, *, port: int = 0, web_broker: str = "") -> AsyncGenerator[Face]:
    """`port` of a broker, 0: none; `web_broker` is its WebSocket."""
    brokers = (web_broker,) if web_broker else ()
    settings, clock = config.Display(mqtt=bool(port), brokers=brokers), SystemClock()
    broadcast, stage = Broadcast(), Stage(face.acting_of(settings), clock=clock)
    broadcast.subscribe(stage.hear)
    told: list[Mouth] = []

    def move(mouth: Mouth) -> None:
        told.append(mouth)
        stage.move(mouth)

    avatar = Avatars(home).folder
    site = face.site_of(stage, avatar=avatar, settings=settings, topic=TOPICS.base)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(stage.lit())
        if port:
            will = Published.text(TOPICS.availability, OFFLINE, qos=1, retain=True)
            broker = await stack.enter_async_context(
                open_connection(config.Mqtt(enabled=True, port=port), clock=clock, will=will, client_id=TOPICS.id)
            )
            stack.enter_context(Station(broker, topic=TOPICS.base, stage=stage, subtitles=True).on_air())
        mouth = LipSync(
            SilentRoom(),
            tell=move,
            watched=lambda: stage.watched,
            clock=clock,
            worker=await stack.enter_async_context(Worker("display")),
            latency_s=lambda: LATENCY_S,
        )
        serving = await stack.enter_async_context(open_server(config.Web(port=0), site, home=home, language="en"))
        yield Face(serving.address, broadcast, stage, mouth, told)


async def shown(
    browser: Browser, address: str, query: str = "", *, size: tuple[int, int] = (600, 660), **how: object
) -> Page:
    """The display's page, connected and ready."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **how)  # type: ignore[arg-type] # options of Playwright
    page = await context.new_page()
    page.set_default_timeout(20_000)
    await page.goto(f"{address}/display?{query}")
    await page.wait_for_selector("html[data-ready]")
    await page.wait_for_selector("#lamp:not([data-state=away])", state="attached")
    return page


def lag_ms(told: list[Mouth], painted: list[tuple[float, float]]) -> float:
    """By how much what was painted is behind what was told, in milliseconds: where both are most alike."""
    moments, opened = (np.array(each) for each in zip(*sorted((each.at, each.open) for each in told), strict=True))
    seen, shapes = (np.array(each) for each in zip(*painted, strict=True))

    def differ(shift: float) -> float:
        wanted = np.interp(seen - shift, moments, opened, left=0, right=0)
        return float(np.mean((wanted - shapes) ** 2))

    return min(range(-200, 201, 5), key=differ)

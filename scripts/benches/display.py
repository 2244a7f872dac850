"""`scripts/bench display`: how soon a message is seen, how well the mouth fits its sound, and what displays cost."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from http import HTTPStatus
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import psutil
from browser import open_browser
from face import WATCH, Face, lag_ms, open_face

from benches import heard, report
from benches.figures import Figure, spread
from digital_life.backends.piper import Piper
from digital_life.display.messages import Mouth
from digital_life.display.mouth import PER_SECOND
from digital_life.values import Speech, State
from digital_life.worker import Worker

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Response

SEEN_MS = 50.0
"""From a message to the pixels, by the median."""
APART_MS = 80.0
"""Between a mouth and its sound."""
SHARE = 15.0
"""Percent of a core that the companion takes while a display is driven."""
READY_S = 1.0
PAGE_KB = 600.0
"""Of the page, without a Live2D model."""
DISPLAYS = 20
SETTLED_S = 2.0
"""A page that was opened has asked for the time."""
LONGEST_MS = 400.0
"""What is not seen by then is lost."""
TEXT = (
    "Good morning! I was thinking about our walk along the river yesterday, and how the light fell through the trees. "
    "Shall we go again today? It will be warm, and a little windy, so take a coat. Oh, and I found the book that you "
    "asked about: the one with the whale, the sea, and the captain who never gives up. We could read it aloud tonight."
)


def main() -> int:
    return report.command("display", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:  # noqa: ARG001 - one voice
    speech, seconds = await spoken(), 30.0 if quick else 300.0
    with tempfile.TemporaryDirectory() as home:
        async with companion(Path(home), speech) as it, open_browser() as browser:
            progress("the page opens")
            page, (whole, sent) = await weighed(browser, it.address, "avatar=own")
            opening = [await ready_s(page) for _ in range(3 if quick else 10)]
            over_mqtt, (more, more_sent) = await weighed(browser, it.address, "avatar=own&transport=mqtt")
            await over_mqtt.context.close()
            progress("message to pixels")
            took = await seen_ms(it, page, seconds)
            progress("one display is driven")
            apart, share = await driven(it, page, seconds)
            progress(f"{DISPLAYS} displays are driven")
            async with watching(it.address, DISPLAYS - 1):
                _, many = await driven(it, page, min(seconds, 60))
    progress("the whole daemon speaks")
    behind = await heard.offsets()
    lost = sum(each >= LONGEST_MS for each in took)
    return [
        spread("page until it is ready", opening, "s", budget=READY_S),
        Figure("page", whole / 1000, "kB", budget=PAGE_KB, note=f"{sent / 1000:.0f} kB as it is sent"),
        Figure("page over MQTT", more / 1000, "kB", budget=PAGE_KB, note=f"{more_sent / 1000:.0f} kB as it is sent"),
        spread("message to pixels at 30 Hz", took, "ms", budget=SEEN_MS, note=f"n={len(took)}, {lost} not seen"),
        spread("mouth behind its sound", [abs(each) for each in apart], "ms", budget=APART_MS, note="by most alike"),
        spread(
            "mouth behind a sound card's sound",
            [abs(each) for each in behind],
            "ms",
            budget=APART_MS,
            note=", ".join(f"{each:+.0f}" for each in behind),
        ),
        Figure("share of a core, one display", share, "%", budget=SHARE, note=f"{seconds:.0f} s of speech"),
        Figure(f"share of a core, {DISPLAYS} displays", many, "%", budget=SHARE),
    ]


async def spoken() -> Speech:
    """Some 20 s of a real voice."""
    async with Worker("voice") as worker:
        models = Path(os.environ["DIGITAL_LIFE_MODELS"])
        voice = await Piper.open(models / "en_US-joe-medium", worker=worker, speed=1.0, threads=2)
        return await voice.synthesize(TEXT, "en")


async def weighed(browser: Browser, address: str, query: str) -> tuple[Page, tuple[int, int]]:
    """The page in a browser that has nothing of it yet; the bytes of all its files, and those that were sent."""
    context = await browser.new_context(viewport={"width": 600, "height": 660})
    page = await context.new_page()
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))  # noqa: PLW0108 - it keeps a note at its hearer
    await page.goto(f"{address}/display?{query}")
    await page.wait_for_selector("html[data-ready]")
    await asyncio.sleep(SETTLED_S)
    files = [each for each in loaded if each.status == HTTPStatus.OK]
    whole = sum([len(await each.body()) for each in files])
    sent = sum([(await each.request.sizes())["responseBodySize"] for each in files])
    return page, (whole, sent)


async def ready_s(page: Page) -> float:
    began = time.monotonic()
    await page.reload(wait_until="commit")
    await page.wait_for_selector("html[data-ready]")
    return time.monotonic() - began


async def seen_ms(it: Companion, page: Page, seconds: float) -> list[float]:
    """From each message until the frame in which it is seen was painted."""
    await asyncio.sleep(SETTLED_S)
    await page.evaluate(WATCH)
    sent = await it.ask("steps", seconds)
    await asyncio.sleep(0.5)
    painted: list[tuple[float, float]] = await page.evaluate("mouths")
    took, first = [], 0
    for mouth in sent:
        while first < len(painted) and painted[first][0] < mouth.at:
            first += 1
        later = (at - mouth.at for at, opened in painted[first : first + 60] if abs(opened - mouth.open) < 0.006)
        took.append(min(next(later, LONGEST_MS), LONGEST_MS))
    return took


async def driven(it: Companion, page: Page, seconds: float) -> tuple[list[float], float]:
    """How far the mouth is behind each stretch of speech, and the share of a core that all of it took."""
    await page.evaluate(WATCH)
    used, began = it.processor_s(), time.monotonic()
    told = await it.ask("speak", seconds)
    share = 100 * (it.processor_s() - used) / (time.monotonic() - began)
    await asyncio.sleep(0.5)
    painted: list[tuple[float, float]] = await page.evaluate("mouths")
    apart = []
    for start in range(int(told[0].at), int(told[-1].at) - 5_000, 5_000):
        here = [each for each in told if start <= each.at < start + 5_000]
        there = [each for each in painted if start <= each[0] < start + 5_000]
        if any(each.open > 0.2 for each in here):
            apart.append(lag_ms(here, there))
    return apart, share


@asynccontextmanager
async def watching(address: str, count: int) -> AsyncGenerator[None]:
    """So many displays more, that draw nothing."""

    async def read(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for _ in socket:
            pass

    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(headers={"Origin": address}))
        sockets = [
            await stack.enter_async_context(client.ws_connect(f"{address}/display/socket")) for _ in range(count)
        ]
        reading = [asyncio.create_task(read(each), name="bench.display") for each in sockets]
        try:
            yield
        finally:
            for each in reading:
                each.cancel()
            await asyncio.gather(*reading, return_exceptions=True)


class Companion:
    """One in a process of its own, so that what it costs can be told from what the browser costs."""

    def __init__(self, process: multiprocessing.process.BaseProcess, line: Connection, address: str) -> None:
        self._process = psutil.Process(process.pid)
        self._line = line
        self.address = address

    def processor_s(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system

    async def ask(self, what: str, seconds: float) -> list[Mouth]:
        """Have it done; every mouth that was told meanwhile."""
        self._line.send((what, seconds))
        told: list[Mouth] = await asyncio.to_thread(self._line.recv)
        return told


@asynccontextmanager
async def companion(home: Path, speech: Speech) -> AsyncGenerator[Companion]:
    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    process = context.Process(target=live, args=(far, home, speech), daemon=True)
    process.start()
    try:
        yield Companion(process, near, await asyncio.to_thread(near.recv))
    finally:
        near.send(("end", 0.0))
        await asyncio.to_thread(process.join, 5)


def live(line: Connection, home: Path, speech: Speech) -> None:
    asyncio.run(_live(line, home, speech))


async def _live(line: Connection, home: Path, speech: Speech) -> None:
    async with open_face(home) as face:
        line.send(face.address)
        while True:
            what, seconds = await asyncio.to_thread(line.recv)
            if what == "end":
                return
            face.told.clear()
            await (_step if what == "steps" else _speak)(face, speech, seconds)
            line.send(face.told)


async def _step(face: Face, _speech: Speech, seconds: float) -> None:
    """A mouth that is another one each time, to be drawn at once."""
    face.broadcast.publish(State.SPEAKING)
    for step in range(int(seconds * PER_SECOND)):
        mouth = Mouth(open=round(0.1 + 0.8 * (step * 37 % 90) / 90, 2), form=0, at=round(time.time() * 1000))
        face.told.append(mouth)
        face.stage.move(mouth)
        await asyncio.sleep(1 / PER_SECOND)


async def _speak(face: Face, speech: Speech, seconds: float) -> None:
    face.broadcast.publish(State.SPEAKING)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        await face.mouth.play(speech)
    face.broadcast.publish(State.IDLE)


def progress(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""The talk's view in a real browser, over a talk that only notes what is wanted: keys, microphone, connection."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from talk_rig import chromium, console_words, note, played

from digital_life.config import Web
from digital_life.values import RATE, Reply, Speech, Spoken, State, Timings, Transcript, Turn
from digital_life.web import console
from digital_life.web.server import open_server
from digital_life.web.site import Site
from fakes.clock import FakeClock
from fakes.talk import World, world

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

HOLD = ".hold"
USED = f"{HOLD}[data-use={{}}]"


def turn(number: int, heard: str, said: str, *, interrupted: bool = False) -> Turn:
    spoken = Transcript(heard, "en", 1.0)
    reply = Reply(said, interrupted=interrupted)
    return Turn(number, FakeClock().now(), None, spoken, reply, Timings(first_audio=900.0), by="Ada")


@pytest.fixture
async def it() -> AsyncGenerator[World]:
    async with world([turn(1, "Are you there?", "I am.")]) as made:
        yield made


@asynccontextmanager
async def served(it: World, home: Path) -> AsyncGenerator[str]:
    site = Site(channels={"/socket": it.talk}, folders=(console.folder(),), documents={"/words.json": console_words})
    async with open_server(Web(port=0), site, home=home, language="en") as serving:
        yield serving.address


@asynccontextmanager
async def view(it: World, home: Path) -> AsyncGenerator[tuple[Page, BrowserContext]]:
    async with served(it, home) as address, chromium() as context:
        page = await context.new_page()
        await page.goto(f"{address}/#/talk")
        await page.wait_for_selector(".line")
        yield page, context


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.02)


async def test_enter_sends_and_while_characters_are_put_together_it_does_not(it: World, tmp_path: Path) -> None:
    async with view(it, tmp_path) as (page, _):
        await page.fill("#message", "ni hao")
        composing = "document.getElementById('message').dispatchEvent(new KeyboardEvent('keydown', %s))"
        await page.evaluate(composing % "{ key: 'Enter', isComposing: true, bubbles: true, cancelable: true }")
        await page.press("#message", "Shift+Enter")
        assert await page.input_value("#message") == "ni hao\n"
        assert it.conversation.asked == []
        await page.press("#message", "Enter")
        await until(lambda: "say ni hao" in it.conversation.asked)
        assert await page.input_value("#message") == ""
        assert await page.locator(".line.you.pending").count() == 1
        it.talk.hear(Transcript("ni hao", "en", 1.0))
        await page.wait_for_selector(".line.you.pending", state="detached")
        assert await page.locator(".line.you").count() == 2


async def test_words_appear_as_they_are_spoken_and_what_was_cut_is_marked(it: World, tmp_path: Path) -> None:
    async with view(it, tmp_path) as (page, _):
        it.talk.hear(Transcript("A story.", "en", 0.9))
        it.talk.hear(Spoken("Once upon a time ", "en"))
        await page.wait_for_selector(".line.it.coming")
        it.talk.hear(Spoken("很久以前", "zh"))
        await page.wait_for_selector(".line.it.coming [lang=zh-Hans]")
        assert await page.locator(".line.it .words").last.inner_text() == "Once upon a time 很久以前"
        it.talk.hear(turn(2, "A story.", "Once upon a time", interrupted=True))
        await page.wait_for_selector(".line.it .badge")
        assert await page.locator(".line.it.coming").count() == 0
        assert await page.locator(".line.it .words").last.inner_text() == "Once upon a time"


async def test_the_button_is_held_by_key(it: World, tmp_path: Path) -> None:
    async with view(it, tmp_path) as (page, _):
        await page.focus(HOLD)
        await page.keyboard.down("Space")
        await page.wait_for_selector(USED.format("pressed"))
        await until(lambda: len(it.line.heard) > 20)
        assert {len(each) for each in it.line.heard} == {640}
        await page.keyboard.up("Space")
        await until(lambda: it.line.finished == 1)
        await page.wait_for_selector(USED.format("closed"))
        heard = len(it.line.heard)
        await asyncio.sleep(0.3)
        assert len(it.line.heard) == heard
        await it.become(State.IDLE)
        assert it.line.holder is None


async def test_without_leave_to_use_the_microphone_a_sentence_says_what_to_do(it: World, tmp_path: Path) -> None:
    async with view(it, tmp_path) as (page, _):
        refuse = "() => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', '%s'); } }"
        for error, sentence in (("NotAllowedError", "Allow it"), ("NotFoundError", "No microphone")):
            await page.evaluate(refuse % error)
            await page.get_by_role("button", name="Open microphone").click()
            await page.wait_for_selector(f".said .error:text('{sentence}')")
            await page.wait_for_selector(USED.format("closed"))
        assert it.line.holder is None


async def test_when_the_connection_is_lost_the_microphone_stops_and_the_page_comes_back(
    it: World, tmp_path: Path
) -> None:
    async with view(it, tmp_path) as (page, _):
        await page.get_by_role("button", name="Open microphone").click()
        await until(lambda: len(it.line.heard) > 5)
        for guest in tuple(it.talk._guests.values()):
            guest.page.close()
        await page.wait_for_selector(USED.format("closed"))
        await until(lambda: it.line.holder is None)
        await until(lambda: len(it.talk._guests) == 1)
        assert await page.locator(".line").count() == 2  # nothing twice
        await page.get_by_role("button", name="Open microphone").click()
        await page.wait_for_selector(USED.format("open"))


async def test_who_looks_at_another_view_is_not_listened_to(it: World, tmp_path: Path) -> None:
    async with view(it, tmp_path) as (page, _):
        await page.get_by_role("button", name="Open microphone").click()
        await page.wait_for_selector(USED.format("open"))
        await page.evaluate("location.hash = '#/memory'")
        await until(lambda: it.line.finished == 1)
        await it.become(State.IDLE)
        assert it.line.holder is None
        it.talk.hear(Transcript("And then?", "en", 0.9))
        await page.evaluate("location.hash = '#/talk'")
        await page.wait_for_selector(".line.you:has-text('And then?')")


def tone(seconds: float) -> Speech:
    wave = np.sin(2 * np.pi * 440 * np.arange(int(seconds * 22_050)) / 22_050) * 0.5
    return Speech((wave * 32767).astype(np.int16).tobytes(), 22_050)


async def test_sounds_follow_each_other_without_a_gap_wait_when_held_and_end_when_stopped(
    it: World, tmp_path: Path
) -> None:
    async with view(it, tmp_path) as (page, _):
        (guest,) = it.talk._guests.values()
        player = guest.player
        await player.play(tone(0.3))  # the page's sound wakes up
        await page.evaluate("played.length = 0")
        took: list[float] = []
        for _ in range(3):
            began = time.monotonic()
            assert await player.play(tone(0.6), started=lambda: took.append(time.monotonic())) == pytest.approx(0.6)
            took[-1] -= began
        await asyncio.sleep(0.5)
        note("player", play_to_heard_ms=[round(each * 1000) for each in took])
        where = np.flatnonzero(np.abs(await played(page)) > 0.05)
        assert (where[-1] - where[0]) / RATE == pytest.approx(1.8, abs=0.3)
        assert np.diff(where).max() / RATE < 0.25
        asyncio.get_running_loop().call_later(0.3, player.turn, 0.0)
        asyncio.get_running_loop().call_later(2.3, player.turn, 1.0)
        began = time.monotonic()
        assert await player.play(tone(0.8)) == pytest.approx(0.8)
        assert time.monotonic() - began > 2.5
        asyncio.get_running_loop().call_later(0.8, player.stop)
        began = time.monotonic()
        heard = await player.play(tone(5.0))
        assert time.monotonic() - began < 2.0
        assert 0.2 < heard < 1.5


async def test_nobody_is_kept_out(it: World, tmp_path: Path) -> None:
    axe = pytest.importorskip("axe_playwright_python.async_playwright").Axe()
    async with view(it, tmp_path) as (page, _):
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce")
            await page.set_viewport_size({"width": 360 if scheme == "dark" else 1280, "height": 740})
            found = await axe.run(page)
            assert [each["id"] for each in found.response["violations"]] == []
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

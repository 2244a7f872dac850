"""The conversation in a real browser, with real models: typed and spoken, interrupted, on several pages at once."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncGenerator
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
import soxr
from daemon_process import load, say
from talk_rig import Rig, chromium, note, opened, played, rig

from digital_life.values import RATE, State

if TYPE_CHECKING:
    from playwright.async_api import Page

HOLD = ".hold"
MICROPHONE_RATE = 48_000


@pytest.fixture
async def it(tmp_path: Path, models_dir: Path) -> AsyncGenerator[Rig]:
    async with rig(tmp_path / "life", models_dir) as made:
        yield made


def for_microphone(wav: Path, *parts: Path | float) -> tuple[Path, float]:
    """Recordings and seconds of silence, as the browser's microphone wants them; and how long that takes."""
    sound = [load(each) if isinstance(each, Path) else np.zeros(int(each * RATE), np.float32) for each in parts]
    whole = soxr.resample(np.concatenate(sound), RATE, MICROPHONE_RATE)
    soundfile.write(wav, whole, MICROPHONE_RATE, subtype="PCM_16")
    return wav, len(whole) / MICROPHONE_RATE


async def lines(page: Page, who: str) -> list[str]:
    return [text.strip() for text in await page.locator(f".line.{who} .words").all_inner_texts()]


def alike(heard: str, said: str) -> bool:
    """Whether it sounds the same: the small recogniser hears "Francis Capitalist Paris" for "France's capital is"."""
    told, wanted = (re.sub(r"[^a-z]", "", each.lower()) for each in (heard, said))
    return SequenceMatcher(None, told, wanted).ratio() >= 0.7


def refused(page: Page) -> list[str]:
    """What the page's console complains of from now on."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    return faults


async def test_a_typed_line_is_answered_in_writing_and_aloud_in_the_page(it: Rig) -> None:
    async with chromium() as context:
        page = await opened(context, it)
        faults = refused(page)
        await page.fill("#message", "What is the capital of France?")
        await page.press("#message", "Enter")
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        assert not turn.heard.remote
        assert "Paris" in turn.reply.said
        await it.rest()
        await page.wait_for_selector(".line.it:not(.coming)")
        assert await lines(page, "you") == ["What is the capital of France?"]
        assert await lines(page, "it") == [turn.reply.said]
        assert alike(await it.transcribed(await played(page)), turn.reply.said)
        assert it.session.state is State.DEAF  # the machine's own microphone is looked for again
        assert faults == []


async def test_a_spoken_question_is_heard_and_its_answer_recorded_from_the_page(it: Rig, tmp_path: Path) -> None:
    question = say("What is the capital of France?", tmp_path / "question.wav")
    wav, lasts_s = for_microphone(tmp_path / "microphone.wav", 0.8, question, 30.0)
    async with chromium(speaks=wav) as context:
        page = await opened(context, it)
        await page.locator(HOLD).hover()
        await page.mouse.down()
        await page.wait_for_selector(f"{HOLD}[data-use=pressed]")
        await asyncio.sleep(lasts_s - 30.0 + 0.2)
        let_go = time.monotonic()
        await page.mouse.up()
        await it.until(lambda: State.SPEAKING in it.states)
        after_release_ms = (time.monotonic() - let_go) * 1000
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        note("push-to-talk", release_to_first_audio_ms=after_release_ms, timings=repr(turn.timings))
        assert "what is the capital" in turn.heard.text.lower()
        assert turn.wake is None
        await it.rest()
        await page.wait_for_selector(".line.it:not(.coming)")
        assert await lines(page, "you") == [turn.heard.text]
        assert alike(await it.transcribed(await played(page)), turn.reply.said)
        assert not turn.reply.interrupted


async def test_in_an_open_talk_a_voice_interrupts_what_is_said_in_the_page(it: Rig, tmp_path: Path) -> None:
    first, _ = for_microphone(
        tmp_path / "first.wav", say("Tell me a long story about the sea.", tmp_path / "a.wav"), 0.5
    )
    second, _ = for_microphone(
        tmp_path / "second.wav", say("Wait, what is the capital of France?", tmp_path / "b.wav"), 0.5
    )
    async with chromium() as context:
        await context.route("**/said/*", lambda route: route.fulfill(path=tmp_path / route.request.url.split("/")[-1]))
        page = await opened(context, it, speaker=True)
        await page.get_by_role("button", name="Open microphone").click()
        await page.wait_for_selector(f"{HOLD}[data-use=open]")
        began = time.process_time(), time.monotonic()
        await asyncio.sleep(5)
        share = (time.process_time() - began[0]) / (time.monotonic() - began[1])
        await page.evaluate(f"sayInto('/said/{first.name}')")
        await it.until(lambda: State.SPEAKING in it.states)
        await asyncio.sleep(1.5)
        await page.evaluate(f"sayInto('/said/{second.name}')")
        await it.until(lambda: len(it.turns) == 2)
        story, capital = it.turns
        note("open-microphone", streaming_share=share, timings=[repr(each.timings) for each in it.turns])
        assert story.reply.interrupted
        assert "capital" in capital.heard.text.lower()
        await page.locator(".line.it .badge").wait_for()
        await page.get_by_role("button", name="Open microphone").click()
        await it.rest()


async def test_two_pages_are_in_step_and_only_one_has_the_microphone(it: Rig) -> None:
    async with chromium() as context:
        one, other = await opened(context, it), await opened(context, it)
        await one.get_by_role("button", name="Open microphone").click()
        await one.wait_for_selector(f"{HOLD}[data-use=open]")
        await other.get_by_role("button", name="Open microphone").click()
        await other.wait_for_selector(".said .error")
        assert "Another page has the microphone" in await other.inner_text(".said .error")
        await other.wait_for_selector(f"{HOLD}[data-use=closed]")
        await one.get_by_role("button", name="Open microphone").click()
        await it.rest()
        await other.fill("#message", "What is the capital of Italy?")
        await other.press("#message", "Enter")
        await it.until(lambda: bool(it.turns))
        for page in (one, other):
            await page.wait_for_selector(".line.it:not(.coming)")
        assert await lines(one, "it") == await lines(other, "it") == [it.turns[0].reply.said]
        assert await lines(one, "you") == await lines(other, "you")
        later = await opened(context, it)
        await later.wait_for_selector(".line.it")
        assert await lines(later, "it") == await lines(one, "it")


async def test_muted_nothing_is_heard_of_a_page(it: Rig) -> None:
    async with chromium() as context:
        page = await opened(context, it)
        await page.get_by_role("button", name="Open microphone").click()
        await it.until(lambda: it.session.state is State.LISTENING)
        await page.get_by_role("button", name="Mute", exact=True).click()
        await it.until(lambda: it.session.state is State.MUTED)
        await page.wait_for_selector(f"{HOLD}[data-use=closed]")
        heard = it.terminals.position
        await asyncio.sleep(0.5)
        assert it.terminals.position == heard
        await page.get_by_role("button", name="Unmute").click()
        await it.until(lambda: it.session.state is State.DEAF)

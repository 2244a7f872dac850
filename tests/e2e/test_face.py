"""The face that the companion drives itself, in a real browser: over its own WebSocket and over a broker."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import ClientSession, WSMsgType
from browser import changed, open_browser, seen
from face import LATENCY_S, TOPICS, WATCH, Face, lag_ms, open_face, shown
from live2d import installed

from digital_life.backends.espeak import Espeak
from digital_life.display.messages import Expression, Mouth
from digital_life.errors import ModelError
from digital_life.values import Announced, Speech, Spoken, State, Transcript, WakeHeard
from fakes.mosquitto import Mosquitto

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

TEXT = "Ah, good morning! I am so happy that you are here. Shall we go for a walk along the river today?"
MOODS = {"happy": "That is wonderful!", "sad": "I am sorry, that is so sad.", "worried": "I am worried about you."}


@pytest.fixture
async def speech() -> Speech:
    try:
        return await Espeak(speed=1.0).synthesize(TEXT, "en")
    except ModelError as error:
        pytest.skip(str(error))


def complaints(page: Page) -> list[str]:
    """Of the page, from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


async def says(face: Face, speech: Speech) -> None:
    for state in (State.LISTENING, State.THINKING, State.SPEAKING):
        face.broadcast.publish(state)
    face.broadcast.publish(Spoken(TEXT, "en"))
    await face.mouth.play(speech)


async def lag_of(face: Face, page: Page, speech: Speech) -> float:
    """Milliseconds by which the mouth in the page is behind its sound."""
    await asyncio.sleep(1.8)  # it asks for the time
    await page.evaluate(WATCH)
    face.told.clear()
    await says(face, speech)
    await asyncio.sleep(0.3)
    return lag_ms(face.told, await page.evaluate("mouths"))


async def test_it_speaks_with_its_sound(browser: Browser, tmp_path: Path, speech: Speech, pictures: Path) -> None:
    async with open_face(tmp_path) as face:
        page = await shown(browser, face.address, "avatar=own&language=en")
        faults = complaints(page)
        lag = await lag_of(face, page, speech)
        assert abs(lag) <= 80, lag
        assert await page.inner_text("#subtitle") == TEXT
        await page.screenshot(path=pictures / "face-speaking.png")
        mouths = [opened for _, opened in await page.evaluate("mouths")]
        assert max(mouths) > 0.5
        assert mouths[-1] == 0
        assert face.told[0].at == pytest.approx(face.told[-1].at - speech.seconds * 1000, abs=70)
        assert faults == []


async def test_interrupted_it_shuts_its_mouth(browser: Browser, tmp_path: Path, speech: Speech) -> None:
    async with open_face(tmp_path) as face:
        page = await shown(browser, face.address, "avatar=own")
        await page.evaluate(WATCH)
        speaking = asyncio.create_task(says(face, speech), name="test.says")
        await asyncio.sleep(1.5)
        face.mouth.stop()
        face.broadcast.publish(WakeHeard("hey_jarvis", 0.9, 0))
        face.broadcast.publish(State.LISTENING)
        await speaking
        await asyncio.sleep(0.4)
        assert (await page.evaluate("mouths"))[-1][1] == 0
        assert not await page.is_visible("#subtitle")
        assert await page.get_attribute("#lamp", "data-state") == "listening"


async def test_a_tap_on_one_display_is_seen_on_another(browser: Browser, tmp_path: Path) -> None:
    async with open_face(tmp_path) as face:
        face.broadcast.publish(State.IDLE)
        one, other = [await shown(browser, face.address, "avatar=own") for _ in range(2)]
        await asyncio.sleep(2)
        before = await seen(other, "#stage canvas")
        await one.click("#stage")
        await asyncio.sleep(0.45)
        assert changed(before, await seen(other, "#stage canvas")) > 0.01


async def test_a_crisis_is_met_with_a_calm_face(browser: Browser, tmp_path: Path) -> None:
    async with open_face(tmp_path) as face:
        page = await shown(browser, face.address, "avatar=own&language=en")
        face.broadcast.publish(Transcript("I want to kill myself", "en", 0.9))
        face.broadcast.publish(State.SPEAKING)
        face.broadcast.publish(Spoken("I am so sorry. That is terribly sad.", "en"))
        await page.wait_for_selector("#lamp[data-state=speaking]")
        assert face.stage.present[1] == Expression(name="neutral")
        assert "It looks calm" in (await page.text_content("#alternative") or "")


async def test_over_the_broker_it_speaks_with_its_sound_too(browser: Browser, tmp_path: Path, speech: Speech) -> None:
    with Mosquitto(websockets=True) as broker:
        address = f"ws://127.0.0.1:{broker.websockets_port}"
        async with open_face(tmp_path, port=broker.port, web_broker=address) as face:
            face.broadcast.publish(State.IDLE)
            page = await shown(browser, face.address, "avatar=own&language=en&transport=mqtt")
            faults = complaints(page)
            await page.wait_for_selector("#lamp[data-state=idle]")
            lag = await lag_of(face, page, speech)
            assert abs(lag) <= 80, lag
            assert max(opened for _, opened in await page.evaluate("mouths")) > 0.5
            assert await page.inner_text("#subtitle") == TEXT
            assert not face.stage._pages  # the companion's own WebSocket is not used
        await page.wait_for_selector("#lamp[data-state=stopping]")
        assert faults == []


async def test_over_the_broker_it_is_away_when_the_companion_is(browser: Browser, tmp_path: Path) -> None:
    with Mosquitto(websockets=True) as broker:
        address = f"ws://127.0.0.1:{broker.websockets_port}"
        async with open_face(tmp_path, port=broker.port, web_broker=address) as face, broker.peer() as peer:
            face.broadcast.publish(State.IDLE)
            page = await shown(browser, face.address, "avatar=own&transport=mqtt")
            await page.wait_for_selector("#lamp[data-state=idle]")
            await peer.publish(TOPICS.availability, "offline", retain=True)  # as its will does
            await page.wait_for_selector("#lamp[data-state=away]")


@pytest.mark.parametrize("transport", ["ws", "mqtt"])
async def test_a_live2d_model_moves_its_mouth_and_its_face(tmp_path: Path, pictures: Path, transport: str) -> None:
    await asyncio.to_thread(installed, tmp_path, "shizuku")
    with Mosquitto(websockets=True) as broker:
        address = f"ws://127.0.0.1:{broker.websockets_port}"
        async with (
            open_face(tmp_path, port=broker.port, web_broker=address) as face,
            open_browser(webgl=True) as browser,
        ):
            face.broadcast.publish(State.SPEAKING)
            page = await shown(
                browser, face.address, f"transport={transport}", size=(330, 440), reduced_motion="reduce"
            )
            faults = complaints(page)
            assert await page.get_attribute("html", "data-ready") == "live2d"
            await asyncio.sleep(1.5)
            mouth: dict[float, list[Any]] = {0: [], 1: []}
            for opened in (0, 1, 0, 1):
                await held(face, opened)
                mouth[opened].append(await seen(page, "#stage canvas"))
                await page.screenshot(path=pictures / f"driven-{transport}-mouth-{opened}.png")
            height, width = mouth[0][0].shape
            head = (slice(0, height // 3), slice(width // 4, width * 3 // 4))
            for shut, wide in zip(mouth[0], mouth[1], strict=True):
                assert changed(shut[head], wide[head]) > 0.002
            await held(face, 0)
            face.broadcast.publish(State.IDLE)
            await asyncio.sleep(1.2)
            looks = {"neutral": await seen(page, "#stage canvas")}
            for mood, text in MOODS.items():
                face.broadcast.publish(Announced(text, "en"))
                assert face.stage.present[1] == Expression(name=mood)  # type: ignore[arg-type] # one of Mood
                await asyncio.sleep(1.2)
                looks[mood] = await seen(page, "#stage canvas")
                await page.screenshot(path=pictures / f"driven-{transport}-{mood}.png")
                assert changed(looks["neutral"][head], looks[mood][head]) > 0.01, mood
            assert faults == []


async def held(face: Face, opened: float) -> None:
    """The mouth is so, long enough to be looked at; returns when it has come."""
    answered = face.stage._clock.now().timestamp() * 1000
    for step in range(150):
        face.stage.move(Mouth(open=opened, form=0, at=round(answered + LATENCY_S * 1000 + step * 33)))
    await asyncio.sleep(0.8)


async def test_a_page_that_sends_garbage_is_closed_and_the_others_see_on(tmp_path: Path) -> None:
    async with open_face(tmp_path) as face, ClientSession(headers={"Origin": face.address}) as client:
        good, bad = [await client.ws_connect(f"{face.address}/display/socket") for _ in range(2)]
        face.broadcast.publish(State.IDLE)
        for each in (
            "{",
            '{"type":"state","state":"muted"}',
            "[" * 9_000,
            '{"type":"clock","page":"p","sent":"x"}',
        ) * 5:
            await bad.send_str(each)
        async with asyncio.timeout(10):
            while (await bad.receive()).type is WSMsgType.TEXT:
                pass
        assert bad.closed
        assert face.stage.present[0].state is State.IDLE
        await good.send_str('{"type": "clock", "page": "p1", "sent": 7}')
        told = [json.loads((await good.receive(10)).data) for _ in range(4)]
        assert [each["type"] for each in told] == ["state", "expression", "state", "clock"]

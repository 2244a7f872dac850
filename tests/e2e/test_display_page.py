"""The display in a real browser: what it is told is seen, when it is heard."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import changed, open_browser, seen
from console import until
from display_server import DisplayServer
from face import WATCH
from live2d import installed
from mosquitto import Mosquitto

from digital_life import words
from digital_life.display.messages import MOODS, Expression, Motion, Mouth, Status, Subtitle
from digital_life.values import State

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

MOUTH_STEP_S = 1 / 30
SETTLED_S = 0.8
"""After which an expression has come."""
SHOWN = [State.IDLE, State.LISTENING, State.THINKING, State.SPEAKING, State.MUTED, State.DEAF]


@pytest.fixture
async def server() -> AsyncGenerator[DisplayServer]:
    async with DisplayServer() as opened:
        yield opened


async def shown(
    browser: Browser, server: DisplayServer, query: str = "", *, size: tuple[int, int] = (600, 660), **how: Any
) -> Page:
    """The page, connected and ready."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **how)
    page = await context.new_page()
    page.set_default_timeout(20_000)
    before = server.opened
    await page.goto(f"{server.address}/display/display.html?{query}")
    await page.wait_for_selector("html[data-ready]")
    while server.opened == before or not server.heard:
        await asyncio.sleep(0.02)
    return page


async def speaks(server: DisplayServer, *, open: float) -> None:  # noqa: A002 - as the message calls it
    """From now on the mouth is so, long enough to be looked at; returns when it has come."""
    starts = server.now
    await server.tell(*(Mouth(open=open, form=0, at=starts + step * 33) for step in range(150)))
    await asyncio.sleep(SETTLED_S)


async def test_the_mouth_opens_and_shuts(browser: Browser, server: DisplayServer, pictures: Path) -> None:
    page = await shown(browser, server, "avatar=own", reduced_motion="reduce")
    await server.tell(Status(state=State.SPEAKING))
    await speaks(server, open=0)
    shut = await seen(page, "#stage canvas")
    await speaks(server, open=1)
    wide = await seen(page, "#stage canvas")
    await page.screenshot(path=pictures / "mouth-open.png")
    await speaks(server, open=0.5)
    half = await seen(page, "#stage canvas")
    height, width = shut.shape
    around_mouth = (slice(height // 2, height * 3 // 4), slice(width // 3, width * 2 // 3))
    assert changed(shut[around_mouth], wide[around_mouth]) > 0.05
    assert changed(shut[around_mouth], half[around_mouth]) > 0.03
    assert changed(half[around_mouth], wide[around_mouth]) > 0.02


async def test_every_expression_looks_different(browser: Browser, server: DisplayServer, pictures: Path) -> None:
    page = await shown(browser, server, "avatar=own", reduced_motion="reduce")
    await server.tell(Status(state=State.IDLE))
    looks = {}
    for mood in MOODS:
        await server.tell(Expression(name=mood))
        await asyncio.sleep(SETTLED_S)
        looks[mood] = await seen(page, "#stage canvas")
        await page.screenshot(path=pictures / f"expression-{mood}.png")
    for one, other in itertools.combinations(MOODS, 2):
        assert changed(looks[one], looks[other]) > 0.015, (one, other)


async def test_every_state_looks_different_without_its_colour(
    browser: Browser, server: DisplayServer, pictures: Path
) -> None:
    page = await shown(browser, server, "avatar=own&language=en", reduced_motion="reduce")
    lamps = {}
    for state in SHOWN:
        await server.tell(Status(state=state))
        await asyncio.sleep(0.3)
        lamps[state] = await seen(page, "#lamp svg")
        await page.screenshot(path=pictures / f"state-{state}.png")
    for one, other in itertools.combinations(SHOWN, 2):
        assert changed(lamps[one], lamps[other]) > 0.04, (one, other)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_reads_well_in_both_languages_and_schemes(
    browser: Browser, server: DisplayServer, pictures: Path, language: Any, scheme: Any
) -> None:
    page = await shown(browser, server, f"avatar=own&language={language}", size=(390, 780), color_scheme=scheme)
    said = {"en": "Good morning! Shall we go for a walk?", "zh": "早上好！我们去散步好吗？"}[language]
    text = words.load(language).text
    await server.tell(Status(state=State.SPEAKING, mood="happy"), Subtitle(text=said, language=language, final=True))
    await speaks(server, open=0.7)
    await page.screenshot(path=pictures / f"display-{language}-{scheme}.png")
    assert await page.inner_text("#subtitle") == said
    assert await page.get_attribute("#subtitle", "lang") == language
    assert await page.inner_text("#lamp-word") == text("display.states.speaking")
    face = page.get_by_role("img")
    assert await face.get_attribute("aria-labelledby") == "alternative"
    alternative = await page.text_content("#alternative")
    assert alternative
    assert text("display.doing.speaking") in alternative
    assert text("display.looks.happy") in alternative
    assert await page.text_content("#told") == said


async def test_a_speech_told_ahead_ends_when_it_is_interrupted(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own", reduced_motion="reduce")
    await server.tell(Status(state=State.SPEAKING))
    await page.evaluate(WATCH)
    starts = server.now
    await server.tell(*(Mouth(open=0.9, form=0, at=starts + step * 33) for step in range(90)))
    await asyncio.sleep(0.6)
    await server.tell(Mouth(open=0, form=0, at=server.now))
    await asyncio.sleep(0.3)
    mouths = await page.evaluate("mouths")
    assert max(each for _, each in mouths) > 0.85
    assert mouths[-1][1] == 0


async def test_the_mouth_moves_with_its_sound_whatever_the_clocks_say(browser: Browser) -> None:
    async with DisplayServer(ahead=7_300) as server:
        page = await shown(browser, server, "avatar=own")
        await asyncio.sleep(1)  # it asks for the time
        await server.tell(Status(state=State.SPEAKING))
        await page.evaluate(WATCH)
        wanted = [server.now + 500 + 400 * place for place in range(4)]
        for at in wanted:
            await server.tell(*(Mouth(open=float(step >= 0), form=0, at=at + step * 33) for step in (-1, 0, 1, 2)))
            await server.tell(Mouth(open=0, form=0, at=at + 99))
        await asyncio.sleep(2.6)
        mouths = await page.evaluate("mouths")
        moments = await page.evaluate("performance.timeOrigin + performance.now()")
        ahead = server.now - moments  # both are of this machine: but for the 7.3 s their clocks are one
        opened = [at + ahead for (at, now), (_, before) in zip(mouths[1:], mouths, strict=False) if now >= 0.5 > before]
        assert len(opened) == len(wanted)
        late = [came - (at - 16) for came, at in zip(opened, wanted, strict=True)]
        assert max(map(abs, late)) < 80, late


async def test_a_message_is_seen_at_once(browser: Browser, server: DisplayServer, pictures: Path) -> None:
    page = await shown(browser, server, "avatar=own")
    await server.tell(Status(state=State.SPEAKING))
    await page.evaluate(WATCH)
    sent = {}
    for step in range(int(os.environ.get("DIGITAL_LIFE_DISPLAY_MESSAGES", "240"))):
        value = round(0.1 + 0.8 * (step * 37 % 90) / 90, 2)
        sent[step] = (server.now, value)
        await server.tell(Mouth(open=value, form=0, at=server.now))
        await asyncio.sleep(MOUTH_STEP_S)
    await asyncio.sleep(0.2)
    mouths = await page.evaluate("mouths")
    took = [
        min((at - moment for at, open_ in mouths if 0 <= at - moment < 400 and abs(open_ - value) < 0.006), default=400)
        for moment, value in sent.values()
    ]
    median, slow = statistics.median(took), sorted(took)[len(took) * 95 // 100]
    (pictures / "latency.json").write_text(json.dumps({"median_ms": median, "p95_ms": slow, "messages": len(took)}))
    assert median <= 50


async def test_it_connects_again_by_itself(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own&language=en")
    await server.tell(Status(state=State.IDLE))
    await page.wait_for_selector("#lamp[data-state=idle]", state="visible")
    await server.drop()
    await page.wait_for_selector("#lamp[data-state=away]", state="visible")
    while server.opened < 2:
        await asyncio.sleep(0.05)
    await server.tell(Status(state=State.LISTENING))
    await page.wait_for_selector("#lamp[data-state=listening]", state="visible")


async def test_shapes_are_joined_held_and_then_closed(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own")
    opens = await page.evaluate(
        """async () => {
          const { MouthTrack } = await import("./timing.js");
          const track = new MouthTrack();
          track.push({ at: 1000, open: 0, form: 0 });
          track.push({ at: 1040, open: 1, form: 0 });
          track.push({ at: 2000, open: 0.5, form: 0 });
          track.push({ at: 2040, open: 0.7, form: 0 });
          track.push({ at: 2000, open: 0.6, form: 0 });
          return [900, 1010, 1030, 1040, 1085, 1135, 1500, 2000, 2049, 3000].map((time) => track.at(time).open);
        }"""
    )
    assert opens == pytest.approx([0, 0.25, 0.75, 1, 1, 0.5, 0, 0.6, 0.6, 0])


async def test_the_quickest_answer_tells_the_time(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own")
    times = await page.evaluate(
        """async () => {
          const { RemoteClock } = await import("./timing.js");
          let now = 1000;
          const clock = new RemoteClock({ page: "p", local: () => now, wall: () => 7 });
          const seen = [clock.now()];
          const answered = (took, at) => {
            const { message } = clock.question();
            now += took;
            clock.answer({ ...message, at });
            seen.push(clock.now() - now);
          };
          answered(100, 6000);
          answered(4, 6152);
          answered(300, 6000);
          clock.answer({ page: "another", sent: now, at: 1 });
          clock.answer({ page: "p", sent: now + 5, at: 1 });
          seen.push(clock.now() - now);
          return seen;
        }"""
    )
    assert times == [7, 4950, 5050, 5050, 5050]


async def test_garbage_changes_nothing(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    await server.tell(Status(state=State.IDLE))
    await server.tell_raw(
        "",
        "{",
        "null",
        "[]",
        '"state"',
        '{"type":"toString"}',
        '{"type":"__proto__"}',
        '{"type":"state","state":"constructor"}',
        '{"type":"expression","name":"__proto__"}',
        '{"type":"mouth","open":1e999,"form":0,"at":0}',
        '{"type":"mouth","open":"1","form":null,"at":[]}',
        '{"type":"motion","name":"hasOwnProperty"}',
        '{"type":"clock","page":"other","sent":0,"at":0}',
        json.dumps({"type": "subtitle", "text": "<img src=x onerror=alert(1)>" * 200, "language": "en", "final": True}),
        "x" * 100_000,
    )
    await server.tell(Subtitle(text="<b>still here</b>", language="en", final=False))
    await until(page, "document.getElementById('subtitle').textContent === '<b>still here</b>'")
    assert await page.get_attribute("#lamp", "data-state") == "idle"
    assert faults == []


async def test_nothing_comes_from_elsewhere_and_the_policy_holds(browser: Browser, server: DisplayServer) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{server.address}/display/display.html?avatar=own")
    await page.wait_for_selector("html[data-ready=own]")
    await server.tell(Status(state=State.SPEAKING), Mouth(open=1, form=0, at=server.now), Motion(name="wake"))
    await asyncio.sleep(0.3)
    assert {each.split("/")[2] for each in asked} == {server.address.split("/")[2]}
    assert faults == []
    await context.close()


async def test_who_wants_no_motion_sees_none(browser: Browser, server: DisplayServer) -> None:
    calm = await shown(browser, server, "avatar=own", reduced_motion="reduce")
    lively = await shown(browser, server, "avatar=own", reduced_motion="no-preference")
    await server.tell(Status(state=State.IDLE), Motion(name="tap"))
    await asyncio.sleep(2.2)  # the first blink is over
    before = await seen(calm, "#stage canvas"), await seen(lively, "#stage canvas")
    await asyncio.sleep(0.8)
    after = await seen(calm, "#stage canvas"), await seen(lively, "#stage canvas")
    assert changed(before[1], after[1]) > 0
    # At most an eye was closed meanwhile.
    assert changed(before[0], after[0]) < 0.03


async def test_the_background_can_be_seen_through(browser: Browser, server: DisplayServer, pictures: Path) -> None:
    page = await shown(browser, server, "avatar=own&background=transparent&lamp=off")
    picture = await page.screenshot(path=pictures / "transparent.png", omit_background=True)
    assert picture
    assert not await page.is_visible("#lamp")
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert await page.evaluate("getComputedStyle(document.body).backgroundImage") == "none"


async def test_a_tap_is_told(browser: Browser, server: DisplayServer) -> None:
    page = await shown(browser, server, "avatar=own")
    await page.click("#stage")
    for _ in range(100):
        if Motion(name="tap") in server.heard:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the tap was not told")


async def test_over_mqtt_it_shows_the_same(browser: Browser, tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker:
        async with DisplayServer(brokers=(broker.web,)) as server:
            page = await browser.new_page()
            address = f"{server.address}/display/display.html?avatar=own&transport=mqtt&broker={broker.web}&topic=life"
            broker.publish("life/display/state", Status(state=State.SPEAKING), retain=True)
            await page.goto(address)
            await page.wait_for_selector("#lamp[data-state=speaking]")
            await page.evaluate(WATCH)
            broker.publish("life/display/subtitle", Subtitle(text="over the air", language="en", final=True))
            for step in range(20):
                broker.publish("life/display/mouth", Mouth(open=0.9, form=0, at=server.now + step * 33))
            await until(page, "document.getElementById('subtitle').textContent === 'over the air'")
            await asyncio.sleep(1)
            assert max(each for _, each in await page.evaluate("mouths")) > 0.85
            assert any(topic == "life/display/clock" for topic, _ in broker.heard)


async def test_a_live2d_model_moves_its_mouth_and_its_face(tmp_path: Path, pictures: Path) -> None:
    folder = await asyncio.to_thread(installed, tmp_path, "shizuku")
    async with DisplayServer(avatar=folder) as server, open_browser(webgl=True) as browser:
        faults: list[str] = []
        page = await shown(browser, server, size=(330, 440))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        assert await page.get_attribute("html", "data-ready") == "live2d"
        await server.tell(Status(state=State.SPEAKING))
        await asyncio.sleep(1)
        mouth: dict[float, list[Any]] = {0: [], 1: []}
        for opened in (0, 1, 0, 1):
            await speaks(server, open=opened)
            mouth[opened].append(await seen(page, "#stage canvas"))
            await page.screenshot(path=pictures / f"live2d-mouth-{opened}.png")
        # It sways meanwhile: the two that are alike must still be more alike than those that are not.
        height, width = mouth[0][0].shape
        face = (slice(0, height // 3), slice(width // 4, width * 3 // 4))
        differ = changed(mouth[0][0][face], mouth[1][0][face]), changed(mouth[0][1][face], mouth[1][1][face])
        assert min(differ) > 0.002
        looks = {}
        for mood in MOODS:
            await server.tell(Expression(name=mood))
            await asyncio.sleep(1.2)
            looks[mood] = await seen(page, "#stage canvas")
            await page.screenshot(path=pictures / f"live2d-{mood}.png")
        for mood in ("happy", "sad", "worried"):
            assert changed(looks["neutral"][face], looks[mood][face]) > 0.01, mood
        await server.tell(Motion(name="tap"))
        await asyncio.sleep(1)
        assert faults == []

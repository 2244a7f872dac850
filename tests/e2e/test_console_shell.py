"""What stands around every view of the console: ways, words, colours, and a connection that comes back."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from console import DESKTOP, PHONE, open_console, serious_faults, shots, speak, until

from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from playwright.async_api import Page, Route

PLACES = ["Talk", "Memory", "Now", "Settings"]


async def test_every_view_is_reached_by_the_keyboard() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.wait_for_selector(".empty h1")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        for place in PLACES:
            await page.keyboard.press("Tab")
            assert await page.evaluate("document.activeElement.textContent.trim()") == place
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".navigation a[href='#/now'][aria-current=page]")
        await until(page, "document.activeElement.id === 'main'")
        await until(page, "document.getElementById('polite').textContent === 'Now'")
        assert await page.title() == "Now – Momo"
        assert console.faults == []


async def test_the_focus_can_be_seen() -> None:
    async with open_console(view="nothing") as console:
        for _ in range(3):
            await console.page.keyboard.press("Tab")
        shown = "getComputedStyle(document.activeElement).outline"
        assert "solid 3px" in await console.page.evaluate(shown)


async def test_the_way_past_the_navigation_leads_to_the_view() -> None:
    async with open_console(view="nothing") as console:
        await console.page.keyboard.press("Tab")
        await console.page.keyboard.press("Enter")
        assert await console.page.evaluate("document.activeElement.id") == "main"
        assert console.page.url.endswith("#/nothing")


async def test_the_whole_page_follows_another_language_and_keeps_it() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        assert await page.get_attribute("html", "lang") == "en"
        await speak(page, "zh")
        assert await page.get_attribute("html", "lang") == "zh-Hans"
        assert await page.locator(".navigation").inner_text() == "对话\n记忆\n此刻\n设置"
        await until(page, "document.querySelector('.state').innerText.includes('在')")
        assert await page.locator(".empty h1").inner_text() == "这里什么也没有"
        for _ in range(100):  # the daemon is told too
            if any(each.language == "zh" for each in console.line.pages):
                break
            await asyncio.sleep(0.02)
        assert [each.language for each in console.line.pages] == ["zh"]
        await page.reload()
        await page.wait_for_selector("html[lang=zh-Hans][data-ready]")
        assert console.faults == []


async def test_a_browser_that_reads_chinese_gets_chinese() -> None:
    async with open_console(view="nothing", language="zh") as console:
        assert await console.page.get_attribute("html", "lang") == "zh-Hans"


async def test_colours_follow_the_system_until_somebody_chooses() -> None:
    async with open_console(view="nothing", scheme="dark") as console:
        page = console.page
        ground = "getComputedStyle(document.body).backgroundColor"
        dark = await page.evaluate(ground)
        await page.click(".tools button:not([lang])")
        assert await page.get_attribute("html", "data-scheme") == "light"
        light = await page.evaluate(ground)
        assert light != dark
        await page.reload()
        await page.wait_for_selector("html[data-ready]")
        assert await page.evaluate(ground) == light
        await page.click(".tools button:not([lang])")
        assert await page.get_attribute("html", "data-scheme") == "dark"
        assert await page.evaluate(ground) == dark
        await page.click(".tools button:not([lang])")
        assert await page.get_attribute("html", "data-scheme") is None
        assert console.faults == []


async def test_what_it_does_is_told_by_a_word_and_an_icon() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        seen = []
        for state in ("idle", "listening", "thinking", "speaking", "muted", "deaf"):
            console.line.tell(type="state", state=state)
            await page.wait_for_selector(f".header[data-state={state}]")
            icon = await page.locator(".state svg path").get_attribute("d")
            seen.append((await page.locator(".state").inner_text(), icon))
        assert len({word for word, _ in seen}) == len({icon for _, icon in seen}) == 6


async def test_it_connects_again_when_the_server_is_back() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.wait_for_selector(".header[data-state=idle]")
        await console.lose()
        await page.wait_for_selector(".header[data-state=away]")
        await page.wait_for_selector(".notice button")
        await console.find()
        await page.wait_for_selector(".header[data-state=idle]")
        await page.wait_for_selector(".notice", state="detached")
        assert len(console.line.pages) == 1
        assert console.faults == []


async def test_a_short_loss_is_not_worth_a_word() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.wait_for_selector(".header[data-state=idle]")
        lost = console.line.pages[0].id
        await page.evaluate(SEEN)
        console.line.pages[0].close()
        for _ in range(200):
            if [each.id for each in console.line.pages] not in ([], [lost]):
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert await page.evaluate("[...seen]") in ([], ["idle"])
        assert await page.locator(".notice").count() == 0


async def test_a_newer_daemon_offers_its_page() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.wait_for_selector(".header[data-state=idle]")
        console.line.hello["version"] = "2"
        console.line.pages[0].close()
        await page.get_by_role("button", name="Load again").click()
        await page.wait_for_selector(".header[data-state=idle]")
        assert await page.locator(".notice").count() == 0


async def test_an_unknown_view_is_no_broken_page() -> None:
    async with open_console(view="nothing") as console:
        assert await console.page.locator(".empty h1").inner_text() == "Nothing lives here"
        await console.page.get_by_role("link", name="Back to the talk").click()
        await console.page.wait_for_selector("main[data-view=talk]")
        assert console.faults == []


async def test_a_view_that_did_not_come_can_be_loaded_again() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.route("**/views/now.js", lambda route: route.abort())
        await page.get_by_role("link", name="Now", exact=True).click()
        await page.get_by_role("heading", name="This page did not load").wait_for()
        await page.unroute("**/views/now.js")
        await _show(page, "html`<h1>It came</h1>`")
        await page.get_by_role("button", name="Load again").click()
        await page.get_by_role("heading", name="It came").wait_for()
        assert console.faults == []


async def test_a_view_that_fails_takes_nothing_else_with_it() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await _show(page, "html`<h1>${null.nothing}</h1>`")
        await page.get_by_role("link", name="Now", exact=True).click()
        await page.get_by_role("heading", name="Something broke here").wait_for()
        assert any("nothing" in fault for fault in console.faults)
        await console.go("nowhere")
        await page.get_by_role("heading", name="Nothing lives here").wait_for()


async def _show(page: Page, drawn: str) -> None:
    """From now on the view "now" is drawn so."""
    start = 'import { html } from "../vendor/htm-preact.js";\n'
    body = f'{start}export default {{ name: "now", View: () => {drawn} }};'

    async def script(route: Route) -> None:
        await route.fulfill(body=body, content_type="text/javascript")

    async def style(route: Route) -> None:
        await route.fulfill(body="", content_type="text/css")

    await page.route("**/views/now.js", script)
    await page.route("**/views/now.css", style)


async def test_the_first_time_one_is_led() -> None:
    async def first(_call: Call) -> object:
        return {"first": True}

    async with open_console(resources=[Resource("GET", "/api/setup", first)], view="nothing") as console:
        await console.page.goto("about:blank")
        await console.page.goto(console.address)
        await console.page.wait_for_selector("main[data-view=setup]")


async def test_garbage_over_the_socket_changes_nothing() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.wait_for_selector(".header[data-state=idle]")
        socket = console.line.pages[0]
        for each in (
            b"{",
            b"null",
            b"[]",
            b'"state"',
            b"{}",
            b'{"type":"__proto__"}',
            b'{"type":"state","state":"constructor"}',
        ):
            socket.send(each)
        socket.send_sound(b"\x00" * 320)
        socket.send(json.dumps({"type": "state", "state": "speaking"}).encode())
        await page.wait_for_selector(".header[data-state=speaking]")
        assert console.faults == []


SEEN = """() => {
  globalThis.seen = new Set();
  const header = document.querySelector(".header");
  new MutationObserver(() => seen.add(header.dataset.state)).observe(header, { attributes: true });
}"""
"""Notes what the companion seems to do."""
ASKED = """async () => {
  const { html, render } = await import("./vendor/htm-preact.js");
  const { Question, QuestionDialog } = await import("./lib/dialog.js");
  const box = document.body.appendChild(document.createElement("div"));
  const draw = () => render(html`<${QuestionDialog} question=${question} yes="Yes" no="No" />`, box);
  const question = new Question(draw);
  globalThis.answers = [];
  for (const danger of [true, false]) {
    question.ask({ title: "Forget?", text: "All of it.", danger }).then((said) => answers.push(said));
  }
}"""


async def test_a_question_keeps_the_focus_and_escape_is_a_no() -> None:
    async with open_console(view="nothing") as console:
        page = console.page
        await page.evaluate(ASKED)
        await page.wait_for_selector("dialog[open]")
        assert await page.evaluate("document.activeElement.textContent") == "No"
        assert await serious_faults(page) == []
        await page.keyboard.press("Escape")
        await until(page, "answers.length === 1 && document.querySelector('dialog[open]')")
        assert await page.evaluate("document.activeElement.textContent") == "Yes"
        await page.keyboard.press("Enter")
        await until(page, "answers.length === 2")
        assert await page.evaluate("answers") == [False, True]
        await until(page, "document.querySelectorAll('dialog').length === 0")
        assert console.faults == []


PURE = """async () => {
  const { waitOf } = await import("./lib/backoff.js");
  const { addressOf } = await import("./lib/router.js");
  const { Words, localeOf } = await import("./lib/words.js");
  const { Bus } = await import("./lib/bus.js");
  const words = new Words({ console: { shell: { language: "en" }, memory: { many: "{n} of {all}, {odd}" } } });
  const bus = new Bus();
  const heard = [];
  const end = bus.on("state", (message) => heard.push(message));
  bus.tell("state", 1);
  bus.tell("other", 2);
  end();
  bus.tell("state", 3);
  return {
    waits: [0, 1, 2, 3, 4, 9].map((attempt) => [waitOf(attempt, 0), waitOf(attempt, 1)]),
    addresses: [addressOf("now"), addressOf("memory", { day: "2026-11-22", text: "a & b", none: null })],
    words: [words.text("console.memory.many", { n: 1, all: "{n}" }), words.text("console.none")],
    day: words.date("2026-11-22"),
    locales: [localeOf("en", ["de", "en-GB", "en"]), localeOf("zh", ["en-GB"])],
    heard,
  };
}"""


async def test_the_small_parts_do_what_they_say() -> None:
    async with open_console(view="nothing") as console:
        said: dict[str, Any] = await console.page.evaluate(PURE)
        assert said == {
            "waits": [[500, 500], [500, 1000], [1000, 2000], [2000, 4000], [4000, 8000], [5000, 10000]],
            "addresses": ["#/now", "#/memory?day=2026-11-22&text=a+%26+b"],
            "words": ["1 of {n}, {odd}", "console.none"],
            "day": "November 22, 2026",
            "locales": ["en-GB", "zh-Hans"],
            "heard": [1],
        }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_everybody_can_use_it(scheme: str, size: tuple[int, int]) -> None:
    async with open_console(view="nothing", scheme=scheme, size=size, language="zh") as console:
        await console.page.wait_for_selector(".header[data-state=idle]")
        assert await serious_faults(console.page) == []
        assert console.faults == []


@pytest.mark.parametrize("size", [(360, 640), (640, 430), (844, 390), (320, 568)])
async def test_nothing_sticks_out(size: tuple[int, int]) -> None:
    """A small phone, a desk at 200 %, a phone on its side."""
    async with open_console(view="nothing", size=size) as console:
        await console.page.wait_for_selector(".empty")
        assert await console.page.evaluate("document.documentElement.scrollWidth") <= size[0]
        for place in PLACES:
            assert await console.page.get_by_role("link", name=place, exact=True).is_visible()


async def test_each_file_is_asked_for_once_and_here() -> None:
    async with open_console(view="nothing") as console:
        asked: list[str] = []
        console.page.on("request", lambda request: asked.append(request.url))
        await console.page.reload()
        await console.page.wait_for_selector(".header[data-state=idle]")
        assert len(asked) == len(set(asked)) > 15
        assert all(each.startswith(console.address) for each in asked)


async def test_who_wants_no_motion_sees_none() -> None:
    async with open_console(view="nothing", reduced_motion="reduce") as console:
        await console.page.wait_for_selector(".creature")
        moving = "document.getAnimations().filter((each) => each.playState === 'running').length"
        assert await console.page.evaluate(moving) == 0


async def test_it_is_there_to_be_looked_at() -> None:
    async with open_console(view="nothing") as console:
        assert len(await shots(console.page, "shell")) == 8
        assert console.faults == []

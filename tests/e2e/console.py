"""The console in a real browser, served by the real server: what every test of its views needs."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import open_browser

from digital_life import ports
from digital_life.config import Web
from digital_life.values import Language
from digital_life.web import console
from digital_life.web.resource import Call, Resource
from digital_life.web.server import open_server
from digital_life.web.site import Folder, Site

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

DESKTOP = (1280, 860)
PHONE = (390, 844)
LOCALES: Mapping[Language, str] = {"en": "en-US", "zh": "zh-CN"}
NETWORK = ("Failed to load resource", "WebSocket connection to")
"""What the browser writes itself when an answer is an error or nobody is there: no fault of a page."""
LONGEST = 6_000
"""Pixels of a picture of a whole view."""
SETTLED_S = 0.35
"""After which what appears has appeared."""


class Line:
    """The daemon's end of the console's WebSocket: greets every page, keeps what it hears."""

    def __init__(self, *, name: str = "Momo", state: str = "idle", version: str = "1") -> None:
        self.hello = {"type": "hello", "name": name, "state": state, "muted": False, "version": version}
        self.pages: list[ports.Page] = []
        self.heard_messages: list[dict[str, Any]] = []
        self.heard_sound: list[bytes] = []

    def tell(self, **message: object) -> None:
        """To every page."""
        for page in self.pages:
            page.send(json.dumps(message).encode())

    def opened(self, page: ports.Page) -> None:
        self.pages.append(page)
        greeting = {**self.hello, "languages": ["en", "zh"], "page": page.id}
        page.send(json.dumps(greeting).encode())

    def told(self, _page: ports.Page, message: str) -> None:
        self.heard_messages.append(json.loads(message))

    def heard(self, _page: ports.Page, pcm: bytes) -> None:
        self.heard_sound.append(pcm)

    def closed(self, page: ports.Page) -> None:
        self.pages.remove(page)


@dataclass(slots=True)
class Console:
    """A page of the console, and the server behind it."""

    browser: Browser
    page: Page
    address: str
    line: Line
    faults: list[str]
    """What `refused` has collected of the page so far; a test asserts that it is empty."""
    _site: Site
    _home: Path
    _language: Language
    _server: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def go(self, view: str) -> None:
        """To the view of that name, by its address."""
        await self.page.goto(f"{self.address}/#/{view}")
        await self.page.wait_for_selector("html[data-ready]")
        await self.page.wait_for_selector(f"main[data-view={view.split('?', maxsplit=1)[0]}]")

    async def lose(self) -> None:
        """The server is gone."""
        await self._server.aclose()

    async def find(self) -> None:
        """It is there again, at the same address."""
        settings = Web(port=int(self.address.rpartition(":")[2]))
        await self._server.enter_async_context(
            open_server(settings, self._site, home=self._home, language=self._language)
        )


@asynccontextmanager
async def open_console(
    *,
    resources: Sequence[Resource] = (),
    channels: Mapping[str, ports.Channel] | None = None,
    folders: Sequence[Folder] = (),
    view: str = "talk",
    language: Language = "en",
    scheme: str = "light",
    size: tuple[int, int] = DESKTOP,
    arguments: Sequence[str] = (),
    **context: Any,
) -> AsyncGenerator[Console]:
    """The view of that name over these resources; what is not given is answered as a calm daemon would.

    `arguments` go to Chromium, `context` to the browser's context (`permissions`, `reduced_motion` …).
    """
    line = Line()
    site = Site(
        resources=(*resources, *_missing(resources)),
        channels={"/socket": line, **(channels or {})},
        folders=(console.folder(), *folders),
        documents={console.WORDS: console.words_json},
    )
    async with AsyncExitStack() as parts:
        home = Path(parts.enter_context(tempfile.TemporaryDirectory()))
        browser = await parts.enter_async_context(open_browser(arguments=arguments))
        page = await (await _context(browser, language=language, scheme=scheme, size=size, **context)).new_page()
        page.set_default_timeout(15_000)
        opened = Console(browser, page, f"http://127.0.0.1:{free_port()}", line, refused(page), site, home, language)
        parts.push_async_callback(opened.lose)
        await opened.find()
        await opened.go(view)
        yield opened


async def _context(
    browser: Browser, *, language: Language, scheme: str, size: tuple[int, int], **more: Any
) -> BrowserContext:
    width, height = size
    return await browser.new_context(
        viewport={"width": width, "height": height},
        locale=LOCALES[language],
        color_scheme="dark" if scheme == "dark" else "light",
        **more,
    )


def _missing(resources: Sequence[Resource]) -> list[Resource]:
    """What the shell itself asks for."""
    if any(each.path == "/api/setup" for each in resources):
        return []
    return [Resource("GET", "/api/setup", _not_the_first_time)]


async def _not_the_first_time(_call: Call) -> object:
    return {"first": False}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def refused(page: Page) -> list[str]:
    """From now on: errors of scripts, and what the Content-Security-Policy did not allow."""
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NETWORK):
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return faults


async def until(page: Page, claim: str) -> None:
    """Wait until that expression is true in the page. Playwright's own waiting needs eval, which the policy forbids."""
    for _ in range(400):
        if await page.evaluate(claim):
            return
        await asyncio.sleep(0.03)
    pytest.fail(f"never came true: {claim}")


async def serious_faults(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody from using the page: the rule, and where."""
    axe = pytest.importorskip(
        "axe_playwright_python.async_playwright", reason="axe is not installed: scripts/setup --tests"
    )
    await asyncio.sleep(SETTLED_S)  # what is still fading in has too little contrast
    found = (await axe.Axe().run(page)).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node.get('failureSummary', '')}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


async def speak(page: Page, language: Language) -> None:
    """Switch the page's language, as a person does."""
    if not str(await page.get_attribute("html", "lang")).startswith(language):
        await page.locator(".tools button[lang]").click()
        await page.wait_for_selector(f"html[lang|={language}]", state="attached")


async def _length(page: Page) -> int:
    return min(LONGEST, int(await page.evaluate("document.documentElement.scrollHeight")))


async def shots(page: Page, name: str, *, whole: bool = False) -> list[Path]:
    """Pictures of what is shown now, in both languages and schemes, on a phone and on a desk; then all is as before.

    `whole`: as long as the view is. They lie in the folder DIGITAL_LIFE_SHOTS, to be looked at.
    """
    folder = Path(os.environ.get("DIGITAL_LIFE_SHOTS") or tempfile.mkdtemp(prefix="shots-"))
    folder.mkdir(parents=True, exist_ok=True)
    size, spoken = page.viewport_size, await page.get_attribute("html", "lang")
    taken = []
    for language in LOCALES:
        await speak(page, language)
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for width, height in (PHONE, DESKTOP):
                await page.set_viewport_size({"width": width, "height": height})
                await asyncio.sleep(SETTLED_S)
                if whole:
                    await page.set_viewport_size({"width": width, "height": await _length(page)})
                taken.append(
                    folder / f"{name}-{language}-{scheme}-{'phone' if (width, height) == PHONE else 'desk'}.png"
                )
                await page.screenshot(path=taken[-1])
    await page.emulate_media(color_scheme="light")
    if size:
        await page.set_viewport_size(size)
    await speak(page, "zh" if str(spoken).startswith("zh") else "en")
    return taken

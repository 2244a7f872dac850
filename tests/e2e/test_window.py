"""The whole daemon, seen and controlled through its window: in a real browser, with real models, from a fresh home."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sqlite3
import tomllib
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from browser import Pixels, changed, open_browser, seen
from console import DESKTOP, LOCALES, PHONE, SETTLED_S, free_port, refused, serious_faults
from daemon_process import DEAF, IDLE, Daemon, daemon
from face import WATCH
from soundcard import SoundCard

from digital_life import config
from digital_life.values import Language

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Request, Response

pytestmark = pytest.mark.asyncio(loop_scope="module")
WAIT_S = 90.0
"""For an answer, on a machine that tests other things too."""
VIEWS = (
    "talk", "memory", "memory?tab=who", "memory?tab=time", "memory?tab=keep", "now",
    "settings", "settings?part=logs", "settings?part=doctor", "settings?part=about", "setup",
)  # fmt: skip
ABORTED = "net::ERR_ABORTED"
"""What a page no longer wants when it goes elsewhere."""
SOUND = "--autoplay-policy=no-user-gesture-required"
QUESTION = "What is the capital of France?"
LONG = "Explain how a bicycle works, in ten sentences."
PASSPHRASE = "seven blue horses"  # noqa: S105 - of a test
FILE = """# The settings of our kitchen.
[persona]
name = "Momo" # the children chose it
language = "en"

# It is loud there.
[hearing]
voice_threshold = 0.7
"""
BUSY = "main [aria-busy=true], main .skeleton"
MOUTH = "Number(document.getElementById('lamp').style.getPropertyValue('--mouth'))"


@dataclass(frozen=True, slots=True)
class House:
    """A daemon, and the browser of somebody who lives with it."""

    it: Daemon
    address: str
    home: Path
    browser: Browser

    @property
    def file(self) -> str:
        return (self.home / config.FILE).read_text(encoding="utf-8")

    @property
    def turns(self) -> list[tuple[str, ...]]:
        """All that was said, as it is kept."""
        with closing(sqlite3.connect(f"file:{self.home / 'life.db'}?mode=ro", uri=True)) as life:
            return life.execute("SELECT began, language, heard, said FROM turn ORDER BY id").fetchall()

    @asynccontextmanager
    async def page(
        self, view: str = "talk", *, language: Language = "en", strict: bool = True, start: str = "/#/"
    ) -> AsyncGenerator[Page]:
        """Somebody's own page. In the end it must have had no fault; where `strict`, no request may have failed."""
        async with await self.browser.new_context(
            viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, locale=LOCALES[language], reduced_motion="reduce"
        ) as context:
            page = await context.new_page()
            page.set_default_timeout(WAIT_S * 1000)
            faults, failed = refused(page), unanswered(page)
            await page.goto(f"{self.address}{start}{view}")
            await page.wait_for_selector("html[data-ready]")
            yield page
            assert faults == []
            assert failed == [] or not strict


def unanswered(page: Page) -> list[str]:
    """From now on: requests that failed, and those that were answered with an error."""
    failed: list[str] = []

    def note(request: Request) -> None:
        if request.failure != ABORTED:
            failed.append(f"{request.url}: {request.failure}")

    def look(response: Response) -> None:
        if response.status >= 400:
            failed.append(f"{response.url}: {response.status}")

    page.on("requestfailed", note)
    page.on("response", look)
    return failed


@asynccontextmanager
async def opened(home: Path, *settings: str, deaf: bool = False) -> AsyncGenerator[House]:
    """A daemon on that home; `deaf`: on a machine without any sound device."""
    port = free_port()
    async with AsyncExitStack() as parts:
        card = parts.enter_context(SoundCard())
        if deaf:
            card.unplug()
        it = await parts.enter_async_context(daemon(card.environment, home, f"web.port={port}", *settings))
        browser = await parts.enter_async_context(open_browser(arguments=[SOUND]))
        await it.until(DEAF if deaf else IDLE, wait_s=WAIT_S)
        yield House(it, f"http://127.0.0.1:{port}", home, browser)
        assert await it.stop() < 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    home = tmp_path_factory.mktemp("home")
    (home / config.FILE).write_text(FILE, encoding="utf-8")
    async with opened(home) as made:
        yield made


async def true(page: Page, claim: str, *, wait_s: float = WAIT_S) -> None:
    """Wait until that expression is true in the page."""
    async with asyncio.timeout(wait_s):
        while not await page.evaluate(claim):
            await asyncio.sleep(0.05)


async def settled(page: Page) -> None:
    """Everything of the view is here."""
    await page.wait_for_selector("main h1", state="attached")
    await true(page, f"document.querySelectorAll('{BUSY}').length === 0")


async def ask(page: Page, text: str) -> str:
    """Type it, and read the answer when it is over."""
    await page.fill("#message", text)
    await page.press("#message", "Enter")
    mine = page.locator(".line.you", has_text=text).last
    await mine.wait_for()
    answer = mine.locator("xpath=following-sibling::li[1]")
    await answer.locator("xpath=self::li[contains(@class, 'it') and not(contains(@class, 'coming'))]").wait_for()
    return await answer.locator(".words").inner_text()


async def picture(page: Page, name: str) -> None:
    """For whoever reviews them: on a desk, and on a phone."""
    folder = os.environ.get("DIGITAL_LIFE_SHOTS")
    if not folder:
        return
    for (width, height), device in ((PHONE, "phone"), (DESKTOP, "desk")):
        await page.set_viewport_size({"width": width, "height": height})
        await asyncio.sleep(SETTLED_S)
        await page.screenshot(path=Path(folder) / f"window-{name}-{device}.png")


async def test_a_typed_line_is_answered_remembered_found_measured_and_forgotten(house: House) -> None:
    async with house.page() as one, house.page(language="zh") as other:
        answer = await ask(one, QUESTION)
        assert "Paris" in answer
        await other.locator(".line.it:not(.coming) .words", has_text=answer).wait_for()
        await one.goto(f"{house.address}/#/now")
        await one.locator(".waterfall li .part.stage-first_token").first.wait_for()
        await one.goto(f"{house.address}/#/memory?tab=search")
        await look_for(one, "capital of France")
        found = one.locator(".found > li", has_text=QUESTION)
        await found.get_by_role("button", name="Forget this").click()
        dialog = one.get_by_role("dialog")
        await dialog.locator(".losses").wait_for()
        assert [heard for _, _, heard, _ in house.turns] == [QUESTION]
        await dialog.get_by_role("button", name="Forget for good").click()
        await one.get_by_text("One turn is forgotten.").first.wait_for()
        await found.wait_for(state="detached")
        assert house.turns == []
        await one.goto(f"{house.address}/#/talk")
        await one.reload()
        await one.locator(".lines[aria-busy=false]").wait_for(state="attached")
        assert await one.locator(".line").count() == 0


async def look_for(page: Page, text: str) -> None:
    await page.get_by_label("What are you looking for?").fill(text)
    await page.keyboard.press("Enter")


async def test_while_it_speaks_the_face_moves_its_mouth_and_shuts_it_when_told_to_stop(house: House) -> None:
    async with house.page() as page, house.page("", start="/display?avatar=own") as face:
        await face.evaluate(WATCH)
        await page.fill("#message", LONG)
        await page.press("#message", "Enter")
        await face.wait_for_selector("#lamp[data-state=speaking]", state="attached")
        await true(face, f"{MOUTH} > 0.2")
        mouths = [around_mouth(await seen(face, "#stage canvas")) for _ in range(8)]
        assert max(changed(one, later) for one, later in itertools.combinations(mouths, 2)) > 0.01
        assert await face.locator("#subtitle").inner_text()
        await page.get_by_role("button", name="Stop talking").click()
        await face.wait_for_selector("#lamp:not([data-state=speaking])", state="attached")
        await asyncio.sleep(1)
        moved = len(await face.evaluate("mouths"))
        assert await face.evaluate(MOUTH) == 0
        await asyncio.sleep(0.5)
        assert len(await face.evaluate("mouths")) == moved
        await page.locator(".line.it:not(.coming)").last.wait_for()


def around_mouth(look: Pixels) -> Pixels:
    height, width = look.shape
    return look[height // 2 : height * 3 // 4, width // 3 : width * 2 // 3]


async def test_the_check_up_is_asked_for_in_the_page_and_disturbs_nothing(house: House) -> None:
    async with house.page("settings?part=doctor") as page:
        await page.get_by_role("button", name="Start the check-up").click()
        await page.get_by_text("Looking at every part").wait_for()
        await page.locator(".doctor progress").wait_for(state="detached")
        found = await page.locator(".finding h3").all_inner_texts()
        assert len(found) > 5
        assert [each for each in found if "Does not work" in each] == []
        await page.goto(f"{house.address}/#/talk")
        assert "Paris" in await ask(page, QUESTION)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_view_opens_for_everybody(house: House, language: Language) -> None:
    async with house.page(language=language) as page:
        for view in VIEWS:
            await page.goto(f"{house.address}/#/{view}")
            await page.wait_for_selector(f"main[data-view={view.split('?', maxsplit=1)[0]}]")
            await settled(page)
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                assert await serious_faults(page) == [], (view, scheme)
                await picture(page, f"{view.replace('?', '-').replace('=', '-')}-{language}-{scheme}")
        assert str(await page.get_attribute("html", "lang")).startswith(language)
    async with house.page("", language=language, start="/display") as page:
        assert await serious_faults(page) == []
        await picture(page, f"display-{language}")


async def test_carried_away_wiped_and_brought_back_it_is_the_same_life(house: House, tmp_path: Path) -> None:
    async with house.page() as page:
        await ask(page, "My cat is called Minka.")
        before = house.turns
        await page.goto(f"{house.address}/#/memory?tab=keep")
        await page.locator("#export-passphrase").fill(PASSPHRASE)
        await page.locator("#export-again").fill(PASSPHRASE)
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Save the file").click()
        await (await download.value).save_as(tmp_path / "kept.age")
        await page.get_by_label("write the name").fill("Momo")
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("button", name="Wipe it now").click()
        await page.get_by_text("Nothing is remembered any more.").first.wait_for()
        assert house.turns == []
        await page.get_by_label("File").set_input_files(tmp_path / "kept.age")
        await page.get_by_role("button", name="Look into it").click()
        await page.locator("#import-passphrase").fill(PASSPHRASE)
        await page.get_by_role("button", name="Take its place").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take its place").click()
        await page.get_by_text("The memory of the file is here now.").wait_for()
        assert house.turns == before
        assert before
        await page.goto(f"{house.address}/#/talk")
        assert await ask(page, QUESTION)


async def test_a_changed_setting_counts_after_a_restart_from_the_page(house: House) -> None:
    async with house.page("settings?section=persona", strict=False) as page:
        await page.locator("#setting-persona-name").fill("Luna")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("1 saved change counts after a restart.").wait_for()
        assert house.file == FILE.replace("Momo", "Luna")
        started = len(house.it.lines)
        await page.get_by_role("button", name="Restart now").click()
        await page.get_by_role("dialog").get_by_role("button", name="Restart now").click()
        await page.get_by_text("It is restarting").wait_for()
        await house.it.until(IDLE, after=started, wait_s=WAIT_S)
        await page.get_by_text("It is back, with the new settings.").first.wait_for()
        os.kill(house.it.pid, 0)
        await page.locator("#setting-persona-name").wait_for()
        await page.get_by_text("counts after a restart").wait_for(state="detached")
        await page.goto(f"{house.address}/#/talk")
        await page.get_by_placeholder("Write to Luna").wait_for()
        assert "Paris" in await ask(page, QUESTION)


async def test_the_first_steps_are_gone_through_in_the_page_alone_and_never_again(tmp_path: Path) -> None:
    """On a machine without sound: nobody can answer aloud, so nothing is asked aloud either."""
    begins = "conversation.introduction=true"
    async with opened(tmp_path, begins, deaf=True) as it, it.page("", start="/") as page:
        await page.wait_for_selector("main[data-view=setup]")
        await page.goto(f"{it.address}/#/talk")
        assert "Paris" in await ask(page, QUESTION)
        await it.it.until(DEAF, after=len(it.it.lines) - 1)
        await asyncio.sleep(2)
        assert await page.get_by_text("What may I call you?").count() == 0
        await page.goto(f"{it.address}/#/setup")
        await page.get_by_role("button", name="English I begin in English.").click()
        await page.get_by_label("What may I call you?").fill("Anna")
        await page.get_by_label("What shall I be called?").fill("Luna")
        await page.get_by_role("button", name="Save", exact=True).click()
        voice = page.locator(".setup-voice").last
        name = (await voice.locator(".hint").inner_text()).split(" ")[0]
        await voice.get_by_role("button", name="Speak like this").click()
        for _ in ("microphone", "wake word"):
            await page.get_by_role("heading", name=re.compile("Can I hear you|Say: ")).wait_for()
            await page.get_by_role("button", name="Skip", exact=True).click()
        await page.get_by_text("That is all, Anna!").wait_for()
        await page.get_by_role("button", name="Start talking").click()
        await page.get_by_placeholder("Write to Luna").wait_for()
        settings = tomllib.loads(it.file)
        assert settings["persona"] == {"language": "en", "user": "Anna", "name": "Luna"}
        assert settings["models"]["voices"] == {"en": name}
    async with opened(tmp_path, begins, deaf=True) as it, it.page("", start="/") as page:
        await page.get_by_placeholder("Write to Luna").wait_for()
        await page.locator(".lines[aria-busy=false]").wait_for(state="attached")
        assert "/setup" not in page.url

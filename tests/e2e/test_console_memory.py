"""The memory's page in a real browser: found, corrected, forgotten, carried, wiped."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from console import PHONE, Console, open_console, serious_faults, shots

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.values import Call as ToolCall
from digital_life.values import Language, Reply, Timings, Transcript, Turn
from digital_life.views import keeping, memory
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

if TYPE_CHECKING:
    from playwright.async_api import Page

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY_S = 86_400
PASSPHRASE = "seven blue horses"  # noqa: S105 - of a test
TALKS = (
    ("My brother Tom lives in Berlin.", "I like black tea with milk."),
    ("My cat Minka caught a mouse today.", "The garden needs water."),
    ("I start a new job at the library on Monday.",),
)
WEEK_S = 6 * DAY_S


@pytest.fixture
async def life(tmp_path: Path) -> AsyncGenerator[Life]:
    """Three talks in as many weeks, each with its diary; the first was recalled in the last."""
    async with _alive(tmp_path, FakeClock(BEGAN)) as alive:
        yield alive


@asynccontextmanager
async def _alive(home: Path, clock: FakeClock) -> AsyncGenerator[Life]:
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings(), names=["Ada"]) as life,
    ):
        for talk in TALKS:
            for heard in talk:
                await _said(life, clock, heard)
            await life.end_conversation()
            await life.rest(FakeWriter(diligent))
            clock.passed += WEEK_S
        found = await life.search("Tom Berlin")
        await _said(life, clock, "Where does Tom live?", calls=(ToolCall("recall_by_need", "Tom", found[:2]),))
        clock.passed += 2 * DAY_S
        yield life


async def _said(life: Life, clock: FakeClock, heard: str, *, calls: tuple[ToolCall, ...] = ()) -> None:
    clock.passed += 60
    turn = Turn(1, clock.now(), None, Transcript(heard, "en", 0.9), Reply("I see, thank you."), Timings(), calls)
    await life.remember(turn)


@asynccontextmanager
async def opened(
    life: Life, home: Path, view: str = "memory", *, language: Language = "en", size: tuple[int, int] = (1280, 860)
) -> AsyncGenerator[Console]:
    lives, names, clock = {"": life}, {"": "Momo"}, FakeClock(life.today())
    resources = (
        *memory.resources(lives, names=names),
        *keeping.resources(lives, names=names, home=home, clock=clock),
    )
    async with open_console(resources=resources, view=view, language=language, size=size) as console:
        yield console
        assert console.faults == []


async def test_a_day_is_found_by_keyboard_and_its_diary_read(life: Life, tmp_path: Path) -> None:
    async with opened(life, tmp_path, "memory?day=2026-11-04") as console:
        page = console.page
        await page.locator("[role=grid] button[tabindex='0']").focus()
        await page.keyboard.press("ArrowLeft")
        await page.keyboard.press("Home")
        await page.locator(":focus[aria-label*='November 2,']").wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_text("brother Tom lives in Berlin").first.wait_for()
        assert "day=2026-11-02" in page.url
        await page.locator("[role=grid] button[tabindex='0']").focus()
        await page.keyboard.press("PageUp")
        await page.get_by_role("heading", name="October 2026").wait_for()
        await page.get_by_role("button", name="Where this comes from").first.click()
        await page.locator(".sources .turn").first.wait_for()


async def test_what_is_searched_is_found_and_explained(life: Life, tmp_path: Path) -> None:
    async with opened(life, tmp_path, "memory?tab=search") as console:
        page = console.page
        await page.get_by_label("What are you looking for?").fill("Minka")
        await page.keyboard.press("Enter")
        first = page.locator(".found > li").first
        await first.get_by_text("surely").wait_for()
        await first.get_by_text("Why this was found").click()
        await first.get_by_text("exactly what you wrote").wait_for()
        await first.get_by_role("link", name="Open the day").click()
        await page.get_by_role("heading", name="November 2026").first.wait_for()
        assert "tab=days" in page.url


async def test_a_diary_is_corrected_in_place_and_that_undone(life: Life, tmp_path: Path) -> None:
    async with opened(life, tmp_path, "memory?day=2026-11-02") as console:
        page = console.page
        await page.get_by_role("button", name="Correct").click()
        await page.get_by_role("textbox", name="Sentence 1").fill("Tom lives in Bonn.")
        await page.get_by_role("button", name="Save").click()
        await page.locator(".diary").get_by_text("Tom lives in Bonn.").wait_for()
        assert (await life.diaries())[0].sentences[0].sources == (1,)
        await page.get_by_role("button", name="Undo the correction").click()
        await page.locator(".diary .sentences").get_by_text("Berlin").wait_for()


async def test_what_is_forgotten_is_shown_before_and_gone_after(life: Life, tmp_path: Path) -> None:
    async with opened(life, tmp_path, "memory?day=2026-11-02") as console:
        page = console.page
        await page.get_by_label("Choose: My brother Tom").check()
        await page.get_by_role("button", name="Forget what is chosen").click()
        dialog = page.get_by_role("dialog")
        await dialog.get_by_text("changes:").first.wait_for()
        assert await dialog.locator("del").count() >= 1
        assert await serious_faults(page) == []
        await _picture(page, "memory-forget")
        assert len(await life.turns([1])) == 1
        await dialog.get_by_role("button", name="Cancel").click()
        assert await page.evaluate("document.activeElement.textContent") == "Forget what is chosen (1)"
        await page.get_by_role("button", name="Forget what is chosen").click()
        await dialog.get_by_role("button", name="Forget for good").click()
        await page.get_by_text("One turn is forgotten.").first.wait_for()
        assert await life.turns([1]) == []
        await page.locator(".turn").get_by_text("black tea").wait_for()
        await page.locator("main").get_by_text("Berlin").first.wait_for(state="detached")


async def _picture(page: Page, name: str) -> None:
    """Of a question, which covers what `shots` would press."""
    folder = os.environ.get("DIGITAL_LIFE_SHOTS")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")


async def test_a_concept_shows_what_changed_and_goes_back(life: Life, tmp_path: Path) -> None:
    async with opened(life, tmp_path, "memory?tab=who") as console:
        page = console.page
        you = page.get_by_role("region", name="Who you are")
        await you.get_by_role("button", name="Correct", exact=True).click()
        await you.get_by_role("textbox").first.fill("Lives in Bonn.")
        await you.get_by_role("button", name="Save").click()
        await you.get_by_label("Show what changed").check()
        await you.locator("ins", has_text="Bonn").wait_for()
        assert await you.locator("del").count() >= 1
        await you.get_by_role("button", name="Back to the version before").click()
        await page.get_by_text("This version is today's again.").first.wait_for()
        concept = await life.concept("user")
        assert concept is not None
        assert "Bonn" not in str(concept.sentences)


async def test_carried_away_wiped_and_brought_back_it_is_the_same_life(life: Life, tmp_path: Path) -> None:
    before = await life.all_turns(), await life.diaries()
    async with opened(life, tmp_path, "memory?tab=keep") as console:
        page = console.page
        kept = await _saved(page, tmp_path / "kept.age")
        await page.get_by_label("write the name").fill("Momo")
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("button", name="Wipe it now").click()
        await page.get_by_text("Nothing is remembered any more.").first.wait_for()
        assert await life.all_turns() == []
        await page.get_by_label("File").set_input_files(kept)
        await page.get_by_role("button", name="Look into it").click()
        await page.locator("#import-passphrase").fill(PASSPHRASE)
        await page.get_by_role("button", name="Take its place").click()
        await page.get_by_role("dialog").get_by_role("button", name="Take its place").click()
        await page.get_by_text("The memory of the file is here now.").wait_for()
    assert (await life.all_turns(), await life.diaries()) == before


async def _saved(page: Page, path: Path) -> Path:
    await page.locator("#export-passphrase").fill(PASSPHRASE)
    await page.locator("#export-again").fill(PASSPHRASE + "!")
    await page.get_by_role("button", name="Save the file").click()
    await page.get_by_text("The two are not the same.").wait_for()
    await page.locator("#export-again").fill(PASSPHRASE)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Save the file").click()
    await (await download.value).save_as(path)
    return path


@pytest.mark.parametrize("part", ["days&day=2026-11-02", "search&text=Minka", "who", "time", "keep"])
async def test_everybody_can_use_each_part(life: Life, tmp_path: Path, part: str) -> None:
    async with opened(life, tmp_path, f"memory?tab={part}") as console:
        await console.page.wait_for_selector("[role=tabpanel] .card")
        await console.page.locator(".skeleton").first.wait_for(state="detached")
        assert await serious_faults(console.page) == []
        await shots(console.page, f"memory-{part.partition('&')[0]}", whole=True)
        await console.page.set_viewport_size({"width": 360, "height": 700})
        assert await console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_life_in_which_nothing_was_said_is_greeted_kindly(tmp_path: Path) -> None:
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=FakeClock(BEGAN), settings=Settings()) as life,
        opened(life, tmp_path, language="zh", size=PHONE) as console,
    ):
        await console.page.get_by_text("还没有什么可记的").wait_for()
        await console.page.get_by_role("tab", name="你和我").click()
        await console.page.get_by_text("它还不认识你").wait_for()
        assert await serious_faults(console.page) == []
        await shots(console.page, "memory-empty")

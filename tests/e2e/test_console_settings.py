"""The settings, the log, the check-up and the licences in a real browser."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from console import PHONE, Console, open_console, serious_faults, shots, speak, until

from digital_life import config, words
from digital_life.backends.settingsfile import SettingsFile
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.finding import Finding, Health
from digital_life.log import Recent
from digital_life.views import about, doctor, logs, settings
from digital_life.web.resource import Call, Resource
from digital_life.words import Words
from digital_life.worker import Worker

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

FILE = """# The settings of our kitchen.
[persona]
name = "Momo" # the children chose it

# It is loud there.
[hearing]
voice_threshold = 0.7

[devices.rooms]
"Desk lamp" = "study"
"""


@dataclass(slots=True)
class House:
    """What the page talks to: the real resources over a real file."""

    console: Console
    file: Path
    recent: Recent
    restarts: list[str]
    runs: list[str]
    """Of the daemon, by the name of each."""

    async def open(self, part: str = "settings", **more: str) -> None:
        query = "&".join(f"{name}={value}" for name, value in {"part": part, **more}.items())
        await self.console.go(f"settings?{query}")

    def says(self) -> str:
        return self.file.read_text(encoding="utf-8")


async def examine(text: Words) -> AsyncGenerator[Finding]:
    yield Finding("machine", Health.WELL, "Linux x86_64, Python 3.12, 8 cores, 16.0 GB")
    await asyncio.sleep(0.3)
    yield Finding("microphone", Health.BROKEN, text.text("doctor.no-microphone"), text.text("doctor.sound-advice"))
    yield Finding("voice en", Health.WEAK, text.text("doctor.talking"))
    yield Finding("memory", Health.WELL, text.text("doctor.memory", turns=812, size="3.1", ms=4))


def noted() -> Recent:
    recent = Recent()
    for n, (level, text) in enumerate(
        [
            (logging.INFO, "ready after 6.2 s"),
            (logging.INFO, "turn 1 wake=hey_jarvis:0.97 language=en confidence=0.91 said=41 first_audio=1012"),
            (logging.WARNING, "the microphone (default) is lost; trying again in 1 s"),
            (logging.ERROR, "a listener failed at Turn\nTraceback (most recent call last):\nRuntimeError: x"),
        ]
    ):
        record = logging.LogRecord("digital_life", level, "", 0, text, None, None)
        record.created = 1_790_000_000.0 + n
        recent.handle(record)
    return recent


@asynccontextmanager
async def open_house(tmp_path: Path, text: str = FILE, **how: object) -> AsyncGenerator[House]:
    file = tmp_path / config.FILE
    file.write_text(text, encoding="utf-8")
    context = Context(
        config.load(file, ["speech.speed=1.1"]),
        tmp_path,
        tmp_path / "models",
        SystemClock(),
        words.load("en"),
        debug=False,
        settings_file=file,
        changes=("speech.speed=1.1",),
    )
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(Worker("settings"))
        examining = await stack.enter_async_context(doctor.open_resources(examine, clock=context.clock))
        recent = noted()
        restarts: list[str] = []
        runs = ["first"]
        (told,) = about.resources(context, settings_file=file)

        async def tell(call: Call) -> object:
            found = await told.answer(call)
            assert isinstance(found, about.About)
            return {**asdict(found), "run": runs[-1]}

        async def suggest() -> dict[str, list[str]]:
            return {"audio.input": ["USB microphone", "Built-in"]}

        resources = [
            *settings.resources(
                context, SettingsFile(file, worker=worker), lambda: restarts.append("asked"), suggest=suggest
            ),
            *logs.resources(recent),
            *examining,
            Resource("GET", "/api/about", tell),
        ]
        console = await stack.enter_async_context(open_console(resources=resources, view="settings", **how))  # type: ignore[arg-type] # as they are
        yield House(console, file, recent, restarts, runs)


def setting(page: Page, key: str) -> Locator:
    """What that key is changed with."""
    return page.locator(f"#setting-{key.replace('.', '-')}")


async def test_a_change_is_found_made_looked_at_and_saved_and_the_file_keeps_its_comments(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await page.get_by_label("Search the settings").fill("noisy room")
        await setting(page, "hearing.voice_threshold").fill("0.6")
        await setting(page, "hearing.voice_threshold").press("Control+a")
        await page.keyboard.type("0.65")
        assert await setting(page, "hearing.voice_threshold").input_value() == "0.65"
        await page.get_by_label("Search the settings").fill("")
        await page.get_by_role("button", name="Talking").click()
        await page.get_by_role("switch", name="Have quiet hours").check()
        await page.get_by_label("From").fill("23:00")
        await page.get_by_role("button", name="2 changes, not saved yet").click()
        changes = await page.locator(".save dd").all_inner_texts()
        assert [each.split() for each in changes] == [["empty", "23:00-07:00"], ["0.7", "0.65"]]
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("2 saved changes count after a restart.").wait_for()
        assert house.says() == FILE.replace("0.7", "0.65") + '\n[conversation]\nquiet_hours = "23:00-07:00"\n'
        await page.get_by_role("button", name="Back to the usual value: Quiet hours").click()
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("1 saved change counts after a restart.").wait_for()
        assert house.says() == FILE.replace("0.7", "0.65")
        assert house.console.faults == []


async def test_what_is_wrong_stands_at_its_field_which_has_the_focus(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open(section="hearing")
        await setting(page, "hearing.pause_ms").fill("-5")
        await page.get_by_role("button", name="Talking").click()
        await page.get_by_role("button", name="Save", exact=True).click()
        await until(page, "document.activeElement.id === 'setting-hearing-pause_ms'")
        wrong = setting(page, "hearing.pause_ms")
        assert await wrong.get_attribute("aria-invalid") == "true"
        described = (await wrong.get_attribute("aria-describedby") or "").split()
        assert "At least 0." in await page.locator(f"#{described[-1]}").inner_text()
        assert house.says() == FILE
        assert await serious_faults(page) == []
        await shots(page, "settings-error")
        await wrong.fill("150")
        await until(page, "document.querySelectorAll('.error').length === 0")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("1 saved change counts").wait_for()
        assert "pause_ms = 150" in house.says()


async def test_lists_tables_and_several_of_the_same_are_edited(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open(section="persona")
        await page.get_by_role("button", name="Add to: More personas").click()
        await until(page, "document.activeElement.id === 'setting-personas-in-0-name'")
        await page.keyboard.type("Ada")
        await page.locator("#setting-personas-in-0-voices-en").fill("en_US-joe-medium")
        await page.get_by_role("button", name="Devices", exact=True).click()
        await page.get_by_label("Value, Entry 1").fill("loft")
        await page.get_by_role("button", name="Remove alarm_control_panel").click()
        await until(page, "document.activeElement.id === 'setting-devices-confirm-in-add'")
        await page.get_by_role("button", name="Sound", exact=True).click()
        await setting(page, "audio.echo_cancellation").select_option(label="System")
        await setting(page, "audio.input").fill("2")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("5 saved changes").wait_for()
        kept = config.load(house.file)
        assert kept.personas[0].voices == {"en": "en_US-joe-medium"}
        assert kept.devices.rooms == {"Desk lamp": "loft"}
        assert kept.devices.confirm[0] == "climate"
        assert (kept.audio.echo_cancellation, kept.audio.input) == ("system", 2)
        assert house.console.faults == []


async def test_what_somebody_else_wrote_meanwhile_is_loaded_and_the_change_is_still_there(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await setting(page, "persona.name").fill("Bea")
        house.file.write_text(FILE.replace("Momo", "Kim"), encoding="utf-8")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("changed somewhere else").first.wait_for()
        assert "Kim" in house.says()
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_text("1 saved change counts").wait_for()
        assert 'name = "Bea" # the children chose it' in house.says()


async def test_after_a_restart_the_page_comes_back_by_itself(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await setting(page, "persona.name").fill("Bea")
        await page.get_by_role("button", name="Save", exact=True).click()
        await page.get_by_role("button", name="Restart now").click()
        await page.get_by_role("dialog").get_by_role("button", name="Restart now").click()
        await page.get_by_role("heading", name="It is restarting").wait_for()
        assert await serious_faults(page) == []
        await shots(page, "settings-restarting")
        assert house.restarts == ["asked"]
        await house.console.lose()
        house.runs.append("second")
        await asyncio.sleep(1.2)
        assert await page.get_by_role("heading", name="It is restarting").is_visible()
        await house.console.find()
        await page.get_by_text("It is back, with the new settings.").first.wait_for()
        assert await setting(page, "persona.name").input_value() == "Bea"


async def test_the_log_is_followed_filtered_and_kept(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open("logs")
        await page.get_by_text("ready after 6.2 s").wait_for()
        house.recent.handle(logging.LogRecord("digital_life", logging.INFO, "", 0, "something new", None, None))
        await page.get_by_text("something new").wait_for()
        await shots(page, "settings-log")
        assert await serious_faults(page) == []
        await page.get_by_label("Show").select_option(label="Errors")
        await until(page, "document.querySelectorAll('.line').length === 1")
        assert await page.get_by_text("a listener failed").is_visible()
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Save as a file").click()
        kept = await (await download.value).path()
        assert "a listener failed" in kept.read_text(encoding="utf-8")
        assert house.console.faults == []


async def test_the_check_up_tells_part_by_part_what_is_well_and_what_helps(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open("doctor")
        await page.get_by_role("button", name="Start the check-up").click()
        await page.get_by_text("Looking at every part").wait_for()
        await page.get_by_text("Something does not work.").wait_for()
        assert await page.locator(".finding h3").all_inner_texts() == [
            "Machine Well",
            "Microphone Does not work",
            "English voice Could be better",
            "Memory Well",
        ]
        assert await serious_faults(page) == []
        await shots(page, "settings-doctor")
        assert house.console.faults == []


async def test_it_tells_what_it_is_made_of(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open("about")
        await page.get_by_text("piper-tts").first.wait_for()
        assert await page.get_by_text(str(house.file)).is_visible()
        assert await serious_faults(page) == []
        await shots(page, "settings-about")


@pytest.mark.parametrize("section", ["persona", "wake", "devices", "speech", "tools"])
async def test_every_kind_of_setting_can_be_used_by_everybody(section: str, tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        page = house.console.page
        await house.open(section=section)
        await page.locator(".setting").first.wait_for()
        assert await serious_faults(page) == []
        await shots(page, f"settings-{section}", whole=True)
        await speak(page, "zh")
        assert await serious_faults(page) == []
        assert house.console.faults == []


async def test_on_a_phone_nothing_is_cut_off(tmp_path: Path) -> None:
    async with open_house(tmp_path, size=(360, PHONE[1])) as house:
        page = house.console.page
        for section in ("persona", "wake", "devices", "conversation"):
            await page.locator(".sections select").select_option(section)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), section
        await house.open("logs")
        await page.get_by_text("ready after").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")

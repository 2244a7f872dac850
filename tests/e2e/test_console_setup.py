"""The first steps in a real browser."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from console import Console, open_console, serious_faults, shots, until

from digital_life import ports
from digital_life.backends.pinyin import sound
from digital_life.clock import SystemClock
from digital_life.talking.introducing import Introducing
from digital_life.talking.introduction import Introduction, Topic, begun_again
from digital_life.values import Language, Speech, Transcript
from digital_life.views.setup import InstalledVoice, Possible, Setup, Tried, WakePhrase
from fakes.learning import FakeLearning

VOICES = {"en": ("en_US-joe-medium", "kokoro-82m"), "zh": ("kokoro-82m",)}
NEW = begun_again(Introduction(me="Jarvis", phrase="Hey Jarvis", voices={"en": VOICES["en"], "zh": VOICES["zh"]}))
POSSIBLE = Possible(
    voices={
        "en": [InstalledVoice("en_US-joe-medium", "", "CC0-1.0"), InstalledVoice("kokoro-82m", "", "Apache-2.0")],
        "zh": [InstalledVoice("kokoro-82m", "", "Apache-2.0")],
    },
    wake=[WakePhrase("hey_jarvis", "Hey Jarvis", 0.6), WakePhrase("alexa", "Alexa", 0.5)],
)
MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


@dataclass
class Ears:
    """Channel of the meter."""

    pages: list[ports.Page] = field(default_factory=list)

    def tell(self, level: float, score: float = 0.0) -> None:
        for page in self.pages:
            meter = {"type": "meter", "level": level, "scores": {"hey_jarvis": score}, "voice": 0.9, "gated": False}
            page.send(json.dumps(meter).encode())

    def opened(self, page: ports.Page) -> None:
        """It has to say that it watches."""

    def told(self, page: ports.Page, _message: str) -> None:
        self.pages.append(page)

    def heard(self, page: ports.Page, pcm: bytes) -> None:
        """Nothing is heard."""

    def closed(self, page: ports.Page) -> None:
        if page in self.pages:
            self.pages.remove(page)


@dataclass
class First:
    """A first run, seen in the page."""

    console: Console
    learning: FakeLearning
    introducing: Introducing
    ears: Ears
    tries: list[Tried]

    async def press(self, name: str) -> None:
        await self.console.page.get_by_role("button", name=name, exact=True).click()

    async def reads(self, text: str) -> None:
        await self.console.page.get_by_text(text).first.wait_for()


@asynccontextmanager
async def first_run(
    *, language: Language = "en", view: str = "setup", arguments: tuple[str, ...] = ()
) -> AsyncGenerator[First]:
    learning, ears = FakeLearning(), Ears()
    introducing = Introducing(replace(NEW, language=language), learning, sound=sound, begins=False)
    tries: list[Tried] = []

    async def tone(name: str, language: Language) -> Speech:  # noqa: ARG001
        pitch = np.sin(np.arange(16_000) / 16_000 * 2 * np.pi * 330) * 8_000
        return Speech(pitch.astype(np.int16).tobytes(), 16_000)

    setup = Setup(
        introducing=introducing,
        possible=POSSIBLE,
        sample=tone,
        tries=lambda: tuple(tries),
        chosen=lambda: {each: names[0] for each, names in NEW.voices.items()},
        clock=SystemClock(),
    )
    channels: dict[str, ports.Channel] = {"/now/socket": ears}
    async with open_console(
        resources=setup.resources, channels=channels, view=view, language=language, arguments=arguments
    ) as console:
        yield First(console, learning, introducing, ears, tries)


async def test_from_the_first_step_to_the_talk() -> None:
    async with first_run() as it:
        page = it.console.page
        await page.get_by_role("button", name="English I begin in English.").click()
        await page.get_by_label("What may I call you?").fill("Anna")
        await page.get_by_label("What shall I be called?").fill("Luna")
        await it.press("Save")
        await page.locator("header, nav, aside").get_by_text("Luna", exact=True).first.wait_for()
        await page.get_by_role("button", name="Play Kokoro").click()
        await it.reads("Playing")
        await it.press("Speak like this: Kokoro")
        await it.press("The microphone of the room")
        for _ in range(4):
            it.ears.tell(-24.0)
            await asyncio.sleep(0.1)
        await it.reads("Good, I hear you well.")
        await it.press("Skip")
        await it.reads("Say: Hey Jarvis")
        it.tries.append(Tried(1, "hey_jarvis", 0.41, 0.6, woke=False))
        await it.reads("Nearly: 41 % of the 60 % I need.")
        it.tries.append(Tried(2, "hey_jarvis", 0.97, 0.6, woke=True))
        await it.reads("I heard you: 97 %. That works.")
        await it.press("Next")
        await it.reads("That is all, Anna!")
        assert it.learning.learnt == {
            Topic.LANGUAGE: "en",
            Topic.USER: "Anna",
            Topic.NAME: "Luna",
            Topic.VOICE: "kokoro-82m",
        }
        assert it.learning.left == ()
        assert it.console.faults == []


async def test_who_comes_for_the_first_time_is_led_here() -> None:
    async with first_run() as it:
        await it.console.page.goto(f"{it.console.address}/?again")
        await it.console.page.wait_for_selector("main[data-view=setup]")
        assert it.console.faults == []


async def test_what_is_answered_aloud_is_ticked_off() -> None:
    async with first_run() as it:
        it.introducing.state = replace(it.introducing.state, goes_on=True)
        await it.introducing.grant(Transcript("My name is Anna.", "en", 0.9))
        await it.console.page.locator(".setup-progress .unseen").first.wait_for(state="attached")
        await it.console.page.get_by_role("button", name="Names").click()
        assert await it.console.page.get_by_label("What may I call you?").input_value() == "Anna"
        await it.reads("is asking you this aloud just now")


async def test_it_goes_by_keyboard_alone_and_takes_the_language() -> None:
    async with first_run() as it:
        page = it.console.page
        await page.get_by_role("button", name="我会先说中文。").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_selector("html[lang|=zh]", state="attached")
        await it.reads("我们怎么称呼？")
        assert await page.evaluate("document.activeElement.id") == "setup-title"


async def test_a_wrong_name_is_said_at_its_field() -> None:
    async with first_run() as it:
        page = it.console.page
        await it.press("Names")
        await page.get_by_label("What shall I be called?").fill("?!")
        await it.press("Save")
        await it.reads("a name has at least one letter")
        assert await page.get_by_label("What shall I be called?").get_attribute("aria-invalid") == "true"


async def test_the_microphone_of_this_device_is_measured() -> None:
    async with first_run(arguments=MICROPHONE) as it:
        await it.press("Microphone")
        await it.press("The microphone of this device")
        moves = "Number(document.querySelector('[role=meter]')?.getAttribute('aria-valuenow')) > 0"
        await until(it.console.page, moves)
        assert it.console.faults == []


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_nothing_keeps_anybody_out(language: Language) -> None:
    async with first_run(language=language) as it:
        page = it.console.page
        steps = page.locator(".setup-progress li button")
        for n, name in enumerate(("language", "names", "voice", "microphone", "wake")):
            await steps.nth(n).click()
            if name == "microphone":
                await page.locator(".setup-step .toggle").first.click()
            await asyncio.sleep(0.2)
            it.ears.tell(-20.0, 0.7)
            if name == "wake":
                it.tries.extend(
                    [Tried(1, "hey_jarvis", 0.41, 0.6, woke=False), Tried(2, "hey_jarvis", 0.9, 0.6, woke=True)]
                )
                await page.locator(".setup-tries li").nth(1).wait_for()
            assert await serious_faults(page) == []
            wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0
            if language == "en":
                await shots(page, f"setup-{name}")
        assert it.console.faults == []

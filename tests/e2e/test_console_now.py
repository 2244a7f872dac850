"""What goes on just now, in a real browser: over a real broker, a real agenda and the real web server."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from console import DESKTOP, Console, open_console, serious_faults, shots, until

from digital_life import words
from digital_life.agenda.agenda import Agenda
from digital_life.broadcast import Broadcast
from digital_life.catalogue import Store, load_catalogue
from digital_life.clock import SystemClock
from digital_life.config import Devices, Mqtt, RoomDevice, Rooms, Settings, Wake, WakeWord
from digital_life.context import Context
from digital_life.household import open_connection_of, open_control
from digital_life.values import (
    Entry,
    EntryKind,
    Language,
    Reply,
    Sensed,
    State,
    Timings,
    Transcript,
    Turn,
    WakeNote,
    Waking,
    Written,
)
from digital_life.views.now import agenda, home, models, rooms, state, turns, wakes
from digital_life.web.resource import Call, Resource
from digital_life.web.watching import Watching
from fakes.agenda import FakeAgendaFile
from fakes.body import FakeKnob
from fakes.ears import FakeMute
from fakes.house import House
from fakes.mosquitto import Mosquitto

if TYPE_CHECKING:
    from digital_life.devices.control import Control

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WORDS = (WakeWord(model="hey_jarvis"), WakeWord(model="alexa", threshold=0.5), WakeWord(model="hey_mycroft"))
MODELS = {
    "profile": "better",
    "why": "4 GB of memory and 4 cores are enough for it.",
    "advice": [],
    "models": [
        models.InUse("language-model", "qwen3-1.7b-q4", None, "", 1_107_000_000, 1_900, "Apache-2.0"),
        models.InUse("speech-to-text", "whisper-small", None, "", 484_000_000, 600, "MIT"),
        models.InUse("voice", "joe", "en", "", 63_000_000, 120, "CC0-1.0"),
        models.InUse("voice", "espeak-ng", "zh"),
        models.InUse("wake-word", "hey_jarvis", None, "", 1_300_000, 0, "CC-BY-NC-SA-4.0"),
    ],
}


def turn(number: int, *stages: float | None, said: str = "done", failed: bool = False) -> Turn:
    timings = Timings(*stages)
    heard = Transcript("a secret", "en", 1.0)
    began = NOON + timedelta(minutes=3 * number)
    return Turn(number, began, None, heard, Reply(said, interrupted=number == 2), timings, by="Momo", failed=failed)


TURNS = (
    turn(1, 420.0, 130.0, 240.0, 1_050.0, 4_300.0),
    turn(2, 1_400.0, 210.0, 300.0, 2_300.0, 2_900.0),
    turn(3, None, None, 2_600.0, 3_100.0, 9_000.0),
    turn(4, 380.0, 1_900.0, 260.0, 2_900.0, 6_000.0),
)


def note(waking: Waking, hours: float, score: float, *, phrase: str = "hey_jarvis") -> WakeNote:
    return WakeNote(NOW_WAKES - timedelta(hours=hours), phrase, score, 0.6, -31.4, waking)


NOW_WAKES = datetime.now(UTC)
NOTES = [
    *(
        each
        for hours in (30, 20, 10)
        for each in (note(Waking.NEAR, hours, 0.41), note(Waking.ANSWERED, hours - 0.001, 0.97))
    ),
    note(Waking.DOUBTED, 3, 0.72, phrase="alexa"),
    note(Waking.VAIN, 2, 0.66),
]


ROOMS = Rooms(
    devices=tuple(RoomDevice(name=each, kind="wyoming", host="192.168.1.20") for each in ("kitchen", "bath", "attic"))
)


class FakeSenses:
    """Ears that hear what the test lets them."""

    def __init__(self) -> None:
        self.notice: Callable[[Sensed], None] | None = None

    async def hear(self, level_db: float, scores: dict[str, float], *, frames: int = 30) -> None:
        """In the time of frames."""
        for _ in range(frames):
            if self.notice:
                self.notice(Sensed(level_db, scores, voice=0.9))
            await asyncio.sleep(0.08)


@dataclass(slots=True)
class Talk:
    state: State = State.IDLE
    stopped: int = 0

    async def stop(self) -> None:
        self.stopped += 1


class Process:
    share = 0.07
    memory_bytes = 1_830_000_000


@dataclass(slots=True)
class Daemon:
    """The parts behind the page that are no fakes, and those that are."""

    control: Control | None = None
    broadcast: Broadcast = field(default_factory=Broadcast)
    turns: turns.Turns = field(default_factory=turns.Turns)
    senses: FakeSenses = field(default_factory=FakeSenses)
    talk: Talk = field(default_factory=Talk)
    mute: FakeMute = field(default_factory=FakeMute)
    knob: FakeKnob = field(default_factory=FakeKnob)
    file: FakeAgendaFile = field(default_factory=FakeAgendaFile)
    clock: SystemClock = field(default_factory=SystemClock)
    diaries: int = 0
    rooms: dict[str, State] = field(default_factory=lambda: {"kitchen": State.IDLE, "bath": State.DEAF})

    async def write_diary(self) -> None:
        self.diaries += 1

    def resources(self) -> tuple[Resource, ...]:
        self.broadcast.subscribe(self.turns.hear)
        ringing = Agenda(self.file, clock=self.clock, settings=Settings().agenda, quiet=lambda _now: False)
        body = state.Body(
            talk=self.talk,
            mute=self.mute,
            volume=self.knob,
            persona=self.knob,
            personas=("Jarvis", "Ada"),
            write_diary=self.write_diary,
            process=Process(),
            broker=state.Broker("127.0.0.1:1883", lambda: self.control is not None and self.control.connected),
            version="0.1.0",
            clock=self.clock,
        )
        return (
            *state.resources(body),
            *turns.resources(self.turns),
            *wakes.resources(lambda: NOTES, settings=Wake(words=WORDS), clock=self.clock),
            *home.resources(self.control),
            *rooms.resources(ROOMS, lambda: self.rooms),
            *agenda.resources(agenda.Board(ringing, file=self.file, clock=self.clock)),
            Resource("GET", "/api/now/models", self.models),
        )

    async def models(self, _call: Call) -> object:
        return MODELS


@asynccontextmanager
async def shown(
    daemon: Daemon, *, language: Language = "en", size: tuple[int, int] = DESKTOP
) -> AsyncGenerator[Console]:
    """The view, with everything in it."""
    channels = {"/now/socket": Watching(daemon.senses, clock=daemon.clock)}
    opened = open_console(resources=daemon.resources(), channels=channels, view="now", language=language, size=size)
    async with opened as console:
        await console.page.wait_for_selector("#now-models")
        await until(console.page, "document.querySelectorAll('.now [aria-busy=true]').length === 0")
        yield console
        assert console.faults == []


@asynccontextmanager
async def housed(daemon: Daemon, port: int, folder: Path, language: Language) -> AsyncGenerator[None]:
    """The daemon with the devices that are announced on that broker."""
    mqtt = Mqtt(enabled=True, port=port, name="home")
    settings = Settings(mqtt=mqtt, devices=Devices(confirmed_within_s=5))
    context = Context(settings, folder, folder, daemon.clock, words.load(language), debug=False)
    async with open_connection_of(context) as connection, open_control(context, connection) as control:
        daemon.control = control
        async with asyncio.timeout(20):
            while control is None or len(control.entities) < 7:
                await asyncio.sleep(0.05)
        yield


async def test_a_lamp_that_is_switched_on_the_page_goes_on_and_says_so(tmp_path: Path) -> None:
    daemon = Daemon()
    with Mosquitto() as broker, House(broker.port) as house:
        async with housed(daemon, broker.port, tmp_path, "en"), shown(daemon) as console:
            lamp = console.page.get_by_role("switch", name="on: Living room lamp")
            assert not await lamp.is_checked()
            await lamp.press("Space")
            seen = await asyncio.to_thread(house.until, lambda seen: seen.topic == "zigbee2mqtt/Living room lamp/set")
            assert "ON" in seen.payload
            await until(console.page, f"document.getElementById('{await lamp.get_attribute('id')}').checked")
            await until(
                console.page, "document.getElementById('polite').textContent.startsWith('Living room lamp: done')"
            )


async def test_a_lock_is_opened_only_after_a_yes(tmp_path: Path) -> None:
    daemon = Daemon()
    with Mosquitto() as broker, House(broker.port) as house:
        async with housed(daemon, broker.port, tmp_path, "en"), shown(daemon) as console:
            lock = console.page.get_by_role("switch", name="locked: Front door")
            await lock.click()
            dialog = console.page.get_by_role("dialog")
            assert "Front door: unlock. Really?" in await dialog.inner_text()
            await console.page.keyboard.press("Escape")
            await until(console.page, "!document.querySelector('dialog[open]')")
            assert [each for each in house.seen if "Front door" in each.topic] == []
            await lock.click()
            await dialog.get_by_role("button", name="Yes, do it").click()
            await asyncio.to_thread(house.until, lambda seen: seen.payload == "UNLOCK")
            await until(console.page, f"!document.getElementById('{await lock.get_attribute('id')}').checked")


async def test_a_slider_is_sent_once_when_the_hand_lets_go(tmp_path: Path) -> None:
    daemon = Daemon()
    with Mosquitto() as broker, House(broker.port) as house:
        async with housed(daemon, broker.port, tmp_path, "en"), shown(daemon) as console:
            slider = console.page.get_by_role("slider", name="Bedroom blind")
            await slider.fill("40")
            await asyncio.to_thread(house.until, lambda seen: seen.payload == "40")
            assert [each.payload for each in house.seen if "bedroom-blind" in each.topic] == ["40"]


async def test_a_reminder_is_added_in_ones_own_words_and_deleted() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        page = console.page
        await page.get_by_label("What shall I remind you of").fill("tomorrow at nine water the plants")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".now .entries li")
        (entry,) = daemon.file.kept.values()
        assert (entry.kind, entry.what) == (EntryKind.REMINDER, "water the plants")
        await page.get_by_role("button", name="Delete: A reminder tomorrow").click()
        await until(page, "!document.querySelector('.now .entries')")
        assert not daemon.file.kept


async def test_what_names_no_time_is_refused_in_words() -> None:
    daemon = Daemon()
    async with shown(daemon, language="zh") as console:
        await console.page.locator("#now-wish").fill("浇花")
        await console.page.keyboard.press("Enter")
        toast = console.page.locator(".toast.bad")
        await toast.wait_for()
        assert "浇花" in await toast.inner_text()
        assert not daemon.file.kept


async def test_what_repeats_is_deleted_only_after_a_yes() -> None:
    alarm = Entry(EntryKind.ALARM, NOW_WAKES + timedelta(hours=9), "en", repeat="FREQ=DAILY")
    daemon = Daemon(file=FakeAgendaFile(alarm))
    async with shown(daemon) as console:
        await console.page.get_by_role("button", name="Delete: An alarm").click()
        await console.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        assert daemon.file.kept


async def test_things_are_put_on_a_list_and_taken_off() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        page = console.page
        await page.get_by_label("What?").fill("milk and eggs")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Delete: milk").click()
        await until(page, "document.querySelectorAll('.now .items li').length === 1")
        assert await daemon.file.lists() == {"shopping": ("eggs",)}


async def test_the_meter_and_the_scores_move_with_the_sound_and_rest_when_nobody_looks() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        page = console.page
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(daemon.senses.hear(-12.0, {"hey_jarvis": 0.82}), name="test.sound")
            await until(page, "Number(document.querySelector('.now .meter').style.getPropertyValue('--level')) > 0.8")
            await until(page, "document.querySelector('[data-score]').textContent === '0.82'")
        meter = page.get_by_role("meter", name="Loudness in the room")
        assert await meter.get_attribute("aria-valuetext")
        heights = await page.evaluate("document.querySelector('.now .scores polyline').getAttribute('points')")
        assert min(float(each.split(",")[1]) for each in heights.split()) < 25
        await until(page, "document.querySelector('.now .meter').style.getPropertyValue('--level') === '0.000'")
        assert daemon.senses.notice is not None
        await console.go("memory")
        async with asyncio.timeout(5):
            while daemon.senses.notice is not None:
                await asyncio.sleep(0.02)


async def test_where_the_time_of_a_turn_went_is_drawn_told_and_tabled() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        page = console.page
        await page.get_by_text("Nothing has been said since it woke up").wait_for()
        for each in TURNS:
            daemon.broadcast.publish(each)
        daemon.broadcast.publish(Written(dataclasses.replace(TURNS[0], number=5, timings=Timings(total=900.0))))
        console.line.tell(type="turn", number=5)
        await page.wait_for_selector(".now .waterfall")
        rows = await page.locator(".now .waterfall .told").all_inner_texts()
        assert rows == [
            "No sound was made.",
            "After 2.9 s it began to speak. Writing down what you said took 1.9 s of that.",
            "After 3.1 s it began to speak. Thinking up to the first word took 2.6 s of that.",
            "After 2.3 s it began to speak. It waited 1.4 s to be sure that you had finished. Interrupted.",
            "After 1.1 s it began to speak.",
        ]
        widths = await page.locator(".now .waterfall li:nth-child(2) .part").evaluate_all(
            "parts => parts.map((part) => part.getBoundingClientRect().width)"
        )
        assert widths[1] == pytest.approx(widths[0] * 1_900 / 380, rel=0.05)
        await page.get_by_role("button", name="As a table").click()
        await until(page, "document.querySelector('.now table')?.querySelectorAll('tbody tr').length === 5")
        assert "secret" not in await page.content()


async def test_the_knobs_turn_what_they_say() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        page = console.page
        await page.get_by_role("button", name="Microphone off").click()
        await page.wait_for_selector(".now button[aria-pressed=true]")
        await page.get_by_label("How loud it speaks").fill("35")
        await page.get_by_label("Who answers").select_option("Ada")
        await until(page, "document.getElementById('now-persona').value === 'Ada'")
        await page.get_by_role("button", name="Stop talking").click()
        await page.get_by_role("button", name="Write the diary now").click()
        await page.wait_for_selector(".toast.good >> nth=1")
        assert (daemon.mute.on, daemon.knob.level, daemon.knob.name) == (True, 0.35, "Ada")
        assert (daemon.talk.stopped, daemon.diaries) == (1, 1)


async def test_a_room_that_is_deaf_is_told_and_one_that_comes_back_too() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        card = console.page.locator("section[aria-labelledby=now-rooms]")
        assert await card.locator("[data-state]").all_inner_texts() == [
            "waiting for its wake word",
            "deaf",
            "left out; the log says why",
        ]
        assert "Not heard" in await card.inner_text()
        daemon.rooms["bath"] = State.LISTENING
        await card.get_by_text("listening", exact=True).wait_for()
        assert "Not heard" not in await card.inner_text()


async def test_a_lost_daemon_is_told_and_found_again() -> None:
    daemon = Daemon()
    async with shown(daemon) as console:
        await console.lose()
        await console.page.wait_for_selector(".now .state-line[data-state=away]")
        await console.find()
        await console.page.wait_for_selector(".now .state-line[data-state=idle]")
        async with asyncio.timeout(15):
            while daemon.senses.notice is None:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize(("language", "size"), [("en", DESKTOP), ("zh", (360, 740))])
async def test_everybody_can_use_it(tmp_path: Path, language: Language, size: tuple[int, int]) -> None:
    alarm = Entry(EntryKind.ALARM, NOW_WAKES + timedelta(hours=9), "en", repeat="FREQ=DAILY")
    timer = Entry(EntryKind.TIMER, NOW_WAKES + timedelta(minutes=8), "en", "eggs", lasts=timedelta(minutes=10))
    daemon = Daemon(file=FakeAgendaFile(alarm, timer))
    await daemon.file.keep_list("shopping", ("milk", "bread"))
    for each in TURNS:
        daemon.turns.hear(each)
    with Mosquitto() as broker, House(broker.port, language=language):
        async with (
            housed(daemon, broker.port, tmp_path, language),
            shown(daemon, language=language, size=size) as console,
        ):
            async with asyncio.TaskGroup() as tasks:
                sound = daemon.senses.hear(-24.0, {"hey_jarvis": 0.4, "alexa": 0.12}, frames=400)
                hearing = tasks.create_task(sound, name="test.sound")
                await asyncio.sleep(1)
                assert await serious_faults(console.page) == []
                await console.page.emulate_media(color_scheme="dark")
                assert await serious_faults(console.page) == []
                await shots(console.page, f"now-{language}-house", whole=True)
                hearing.cancel()
            if size == DESKTOP:  # zoomed to 200 %
                await console.page.set_viewport_size({"width": size[0] // 2, "height": size[1] // 2})
            wider = await console.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, "the page is wider than the screen"


def test_the_models_of_the_catalogue_have_names_for_what_they_do() -> None:
    text = words.load("en")
    roles = {each.role for each in Store(Path(), load_catalogue()).models}
    assert all(text.text(f"console.now.role-{role}") for role in roles)

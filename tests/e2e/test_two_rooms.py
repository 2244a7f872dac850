"""Two rooms over one mind, with the real models: a talk that moves, and a timer that rings where it was set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soxr
from daemon_process import load

from digital_life import app, config, rooming, words
from digital_life.backends.mute import NoMute
from digital_life.broadcast import Broadcast, Event, InRoom
from digital_life.clock import SystemClock
from digital_life.config import Llm, Models, Rooms, Settings
from digital_life.context import Context
from digital_life.conversing import ears_of, session_of
from digital_life.mind import Body
from digital_life.rooms.house import House
from digital_life.values import FRAME, RATE, WIDTH, Announced, AudioFrame, Speech, State, Turn, Utterance

WAIT_S = 120.0
"""For anything; a machine that tests other things too is slow."""
FRAME_S = FRAME / RATE


class Device:
    """A room without a sound card: hears what the test says into it, and keeps what it plays."""

    def __init__(self) -> None:
        self.heard = b""
        self._said = b""
        self._stopped = asyncio.Event()
        self.lamp: State | None = None

    def say(self, pcm: bytes) -> None:
        self._said += pcm

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        clock, position, size = SystemClock(), 0, FRAME * WIDTH
        while True:
            await asyncio.sleep(FRAME_S)
            pcm, self._said = self._said[:size].ljust(size, b"\0"), self._said[size:]
            yield AudioFrame(pcm, position, clock.monotonic(), echo_free=True)
            position += FRAME

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        self._stopped.clear()
        if started:
            started()
        try:
            async with asyncio.timeout(speech.seconds):
                await self._stopped.wait()
        except TimeoutError:
            self.heard += at_rate(speech)
            return speech.seconds
        return 0.0

    def stop(self) -> None:
        self._stopped.set()

    def turn(self, level: float) -> None:
        """As loud as ever."""

    def show(self, state: State) -> None:
        self.lamp = state


def at_rate(speech: Speech) -> bytes:
    made: bytes = soxr.resample(np.frombuffer(speech.pcm, np.int16), speech.rate, RATE).astype(np.int16).tobytes()
    return made


@dataclass
class Home:
    parts: app.Parts
    here: Device
    kitchen: Device
    wake: bytes
    events: list[Event] = field(default_factory=list)

    async def says(self, text: str, device: Device, *, wakes: bool) -> None:
        speech = await self.parts.voice.synthesize(text, "en")
        device.say((self.wake if wakes else b"") + b"\0\0" * (RATE // 2) + at_rate(speech))

    async def until(self, holds: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(WAIT_S):
                while not holds():
                    await asyncio.sleep(0.02)
        except TimeoutError as error:
            raise AssertionError(self.events[-20:]) from error

    @property
    def in_kitchen(self) -> list[Event]:
        return [event.event for event in self.events if isinstance(event, InRoom)]

    async def transcribed(self, pcm: bytes) -> str:
        samples = len(pcm) // WIDTH
        heard = await self.parts.stt.transcribe(Utterance(pcm, 0, samples, samples, 0.0))
        return heard.text if heard else ""


@asynccontextmanager
async def home(folder: Path, models: Path, wake: Path) -> AsyncGenerator[Home]:
    devices = (config.RoomDevice(name="kitchen", kind="wyoming", host="localhost"),)
    settings = Settings(
        llm=Llm(temperature=0.0), models=Models(profile="small"), rooms=Rooms(here="living room", devices=devices)
    )
    context = Context(settings, folder, models, SystemClock(), words.load("en"), debug=False)
    broadcast, here, kitchen = Broadcast(), Device(), Device()
    house = House.of(context.clock)

    @asynccontextmanager
    async def opened(described: config.RoomDevice, clock: object) -> AsyncGenerator[Device]:
        del described, clock
        yield kitchen

    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(
            app.open_parts(context, here, Body(everyone=house.everywhere), house=house)
        )
        first = rooming.first_in(context.clock)
        session = session_of(parts, ears_of(parts, here), broadcast, mute=NoMute(), is_first=first(""))
        others = await stack.enter_async_context(
            rooming.open_rooms(parts, broadcast, mute=NoMute(), first=first, open_device=opened)
        )
        house.rooms.update({"": session, **others})
        it = Home(parts, here, kitchen, (load(wake) * 32767).astype(np.int16).tobytes())
        for hear in (house.hear, parts.agenda.hear, it.events.append):
            broadcast.subscribe(hear)
        async with house.at_work(parts.personas.move), asyncio.TaskGroup() as tasks:
            running = [
                tasks.create_task(session.run(), name="two-rooms.session"),
                tasks.create_task(parts.agenda.run(house.calling), name="two-rooms.agenda"),
            ]
            await it.until(lambda: session.state is State.IDLE and kitchen.lamp is State.IDLE)
            try:
                yield it
            finally:
                session.interrupt()
                for each in running:
                    each.cancel()


async def test_a_talk_is_moved_to_the_kitchen_and_a_timer_that_is_set_there_rings_there(
    tmp_path: Path, models_dir: Path, data_dir: Path
) -> None:
    async with home(tmp_path / "life", models_dir, data_dir / "speech" / "hey_jarvis.wav") as it:
        await it.says("Let's continue in the kitchen.", it.here, wakes=True)
        await it.until(lambda: it.kitchen.lamp is State.LISTENING)
        assert "kitchen" in (await it.transcribed(it.here.heard)).casefold()
        await it.says("Set a timer for ten seconds.", it.kitchen, wakes=False)
        await it.until(lambda: any(isinstance(event, Turn) for event in it.in_kitchen))
        (turn,) = (event for event in it.in_kitchen if isinstance(event, Turn))
        assert turn.heard.room == "kitchen"
        assert [each.room for each in await it.parts.agenda.entries()] == ["kitchen"]
        await it.until(lambda: any(isinstance(event, Announced) for event in it.in_kitchen))
        assert not [event for event in it.events if isinstance(event, Announced)]
        await it.until(lambda: it.kitchen.lamp is State.LISTENING)
        assert "timer" in (await it.transcribed(it.kitchen.heard[-4 * RATE * WIDTH :])).casefold()

"""Rooms whose devices flood, send nonsense, or come and go a thousand times: the others are answered all the while."""

from __future__ import annotations

import asyncio
import gc
import threading
from array import array
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field

import psutil

from digital_life import config
from digital_life.broadcast import Broadcast, Event
from digital_life.clock import SystemClock
from digital_life.hearing.listener import Listener
from digital_life.ports import RoomDevice
from digital_life.roomdevice import open_device
from digital_life.rooms.offered import Kind
from digital_life.talking.answering import Answering
from digital_life.talking.floor import Floor
from digital_life.talking.requests import TalkRequests
from digital_life.talking.session import Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.understanding import Understanding
from digital_life.values import FRAME, RATE, State, Transcript, Turn, Utterance
from digital_life.worker import Worker
from fakes.being import being
from fakes.clock import FakeClock
from fakes.ears import FakeEndOfTurn, FakeMute, FakeWakeNotes
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel
from fakes.room import Voice
from fakes.satellite import CHUNK, FakeSatellite, serving
from fakes.voice_device import Device, running
from fakes.wyoming_server import saying, wyoming_server

HERE = "127.0.0.1"
FLAPS = 1_000
ASKED = 3
SLOW_S = 60.0
AGAIN_S = 8.0
WAKE, VOICE = 0x4000, 0x2000
"""Samples that stand for a wake word, and for somebody who speaks."""
MEGABYTE = 1 << 20
NONSENSE = b"\xff\xfe{nonsense\n"
HABITS = Habits(answer_wait_s=2.0, follow_up_s=0.0, language="en")
WORD = config.WakeWord(model="hey_ada", threshold=0.5, sure=0.9)


class HurriedClock(SystemClock):
    """Who waits to try again need not wait long."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.001))


class LoudWords:
    """Goes by the loudest sample."""

    def feed(self, pcm: bytes) -> dict[str, float]:
        return {"hey_ada": float(max(array("h", pcm)) == WAKE)}

    def reset(self) -> None:
        pass

    def beside(self) -> LoudWords:
        return LoudWords()


class LoudVoices:
    """Goes by the loudest sample."""

    def feed(self, pcm: bytes) -> tuple[float, ...]:
        return (0.9 if max(array("h", pcm)) >= VOICE else 0.05,) * (FRAME // 512)

    def reset(self) -> None:
        pass


class Recogniser:
    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript:
        del utterance, hint
        return Transcript("What time is it?", "en", 0.9)


@dataclass
class Room:
    session: Session
    events: list[Event] = field(default_factory=list)

    @property
    def answered(self) -> int:
        return sum(isinstance(each, Turn) and bool(each.reply.said) for each in self.events)

    def lost(self) -> int:
        return self.events.count(State.DEAF)


class House:
    """Several rooms over one model, one memory and one thread of the ears."""

    def __init__(self, ears: Worker, stack: AsyncExitStack) -> None:
        self._ears = ears
        self._stack = stack
        self._clock = SystemClock()
        self._model = FakeLanguageModel(*["It is noon."] * 100)
        self._memory = FakeMemory(FakeClock())
        self._floor = Floor()
        self._notes = FakeWakeNotes(self._clock)
        self._tasks: list[asyncio.Task[None]] = []

    async def room(self, name: str, kind: Kind, port: int, *, hurried: bool = False) -> Room:
        described = config.RoomDevice(name=name, kind=kind, host=HERE, port=port)
        device = await self._stack.enter_async_context(open_device(described, self._clock))
        room = Room(self._session(name, device, broadcast := Broadcast(), HurriedClock() if hurried else self._clock))
        broadcast.subscribe(room.events.append)
        broadcast.subscribe(lambda event: device.show(event) if isinstance(event, State) else None)
        self._tasks.append(asyncio.create_task(room.session.run(), name=f"rooms.{name}"))
        return room

    def _session(self, name: str, device: RoomDevice, broadcast: Broadcast, clock: SystemClock) -> Session:
        saying = Speaking(voice=Voice(), loudspeaker=device)
        beings = being("Ada", self._model, self._clock, self._memory, TalkRequests(self._notes, wake_words={}))
        ears = Listener(
            microphone=device,
            wake_words=LoudWords(),
            voice_activity=LoudVoices(),
            worker=self._ears,
            wake=config.Wake(words=(WORD,)),
            hearing=config.Hearing(),
            answer_wait_s=2.0,
        )
        return Session(
            ears=ears,
            understanding=Understanding(stt=Recogniser(), end_of_turn=FakeEndOfTurn(), wake_words={}),
            answering=Answering(
                model=self._model, saying=saying, clock=self._clock, beings=beings, room=name, floor=self._floor
            ),
            saying=saying,
            loudspeaker=device,
            clock=clock,
            broadcast=broadcast,
            mute=FakeMute(),
            notes=self._notes,
            habits=HABITS,
            room=name,
        )

    async def close(self) -> None:
        for each in self._tasks:
            each.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def house() -> AsyncGenerator[House]:
    async with Worker("ears") as ears, AsyncExitStack() as stack:
        it = House(ears, stack)
        try:
            yield it
        finally:
            await it.close()


class Person:
    """Calls, asks, and is silent, whenever `ask` is called; what a satellite hears of it."""

    def __init__(self) -> None:
        self._left: list[int] = []

    def ask(self) -> None:
        seconds = {WAKE: 0.16, VOICE: 0.8}
        self._left = [each for each, lasts in seconds.items() for _ in range(int(lasts * RATE / CHUNK))]

    def sound(self) -> bytes:
        loud = self._left.pop(0) if self._left else 3
        return loud.to_bytes(2, "little") * CHUNK


async def asked(room: Room, ask: Callable[[], None]) -> None:
    """Return when it has answered; a person who is not heard, as while it still speaks, asks again."""
    before = room.answered
    async with asyncio.timeout(SLOW_S):
        while room.answered == before:
            ask()
            with suppress(TimeoutError):
                await asyncio.wait_for(until(lambda: room.answered > before), AGAIN_S)


def call(device: Device) -> None:
    device.wake("hey ada")
    device.speak(VOICE.to_bytes(2, "little") * RATE)


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


def held() -> tuple[int, int, int]:
    gc.collect()
    return psutil.Process().num_fds(), len(asyncio.all_tasks()), threading.active_count()


async def flapping(it: FakeSatellite) -> None:
    """It goes as soon as it is listened to, a thousand times."""
    while it.connections < FLAPS:
        if it.streaming:
            it.drop()
            await it.left()
        await asyncio.sleep(0.001)


async def test_while_one_floods_one_talks_nonsense_and_one_flaps_the_others_are_answered() -> None:
    before, memory = held(), psutil.Process().memory_info().rss
    person = Person()
    kitchen, flood, flap = FakeSatellite(sound=person.sound), FakeSatellite(speed=100.0), FakeSatellite()
    async with (
        serving(kitchen),
        serving(flood),
        serving(flap),
        running(Device()) as study,
        wyoming_server(saying(NONSENSE)) as mad,
        house() as home,
    ):
        heard = await home.room("kitchen", "wyoming", kitchen.port)
        told = await home.room("study", "esphome", study.port)
        flooding = await home.room("hall", "wyoming", flood.port)
        raving = await home.room("attic", "wyoming", mad.port)
        await home.room("bath", "wyoming", flap.port, hurried=True)
        coming = asyncio.ensure_future(flapping(flap))
        await asyncio.wait_for(study.listens.wait(), SLOW_S)
        tasks: list[int] = []
        while not coming.done() or min(heard.answered, told.answered) < ASKED:
            await asyncio.gather(asked(heard, person.ask), asked(told, lambda: call(study)))
            tasks.append(len(asyncio.all_tasks()))
        await coming
        assert flap.connections >= FLAPS
        assert State.DEAF not in heard.events + told.events, "neither noticed anything"
        assert flooding.lost()
        assert raving.lost()
        assert kitchen.heard
        assert study.played
        assert max(tasks) < tasks[0] + 30, "they do not become more"
    assert held() == before
    assert psutil.Process().memory_info().rss - memory < 40 * MEGABYTE

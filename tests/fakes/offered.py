"""What is offered over Wyoming, by parts that do what the test says, and a server that offers it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from wyoming.client import AsyncTcpClient
from wyoming.event import Event, Eventable

from digital_life import config
from digital_life.backends.conversion import Converted
from digital_life.errors import ModelError
from digital_life.ports import Loudspeaker
from digital_life.values import FRAME, RATE, WIDTH, Speech, Transcript
from digital_life.wire.sound import Format
from digital_life.wyoming.offers import Answer, Described, Offers, Watch
from digital_life.wyoming.requests import Said, Voice
from digital_life.wyoming.server import open_server
from fakes.clock import FakeClock

DESCRIBED = Described("0.1.0", "Ada", ("en", "zh"), {"en": "amy", "zh": "zf"}, {"hey_ada": "Hey Ada"}, controls=True)
WAIT_S = 10.0


@dataclass
class Offered:
    """It hears how long the sound was, speaks a sample a letter, and says what was said to it."""

    heard: list[bytes] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)
    frames: int = 0
    watched: int = 0
    """Streams that are searched just now."""
    thinks: asyncio.Event = field(default_factory=asyncio.Event)
    held: asyncio.Event | None = None
    """An answer waits for it."""
    broken: bool = False
    failed: bool = False

    @property
    def offers(self) -> Offers:
        return Offers(lambda: DESCRIBED, converted, self.transcribe, self.speak, self.answer, self.watch)

    async def transcribe(self, pcm: bytes) -> Transcript | None:
        self.heard.append(pcm)
        if self.broken:
            raise ModelError("recogniser-failed", cause="it is broken")
        return Transcript(f"{len(pcm) / RATE / WIDTH:.2f} seconds", "en", 1.0) if pcm else None

    async def speak(self, pieces: AsyncGenerator[str], voice: Voice, loudspeaker: Loudspeaker) -> None:
        self.voices.append(voice)
        async for piece in pieces:
            await loudspeaker.play(Speech(b"".join(ord(each).to_bytes(2, "little") for each in piece), 22_050))

    async def answer(self, said: Said) -> Answer:
        self.said.append(said)
        self.thinks.set()
        if self.held:
            await self.held.wait()
        return Answer(("You said: ", said.text), failed=self.failed)

    @contextmanager
    def watch(self) -> Iterator[Watch]:
        self.watched += 1
        try:
            yield self
        finally:
            self.watched -= 1

    async def hear(self, pcm: bytes) -> str | None:
        assert len(pcm) == FRAME * WIDTH
        self.frames += 1
        return "hey_ada" if pcm[:2] == b"\x00\x40" else None


def converted(sound: Format) -> Converted:
    return Converted(rate=sound.rate, width=sound.width, channels=sound.channels)


@dataclass(frozen=True)
class Served:
    offered: Offered
    port: int
    clock: FakeClock

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        async with AsyncTcpClient("127.0.0.1", self.port) as client:
            yield Client(client)


class Client:
    """The library's own, which waits for what it is told."""

    def __init__(self, client: AsyncTcpClient) -> None:
        self._client = client

    async def tell(self, *events: Eventable) -> None:
        for each in events:
            await self._client.write_event(each.event())

    async def hear(self) -> Event | None:
        async with asyncio.timeout(WAIT_S):
            return await self._client.read_event()

    async def until(self, last: str) -> list[Event]:
        """All that comes, the first of kind `last` included."""
        events: list[Event] = []
        while not events or events[-1].type != last:
            event = await self.hear()
            assert event, f"{last} did not come after {[each.type for each in events]}"
            events.append(event)
        return events


@asynccontextmanager
async def served(offered: Offered | None = None, *, settings: config.Wyoming | None = None) -> AsyncGenerator[Served]:
    offered = offered or Offered()
    settings = settings or config.Wyoming(enabled=True, port=0)
    clock = FakeClock()
    async with open_server(settings, offered.offers, clock=clock, language="en") as serving:
        yield Served(offered, serving.port, clock)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not holds():
            await asyncio.sleep(0.005)

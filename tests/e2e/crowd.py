"""Many who write to one daemon: pages on a web socket, askers on a broker, and a model that is slow and honest."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from digital_life.devices.topics import Command, Topics
from fakes.completions import DONE, STREAM, Behaviour, Completions, completions, event

WAIT_S = 300.0
"""For the last answer of a crowd, on a machine that tests other things too."""
AGAIN_S = 0.1
"""After which somebody whose broker is away looks for it again."""
KEPT_S = 600
"""So long a broker keeps for an asker what came while they were away."""
TOPICS = Topics("study")
PACE_S = 0.05
"""From one word of the slow model to the next."""
QUESTION = re.compile(r"\b(page|asker) (\d+), line (\d+)")


@dataclass(frozen=True, slots=True)
class Answered:
    """A line and what came of it."""

    text: str
    said: str
    seconds: float
    """From when it was written."""
    notices: tuple[str, ...]
    """What its writer was told meanwhile."""
    cut: bool = False
    """Whether somebody spoke over the answer: it ends there."""


class Writer(Protocol):
    name: str

    async def write(self, text: str) -> Answered:
        """Return when it is answered."""
        ...


@dataclass
class Page:
    """Somebody at the console."""

    name: str
    socket: aiohttp.ClientWebSocketResponse
    told: list[dict[str, Any]] = field(default_factory=list)
    """All messages, in order."""
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self) -> None:
        async for message in self.socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self.told.append(json.loads(message.data))
                self._came.set()

    def of(self, kind: str, since: int = 0) -> list[dict[str, Any]]:
        return [each for each in self.told[since:] if each["type"] == kind]

    def turns(self, text: str) -> list[dict[str, Any]]:
        """Those that answered it; one that was given up before its first word is answered anew."""
        return [each for each in self.of("turn") if each["heard"] == text and (each["said"] or not each["interrupted"])]

    async def until(self, kind: str, *, since: int, **values: object) -> dict[str, Any]:
        """The first message of that kind, with these values, behind the first `since` messages."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for each in self.of(kind, since):
                    if values.items() <= each.items():
                        return each
                self._came.clear()
                await self._came.wait()

    async def write(self, text: str) -> Answered:
        began, since = time.monotonic(), len(self.told)
        await self.socket.send_json({"type": "say", "text": text})
        async with asyncio.timeout(WAIT_S):
            while not self.turns(text):
                self._came.clear()
                await self._came.wait()
        notices = tuple(each["why"] for each in (*self.of("waiting", since), *self.of("refused", since)))
        turn = self.turns(text)[0]
        return Answered(text, turn["said"], time.monotonic() - began, notices, cut=turn["interrupted"])


def waited_s(line: Answered, seen_by: Page) -> float:
    """From when it was written until its answer was begun for good, as some page saw it."""
    return line.seconds - float(seen_by.turns(line.text)[0]["timings"]["total"]) / 1000


@dataclass
class Asker:
    """Somebody on the broker, who comes back when it does, and for whom it keeps what came meanwhile."""

    name: str
    client: aiomqtt.Client
    answers: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    _came: asyncio.Event = field(default_factory=asyncio.Event)
    _connected: asyncio.Event = field(default_factory=asyncio.Event)

    async def stay(self) -> None:
        """Connected, until this is cancelled."""
        while True:
            with suppress(aiomqtt.MqttError):
                async with self.client:
                    await self.client.subscribe(f"answers/{self.name}", qos=1)
                    await self.client.subscribe(TOPICS.waiting(Command.ASK), qos=1)
                    self._connected.set()
                    async for message in self.client.messages:
                        self._hear(message)
            self._connected.clear()
            await asyncio.sleep(AGAIN_S)

    def _hear(self, message: aiomqtt.Message) -> None:
        told = json.loads(bytes(message.payload))
        if message.topic.value == TOPICS.waiting(Command.ASK):
            if told["id"].startswith(f"{self.name}:"):
                self.waiting.append(told)
        else:
            self.answers.append(told)
            self._came.set()

    async def connected(self) -> None:
        async with asyncio.timeout(WAIT_S):
            await self._connected.wait()

    async def ask(self, text: str, number: str) -> None:
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.ResponseTopic = f"answers/{self.name}"
        await self.connected()
        payload = json.dumps({"text": text, "id": number})
        await self.client.publish(TOPICS.of(Command.ASK), payload, qos=1, properties=properties)

    async def answer(self, number: str) -> dict[str, Any]:
        async with asyncio.timeout(WAIT_S):
            while True:
                for each in self.answers:
                    if each.get("id") == number or "problem" in each:
                        return each
                self._came.clear()
                await self._came.wait()

    async def write(self, text: str) -> Answered:
        began, number = time.monotonic(), f"{self.name}:{text}"
        await self.ask(text, number)
        answer = await self.answer(number)
        notices = tuple(each["notice"] for each in self.waiting if each["id"] == number)
        return Answered(text, answer.get("answer", ""), time.monotonic() - began, notices)


@dataclass(frozen=True, slots=True)
class Crowd:
    pages: Sequence[Page]
    askers: Sequence[Asker]

    @property
    def writers(self) -> tuple[Writer, ...]:
        return (*self.pages, *self.askers)


@asynccontextmanager
async def crowd(web_port: int, mqtt_port: int, *, pages: int, askers: int) -> AsyncGenerator[Crowd]:
    """So many of each, connected."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{web_port}"))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        made = Crowd(
            [Page(f"page {n}", await _socket(session, web_port)) for n in range(pages)],
            [Asker(f"asker {n}", _client(f"asker-{n}", mqtt_port)) for n in range(askers)],
        )
        running = [
            *(tasks.create_task(each.read(), name=f"{each.name}.read") for each in made.pages),
            *(tasks.create_task(each.stay(), name=f"{each.name}.stay") for each in made.askers),
        ]
        try:
            for each in made.askers:
                await each.connected()
            yield made
        finally:
            for task in running:
                task.cancel()
            for page in made.pages:
                await page.socket.close()


async def _socket(session: aiohttp.ClientSession, port: int) -> aiohttp.ClientWebSocketResponse:
    return await session.ws_connect("/socket", headers={"Origin": f"http://127.0.0.1:{port}"}, max_msg_size=0)


def _client(name: str, port: int) -> aiomqtt.Client:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's has no types
    properties.SessionExpiryInterval = KEPT_S
    return aiomqtt.Client(
        "127.0.0.1",
        port,
        identifier=name,
        protocol=aiomqtt.ProtocolVersion.V5,
        clean_start=False,
        properties=properties,
    )


@asynccontextmanager
async def slow_model(otherwise: str) -> AsyncGenerator[Completions]:
    """Tells who wrote what it answers ("Page 3, line 1."), word by word; to all else it says `otherwise`."""
    async with completions() as server:
        server.chats = _repeating(server, otherwise)
        yield server


def _repeating(server: Completions, otherwise: str) -> Behaviour:
    async def do(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = QUESTION.findall(server.asked[-1])
        said = "{} {}, line {}.".format(*asked[-1]).capitalize() if asked else otherwise
        writer.write(STREAM)
        for word in re.findall(r"\S+\s*", said):
            await asyncio.sleep(PACE_S)
            writer.write(event(word))
            await writer.drain()
        writer.write(DONE)

    return do


def kept(home: Path) -> list[tuple[str, str]]:
    """All that is remembered, in order: what was heard, and what was said."""
    with closing(sqlite3.connect(f"file:{home / 'life.db'}?mode=ro", uri=True)) as life:
        return [(str(heard), str(said)) for heard, said in life.execute("SELECT heard, said FROM turn ORDER BY id")]

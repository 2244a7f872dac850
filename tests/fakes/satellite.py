"""A wyoming-satellite in this process: its microphone brings what the test says, and what it is to play is kept."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from wyoming.audio import AudioChunk, AudioStop
from wyoming.event import Event, Eventable, async_read_event, async_write_event
from wyoming.info import Attribution, Info, Satellite, WakeModel, WakeProgram
from wyoming.ping import Ping, Pong
from wyoming.snd import Played
from wyoming.wake import Detection

from digital_life.ports import Microphone

CHUNK: Final = 320
"""Samples, 20 ms."""
BY: Final = Attribution("somebody", "")


def counting() -> Callable[[], bytes]:
    """Sound in which each chunk can be told from all others."""
    numbers = itertools.count(1)
    return lambda: next(numbers).to_bytes(2, "little") * CHUNK


@dataclass
class FakeSatellite:
    """As one does from the package index; `modern`: as the newest does."""

    modern: bool = False
    hears_wake_words: bool = False
    has_loudspeaker: bool = True
    is_satellite: bool = True
    hangs: bool = False
    """It takes and answers nothing any more, but its connections stay."""
    silent: bool = False
    """Its microphone is lost."""
    speed: float = 1.0
    """So much faster than time it sends."""
    sound: Callable[[], bytes] = field(default_factory=counting)
    rate: int = 16_000
    channels: int = 1
    playing_s: float = 0.0
    """After the end of a sound, until it tells that it played it."""
    port: int = 0
    connections: int = 0
    told: list[Event] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    sent: bytearray = field(default_factory=bytearray)
    streaming: bool = False
    _server: asyncio.StreamWriter | None = None
    """Who it talks with."""
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def kinds(self, *but: str) -> list[str]:
        """Of the events that it was told, without those that show only that one is there."""
        return [each.type for each in self.told if each.type not in {"describe", "ping", "pong", "audio-chunk", *but}]

    @property
    def connected(self) -> bool:
        return self._server is not None

    async def say(self, *told: Eventable | Event | bytes) -> None:
        """To who talks with it; bytes go as they are."""
        writer = self._server
        if writer is None:
            return
        for each in told:
            if isinstance(each, bytes):
                writer.write(each)
                await writer.drain()
            else:
                await async_write_event(each if isinstance(each, Event) else each.event(), writer)

    async def wake(self, name: str) -> None:
        """Its wake word was said to it."""
        if self.modern:
            await self.say(Detection(name=name))
        await self.say(self._pipeline("asr", restarts=False))
        self.streaming = True

    async def speak_up(self, kept: bytes) -> None:
        """Its voice activity begins to stream, first with what was kept of the time before."""
        await self.say(self._pipeline("wake", restarts=False), AudioChunk(16_000, 2, 1, kept))

    async def end_stream(self) -> None:
        self.streaming = False
        await self.say(AudioStop())

    async def left(self) -> None:
        """Return when nobody is connected."""
        async with asyncio.timeout(5):
            while self._open:
                await asyncio.sleep(0.001)

    def drop(self) -> None:
        """End the connections there are."""
        for each in list(self._open):
            each.transport.abort()

    # What it does by itself.

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            async with asyncio.TaskGroup() as tasks:
                hearing = tasks.create_task(self._hear(writer), name="fake.microphone")
                while not self.hangs and (event := await async_read_event(reader)):
                    if self._server not in {None, writer} and event.type != "describe":
                        await reader.read()  # it talks with another, and does not say so
                    else:
                        await self._take(event, writer)
                while self.hangs:
                    await asyncio.sleep(0.01)
                hearing.cancel()
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            if self._server is writer:
                self._server, self.streaming = None, False
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _take(self, event: Event, writer: asyncio.StreamWriter) -> None:
        self.told.append(event)
        if event.type == "describe":
            await async_write_event(self._info().event(), writer)
            return
        self._server = writer
        match event.type:
            case "ping" if self.modern:
                await self.say(Pong(text=Ping.from_event(event).text))
            case "run-satellite":
                self.streaming = not self.hears_wake_words
                if self.streaming:
                    await self.say(self._pipeline("wake", restarts=True))
            case "transcript" if self.hears_wake_words:
                self.streaming = False
            case "audio-chunk":
                self.heard += event.payload or b""
            case "audio-stop" if self.modern:
                await asyncio.sleep(self.playing_s)
                await self.say(Played())

    async def _hear(self, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for count in itertools.count(1):
            await asyncio.sleep(began + count * CHUNK / 16_000 / self.speed - loop.time())
            if self.streaming and not self.silent and not self.hangs and self._server is writer:
                pcm = self.sound()
                self.sent += pcm
                await self.say(AudioChunk(self.rate, 2, self.channels, pcm))

    def _pipeline(self, stage: str, *, restarts: bool) -> Event:
        told: dict[str, object] = {"start_stage": stage, "end_stage": "tts" if self.has_loudspeaker else "handle"}
        if self.modern:
            told["restart_on_end"] = restarts
            told["snd_format"] = {"rate": 16_000, "width": 2, "channels": 1}
        return Event("run-pipeline", told)

    def _info(self) -> Info:
        if not self.is_satellite:
            return Info()
        version = "1.4.1" if self.modern else None
        it = Satellite("Kitchen satellite", BY, installed=True, description=None, version=version, area="Kitchen")
        if not (self.modern and self.hears_wake_words):
            return Info(satellite=it)
        model = WakeModel(
            "ok_nabu_v1", BY, installed=True, description=None, version=None, languages=[], phrase="OK Nabu"
        )
        program = WakeProgram("words", BY, installed=True, description=None, version=None, models=[model])
        return Info(satellite=it, wake=[program])


def loud(pcm: bytes) -> bytes:
    """Without the silence that stands for what came late: on a busy machine some does."""
    samples = np.frombuffer(pcm, dtype="<i2")
    heard: bytes = samples[samples != 0].tobytes()
    return heard


async def drained(room: Microphone) -> None:
    """Take all its frames."""
    async with aclosing(room.frames()) as frames:
        async for _ in frames:
            pass


@asynccontextmanager
async def serving(it: FakeSatellite) -> AsyncGenerator[FakeSatellite]:
    """On loopback, until this is left."""
    server = await asyncio.start_server(it.serve, "127.0.0.1", it.port)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        it.hangs = False
        it.drop()
        await it.left()

"""ESPHome devices that come and go, flood, or send nonsense: they are cut off, and nothing of them stays."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

import psutil
import pytest
from google.protobuf.message import Message

from digital_life.backends import esphome_link
from digital_life.backends.esphome import open_voice_device, visit_voice_device
from digital_life.clock import SystemClock
from digital_life.errors import SoundError
from digital_life.ports import RoomDevice
from digital_life.values import FRAME, AudioFrame, Speech, State
from fakes.voice_device import KEY, Device, made, running

HERE = "127.0.0.1"
CUT_S = 20.0
LATE_S = 3.0
"""Between two frames of 0.08 s: the ears bear with 1 s, and a machine that tests other things too takes its own."""
RECONNECTS = 1_000
MEGABYTE = 1 << 20

Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw(answer: Raw) -> AsyncGenerator[int]:
    """The port of something that answers so."""
    callers: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        callers.add(writer)
        with suppress(OSError):
            await answer(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        callers.discard(writer)

    server = await asyncio.start_server(serve, HERE, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        while callers:
            await asyncio.sleep(0.001)


async def lost(room: RoomDevice) -> SoundError:
    """The error that its frames end by."""
    try:
        async with asyncio.timeout(CUT_S), aclosing(room.frames()) as frames:
            async for _ in frames:
                pass
    except SoundError as error:
        return error
    raise AssertionError


async def first(room: RoomDevice) -> AudioFrame:
    async with aclosing(room.frames()) as frames:
        return await anext(frames)


def held() -> tuple[int, int]:
    """Open descriptors and tasks."""
    return len(list(Path("/proc/self/fd").iterdir())), len(asyncio.all_tasks())


@pytest.mark.parametrize("key", ["", KEY])
async def test_a_thousand_reconnects_leave_nothing_behind(key: str) -> None:
    async with (
        running(Device(key=key)) as device,
        open_voice_device(HERE, device.port, key=key, clock=SystemClock()) as room,
    ):
        for _ in range(50):
            await reconnected(device, room)
        gc.collect()
        before, memory = held(), psutil.Process().memory_info().rss
        for _ in range(RECONNECTS):
            await reconnected(device, room)
        while device.calls:
            await asyncio.sleep(0.001)
        gc.collect()
        assert held() == before
        assert psutil.Process().memory_info().rss - memory < 8 * MEGABYTE
    assert device.called == RECONNECTS + 50


async def reconnected(device: Device, room: RoomDevice) -> None:
    """It listens, and the device goes away."""
    device.listens.clear()
    async with aclosing(room.frames()) as frames:
        hearing = asyncio.ensure_future(anext(frames))
        await device.listens.wait()
        room.show(State.LISTENING)
        device.call.hang_up()
        with pytest.raises(SoundError):
            await until_lost(hearing, frames)


async def until_lost(hearing: asyncio.Future[AudioFrame], frames: AsyncGenerator[AudioFrame]) -> None:
    await hearing
    async for _ in frames:
        pass


async def test_a_device_lost_while_it_speaks_leaves_nothing_behind() -> None:
    async with running() as device, open_voice_device(HERE, device.port, clock=SystemClock()) as room:
        await spoken_to(device, room)
        before = held()
        for _ in range(20):
            await spoken_to(device, room)
        assert held() == before


async def spoken_to(device: Device, room: RoomDevice) -> None:
    device.listens.clear()
    hearing = asyncio.create_task(lost(room))
    await device.listens.wait()
    while not device.announced:
        playing = asyncio.create_task(room.play(Speech(bytes(96_000), 24_000)))
        await asyncio.sleep(0.01)
    device.announced.clear()
    device.call.hang_up()
    assert (await hearing).key == "esphome-lost"
    with pytest.raises(SoundError):
        await playing
    while device.calls:
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)


FLOODS = {
    "sound": made("VoiceAssistantAudio", data=bytes(32_768)),
    "odd sound": made("VoiceAssistantAudio", data=bytes(1_023)),
    "pings": made("PingRequest"),
}


@pytest.mark.parametrize(
    ("kind", "key"), [("sound", "esphome-flood"), ("pings", "esphome-flood"), ("odd sound", "esphome-nonsense")]
)
async def test_a_device_that_floods_is_cut_off_and_another_does_not_notice(kind: str, key: str) -> None:
    async with (
        running() as bad,
        running() as good,
        open_voice_device(HERE, bad.port, clock=SystemClock()) as flooded,
        open_voice_device(HERE, good.port, clock=SystemClock()) as room,
    ):
        listening = asyncio.create_task(lost(flooded))
        await bad.listens.wait()
        latest, clock = 0.0, SystemClock()
        async with aclosing(room.frames()) as frames:
            await anext(frames)
            before = clock.monotonic()
            flooding = asyncio.create_task(flood(bad, FLOODS[kind]))
            while latest == 0 or not listening.done():
                await anext(frames)
                now = clock.monotonic()
                latest, before = max(latest, now - before), now
        await flooding
        assert (await listening).key == key
        assert latest < LATE_S
        assert await first(room)


async def flood(device: Device, message: Message) -> None:
    """Until it is cut off."""
    call = device.call
    device.wake()
    much = call.framed(message) * max(1, 65_536 // len(call.framed(message)))
    with suppress(OSError):
        while not call.writer.is_closing():
            call.writer.write(much)
            await call.writer.drain()
            await asyncio.sleep(0)


async def test_what_a_stalled_network_brings_at_once_is_no_flood() -> None:
    async with (
        running() as device,
        open_voice_device(HERE, device.port, clock=SystemClock()) as room,
        aclosing(room.frames()) as frames,
        asyncio.timeout(CUT_S),
    ):
        await anext(frames)
        device.wake()
        device.speak(b"\1\0" * 16_000 * 5)
        while not any((frame := await anext(frames)).pcm):
            pass
        assert frame.pcm == b"\1\0" * FRAME


NONSENSE = [
    b"",
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\x00\x04\x02\xff\xff\xff\xff",
    b"\x01\x00\x00",
    b"\x01\xff\xff" + b"x" * 70_000,
    b"\x00" * 70_000,
    bytes(range(256)) * 100,
]


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
@pytest.mark.parametrize("key", ["", KEY])
async def test_what_is_no_device_is_an_error(said: bytes, key: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(said)
        await writer.drain()

    async with raw(answer) as port:
        before = held()
        with pytest.raises(SoundError) as caught:
            await visit_voice_device(HERE, port, key=key, clock=SystemClock())
        await asyncio.sleep(0.01)
        assert held() <= before
    assert caught.value.key.startswith("esphome-")
    assert caught.value.sentence("en")


async def test_what_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(esphome_link, "CONNECTED_S", 0.2)

    async def answer(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw(answer) as port:
        with pytest.raises(SoundError) as caught:
            await visit_voice_device(HERE, port, clock=SystemClock())
    assert caught.value.key == "esphome-silent"


async def test_nonsense_in_the_middle_is_an_error() -> None:
    async with running() as device, open_voice_device(HERE, device.port, clock=SystemClock()) as room:
        listening = asyncio.create_task(lost(room))
        await device.listens.wait()
        device.call.writer.write(b"\x00\x04\x6a\xff\xff\xff\xff")
        assert (await listening).key == "esphome-lost"

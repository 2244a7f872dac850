"""A satellite that floods, sends nonsense or hangs is cut off, the others do not notice; nothing of it is left."""

from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import aclosing

import psutil
import pytest

from digital_life.backends import satellite_link
from digital_life.backends.inflow import WAITING_S
from digital_life.backends.wyoming_satellite import open_satellite
from digital_life.clock import SystemClock
from digital_life.errors import SoundError
from digital_life.ports import RoomDevice
from digital_life.values import FRAME, RATE, Speech
from fakes.satellite import CHUNK, FakeSatellite, drained, loud, serving
from fakes.wyoming_server import saying, wyoming_server

GONE_S = 5.0
ROUNDS = 1_000
SPEECH = Speech(bytes(44_100), 22_050)
IT = b'"name": "a", "attribution": {"name": "", "url": ""}, "installed": true, "description": null, "version": null'
NONSENSE = [
    b"\n",
    b"\xff\xfe\x00\n",
    b"[" * 50_000 + b"\n",
    b"x" * 200_000,
    b'{"type": 7}\n',
    b'{"type": "audio-chunk"}\n',
    b'{"type": "audio-chunk", "data": {"rate": 16000, "width": 2, "channels": 0}}\n',
    b'{"type": "audio-chunk", "data": {"rate": 1e99, "width": 2, "channels": 1}}\n',
    b'{"type": "audio-chunk", "payload_length": 99999999999}\n',
    b'{"type": "audio-chunk", "payload_length": -1}\n',
    b'{"type": "info", "data_length": 9999999}\n',
    b'{"type": "info", "data_length": 4}\n[[[[',
    b'{"type": "run-pipeline", "data": {"start_stage": 5}}\n',
    b'{"type": "detection", "data": {"name": ["a"]}}\n',
    b'{"type": "detection", "data": {"name": "%s"}}\n' % (b"a" * 5_000),
    b'{"type": "ping", "data": {"text": {}}}\n',
]


async def lost(room: RoomDevice, within_s: float = GONE_S) -> SoundError:
    """Why it ended."""
    with pytest.raises(SoundError) as error:
        await asyncio.wait_for(drained(room), within_s)
    return error.value


async def connected(it: FakeSatellite) -> None:
    async with asyncio.timeout(GONE_S):
        while not it.streaming:
            await asyncio.sleep(0.002)


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_nonsense_ends_the_connection(nonsense: bytes) -> None:
    it = FakeSatellite()
    async with serving(it), open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
        losing = asyncio.ensure_future(lost(room))
        await connected(it)
        await it.say(nonsense)
        assert (await losing).key == "satellite-foreign"


@pytest.mark.parametrize(
    "info",
    [
        b'{"satellite": 5}',
        b'{"satellite": {"name": "a"}}',
        b'{"satellite": [], "wake": {}}',
        b'{"satellite": {%s, "active_wake_words": 5}}' % IT,
        b'{"satellite": {%s, "active_wake_words": [[]]}}' % IT,
        b'{"satellite": {%s}, "wake": [{%s, "models": 5}]}' % (IT, IT),
    ],
)
async def test_one_that_describes_itself_as_nonsense_is_no_satellite(info: bytes) -> None:
    async with (
        wyoming_server(saying(b'{"type": "info", "data": %s}\n' % info)) as it,
        open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room,
    ):
        assert (await lost(room)).key == "satellite-foreign"


async def test_a_flood_ends_the_connection_and_the_other_room_does_not_notice() -> None:
    it, other = FakeSatellite(speed=100.0), FakeSatellite()
    clock = SystemClock()
    async with (
        serving(it),
        serving(other),
        open_satellite("127.0.0.1", it.port, clock=clock) as room,
        open_satellite("127.0.0.1", other.port, clock=clock) as kitchen,
        aclosing(kitchen.frames()) as frames,
    ):
        heard = (await anext(frames)).pcm
        flooded = asyncio.ensure_future(lost(room))
        while not flooded.done():
            heard += (await anext(frames)).pcm
        assert (await flooded).key == "satellite-flood"
        assert bytes(other.sent).startswith(loud(heard))


async def test_a_flood_of_small_events_ends_the_connection() -> None:
    it = FakeSatellite(hears_wake_words=True)
    async with serving(it), open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
        flooded = asyncio.ensure_future(lost(room))
        async with asyncio.timeout(GONE_S):
            while "run-satellite" not in it.kinds():
                await asyncio.sleep(0.002)
        for _ in range(1_500):
            await it.say(b'{"type": "streaming-started"}\n')
            if flooded.done():
                break
        assert (await flooded).key == "satellite-flood"


async def test_sound_that_nobody_takes_is_not_kept() -> None:
    it = FakeSatellite(speed=1.9)
    async with (
        serving(it),
        open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room,
        aclosing(room.frames()) as frames,
    ):
        await anext(frames)
        await asyncio.sleep(2.5)
        now, began = 0, asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() - began < 0.1:
            await anext(frames)
            now += 1
        assert now * FRAME / RATE <= WAITING_S + 0.3, "the oldest is gone"


async def test_one_that_does_not_read_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite_link, "BEAT_S", 0.05)
    it = FakeSatellite(modern=True)
    async with serving(it), open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
        playing = asyncio.ensure_future(room.play(SPEECH))
        async with asyncio.timeout(GONE_S):
            while not it.heard:
                await asyncio.sleep(0.002)
        it.hangs = True
        with pytest.raises(SoundError):
            async with asyncio.timeout(GONE_S):
                await playing


async def test_one_that_takes_the_connection_and_says_nothing_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(satellite_link, "ANSWER_S", 0.2)

    async def nothing(*_: object) -> None: ...

    async with (
        wyoming_server(nothing, reads=False) as it,
        open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room,
    ):
        assert (await lost(room)).key == "satellite-silent"
        with pytest.raises(SoundError):
            await room.play(SPEECH)


async def test_what_is_left_open_ends_with_the_room() -> None:
    it = FakeSatellite()
    async with serving(it):
        async with open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
            frames = room.frames()
            await anext(frames)
        with pytest.raises(SoundError):
            async for _ in frames:
                pass
        await it.left()


async def test_nothing_is_left_of_a_thousand_connections() -> None:
    it = FakeSatellite(speed=50.0, sound=lambda: bytes(CHUNK * 2))
    process = psutil.Process()
    async with serving(it), open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:

        async def come_and_go(number: int) -> None:
            async with aclosing(room.frames()) as frames:
                await anext(frames)
                if number % 2:
                    it.drop()
                    with pytest.raises(SoundError):
                        async for _ in frames:
                            pass
            await it.left()
            it.told.clear()
            it.sent.clear()

        def held() -> tuple[int, int, int]:
            gc.collect()
            return process.num_fds(), len(asyncio.all_tasks()), threading.active_count()

        for number in range(50):
            await come_and_go(number)
        before, memory = held(), process.memory_info().rss
        for number in range(ROUNDS):
            await come_and_go(number)
        assert held() == before
        assert process.memory_info().rss - memory < 4 << 20
    assert it.connections == ROUNDS + 50

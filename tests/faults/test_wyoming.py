"""Clients of the Wyoming server that send nonsense, too much or nothing: they are cut off, the others do not notice."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wyoming.asr import Transcript
from wyoming.audio import AudioChunk, AudioStart
from wyoming.event import Event
from wyoming.handle import Handled
from wyoming.info import Describe
from wyoming.tts import SynthesizeChunk, SynthesizeStart
from wyoming.wake import Detect

from digital_life import config
from digital_life.errors import WyomingError
from digital_life.wire import wire
from digital_life.wyoming import connection, server
from digital_life.wyoming.listening import AHEAD_S
from digital_life.wyoming.server import open_server
from fakes.clock import FakeClock
from fakes.offered import Offered, Served, served, until

GONE_S = 5.0


@asynccontextmanager
async def raw(it: Served) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", it.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def answers(it: Served) -> None:
    """Another client is served."""
    async with it.client() as client:
        await client.tell(Transcript("still there?"))
        event = (await client.until("handled"))[-1]
    assert Handled.from_event(event).text == "You said: still there?"


async def rest(reader: asyncio.StreamReader) -> bytes:
    """All that comes before it is cut off."""
    async with asyncio.timeout(GONE_S):
        try:
            return await reader.read(-1)
        except ConnectionError:
            return b""


NONSENSE = [
    b"\n",
    b"GET / HTTP/1.1\r\nHost: here\r\n\r\n",
    b"\xff\xfe\x00\n",
    b"[" * 50_000 + b"\n",
    b"x" * 200_000,
    b'{"type": 7}\n',
    b'{"type": "describe", "data": []}\n',
    b'{"type": "audio-chunk", "payload_length": 99999999999}\n',
    b'{"type": "audio-chunk", "payload_length": -1}\n',
    b'{"type": "describe", "data_length": 70000}\n',
    b'{"type": "describe", "data_length": 4}\n[[[[',
    b'{"type": "transcript", "data": {"text": 5}}\n',
    b'{"type": "transcript", "data": {"text": "%s"}}\n' % (b"a" * 5_000),
    b'{"type": "audio-start", "data": {"rate": 0, "width": 2, "channels": 1}}\n',
    b'{"type": "audio-start", "data": {"rate": 16000, "width": 99, "channels": 1}}\n',
    b'{"type": "audio-chunk"}\n',
    b'{"type": "synthesize", "data": {"text": "<p>Hi</p>", "text_format": "ssml"}}\n',
    b'{"type": "detect", "data": {"names": "hey"}}\n',
]


@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
async def test_who_sends_nonsense_is_cut_off(nonsense: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with served() as it:
        async with raw(it) as (reader, writer):
            writer.write(nonsense)
            told = await rest(reader)
        assert not told or json.loads(told.split(b"\n")[0])["type"] == "error"
        await answers(it)
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


@given(
    st.lists(
        st.binary(max_size=200) | st.sampled_from([b'{"type": "audio-start", ', b'"data": {', b"}\n"]), max_size=20
    )
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_is_sent_nothing_fails(caplog: pytest.LogCaptureFixture, parts: list[bytes]) -> None:
    async with served() as it:
        async with raw(it) as (reader, writer):
            writer.writelines(parts)
            writer.write_eof()
            await rest(reader)
        await answers(it)
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]


async def test_more_sound_than_may_be_is_refused() -> None:
    async with served() as it, it.client() as client:
        await client.tell(AudioStart(rate=4_000, width=1, channels=1))
        with pytest.raises((ConnectionError, AssertionError)):  # noqa: PT012 - it may notice while it still sends
            for _ in range(70):
                await client.tell(AudioChunk(rate=4_000, width=1, channels=1, audio=bytes(4_000)))
            await client.until("transcript")
        assert it.offered.heard == []
        await answers(it)


async def test_more_text_than_may_be_is_refused() -> None:
    async with served() as it, it.client() as client:
        await client.tell(SynthesizeStart())
        for _ in range(3):
            await client.tell(SynthesizeChunk(text="a" * 9_000))
        events = await client.until("error")
        assert "20000 characters" in events[-1].data["text"]
        await answers(it)


async def test_more_requests_than_may_wait_are_refused() -> None:
    async with served(Offered(held=asyncio.Event())) as it, it.client() as client:
        for number in range(8):
            await client.tell(Transcript(f"question {number}"))
        (event,) = await client.until("error")
        assert event.data["code"] == "wyoming-many"
        assert await client.hear() is None
        assert len(it.offered.said) == 1


async def test_an_answer_that_nobody_waits_for_is_given_up() -> None:
    held = asyncio.Event()
    async with served(Offered(held=held)) as it:
        async with it.client() as client:
            await client.tell(Transcript("hello"))
            await it.offered.thinks.wait()
        it.offered.held = None
        await answers(it)


async def test_who_says_nothing_goes_and_who_waits_for_an_answer_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "Wire", lambda reader, writer: wire.Wire(reader, writer, idle_s=0.05))
    held = asyncio.Event()
    async with served(Offered(held=held)) as it, raw(it) as (reader, _), it.client() as waiting:
        await waiting.tell(Transcript("hello"))
        assert await rest(reader) == b""
        held.set()
        await waiting.until("handled")


async def test_the_rest_of_an_event_has_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "Wire", lambda reader, writer: wire.Wire(reader, writer, arriving_s=0.05))
    async with served() as it, raw(it) as (reader, writer):
        writer.write(b'{"type": "audio-chunk", "payload_length": 100}\nfew')
        assert await rest(reader) == b""
        await answers(it)


async def test_a_text_that_does_not_go_on_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "Wire", lambda reader, writer: wire.Wire(reader, writer, idle_s=0.05))
    async with served() as it, it.client() as client:
        await client.tell(SynthesizeStart())
        assert await client.hear() is None


async def flood(client: socket.socket) -> None:
    while True:
        await asyncio.get_running_loop().sock_sendall(client, b'{"type": "describe"}\n' * 1_000)


async def test_who_does_not_read_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "Wire", lambda reader, writer: wire.Wire(reader, writer, taking_s=0.05))
    async with served() as it:
        with socket.create_connection(("127.0.0.1", it.port)) as deaf:
            deaf.setblocking(False)
            async with asyncio.timeout(GONE_S):
                with pytest.raises(ConnectionError):
                    await flood(deaf)
        await answers(it)


async def test_a_flood_for_wake_words_is_slowed() -> None:
    async with served() as it, it.client() as client:
        await client.tell(Detect(), AudioStart(rate=16_000, width=2, channels=1))
        for _ in range(30):
            await client.tell(AudioChunk(rate=16_000, width=2, channels=1, audio=bytes(32_000)))
        await until(lambda: it.offered.frames == 30 * 16_000 // 1_280)
        assert sum(it.clock.slept) == pytest.approx(30 - AHEAD_S, abs=0.1)


async def test_so_many_may_come_and_the_oldest_that_wants_nothing_makes_room() -> None:
    held = asyncio.Event()
    async with served(Offered(held=held)) as it, it.client() as busy:
        await busy.tell(Transcript("hello"))
        await it.offered.thinks.wait()
        silent = [await asyncio.open_connection("127.0.0.1", it.port) for _ in range(server.MOST - 1)]
        async with it.client() as newest:
            await newest.tell(Describe())
            await newest.until("info")
            assert await rest(silent[0][0]) == b""
            held.set()
            await busy.until("handled")
        for _, writer in silent:
            writer.transport.abort()


async def test_where_all_wait_for_answers_no_more_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MOST", 1)
    held = asyncio.Event()
    async with served(Offered(held=held)) as it, it.client() as busy:
        await busy.tell(Transcript("hello"))
        await it.offered.thinks.wait()
        async with raw(it) as (reader, _):
            assert await rest(reader) == b""
        held.set()
        await busy.until("handled")


async def test_who_is_not_allowed_is_turned_away_without_a_word(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server._Clients, "_may_come", lambda _self, _host: False)
    async with served() as it, raw(it) as (reader, writer):
        writer.write(b'{"type": "transcript", "data": {"text": "a secret"}}\n')
        assert await rest(reader) == b""
        assert it.offered.said == []
    assert "turned away: 127.0.0.1" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("host", "may"),
    [
        *(("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("192.168.1.10", True)),
        *(("::ffff:192.168.1.10", True), ("192.168.1.11", False), ("10.0.0.200", True), ("10.0.1.1", False)),
        *(("fe80::1%eth0", False), ("2001:db8::1", False)),
    ],
)
async def test_this_machine_and_the_named_addresses_may_come(host: str, *, may: bool) -> None:
    async with asyncio.TaskGroup() as tasks:
        clients = server._Clients(
            tasks, Offered().offers, allow=("192.168.1.10", "10.0.0.7/24"), clock=FakeClock(), language="en"
        )
        assert clients._may_come(host) is may


async def test_what_is_said_is_not_logged_even_where_something_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(_self: object, event: Event) -> None:
        raise RuntimeError(event.data["text"])

    monkeypatch.setattr(connection.Connection, "_ask", fail)
    caplog.set_level(logging.INFO)
    async with served() as it, it.client() as client:
        await client.tell(Transcript("a secret"))
        assert await client.hear() is None
    assert "a Wyoming client failed: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


async def test_a_port_that_is_taken_is_told_with_what_to_do() -> None:
    async with served() as it:
        taken = config.Wyoming(enabled=True, port=it.port)
        with pytest.raises(WyomingError, match=r"choose another wyoming\.port"):
            async with open_server(taken, it.offered.offers, clock=FakeClock(), language="en"):
                pass


async def test_an_address_that_is_not_this_machine_s_is_told() -> None:
    elsewhere = config.Wyoming(enabled=True, host="192.0.2.1", port=0, allow=("192.0.2.2",))
    with pytest.raises(WyomingError, match="no address of this machine"):
        async with open_server(elsewhere, Offered().offers, clock=FakeClock(), language="en"):
            pass

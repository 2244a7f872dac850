"""What pages say and are told; none of them can make another one wait."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digital_life.ports import Page
from digital_life.web import sockets
from digital_life.web.outbox import MESSAGES
from fakes.served import Served, served

HELLO_BYTES = 2 + len('{"type":"hello"}')


@pytest.fixture
async def here(tmp_path: Path) -> AsyncGenerator[Served]:
    async with served(tmp_path) as open_to_us:
        yield open_to_us


async def until(claim: object, *, within_s: float = 5.0) -> None:
    """Wait until it is so."""
    assert callable(claim)
    async with asyncio.timeout(within_s):
        while not claim():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def connect(server: Served) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A page that speaks the bare bytes, and reads only what it is asked to; its buffer is small."""
    bare = socket.socket()
    bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    bare.setblocking(False)
    await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", server.port))
    reader, writer = await asyncio.open_connection(sock=bare, limit=1024)
    writer.write(
        f"GET /socket HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.address}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    try:
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def frame(first: int, content: bytes) -> bytes:
    """As a browser sends it: masked, here by zeros."""
    size = len(content)
    length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + size.to_bytes(2, "big")
    return bytes([first]) + length + bytes(4) + content


def code_of(received: bytes) -> int:
    """Of the closing frame."""
    assert received[:1] == b"\x88"
    return int.from_bytes(received[2:4], "big")


async def closing_code(page: aiohttp.ClientWebSocketResponse[bool]) -> int | None:
    async with asyncio.timeout(5):
        async for _ in page:
            pass
    return page.close_code


async def test_a_page_is_told_and_says_text_and_sound(here: Served) -> None:
    async with here.socket() as page:
        assert (await page.receive()).data == '{"type":"hello"}'
        await page.send_str("你好")
        assert (await page.receive()).data == "你好"
        await page.send_bytes(bytes(16 << 10))
        assert (await page.receive()).data == bytes(16 << 10)
    await until(lambda: here.channel.closings == 1)


async def test_what_the_server_says_before_it_closes_still_arrives(here: Served) -> None:
    async with here.socket() as page:
        await page.receive()
        connected = here.channel.pages[0]
        connected.send(b"last words")
        connected.close()
        connected.send(b"too late")
        assert (await page.receive()).data == "last words"
        assert await closing_code(page) == 1000


async def test_a_message_that_is_too_large_closes_the_page(here: Served) -> None:
    for said in ("x" * ((16 << 10) + 1), "x" * (1 << 20)):
        async with here.socket() as page:
            await page.send_str(said)
            assert await closing_code(page) == 1009
    await until(lambda: here.channel.closings == 2)
    assert here.channel.said == []


async def test_many_parts_are_no_way_around_it(here: Served) -> None:
    async with connect(here) as (reader, writer):
        await reader.readexactly(HELLO_BYTES)
        writer.write(frame(0x01, b"x" * 9000) + frame(0x00, b"x" * 9000))
        assert code_of(await reader.read()) == 1009
    await until(lambda: here.channel.closings == 1)
    assert here.channel.said == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(0x81, b"\xff\xfe"), 1007),
        (frame(0x83, b"x"), 1002),
        (frame(0xF1, b"x"), 1002),
        (frame(0x80, b"x"), 1002),
        (frame(0x09, b"x" * 10), 1002),
        (frame(0x88, b"\x00"), 1002),
    ],
)
async def test_garbage_closes_the_page_and_is_told_to_nobody(here: Served, sent: bytes, code: int) -> None:
    async with here.socket() as other:
        await other.receive()
        async with connect(here) as (reader, writer):
            await reader.readexactly(HELLO_BYTES)
            writer.write(sent)
            async with asyncio.timeout(3):
                assert code_of(await reader.read()) == code
        await other.send_str("still here")
        assert (await other.receive()).data == "still here"
    assert here.channel.said == ["still here"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=6))
def test_whatever_bytes_come_the_server_goes_on(tmp_path_factory: pytest.TempPathFactory, sent: list[bytes]) -> None:
    async def speak() -> None:
        async with served(tmp_path_factory.mktemp("life")) as server:
            async with connect(server) as (_, writer):
                for each in sent:
                    writer.write(each)
                await asyncio.sleep(0)
            async with server.socket() as page:
                assert (await page.receive()).data == '{"type":"hello"}'

    asyncio.run(speak())


async def test_what_goes_wrong_with_one_page_closes_that_page(here: Served, caplog: pytest.LogCaptureFixture) -> None:
    async with here.socket() as page:
        here.channel.broken = True
        await page.send_str("a secret")
        assert await closing_code(page) == 1011
    assert "ValueError" in caplog.text
    assert here.channel.closings == 1


async def test_a_page_that_floods_is_closed(here: Served) -> None:
    async with here.socket() as other, here.socket() as page:
        for _ in range(3 * sockets.MESSAGES_AT_ONCE):
            try:
                await page.send_str("x")
            except ConnectionError:
                break
        assert await closing_code(page) == 1008
        assert len(here.channel.said) <= sockets.MESSAGES_AT_ONCE + 400
        assert not other.closed


@pytest.mark.parametrize("each", [frame(0x81, b"x"), frame(0x82, b""), frame(0x89, b""), frame(0x8A, b"")])
async def test_a_flood_of_any_kind_makes_nobody_wait(here: Served, each: bytes) -> None:
    async with here.socket() as other, connect(here) as (_, flooding):
        await other.receive()
        for _ in range(6):
            flooding.write(each * 20_000)
            began = time.perf_counter()
            await other.send_str("here")
            assert (await other.receive(timeout=5)).data == "here"
            assert time.perf_counter() - began < 1.5
        await until(lambda: len(here.channel.pages) == 1)


async def test_a_ping_is_answered(here: Served) -> None:
    async with connect(here) as (reader, writer):
        await reader.readexactly(HELLO_BYTES)
        writer.write(frame(0x89, b"you?"))
        assert await reader.readexactly(6) == b"\x8a\x04you?"


async def test_a_microphone_is_no_flood(here: Served) -> None:
    async with here.socket() as page:
        for _ in range(sockets.MESSAGES_AT_ONCE // 2):  # 10 s of sound in pieces of 20 ms, all at once
            await page.send_bytes(bytes(640))
        await until(lambda: here.channel.heard_bytes == 640 * sockets.MESSAGES_AT_ONCE // 2)


async def test_a_page_that_never_reads_is_closed_and_makes_nobody_wait(here: Served) -> None:
    async with connect(here), AsyncExitStack() as stack:
        others = [await stack.enter_async_context(here.socket()) for _ in range(20)]
        await until(lambda: len(here.channel.pages) == 21)
        for page in others:
            await page.receive()
        for number in range(3000):
            here.channel.send_all(b'{"number":%d,"of":"%s"}' % (number, b"x" * 8000))
            for page in others:
                async with asyncio.timeout(2):
                    assert (await page.receive_json())["number"] == number
            if len(here.channel.pages) == 20:
                break
        assert len(here.channel.pages) == 20
        assert here.channel.closings == 1


async def test_a_page_that_does_not_read_for_a_while_is_told_so(here: Served) -> None:
    async with here.socket() as page:
        await page.receive()
        for _ in range(MESSAGES + 1):  # no pause in between: nothing can be sent meanwhile
            here.channel.pages[0].send(b"x")
        assert await closing_code(page) == 1013


async def test_sound_is_bounded_by_its_size(here: Served) -> None:
    async with here.socket() as page:
        await page.receive()
        for _ in range(5):
            here.channel.pages[0].send_sound(bytes(1 << 20))
        assert await closing_code(page) == 1013


async def test_only_so_many_pages_are_connected(here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST", 2)
    async with here.socket(), here.socket():
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await here.socket()
        assert refused.value.status == 503
    await until(lambda: here.channel.closings == 2)
    async with here.socket() as page:
        assert (await page.receive()).data == '{"type":"hello"}'


async def test_a_page_that_does_not_answer_is_given_up(here: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "HEARTBEAT_S", 0.1)
    async with connect(here):
        await until(lambda: here.channel.closings == 1)


async def test_at_the_end_all_pages_are_closed_within_a_second(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as browser:
        async with served(tmp_path) as server:
            await stack.enter_async_context(connect(server))
            page = await browser.ws_connect(f"{server.address}/socket", headers=server.own)
            await until(lambda: len(server.channel.pages) == 2)
            told = asyncio.create_task(closing_code(page), name="page")
            began = time.monotonic()
        assert time.monotonic() - began < 1.2
        assert server.channel.closings == 2
        assert await told == 1001


async def test_a_thousand_connections_leave_nothing_behind(here: Served) -> None:
    async def come_and_go() -> None:
        async with here.socket() as page:
            await page.receive()
            await page.send_str("hello")
            await page.receive()

    await come_and_go()
    before, files = len(asyncio.all_tasks()), open_files()
    for _ in range(50):
        await asyncio.gather(*(come_and_go() for _ in range(20)))
    await until(lambda: here.channel.closings == 1001)
    gc.collect()
    await until(lambda: len(asyncio.all_tasks()) <= before + 1)
    await until(lambda: open_files() <= files + 20)  # the client keeps some open
    assert here.channel.pages == []


async def test_each_connection_is_another_page(here: Served) -> None:
    async with here.socket() as one, here.socket() as other:
        await one.receive()
        await other.receive()
        pages: list[Page] = here.channel.pages
        assert len({page.id for page in pages}) == 2
        assert {page.language for page in pages} == {"en"}

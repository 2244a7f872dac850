"""The WebSockets of pages: what is sent to each, and what each says."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import ClientError, WSCloseCode, WSMsgType, web

from digital_life.errors import RequestError
from digital_life.ports import Channel
from digital_life.values import Language
from digital_life.web import headers
from digital_life.web.bucket import Bucket
from digital_life.web.outbox import Outbox, Outgoing

log = logging.getLogger(__name__)

LARGEST: Final = 16 << 10
"""Bytes of a message of a page: half a second of sound at 16 kHz. One that is larger closes it with 1009."""
MOST: Final = 64
"""Pages that are connected at once."""
HEARTBEAT_S: Final = 20.0
CLOSING_S: Final = 0.5
"""How long a page may take to agree to being closed."""
MESSAGES_AT_ONCE: Final = 1000
EACH_MESSAGE_S: Final = 1 / 400
"""A microphone says 12 to 100 messages a second; one that says more than these is out of its mind."""
IN_A_ROW: Final = 16
FRAMES: Final = {"text": WSMsgType.TEXT, "sound": WSMsgType.BINARY, "pong": WSMsgType.PONG}


class ConnectedPage:
    """A `ports.Page` at the end of a WebSocket."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport, *, language: Language, session: str | None
    ) -> None:
        self.id = secrets.token_hex(8)
        self.language = language
        self.session = session
        """By which it was let in; None where none is needed."""
        self._socket = socket
        self._transport = transport
        self._outbox = Outbox()
        self._changed = asyncio.Event()
        self._limit = Bucket(most=MESSAGES_AT_ONCE, each_s=EACH_MESSAGE_S)
        self._code: WSCloseCode | None = None

    @property
    def open(self) -> bool:
        return self._code is None

    def send(self, message: bytes) -> None:
        self._put(Outgoing(message, "text"))

    def send_sound(self, pcm: bytes) -> None:
        self._put(Outgoing(pcm, "sound"))

    def pong(self, content: bytes) -> None:
        """It asked whether somebody is there."""
        self._put(Outgoing(content, "pong"))

    def close(self) -> None:
        """What was sent before still goes out."""
        self.end(WSCloseCode.OK)

    def end(self, code: WSCloseCode) -> None:
        """Close it with that code; only the first one counts."""
        if not self.open:
            return
        self._code = code
        # One that does not take its leave is cut off.
        asyncio.get_running_loop().call_later(CLOSING_S, self._transport.abort)
        self._changed.set()

    def may_speak(self, now: float) -> bool:
        """Whether one more message of it is to be heard. One that floods is closed."""
        if self.open and not self._limit.take(now):
            log.warning("a page said too much at once and was closed")
            self._transport.pause_reading()  # what follows is not even unpacked
            self._outbox.clear()
            self.end(WSCloseCode.POLICY_VIOLATION)
        return self.open

    async def deliver(self) -> None:
        """Send what waits until it is closed; returns also when the connection is lost."""
        try:
            while await self._next_batch():
                pass
            await self._socket.close(code=self._code or WSCloseCode.OK)
        except (ConnectionError, ClientError, RuntimeError):
            # It went away meanwhile; the one who listens to it finds out by himself.
            return

    def forget(self) -> None:
        """The connection has ended; where it was ended here, the last words may still be on their way."""
        if self.open:
            self._transport.abort()

    async def _next_batch(self) -> bool:
        """Whether more may follow."""
        while message := self._outbox.take():
            await self._socket.send_frame(message.content, FRAMES[message.kind])
        if not self.open:
            return False
        self._changed.clear()
        await self._changed.wait()
        return True

    def _put(self, message: Outgoing) -> None:
        if not self.open:
            return
        if self._outbox.put(message):
            self._changed.set()
            return
        log.info("a page did not read what it was sent and was closed")
        self._outbox.clear()
        self.end(WSCloseCode.TRY_AGAIN_LATER)


class Sockets:
    """All pages that are connected."""

    def __init__(self) -> None:
        self._pages: dict[str, ConnectedPage] = {}
        self._closing = False

    def __len__(self) -> int:
        return len(self._pages)

    async def serve(
        self, request: web.BaseRequest, channel: Channel, *, language: Language, session: str | None = None
    ) -> web.WebSocketResponse:
        """Connect the page to the channel until it leaves. Raises RequestError when there are too many."""
        if len(self._pages) >= MOST or self._closing:
            raise RequestError("web-pages", status=503, most=MOST)
        # Not compressed: messages are small, and each page would take 300 kB for it. Pings are counted like the rest.
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, autoping=False, max_msg_size=LARGEST + 1, compress=False, timeout=CLOSING_S
        )
        if not socket.can_prepare(request):
            raise RequestError("web-socket", status=426)
        headers.seal(socket.headers)
        await socket.prepare(request)
        if not isinstance(request.transport, asyncio.Transport):
            return socket
        page = ConnectedPage(socket, request.transport, language=language, session=session)
        self._pages[page.id] = page
        try:
            await self._connect(page, socket, channel)
        finally:
            del self._pages[page.id]
            page.forget()
        return socket

    def end_where(self, over: Callable[[str], bool]) -> None:
        """Close the pages whose session is over: who is not let in any more is not told any more."""
        for page in list(self._pages.values()):
            if page.session is not None and over(page.session):
                page.end(WSCloseCode.POLICY_VIOLATION)

    async def close(self) -> None:
        """Close all, within CLOSING_S."""
        self._closing = True
        for page in list(self._pages.values()):
            page.end(WSCloseCode.GOING_AWAY)
        while self._pages:  # noqa: ASYNC110 - each leaves by itself, or is cut off
            await asyncio.sleep(0.01)

    async def _connect(self, page: ConnectedPage, socket: web.WebSocketResponse, channel: Channel) -> None:
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(page.deliver(), name=f"web.page.{page.id}")
            try:
                with _guarded(page):
                    channel.opened(page)
                await _listen(page, socket, channel)
            finally:
                if page.open:
                    sending.cancel()
                with _guarded(page):
                    channel.closed(page)


async def _listen(page: ConnectedPage, socket: web.WebSocketResponse, channel: Channel) -> None:
    now, count = asyncio.get_running_loop().time, 0
    async for message in socket:
        count += 1
        if count % IN_A_ROW == 0:  # what has arrived already is read without a pause, and others wait
            await asyncio.sleep(0)
        if not page.may_speak(now()):
            return
        with _guarded(page):
            if message.type is WSMsgType.TEXT:
                channel.told(page, message.data)
            elif message.type is WSMsgType.BINARY:
                channel.heard(page, message.data)
            elif message.type is WSMsgType.PING:
                page.pong(message.data)


@contextmanager
def _guarded(page: ConnectedPage) -> Iterator[None]:
    """One page that asks for something unforeseen is closed; the others and the talk go on."""
    try:
        yield
    except Exception:
        log.exception("a page asked for what went wrong, and is closed")
        page.end(WSCloseCode.INTERNAL_ERROR)

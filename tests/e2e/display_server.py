"""A companion as a display sees it: the page, its words, an avatar and a WebSocket, under the strict policy."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Self

from aiohttp import WSMsgType, web

from digital_life.display import page
from digital_life.display.messages import Clock, Message, from_json, to_json

TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html", ".css": "text/css"}


class DisplayServer:
    """Serves one folder as the avatar; its clock goes `ahead` ms before the machine's."""

    def __init__(self, *, avatar: Path | None = None, ahead: float = 0, brokers: tuple[str, ...] = ()) -> None:
        self._avatar = avatar
        self._policy = page.policy(brokers=brokers)
        self._ahead = ahead
        self._sockets: set[web.WebSocketResponse] = set()
        self.heard: list[Message] = []
        self.address = ""
        self.opened = 0
        """Connections there ever were."""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/display/socket", self._socket)
        app.router.add_get("/display/{path:.*}", self._page)
        app.router.add_get("/avatar/{path:.*}", self._avatar_file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.drop()
        await self._runner.cleanup()

    @property
    def now(self) -> int:
        """Milliseconds by its clock."""
        return round(time.time() * 1000 + self._ahead)

    async def tell(self, *messages: Message) -> None:
        await self.tell_raw(*(to_json(each).decode() for each in messages))

    async def tell_raw(self, *payloads: str) -> None:
        for socket in tuple(self._sockets):
            for each in payloads:
                await socket.send_str(each)

    async def drop(self) -> None:
        """Close every connection."""
        for socket in tuple(self._sockets):
            await socket.close()

    async def _page(self, request: web.Request) -> web.Response:
        path = request.match_info["path"] or "display.html"
        if path == page.WORDS:
            return self._found(page.words_json(), ".json")
        return self._file(Path(str(page.files())), path)

    async def _avatar_file(self, request: web.Request) -> web.Response:
        return self._file(self._avatar, request.match_info["path"]) if self._avatar else web.Response(status=404)

    def _file(self, folder: Path, path: str) -> web.Response:
        file = folder / path
        return self._found(file.read_bytes(), file.suffix) if file.is_file() else web.Response(status=404)

    def _found(self, body: bytes, suffix: str) -> web.Response:
        kind = {".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", **TYPES}
        return web.Response(
            body=body,
            headers={
                "Content-Type": kind.get(suffix, "application/octet-stream"),
                "Content-Security-Policy": self._policy,
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        self.opened += 1
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(socket, from_json(message.data))
        finally:
            self._sockets.discard(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, message: Message) -> None:
        self.heard.append(message)
        if isinstance(message, Clock):
            await socket.send_str(to_json(Clock(page=message.page, sent=message.sent, at=self.now)).decode())

"""The HTTP connections: how many, and what is said to who speaks no HTTP."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from digital_life.web import headers

MOST: Final = 256
"""A browser takes six, and one for each WebSocket."""
IDLE_S: Final = 30.0
"""How long a request may take to be asked, and how long a connection waits for the next one."""
HEADER_BYTES: Final = 8190
HEADERS: Final = 64


class Connection(web.RequestHandler):
    __slots__ = ("_server",)

    def __init__(self, server: web.Server, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            server,
            loop=loop,
            keepalive_timeout=IDLE_S,
            access_log=None,  # type: ignore[arg-type] # None is what turns it off
            max_line_size=HEADER_BYTES,
            max_field_size=HEADER_BYTES,
            max_headers=HEADERS,
            lingering_time=1.0,
            auto_decompress=False,
        )
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self._server.connections) > MOST and isinstance(transport, asyncio.Transport):
            transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,  # noqa: ARG002 - what it says could hold what was said
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Of what is no HTTP; all else is answered before it comes here."""
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun")
        response = web.Response(status=status)
        headers.seal(response.headers)
        response.force_close()
        return response


class Connections(web.Server):
    """Makes one of ours for each that comes."""

    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop)

"""The web server: serves a site to whoever may ask."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from digital_life import config
from digital_life.binding import Refusals, bind
from digital_life.errors import WebError
from digital_life.values import Language
from digital_life.web.access import Access, is_loopback
from digital_life.web.addresses import address_of, own_names
from digital_life.web.asking import UPLOAD
from digital_life.web.connection import Connections
from digital_life.web.credentials import Credentials
from digital_life.web.front import Front
from digital_life.web.login import Logins
from digital_life.web.site import Site
from digital_life.web.sockets import Sockets
from digital_life.web.tls import open_tls
from digital_life.worker import Worker

log = logging.getLogger(__name__)

ENDING_S: Final = 0.5
"""How long an answer that is under way may take when it is closed."""
BACKLOG: Final = 64
HANDSHAKE_S: Final = 10.0
WATCH_S: Final = 30.0
REFUSALS: Final = Refusals(
    WebError,
    address="web-address",
    busy="web-port-busy",
    forbidden="web-port-forbidden",
    other="web-open",
)


@dataclass(frozen=True, slots=True)
class Serving:
    address: str
    """Such as "http://127.0.0.1:8710"."""


@asynccontextmanager
async def open_server(settings: config.Web, site: Site, *, home: Path, language: Language) -> AsyncGenerator[Serving]:
    """Serve the site until this is left; then all pages are closed. Raises WebError.

    `language` is that of who does not say one.
    """
    credentials = Credentials(home, password_file=settings.password_file)
    local = is_loopback(settings.host)
    tls = _prepare(settings, credentials, home=home, local=local)
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bind(settings.host, settings.port, REFUSALS))
        port = bound.getsockname()[1]
        sockets, logins = Sockets(), Logins(home, credentials, secure=tls is not None)
        front = Front(
            site,
            access=Access(
                port=port,
                secure=tls is not None,
                local=local,
                has_password=credentials.has_password,
                names=frozenset(name.lower() for name in settings.names),
                own_names=frozenset(own_names()),
            ),
            logins=logins,
            credentials=credentials,
            sockets=sockets,
            worker=await stack.enter_async_context(Worker("web")),
            home=home,
            language=language,
        )
        connections = Connections(front.answer)
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            connections, sock=bound, ssl=tls, backlog=BACKLOG, ssl_handshake_timeout=HANDSHAKE_S if tls else None
        )
        stack.push_async_callback(_close, listening, connections, sockets)
        if not local or settings.names or credentials.has_password:
            watch = loop.create_task(_watch(sockets, logins), name="web.sessions")
            stack.push_async_callback(_end, watch)
        yield Serving(address_of(settings.host, port, secure=tls is not None))


def _prepare(settings: config.Web, credentials: Credentials, *, home: Path, local: bool) -> ssl.SSLContext | None:
    """What must be right before anybody is served. Raises WebError."""
    credentials.check()
    if not local or credentials.has_password:  # made later, it would log everybody out
        credentials.token()
    for left in home.glob(f"{UPLOAD}*"):  # of a daemon that was killed
        left.unlink(missing_ok=True)
    return open_tls(settings)


async def _watch(sockets: Sockets, logins: Logins) -> None:
    """Close the pages whose session was ended meanwhile: by time, by another password or token."""
    while True:
        await asyncio.sleep(WATCH_S)
        sockets.end_where(lambda name: not logins.is_open(name))


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _close(listening: asyncio.Server, connections: web.Server, sockets: Sockets) -> None:
    listening.close()
    await sockets.close()
    connections.pre_shutdown()
    await connections.shutdown(ENDING_S)

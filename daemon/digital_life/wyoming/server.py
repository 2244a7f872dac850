"""The Wyoming server: lets in who may come, and keeps one client from another."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from digital_life import config
from digital_life.binding import Refusals, bind
from digital_life.errors import WyomingError
from digital_life.ports import Clock
from digital_life.values import Language
from digital_life.wire.events import LINE_BYTES
from digital_life.wire.wire import Wire
from digital_life.wyoming.connection import Connection
from digital_life.wyoming.offers import Offers

log = logging.getLogger(__name__)

MOST: Final = 16
"""Clients at once; each may keep a minute of sound, 2 MB."""
BACKLOG: Final = 32
REFUSALS: Final = Refusals(
    WyomingError,
    address="wyoming-address",
    busy="wyoming-port-busy",
    forbidden="wyoming-port-forbidden",
    other="wyoming-open",
)


@dataclass(frozen=True, slots=True)
class Serving:
    host: str
    """The address itself, where the settings name it."""
    port: int


@asynccontextmanager
async def open_server(
    settings: config.Wyoming, offers: Offers, *, clock: Clock, language: Language
) -> AsyncGenerator[Serving]:
    """Serve until this is left; then all clients are cut off. Raises WyomingError where it cannot listen."""
    bound = bind(settings.host, settings.port, REFUSALS)
    async with asyncio.TaskGroup() as tasks:
        clients = _Clients(tasks, offers, allow=settings.allow, clock=clock, language=language)
        listening = await asyncio.start_server(clients.come, sock=bound, limit=LINE_BYTES, backlog=BACKLOG)
        try:
            yield Serving(*bound.getsockname()[:2])
        finally:
            listening.close()
            clients.end()


class _Clients:
    def __init__(
        self, tasks: asyncio.TaskGroup, offers: Offers, *, allow: Sequence[str], clock: Clock, language: Language
    ) -> None:
        self._tasks = tasks
        self._offers = offers
        self._allow = tuple(ipaddress.ip_network(each, strict=False) for each in allow)
        self._clock = clock
        self._language = language
        self._open: dict[asyncio.Task[None], Connection] = {}
        """The one that came first stands first."""

    def come(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = writer.get_extra_info("peername")
        if not (address and self._may_come(address[0])):
            log.warning("a Wyoming client that is not among wyoming.allow is turned away: %s", address and address[0])
            writer.transport.abort()
        elif len(self._open) >= MOST and not self._make_room():
            log.warning("a Wyoming client is turned away: %d are connected already", MOST)
            writer.transport.abort()
        else:
            wire = Wire(reader, writer)
            connection = Connection(wire, self._offers, clock=self._clock, language=self._language)
            task = self._tasks.create_task(self._serve(connection, wire), name="wyoming.client")
            self._open[task] = connection
            task.add_done_callback(lambda task: self._open.pop(task, None))

    def end(self) -> None:
        for each in list(self._open):
            each.cancel()

    def _may_come(self, host: str) -> bool:
        address = ipaddress.ip_address(host)
        mapped = getattr(address, "ipv4_mapped", None)  # who comes by IPv4 to a socket of both
        address = mapped or address
        return address.is_loopback or any(address in each for each in self._allow)

    def _make_room(self) -> bool:
        """The oldest client that wants nothing goes: else a few could keep all others out by saying nothing."""
        idle = next((task for task, connection in self._open.items() if not connection.busy), None)
        if idle is None:
            return False
        idle.cancel()
        del self._open[idle]
        return True

    async def _serve(self, connection: Connection, wire: Wire) -> None:
        try:
            await connection.serve()
        except* (OSError, TimeoutError) as gone:
            log.debug("a Wyoming client has gone: %s", _kinds(gone))
        except* Exception as failed:  # noqa: BLE001 - whatever it was, the others do not notice
            log.error("a Wyoming client failed: %s", _kinds(failed))  # noqa: TRY400 - a trace could hold what was said
        finally:
            await wire.close()


def _kinds(group: BaseExceptionGroup[BaseException]) -> str:
    """Without their words, which could be what was said."""
    leaves = (
        _kinds(each) if isinstance(each, BaseExceptionGroup) else type(each).__name__ for each in group.exceptions
    )
    return ", ".join(leaves)

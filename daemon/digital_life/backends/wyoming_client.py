"""A connection to a Wyoming server on this machine or another: events that go and come, each in time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from wyoming.event import Event, Eventable
from wyoming.info import Describe, Info

from digital_life.errors import WyomingError
from digital_life.wire.events import LINE_BYTES
from digital_life.wire.wire import Wire

DATA_BYTES: Final = 1024 * 1024
"""A server that knows hundreds of voices names them all in one event: more than a client of ours may tell."""


class WyomingClient:
    """After an error it is of no more use: what comes next may be the middle of an event."""

    def __init__(self, wire: Wire, host: str, port: int) -> None:
        self._wire = wire
        self._host = host
        self._port = port

    async def send(self, *told: Eventable) -> None:
        """Return when they are on their way. Raises WyomingError when it has gone or does not read."""
        try:
            await self._wire.write(*told)
        except TimeoutError as error:
            raise self._error("wyoming-unread") from error
        except OSError as error:
            raise self._error("wyoming-lost") from error

    async def event(self, *, within_s: float | None) -> Event:
        """The next event; None: however long it takes. One that tells of an error is raised as WyomingError.

        So is nonsense, one that does not come in time, and the end.
        """
        with self._understood(within_s):
            async with asyncio.timeout(within_s):
                event = await self._wire.read(waits=lambda: True)
        if event is None:
            raise self._error("wyoming-lost")
        if event.type == "error":
            # Its text may repeat what was said; its code does not.
            raise self._error("wyoming-refused", cause=str(event.data.get("code") or "error")[:100])
        return event

    async def events(self) -> AsyncGenerator[Event]:
        """All that come, for ever. Raises WyomingError as `event` does."""
        while True:
            yield await self.event(within_s=None)

    async def describe(self, *, within_s: float) -> Info:
        """What it says that it can do. Raises WyomingError."""
        await self.send(Describe())
        with self._understood(within_s):
            async with asyncio.timeout(within_s):
                while not Info.is_type((event := await self.event(within_s=None)).type):
                    pass
        try:
            return Info.from_event(event)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._error("wyoming-foreign") from error

    @contextmanager
    def _understood(self, within_s: float | None) -> Iterator[None]:
        """Say in our words what goes wrong on the wire."""
        try:
            yield
        except TimeoutError as error:  # also of the rest of an event that began
            raise self._error("wyoming-silent", seconds=f"{within_s or 0:g}") from error
        except OSError as error:
            raise self._error("wyoming-lost") from error
        except WyomingError as error:
            if error.key != "wyoming-garbage":
                raise
            raise self._error("wyoming-foreign") from error

    def _error(self, key: str, **values: object) -> WyomingError:
        return WyomingError(key, host=self._host, port=self._port, **values)


@asynccontextmanager
async def connect(host: str, port: int, *, timeout_s: float) -> AsyncGenerator[WyomingClient]:
    """Within this it is connected; leaving it closes the connection. Raises WyomingError where nobody is reached."""
    try:
        async with asyncio.timeout(timeout_s):
            reader, writer = await asyncio.open_connection(host, port, limit=LINE_BYTES)
    except TimeoutError as error:
        raise WyomingError("wyoming-unreachable", host=host, port=port, cause=f"{timeout_s:g} s") from error
    except (OSError, UnicodeError) as error:
        cause = getattr(error, "strerror", None) or type(error).__name__
        raise WyomingError("wyoming-unreachable", host=host, port=port, cause=cause) from error
    wire = Wire(reader, writer, data_bytes=DATA_BYTES)
    try:
        yield WyomingClient(wire, host, port)
    finally:
        await wire.close()

"""One connection as events that come and go; what takes too long, or is too large, ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from wyoming.event import Event, Eventable, async_write_event

from digital_life.errors import WyomingError
from digital_life.wire import events

IDLE_S: Final = 60.0
"""Who says nothing for so long, and waits for nothing, has gone."""
ARRIVING_S: Final = 10.0
"""So long the rest of an event may take."""
TAKING_S: Final = 10.0
"""So long the other end may take to read what waits for it."""

CLOSING_S: Final = 1.0


class Wire:
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        idle_s: float = IDLE_S,
        arriving_s: float = ARRIVING_S,
        taking_s: float = TAKING_S,
        data_bytes: int = events.DATA_BYTES,
    ) -> None:
        """`reader` holds at most `events.LINE_BYTES` of a line; `data_bytes` is the most that an event tells beside."""
        self._reader = reader
        self._writer = writer
        self._idle_s = idle_s
        self._arriving_s = arriving_s
        self._taking_s = taking_s
        self._data_bytes = data_bytes

    @property
    def idle_s(self) -> float:
        return self._idle_s

    async def read(self, *, waits: Callable[[], bool]) -> Event | None:
        """The next event; None at the end. `waits`: whether it waits for an answer, and need say nothing meanwhile.

        Raises WyomingError; TimeoutError when it does not come.
        """
        line = await self._line(waits)
        if not line:
            return None
        head = events.header(line, data_bytes=self._data_bytes)
        try:
            async with asyncio.timeout(self._arriving_s):
                data = await self._reader.readexactly(head.data_length or 0)
                payload = await self._reader.readexactly(head.payload_length or 0)
        except asyncio.IncompleteReadError:
            return None
        return events.event(head, data, payload)

    async def _line(self, waits: Callable[[], bool]) -> bytes:
        while True:
            try:
                async with asyncio.timeout(self._idle_s):
                    return await self._reader.readline()
            except TimeoutError:
                if not waits():
                    raise
            except ValueError as error:
                raise WyomingError("wyoming-garbage") from error

    async def write(self, *told: Eventable) -> None:
        """Raises ConnectionError when it has gone, TimeoutError when it does not read."""
        for each in told:
            async with asyncio.timeout(self._taking_s):
                await async_write_event(each.event(), self._writer)

    async def close(self) -> None:
        """What it was told last has a moment to arrive."""
        try:
            async with asyncio.timeout(CLOSING_S):
                self._writer.close()
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            pass
        finally:
            self._writer.transport.abort()

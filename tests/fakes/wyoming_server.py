"""A Wyoming server that answers as the test says, and keeps what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from wyoming.event import Event, Eventable, async_read_event, async_write_event

Said = Event | Eventable | bytes
"""Bytes go as they are."""
Answers = Callable[[Event, "Speaking"], Awaitable[None]]
"""What it does about one event that it was told."""


class ClosedError(Exception):
    """It closes the connection."""


@dataclass
class Speaking:
    """One connection, as the server speaks on it."""

    writer: asyncio.StreamWriter
    heard: list[Event] = field(default_factory=list)

    async def say(self, *said: Said) -> None:
        for each in said:
            if isinstance(each, bytes):
                self.writer.write(each)
                await self.writer.drain()
            else:
                await async_write_event(each if isinstance(each, Event) else each.event(), self.writer)


@dataclass
class WyomingServer:
    port: int = 0
    told: list[Event] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    def drop(self) -> None:
        """End the connections there are."""
        for each in list(self.open):
            each.transport.abort()


def saying(*said: Said) -> Answers:
    """Says all of it about the first event, nothing about those after it."""

    async def answer(_: Event, speaking: Speaking) -> None:
        if len(speaking.heard) == 1:
            await speaking.say(*said)

    return answer


def closing(*said: Said) -> Answers:
    """Says all of it and closes."""

    async def answer(_: Event, speaking: Speaking) -> None:
        await speaking.say(*said)
        raise ClosedError

    return answer


@asynccontextmanager
async def wyoming_server(answers: Answers, *, reads: bool = True, port: int = 0) -> AsyncGenerator[WyomingServer]:
    """On loopback, until this is left. Without `reads` it takes nothing from the line."""
    it = WyomingServer()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        it.connections += 1
        it.open.add(writer)
        speaking = Speaking(writer)
        try:
            while reads and (event := await async_read_event(reader)):
                it.told.append(event)
                speaking.heard.append(event)
                await answers(event, speaking)
            await asyncio.sleep(0 if reads else 60)
        except (ClosedError, OSError, asyncio.IncompleteReadError):
            pass
        finally:
            it.open.discard(writer)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    it.port = server.sockets[0].getsockname()[1]
    try:
        yield it
    finally:
        server.close()
        it.drop()
        await asyncio.sleep(0)

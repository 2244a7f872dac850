"""A line between two programs that can be cut, can fall silent, and can be mended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self

from fakes.mosquitto import HOST, free_port

BLOCK = 65_536


class Relay:
    """Listens on `port` and passes everything on to `target`."""

    def __init__(self, target: int) -> None:
        self.port = free_port()
        self.passed = 0
        """Connections so far."""
        self._target = target
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._lines: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.cut()

    async def cut(self) -> None:
        """Nobody is there any more."""
        if self._server:
            self._server.close()
            self._server = None
        await self.drop()

    async def mend(self) -> None:
        self._flows.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, HOST, self.port, limit=BLOCK)

    async def drop(self) -> None:
        """End the connections there are; new ones are taken."""
        lines = list(self._lines)
        for line in lines:
            line.cancel()
        await asyncio.gather(*lines, return_exceptions=True)

    def silence(self) -> None:
        """All stays open, and nothing passes."""
        self._flows.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line
        self._lines.add(line)
        self.passed += 1
        try:
            with contextlib.suppress(asyncio.CancelledError):  # whoever drops it does not want it to fail
                await self._pass(reader, writer)
        finally:
            self._lines.discard(line)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_writer: asyncio.StreamWriter | None = None
        try:
            there_reader, there_writer = await asyncio.open_connection(HOST, self._target)
            both = [self._copy(reader, there_writer), self._copy(there_reader, writer)]
            tasks = [asyncio.create_task(each, name="relay.copy") for each in both]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        except OSError:
            pass  # the target is away: so is this end
        finally:
            for each in (writer, there_writer):
                if each:
                    each.transport.abort()

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while block := await reader.read(BLOCK):
            await self._flows.wait()
            writer.write(block)
            await writer.drain()

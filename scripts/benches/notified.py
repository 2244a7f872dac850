"""What the daemon tells its service manager, in whose place a bench listens."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

READY = b"READY=1"
WAIT_S = 180.0
"""For anything: busy machines are measured too."""


class Told(asyncio.DatagramProtocol):
    """What a service manager is told, and when."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines: list[tuple[float, bytes]] = []
        self._came = asyncio.Event()

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the protocol
        now = time.monotonic()
        self._lines += [(now, line) for line in data.split(b"\n")]
        self._came.set()

    async def until(self, wanted: bytes) -> float:
        """When it came, in monotonic seconds."""
        async with asyncio.timeout(WAIT_S):
            while True:
                for at, line in self._lines:
                    if line == wanted:
                        return at
                self._came.clear()
                await self._came.wait()


@asynccontextmanager
async def listening(path: Path) -> AsyncGenerator[Told]:
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(path))
        manager.setblocking(False)
        told = Told(path)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: told, sock=manager)
        try:
            yield told
        finally:
            transport.close()

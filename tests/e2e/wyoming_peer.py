"""A real wyoming-satellite on loopback, with a microphone and a loudspeaker that keep the time of real ones."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.mosquitto import free_port

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "peers" / "wyoming_satellite.py"
SPOKEN_RATE = 22_050
START_S = 30.0

MICROPHONE = """
import sys, time
sound, rate = open(sys.argv[1], "rb").read(), int(sys.argv[2])
size = rate // 50 * 2
began, sent = time.monotonic(), 0
while True:
    piece = sound[sent : sent + size]
    sys.stdout.buffer.write(piece + bytes(size - len(piece)))
    sys.stdout.buffer.flush()
    sent += size
    time.sleep(max(0, began + sent / rate / 2 - time.monotonic()))
"""
"""Brings a recording once, as fast as it is heard, and then silence for ever."""
LOUDSPEAKER = """
import array, json, sys, time
size = int(sys.argv[1]) // 50 * 2
heard = None
with open(sys.argv[2], "ab") as out, open(sys.argv[3], "a") as told:
    while piece := sys.stdin.buffer.read(size):
        heard = max(time.monotonic(), heard or 0) + 0.02
        out.write(piece)
        out.flush()
        loud = max(map(abs, array.array("h", piece[: len(piece) // 2 * 2])), default=0)
        print(json.dumps([heard, loud]), file=told, flush=True)
        time.sleep(max(0, heard - time.monotonic()))
"""
"""Takes sound no faster than it is heard, keeps it, and tells of each 20 ms until when it is heard, and its peak."""


@dataclass
class Peer:
    """One that runs, and can be killed and started again."""

    folder: Path
    port: int
    options: Sequence[str]
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Return when it can be connected to."""
        place = await _installed()
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(place / "bin" / "python", "-m", "wyoming_satellite", "--no-zeroconf", "--debug"),
                *("--uri", f"tcp://127.0.0.1:{self.port}", "--name", "Kitchen satellite", "--area", "Kitchen"),
                *("--mic-command", self._program(MICROPHONE, self.folder / "said.raw", 16_000)),
                *self.options,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        async with asyncio.timeout(START_S):
            while not await _reached(self.port):
                await asyncio.sleep(0.05)

    def with_loudspeaker(self) -> Peer:
        """Before it starts."""
        program = self._program(LOUDSPEAKER, SPOKEN_RATE, self.folder / "heard.raw", self.folder / "heard.log")
        self.options = (*self.options, "--snd-command", program)
        return self

    async def kill(self) -> None:
        """At once, with what it started; the network is not told."""
        if self.process and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    @property
    def heard(self) -> bytes:
        """What its loudspeaker took."""
        return (self.folder / "heard.raw").read_bytes()

    @property
    def loud(self) -> list[tuple[float, int]]:
        """Of each 20 ms: until when it was heard (monotonic seconds), and its peak."""
        lines = (self.folder / "heard.log").read_text().splitlines()
        return [(float(when), int(peak)) for when, peak in map(json.loads, lines)]

    def _program(self, source: str, *arguments: object) -> str:
        return shlex.join([sys.executable, "-c", source, *map(str, arguments)])


async def _installed() -> Path:
    process = await asyncio.create_subprocess_exec(
        sys.executable, SCRIPT, "install", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    told, complaint = await process.communicate()
    assert process.returncode == 0, complaint.decode()
    return Path(told.decode().strip())


async def _reached(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def wyoming_peer(folder: Path, said: bytes, *options: str, speaks: bool = True) -> AsyncGenerator[Peer]:
    """`said` is what its microphone hears once it is asked to stream: 16 kHz mono."""
    (folder / "said.raw").write_bytes(said)
    peer = Peer(folder, free_port(), options)
    if speaks:
        peer.with_loudspeaker()
    try:
        await peer.start()
        yield peer
    finally:
        await peer.kill()

"""The installed daemon as a process, watched through what it prints."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

PROGRAM = Path(sys.executable).parent / "digital-life"
RATE = 16_000
WAIT_S = 60.0
"""For anything; a machine that tests other things too is slow."""
IDLE = "[waiting for its wake word]"
LISTENING = "[listening]"
THINKING = "[thinking]"
SPEAKING = "[speaking]"
MUTED = "[muted: "
DEAF = "[deaf: no microphone; you can type]"


class Daemon:
    """Lines of its output with the moment each came."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[tuple[float, str]] = []
        self._came = asyncio.Condition()

    @property
    def pid(self) -> int:
        return self._process.pid

    def has(self, wanted: str, *, after: int = 0) -> int | None:
        """The number of the line behind `wanted`, at or behind line `after`."""
        return next((n + 1 for n, (_, line) in enumerate(self.lines) if n >= after and wanted in line), None)

    async def until(self, wanted: str, *, after: int = 0, wait_s: float = WAIT_S) -> int:
        """Wait for `wanted` at or behind line `after`; the number of the line behind it."""
        try:
            async with asyncio.timeout(wait_s), self._came:
                await self._came.wait_for(lambda: self.has(wanted, after=after) is not None)
        except TimeoutError as error:
            raise AssertionError(
                f"{wanted!r} did not come; the output was {[line for _, line in self.lines]}"
            ) from error
        return self.has(wanted, after=after) or 0

    def type(self, line: str) -> None:
        if self._process.stdin:
            self._process.stdin.write(f"{line}\n".encode())

    async def stop(self) -> float:
        """SIGTERM; the seconds it took. It must leave with status 0."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(WAIT_S):
            status = await self._process.wait()
        assert status == 0
        return time.monotonic() - began

    async def _read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            async with self._came:
                self.lines.append((time.monotonic(), line.decode().rstrip()))
                self._came.notify_all()

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[None]:
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(self._read(), name="daemon.read")
            try:
                yield
            finally:
                reading.cancel()


@asynccontextmanager
async def daemon(
    environment: Mapping[str, str], home: Path, *settings: str, within: Sequence[str] = (), now: str = ""
) -> AsyncGenerator[Daemon]:
    """Start it; it is killed in the end if nothing stopped it. The model answers the same each time.

    `within`: the program, and its arguments, that starts it somewhere else; `now`: the time that it is told.
    """
    chosen = ("llm.temperature=0", "models.profile=small", "conversation.introduction=false", *settings)
    process = await asyncio.create_subprocess_exec(
        *within, str(PROGRAM), "--home", str(home), *(("--now", now) if now else ()),
        *(part for setting in chosen for part in ("--set", setting)), "run",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=dict(environment),
    )  # fmt: skip
    watched = Daemon(process)
    async with watched.reading():
        try:
            yield watched
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def say(text: str, wav: Path) -> Path:
    """Have `text` synthesised by the installed command."""
    subprocess.run([str(PROGRAM), "--set", "models.profile=small", "say", text, "--out", str(wav)], check=True)
    return wav


def load(wav: Path) -> npt.NDArray[np.float32]:
    """A recording as 16 kHz mono."""
    sound, rate = soundfile.read(wav, dtype="float32", always_2d=True)
    heard: npt.NDArray[np.float32] = soxr.resample(sound.mean(axis=1), rate, RATE)
    return heard


def spoken(wav: Path, *parts: Path | float) -> Path:
    """Recordings and seconds of silence, one behind the other, as one recording."""
    sound = [load(part) if isinstance(part, Path) else np.zeros(int(part * RATE), np.float32) for part in parts]
    soundfile.write(wav, np.concatenate(sound), RATE)
    return wav

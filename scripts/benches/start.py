"""`scripts/bench start`: after a loss of power, how soon it hears, is ready and answers, from disk and from memory."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from daemon_process import IDLE, SPEAKING, Daemon, daemon
from soundcard import SoundCard

from benches import report
from benches.figures import Figure, spread
from benches.notified import READY, WAIT_S, Told, listening
from benches.running import SETTLED_S

MODELS = Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))
ROUNDS, QUICK_ROUNDS = 5, 2
BACK_S = 10.0
"""On a quiet machine of two cores."""
QUESTION = "What is two plus three?"


@dataclass(frozen=True, slots=True)
class Start:
    """One of them, in seconds from exec on."""

    hears: float
    ready: float
    processor: float
    """Of all cores, until it is ready."""


def main() -> int:
    return report.command("start", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with SoundCard() as card, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        bench = Bench(card, home, profile)
        await bench.live()
        found: list[Figure] = []
        for name, cold in (("from memory", False), ("from the disk", True)):
            starts = [await bench.start(cold=cold) for _ in range(rounds)]
            answers = [await bench.answer(cold=cold) for _ in range(rounds)]
            found += figures(name, starts, answers)
    return found


def figures(name: str, starts: Sequence[Start], answers: Sequence[float]) -> list[Figure]:
    """Of several starts, and of several times until the first answer."""
    return [
        spread(f"{name}: kill -9 to hearing", [each.hears for each in starts], "s"),
        spread(f"{name}: kill -9 to ready", [each.ready for each in starts], "s", budget=BACK_S),
        spread(f"{name}: kill -9 to the answer of a typed question", answers, "s"),
        spread(f"{name}: processor time to ready", [each.processor for each in starts], "s"),
    ]


class Bench:
    """Daemons over one life, each of which is killed in the end."""

    def __init__(self, card: SoundCard, home: Path, profile: str) -> None:
        self._card = card
        self._home = home
        self._profile = profile

    async def live(self) -> None:
        """The first start of all: what is read of a prompt is kept, as it is in every life after its first minute."""
        async with self._daemon() as (_, told):
            await told.until(READY)
            await asyncio.sleep(SETTLED_S)

    async def start(self, *, cold: bool) -> Start:
        if cold:
            forget(files())
        began = time.monotonic()
        async with self._daemon() as (it, told):
            line = await it.until(IDLE, wait_s=WAIT_S)
            hears = it.lines[line - 1][0] - began
            ready = await told.until(READY) - began
            spent = psutil.Process(it.pid).cpu_times()
        return Start(hears, ready, spent.user + spent.system)

    async def answer(self, *, cold: bool) -> float:
        """Until the first sample of it is played; it is typed before it can be read."""
        if cold:
            forget(files())
        began = time.monotonic()
        async with self._daemon() as (it, _):
            it.type(QUESTION)
            line = await it.until(SPEAKING, wait_s=WAIT_S)
            return it.lines[line - 1][0] - began

    @asynccontextmanager
    async def _daemon(self) -> AsyncGenerator[tuple[Daemon, Told]]:
        async with listening(self._home.parent / "notify") as told:
            environment = {**self._card.environment, "NOTIFY_SOCKET": str(told.path)}
            async with daemon(environment, self._home, f"models.profile={self._profile}") as it:
                yield it, told


def files() -> list[Path]:
    """What a start reads: models, and Python with all its packages."""
    folders = (MODELS, Path(sys.prefix), Path(os.__file__).parent)
    return [each for folder in folders for each in folder.rglob("*") if each.is_file()]


def forget(paths: Iterable[Path]) -> None:
    """Have the system read them from the disk again; those that another program has mapped stay in memory."""
    for path in paths:
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError:  # not ours to read: then no start reads it either
            continue
        try:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


if __name__ == "__main__":
    sys.exit(main())

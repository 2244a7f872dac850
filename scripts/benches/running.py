"""The daemon as a process: how soon it is ready, how much of a core and of the memory it takes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil
from daemon_process import IDLE, SPEAKING, Daemon, daemon
from soundcard import SoundCard

from benches.material import Question
from benches.notified import READY, listening

MEGABYTE = 1_000_000


SETTLED_S = 20.0
"""In its first quiet seconds the daemon reads the prompt of its other language; after that it waits."""


async def ready_s(card: SoundCard, home: Path) -> float:
    """From exec until it hears and all models are warm."""
    began = time.monotonic()
    async with (
        listening(card.folder / "notify") as told,
        daemon({**card.environment, "NOTIFY_SOCKET": str(told.path)}, home) as it,
    ):
        took = await told.until(READY) - began
        await it.stop()
    return took


async def shares(card: SoundCard, home: Path, asked: list[Question], idle_s: float) -> dict[str, float]:
    """Percent of a core and megabytes: while it waits, while it talks, and after it talked both languages."""
    async with daemon(card.environment, home, "conversation.follow_up_s=0") as it:
        line = await it.until(IDLE)
        process = psutil.Process(it.pid)
        await asyncio.sleep(SETTLED_S)
        found = {"memory idle": process.memory_info().rss / MEGABYTE}
        found["share idle"] = await _share(process, asyncio.sleep(idle_s))
        for question in asked:
            spent, began = _cpu(process), time.monotonic()
            line = await _ask(it, card, question, line)
            found[f"share {question.language}"] = 100 * (_cpu(process) - spent) / (time.monotonic() - began)
        found["memory talking"] = process.memory_info().rss / MEGABYTE
        found["memory talking, proportional"] = process.memory_full_info().pss / MEGABYTE
        await it.stop()
    return found


async def _ask(it: Daemon, card: SoundCard, question: Question, line: int) -> int:
    await asyncio.to_thread(card.play, question.wav)
    line = await it.until(SPEAKING, after=line)
    return await it.until(IDLE, after=line)


async def _share(process: psutil.Process, meanwhile: asyncio.Future[None] | object) -> float:
    spent, began = _cpu(process), time.monotonic()
    await meanwhile  # type: ignore[misc] # any awaitable
    return 100 * (_cpu(process) - spent) / (time.monotonic() - began)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)

"""The watchdog is fed while all signs of life are fresh, and at no other time."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from digital_life import service
from digital_life.errors import MemoryFileError
from digital_life.heartbeat import Heartbeat
from digital_life.vitals import FRAMES_MOST_S, MEMORY_MOST_S
from digital_life.worker import Worker, running
from fakes.clock import HandClock

EVERY_S = 10.0


class Life:
    """Signs of one, as they are set."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.heard: float | None = None
        self.error: MemoryFileError | None = None
        self.beats = 0

    async def ask(self) -> None:
        if self.error:
            raise self.error


@pytest.fixture
def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    it = Life()

    def beat() -> None:
        it.beats += 1

    monkeypatch.setattr(service, "beat", beat)
    return it


@asynccontextmanager
async def beating(life: Life, *workers: Worker) -> AsyncGenerator[Heartbeat]:
    heartbeat = Heartbeat(clock=life.clock, workers=lambda: workers)
    task = asyncio.create_task(heartbeat.run(EVERY_S), name="test.heartbeat")
    try:
        yield heartbeat
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def fed(life: Life, seconds: float) -> int:
    """How often it was within them."""
    before = life.beats
    await life.clock.let_pass(seconds)
    return life.beats - before


async def test_it_is_fed_while_models_are_loaded(life: Life) -> None:
    async with beating(life):
        assert await fed(life, 5 * EVERY_S) >= 4


async def test_frames_that_flow_feed_it_and_frames_that_stop_do_not(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    async with beating(life) as heartbeat:
        heartbeat.watch(latest=lambda: life.heard, ask=life.ask)
        for moment in range(6):
            life.heard = float(moment)
            assert await fed(life, EVERY_S) == 1
        with caplog.at_level(logging.ERROR):
            await fed(life, FRAMES_MOST_S + EVERY_S)
            assert await fed(life, 3 * EVERY_S) == 0
        assert len([each for each in caplog.messages if "frames" in each]) == 1
        life.heard = 99.0
        assert await fed(life, EVERY_S) == 1


async def test_where_no_frame_is_due_none_is_missed(life: Life) -> None:
    async with beating(life) as heartbeat:
        heartbeat.watch(latest=lambda: None, ask=life.ask)
        assert await fed(life, 20 * EVERY_S) >= 19


async def test_a_memory_that_fails_for_long_starves_it_until_it_answers(life: Life) -> None:
    async with beating(life) as heartbeat:
        heartbeat.watch(latest=lambda: None, ask=life.ask)
        life.error = MemoryFileError("life-foreign", path="x")
        await fed(life, MEMORY_MOST_S + 3 * EVERY_S)
        assert await fed(life, 3 * EVERY_S) == 0
        life.error = None
        assert await fed(life, 3 * EVERY_S) >= 1


async def test_a_thread_that_is_stuck_starves_it(life: Life) -> None:
    going_on = threading.Event()
    async with Worker("stuck", most_s=-1.0) as worker, beating(life, worker):
        waiting = asyncio.create_task(worker.run(lambda: going_on.wait(10)), name="test.stuck")
        while not worker.busy_s:
            await asyncio.sleep(0.001)
        await fed(life, EVERY_S)
        assert await fed(life, 3 * EVERY_S) == 0
        going_on.set()
        await waiting


async def test_every_worker_is_known_while_it_runs() -> None:
    async with Worker("known") as worker:
        assert worker in running()
    assert worker not in running()

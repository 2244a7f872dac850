"""Hours in minutes: an event loop whose time goes on only when nothing is left to be done at this moment."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import TypeVar

from digital_life.worker import Worker

T = TypeVar("T")
SETTLE_S = 0.0005
"""Real. What was sent on this machine's loopback has arrived by then."""


class NightLoop(asyncio.SelectorEventLoop):
    """Sockets and threads are real; all that waits for a time waits for that of this loop."""

    def __init__(self) -> None:
        self._passed = 0.0
        self.jobs = 0
        """How many workers' jobs are under way: meanwhile no time passes."""
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self._passed

    def let_pass(self, seconds: float) -> None:
        self._passed += seconds


class _Selector(selectors.DefaultSelector):
    def __init__(self, loop: NightLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if timeout is None or self._loop.jobs:
            return super().select(None)
        found = super().select(SETTLE_S)
        if not found:
            self._loop.let_pass(timeout)
        return found


class NightWorker(Worker):
    """One whose jobs take none of the loop's time."""

    def __init__(self, name: str, loop: NightLoop) -> None:
        super().__init__(name)
        self._loop = loop

    async def run(self, job: Callable[[], T]) -> T:
        self._loop.jobs += 1
        try:
            return await super().run(job)
        finally:
            self._loop.jobs -= 1


class NightClock:
    """A Clock that shows `began` when the loop begins."""

    def __init__(self, began: datetime, loop: NightLoop) -> None:
        self._began = began
        self._loop = loop

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run(main: Callable[[NightLoop], Coroutine[None, None, T]]) -> T:
    """As asyncio.run, through the night."""
    loop = NightLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(loop))

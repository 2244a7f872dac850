"""Tells systemd's watchdog that the daemon lives, from its event loop and only while that is so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from digital_life import service, vitals
from digital_life.errors import DigitalLifeError
from digital_life.ports import Clock
from digital_life.vitals import Stale, Step, Vitals
from digital_life.worker import Worker, running

log = logging.getLogger(__name__)


class Heartbeat:
    """Before `watch` it tells only that the loop turns and no thread is stuck: models are being loaded."""

    def __init__(self, *, clock: Clock, workers: Callable[[], Iterable[Worker]] = running) -> None:
        self._clock = clock
        self._workers = workers
        self._latest: Callable[[], float | None] = lambda: None
        self._ask: Callable[[], Awaitable[object]] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._seen: float | None = None
        """Of the latest frame, when it was captured."""
        self._changed = clock.monotonic()
        """When that was last another one."""
        self._failing: float | None = None
        """Since when the memory answers with errors alone."""
        self._told: set[str] = set()

    def watch(self, *, latest: Callable[[], float | None], ask: Callable[[], Awaitable[object]]) -> None:
        """`latest`: when the latest frame was captured; None while none is due. `ask` asks the memory something."""
        self._latest, self._ask = latest, ask

    async def run(self, every_s: float) -> None:
        """A beat each `every_s` seconds, for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                if self._ask and (self._asking is None or self._asking.done()):
                    self._asking = tasks.create_task(self._listen_to_memory(self._ask), name="heartbeat.memory")
                self._beat(vitals.stale(self._vitals()))
                await self._clock.sleep(every_s)

    def _beat(self, stale: Iterable[Stale]) -> None:
        parts = {each.part for each in stale}
        for each in stale:
            if each.part not in self._told:
                log.error("no sign of life of %s for %.0f s; the watchdog will start it anew", each.part, each.seconds)
        self._told = parts
        if not parts:
            service.beat()

    def _vitals(self) -> Vitals:
        now, latest = self._clock.monotonic(), self._latest()
        if latest is None or latest != self._seen:
            self._seen, self._changed = latest, now
        return Vitals(
            frames_s=now - self._changed,
            memory_s=0.0 if self._failing is None else now - self._failing,
            steps=tuple(Step(each.name, each.busy_s, each.most_s) for each in self._workers()),
        )

    async def _listen_to_memory(self, ask: Callable[[], Awaitable[object]]) -> None:
        """One that does not answer at all shows in how long its thread is busy."""
        try:
            await ask()
        except DigitalLifeError as error:
            if self._failing is None:
                self._failing = self._clock.monotonic()
                log.error("the memory does not answer: %s", error)  # noqa: TRY400 - the sentence says it
        else:
            self._failing = None

"""The doctor, asked from a page: one examination at a time, beside the talk."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from digital_life.errors import DigitalLifeError, ungrouped
from digital_life.ports import Clock
from digital_life.web.resource import Call, Resource
from digital_life.words import Words

if TYPE_CHECKING:
    from digital_life.finding import Finding

log = logging.getLogger(__name__)

Examine = Callable[[Words], AsyncGenerator["Finding"]]
"""What is found, in the words of the page, part by part."""


@dataclass(frozen=True, slots=True)
class Examined:
    running: bool
    began: datetime | None
    """None: never yet."""
    findings: tuple[Finding, ...]
    failed: str
    """Why it ended early; empty: it did not."""


@asynccontextmanager
async def open_resources(examine: Examine, *, clock: Clock) -> AsyncGenerator[tuple[Resource, ...]]:
    """An examination that is under way ends with this."""
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:
            doctor = _Doctor(examine, tasks, clock)
            try:
                yield Resource("GET", "/api/doctor", doctor.show), Resource("POST", "/api/doctor", doctor.begin)
            finally:
                doctor.stop()


class _Doctor:
    def __init__(self, examine: Examine, tasks: asyncio.TaskGroup, clock: Clock) -> None:
        self._examine = examine
        self._tasks = tasks
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._began: datetime | None = None
        self._findings: list[Finding] = []
        self._failed = ""

    async def show(self, _call: Call) -> Examined:
        running = self._task is not None and not self._task.done()
        return Examined(running, self._began, tuple(self._findings), self._failed)

    async def begin(self, call: Call) -> Examined:
        """One that is under way goes on."""
        if self._task is None or self._task.done():
            self._findings, self._failed, self._began = [], "", self._clock.now()
            self._task = self._tasks.create_task(self._look(call.words), name="doctor")
        return await self.show(call)

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    async def _look(self, words: Words) -> None:
        """Whatever happens to it, the daemon goes on."""
        try:
            async with aclosing(self._examine(words)) as findings:
                async for each in findings:
                    self._findings.append(each)
        except DigitalLifeError as error:
            self._failed = error.sentence(words.language)
        except Exception:
            log.exception("the examination failed")
            self._failed = words.text("console.common.failed")

"""The metrics, put together: what is counted as it happens, and what is looked at from time to time."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from digital_life import worker
from digital_life.backends import backup_notes
from digital_life.backends.process import OwnProcess
from digital_life.backends.prometheus import Measured, Numbers, served
from digital_life.backups import made_at
from digital_life.errors import MemoryFileError, WebError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.broadcast import Broadcast
    from digital_life.context import Context
    from digital_life.memory.life import Life

log = logging.getLogger(__name__)

LOOK_S = 15.0
"""How often it is measured; Prometheus asks as often by itself."""


@asynccontextmanager
async def open_metrics(context: Context, lives: Mapping[str, Life], broadcast: Broadcast) -> AsyncGenerator[None]:
    """Numbers are served, where that is wanted; where they cannot be, the log says why and the talk goes on."""
    settings = context.settings.metrics
    async with AsyncExitStack() as stack:
        if settings.enabled:
            try:
                numbers = Numbers()
                port = await stack.enter_async_context(served(numbers, settings))
            except WebError as error:
                log.warning("%s", error.sentence(context.words.language))
            else:
                log.info("metrics are at http://%s:%d/metrics", settings.host, port)
                broadcast.subscribe(numbers.hear)
                await stack.enter_async_context(_measured(context, lives, numbers))
        yield


@asynccontextmanager
async def _measured(context: Context, lives: Mapping[str, Life], numbers: Numbers) -> AsyncGenerator[None]:
    async def look() -> None:
        while True:
            try:
                numbers.take(await measured(context, lives))
            except (MemoryFileError, OSError) as error:
                log.warning("it could not be measured: %s", error)
            await context.clock.sleep(LOOK_S)

    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(look(), name="metrics.look")
        try:
            yield
        finally:
            work.cancel()


async def measured(context: Context, lives: Mapping[str, Life]) -> Measured:
    """Raises MemoryFileError, OSError."""
    stats = {name: await life.stats() for name, life in lives.items()}
    note = await asyncio.to_thread(backup_notes.read, context.home)
    made = made_at(note)
    waiting, restarts = Counter[str](), Counter[str]()
    for each in worker.running():
        waiting[each.name] += each.waiting
        restarts[each.name] += each.restarts
    return Measured(
        resident_bytes=OwnProcess(context.clock).memory_bytes,
        disk_free_bytes=shutil.disk_usage(context.home).free,
        database_bytes={name: each.bytes for name, each in stats.items()},
        rows={
            (name, kind): getattr(each, kind)
            for name, each in stats.items()
            for kind in ("turns", "conversations", "diaries")
        },
        waiting=waiting,
        restarts=restarts,
        backup_made=made.timestamp() if made else 0.0,
        backup_failing=bool(note.failure),
    )

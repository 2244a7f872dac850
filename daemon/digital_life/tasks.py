"""Tasks that run beside what is opened after them, and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Protocol

from digital_life.errors import ungrouped


class Begin(Protocol):
    def __call__(self, work: Coroutine[None, None, None], *, name: str) -> None: ...


@asynccontextmanager
async def owned() -> AsyncGenerator[Begin]:
    """What is begun in it is cancelled at its end. When one fails, what is within is cancelled and its error raised."""
    begun: list[asyncio.Task[None]] = []
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:

            def begin(work: Coroutine[None, None, None], *, name: str) -> None:
                begun.append(tasks.create_task(work, name=name))

            try:
                yield begin
            finally:
                for each in begun:
                    each.cancel()

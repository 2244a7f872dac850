"""Whose turn it is at the models: the room's talk goes first, then those who ask from elsewhere, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

PATIENCE_S: Final = 5.0
"""Longer nobody waits for the talk in the room, which may stay open for minutes; then the models are shared."""


class Turns:
    def __init__(self, rested: Callable[[], Awaitable[None]], *, patience_s: float = PATIENCE_S) -> None:
        """`rested` returns when nobody is heard or answered in the room."""
        self._rested = rested
        self._patience_s = patience_s
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def taken(self) -> AsyncGenerator[None]:
        """Who comes first is let in first, one at a time."""
        async with self._one:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s):
                    await self._rested()
            yield

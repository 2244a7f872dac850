"""Whether a server on another machine answers, and asking for a lost one until it does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from digital_life.errors import ModelError
from digital_life.ports import Clock

log = logging.getLogger(__name__)

SHORTEST_S = 5.0
"""A server that was restarted is there again by then."""
LONGEST_S = 300.0


class Reach:
    """An async context manager: within it a lost server is asked for again after 5 s, 10 s … 5 min."""

    def __init__(self, greet: Callable[[], Awaitable[object]], *, what: str, clock: Clock) -> None:
        """`greet` returns when it answers and raises ModelError when not; `what` it does, as the log names it."""
        self._greet = greet
        self._what = what
        self._clock = clock
        self._lost = asyncio.Event()
        self._found = asyncio.Event()
        self._found.set()
        self._pause_s = SHORTEST_S
        """Doubled each time, until the server has answered: it may be found and fail again."""

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch(), name=f"reach.{self._what}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watching

    @property
    def lost(self) -> bool:
        return self._lost.is_set()

    def lose(self, error: ModelError) -> None:
        """It failed: it is not asked again before it was found."""
        if not self.lost:
            log.warning("this machine's own %s takes over until the server answers again: %s", self._what, error)
            self._lost.set()
            self._found.clear()

    def answered(self) -> None:
        """It did what it was asked for."""
        self._pause_s = SHORTEST_S

    async def until_found(self) -> None:
        """Return when it is not lost."""
        await self._found.wait()

    async def _watch(self) -> None:
        while True:
            await self._lost.wait()
            await self._clock.sleep(self._pause_s)
            self._pause_s = min(LONGEST_S, 2 * self._pause_s)
            try:
                await self._greet()
            except ModelError as error:
                log.debug("the server of the %s is still lost: %s", self._what, error)
            else:
                log.info("the server of the %s answers again", self._what)
                self._lost.clear()
                self._found.set()

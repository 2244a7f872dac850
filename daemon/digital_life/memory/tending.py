"""What the memory does while nobody talks: summaries, diaries, concepts, copies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from digital_life.errors import MemoryFileError
from digital_life.memory.life import Life
from digital_life.ports import Clock, Writer
from digital_life.values import State

log = logging.getLogger(__name__)

QUIET_S = 20.0
"""So long nobody must have spoken: a follow-up question would have come by then."""
LOOK_S = 5.0
"""How often it is looked whether there is something to do."""


class Prompting(Protocol):
    """What holds the running conversation before the model."""

    @property
    def turns_in_prompt(self) -> tuple[int, ...]: ...

    @property
    def is_crowded(self) -> bool: ...

    async def prepare(self) -> None: ...


class Tending:
    """Runs beside the session; `disturb` stops what is under way, and it is done at the next quiet time."""

    def __init__(self, life: Life, *, writer: Writer, clock: Clock, prompting: Prompting) -> None:
        self._life = life
        self._writer = writer
        self._clock = clock
        self._prompting = prompting
        self._busy = True
        self._quiet_since = clock.monotonic()
        self._work: asyncio.Task[bool] | None = None

    def hear(self, event: object) -> None:
        """What happens in the conversation."""
        if event in {State.IDLE, State.DEAF}:
            self.leave_alone()
        elif isinstance(event, State):
            self.disturb()

    def disturb(self) -> None:
        """Somebody speaks, or is answered."""
        self._busy = True
        if self._work:
            self._work.cancel()

    def leave_alone(self) -> None:
        """Nobody does any more."""
        if self._busy:
            self._busy = False
            self._quiet_since = self._clock.monotonic()

    async def run(self, after: Callable[[], Awaitable[None]] | None = None) -> None:
        """Look after the memory until cancelled; `after` is awaited when something was written."""
        while True:
            await self._clock.sleep(LOOK_S)
            if not self._busy and self._clock.monotonic() - self._quiet_since >= QUIET_S:
                await self._tend_undisturbed(after)

    async def _tend_undisturbed(self, after: Callable[[], Awaitable[None]] | None) -> None:
        self._work = asyncio.create_task(self.tend(), name="tending.work")
        try:
            await asyncio.wait((self._work,))
            if not self._work.cancelled() and self._work.result():
                await (after or self._prompting.prepare)()
        finally:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work
            self._work = None

    async def tend(self) -> bool:
        """Do all that is due. Returns whether what stands in the prompt has changed."""
        try:
            changed = await self._summarise()
            diaries = await self._life.rest(self._writer)
            await self._life.tidy()
        except MemoryFileError as error:
            log.warning("%s", error)
            return False
        for page in diaries:
            log.info("diary of %s written, %d sentences", page.day, len(page.sentences))
        return changed or bool(diaries)

    async def _summarise(self) -> bool:
        turns = self._prompting.turns_in_prompt
        if not self._prompting.is_crowded or len(turns) < 2:
            return False
        await self._life.summarise(turns[(len(turns) - 1) // 2], self._writer)
        return True

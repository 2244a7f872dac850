"""Whose turn it is to think: one model serves several rooms as they come, and who speaks before who writes."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable


class Held:
    """The floor, until it is left."""

    def __init__(self, floor: Floor, give_way: Callable[[], None] | None) -> None:
        self._floor = floor
        self.give_way = give_way
        """Has who holds it end soon; None: it is ended for nobody."""

    def leave(self) -> None:
        """Let in who is next; nothing happens the second time."""
        self._floor.pass_on(self)


class Floor:
    """Taken while an answer is thought of, not while it is still being said."""

    def __init__(self) -> None:
        self._held: Held | None = None
        self._voices: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()
        self.turns = itertools.count(1)
        """Numbers for them, also across rooms."""
        self.remembering = asyncio.Lock()
        """One turn is kept at a time."""

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits who speaks."""
        return any(not each.done() for each in self._voices)

    async def take(self, *, give_way: Callable[[], None] | None = None) -> Held:
        """Return when it is one's turn. With `give_way` one goes after all who speak, and ends when one of them comes.

        Cancelled, it is not taken.
        """
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        held = Held(self, give_way)
        if self._held is None:
            self._held = held
            return held
        (self._others if give_way else self._voices).append(waiting)
        if give_way is None and self._held.give_way:
            self._held.give_way()
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._next()  # it was let in just when it went
            raise
        self._held = held
        return held

    def pass_on(self, held: Held) -> None:
        """From `held` to who is next."""
        if self._held is held:
            self._next()

    def _next(self) -> None:
        for queue in (self._voices, self._others):
            while queue:
                waiting = queue.popleft()
                if not waiting.done():
                    waiting.set_result(None)  # `_held` stays until it wakes: nobody slips in between
                    return
        self._held = None

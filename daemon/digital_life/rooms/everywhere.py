"""What is for everybody in the house: said in all rooms at once, and stopped in all of them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Mapping

    from digital_life.values import Language, Turn

log = logging.getLogger(__name__)

LATE_S = 600.0
"""What could not be said in a room by then, because somebody spoke there all the time, is not said there any more."""
WAITING = 8
"""Calls to everybody that may wait. Full: the next one is refused, and nobody is told that it was said."""


class Room(Protocol):
    """The talk in one room."""

    @property
    def is_away(self) -> bool:
        """Whether nobody can be reached there."""
        ...

    def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> Coroutine[None, None, bool]:
        """As Talk's."""
        ...

    async def ask(self, text: str, language: Language, *, who: str, waits: Callable[[int], None] | None = None) -> Turn:
        """As Talk's."""
        ...

    async def stop(self) -> None:
        """As Talk's."""
        ...


@dataclass(frozen=True, slots=True)
class _Call:
    rooms: tuple[str, ...]
    text: str
    language: Language


class Everywhere:
    """A Talk, and Everyone; `run` says what is told by voice, until it is cancelled."""

    def __init__(self, rooms: Mapping[str, Room]) -> None:
        """`rooms` by name, the empty one among them: where this machine stands. They may come later."""
        self._rooms = rooms
        self._calls: asyncio.Queue[_Call] = asyncio.Queue(WAITING)

    async def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> bool:
        """Returns whether all of it was said in one room at least."""
        return await self._announce(_Call(self._reached, text, language), ring=ring, acknowledged=acknowledged)

    async def ask(self, text: str, language: Language, *, who: str, waits: Callable[[int], None] | None = None) -> Turn:
        return await self._rooms[""].ask(text, language, who=who, waits=waits)

    async def stop(self) -> None:
        for each in self._rooms.values():
            await each.stop()

    def tell(self, text: str, language: Language, *, but: str) -> Collection[str]:
        rooms = tuple(each for each in self._reached if each != but)
        if not rooms:
            return ()
        try:
            self._calls.put_nowait(_Call(rooms, text, language))
        except asyncio.QueueFull:
            return ()
        return rooms

    async def run(self) -> None:
        while True:
            call = await self._calls.get()
            if not await self._announce(call, ring=True, acknowledged=None):
                log.warning("what was for everybody was heard in no room")

    @property
    def _reached(self) -> tuple[str, ...]:
        return tuple(name for name, each in self._rooms.items() if not name or not each.is_away)

    async def _announce(self, call: _Call, *, ring: bool, acknowledged: Callable[[], None] | None) -> bool:
        async with asyncio.TaskGroup() as tasks:
            saying = [
                tasks.create_task(
                    self._say(call, name, ring=ring, acknowledged=acknowledged), name=f"everywhere.{name}"
                )
                for name in call.rooms
            ]
        return any(each.result() for each in saying)

    async def _say(self, call: _Call, room: str, *, ring: bool, acknowledged: Callable[[], None] | None) -> bool:
        try:
            async with asyncio.timeout(LATE_S):
                saying = self._rooms[room].announce(call.text, call.language, ring=ring, acknowledged=acknowledged)
                return await saying
        except TimeoutError:
            log.warning("what was for everybody came too late for room %r", room)
            return False

"""Says unasked what is due, in the room where the person probably is; unheard, it is said in another one."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Protocol

from digital_life.broadcast import placed
from digital_life.rooms.whereabouts import Spoken, in_order
from digital_life.values import Turn, WakeHeard

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence

    from digital_life.ports import Clock
    from digital_life.values import Language

SIGN_S = 120.0
"""So long "hey Jarvis, thank you" in one room is about what was said unasked in another."""


class Room(Protocol):
    """The talk in one room."""

    @property
    def is_away(self) -> bool:
        """Whether nobody can be reached there."""
        ...

    @property
    def is_unheard(self) -> bool:
        """Whether what was said there last could not be played."""
        ...

    async def free(self) -> None:
        """Return when nobody speaks or is answered there."""
        ...

    def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> Coroutine[None, None, bool]:
        """As Talk's; on cancellation it is silent before this raises."""
        ...

    def await_sign(self, told: Callable[[], None], *, seconds: float) -> None:
        """Call `told` when somebody says after the wake word that it was heard what is said in another room."""
        ...


class Calling:
    """Announcing, for a house; knows from the Broadcast where somebody spoke last."""

    def __init__(self, rooms: Mapping[str, Room], *, clock: Clock) -> None:
        """`rooms` by name, the empty one among them: where this machine stands. They may come later."""
        self._rooms = rooms
        self._clock = clock
        self._last: Spoken | None = None

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        if isinstance(event, WakeHeard | Turn):
            self._last = Spoken(room, self._clock.monotonic())

    async def free(self, *, room: str = "") -> None:
        await self._rooms[self._order(room)[0]].free()

    async def announce(
        self,
        text: str,
        language: Language,
        *,
        ring: bool,
        acknowledged: Callable[[], None] | None = None,
        room: str = "",
        again: int = 0,
    ) -> bool:
        order = self._order(room)
        for group in (order[: again + 1], *((each,) for each in order[again + 1 :])):
            call = _Call({each: self._rooms[each] for each in group}, acknowledged)
            for each in self._rooms if acknowledged else ():
                if each not in group:
                    self._rooms[each].await_sign(call.heard_elsewhere, seconds=SIGN_S)
            whole = await call.say(text, language, ring=ring)
            if whole or not all(self._rooms[each].is_unheard for each in group):
                return whole
        return False

    def _order(self, room: str) -> Sequence[str]:
        """The rooms that can be reached; this machine's own is the last resort."""
        order = in_order(self._rooms, room, self._last, self._clock.monotonic())
        return [each for each in order if not each or not self._rooms[each].is_away]


class _Call:
    """One announcement, in several rooms at once, until it was heard in one of them."""

    def __init__(self, rooms: Mapping[str, Room], acknowledged: Callable[[], None] | None) -> None:
        self._rooms = rooms
        self._acknowledged = acknowledged
        self._saying: dict[str, asyncio.Task[bool]] = {}
        self._is_heard = False

    def heard_elsewhere(self) -> None:
        """In a room where it is not said."""
        self._heard(None)

    async def say(self, text: str, language: Language, *, ring: bool) -> bool:
        """Whether all of it was said in one of them."""
        async with asyncio.TaskGroup() as tasks:
            for name, room in self._rooms.items():
                told = functools.partial(self._heard, name) if self._acknowledged else None
                self._saying[name] = tasks.create_task(
                    room.announce(text, language, ring=ring, acknowledged=told), name=f"calling.{name}"
                )
        return any(not each.cancelled() and each.result() for each in self._saying.values())

    def _heard(self, room: str | None) -> None:
        """It need not be said on elsewhere; where it was heard the talk itself knows what comes next."""
        if self._is_heard:
            return
        self._is_heard = True
        for name, saying in self._saying.items():
            if name != room:
                saying.cancel()
        if self._acknowledged:
            self._acknowledged()

"""Says unasked what is due, in the room where the person probably is; unheard, it is said in another one."""

from __future__ import annotations

import asyncio
import contextlib
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


BUSY_S = 30.0
"""So long a talk is waited for. An alarm in one room must not wait for who talks all evening in another."""


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

    def __init__(self, rooms: Mapping[str, Room], *, clock: Clock, busy_s: float = BUSY_S) -> None:
        """`rooms` by name, the empty one among them: where this machine stands. They may come later."""
        self._rooms = rooms
        self._clock = clock
        self._busy_s = busy_s
        self._last: Spoken | None = None

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        if isinstance(event, WakeHeard | Turn):
            self._last = Spoken(room, self._clock.monotonic())

    async def free(self, *, room: str = "") -> None:
        """As Announcing's; a talk that does not end is not waited for where there is another room."""
        order = self._order(room)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience(order)):
                await self._rooms[order[0]].free()

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
        busy_s = self._patience(order)
        for group in (order[: again + 1], *((each,) for each in order[again + 1 :])):
            call = _Call({each: self._rooms[each] for each in group}, acknowledged, busy_s=busy_s)
            for each in self._rooms if acknowledged else ():
                if each not in group:
                    self._rooms[each].await_sign(call.heard_elsewhere, seconds=SIGN_S)
            whole = await call.say(text, language, ring=ring)
            if whole or not call.is_missed:
                return whole
        if busy_s is None:
            return False
        # Somebody talks in every room, or nothing can be played there: now it waits for an end.
        last = _Call({order[0]: self._rooms[order[0]]}, acknowledged, busy_s=None)
        return await last.say(text, language, ring=ring)

    def _patience(self, order: Sequence[str]) -> float | None:
        """How long a talk is waited for, in seconds; None: until it ends."""
        return self._busy_s if len(order) > 1 else None

    def _order(self, room: str) -> Sequence[str]:
        """The rooms that can be reached; this machine's own is the last resort."""
        order = in_order(self._rooms, room, self._last, self._clock.monotonic())
        return [each for each in order if not each or not self._rooms[each].is_away]


class _Call:
    """One announcement, in several rooms at once, until it was heard in one of them."""

    def __init__(
        self, rooms: Mapping[str, Room], acknowledged: Callable[[], None] | None, *, busy_s: float | None
    ) -> None:
        self._rooms = rooms
        self._acknowledged = acknowledged
        self._busy_s = busy_s
        self._saying: dict[str, asyncio.Task[bool]] = {}
        self._busy: set[str] = set()
        """Where somebody spoke all the time."""
        self._is_heard = False

    @property
    def is_missed(self) -> bool:
        """Whether nobody can have heard it, and nobody showed that they did: it was not, or could not be, played."""
        return not self._is_heard and all(each.is_unheard or name in self._busy for name, each in self._rooms.items())

    def heard_elsewhere(self) -> None:
        """In a room where it is not said."""
        self._heard(None)

    async def say(self, text: str, language: Language, *, ring: bool) -> bool:
        """Whether all of it was said in one of them."""
        async with asyncio.TaskGroup() as tasks:
            for name in self._rooms:
                self._saying[name] = tasks.create_task(
                    self._say_in(name, text, language, ring=ring), name=f"calling.{name}"
                )
        return any(not each.cancelled() and each.result() for each in self._saying.values())

    async def _say_in(self, name: str, text: str, language: Language, *, ring: bool) -> bool:
        room = self._rooms[name]
        try:
            async with asyncio.timeout(self._busy_s):
                await room.free()
        except TimeoutError:
            self._busy.add(name)
            return False
        told = functools.partial(self._heard, name) if self._acknowledged else None
        return await room.announce(text, language, ring=ring, acknowledged=told)

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

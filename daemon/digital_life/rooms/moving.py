"""A conversation that goes on in another room: what was said comes along, and there it listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from digital_life.broadcast import placed
from digital_life.values import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.values import Transcript

log = logging.getLogger(__name__)

WAITING = 4
"""Moves that may wait for a room to listen. Full: the oldest is given up; who moved on wants the last one."""

Move = Callable[[str, str], None]
"""Has what was said in one room go on in another."""


class Room(Protocol):
    """The talk in one room."""

    @property
    def is_away(self) -> bool:
        """Whether nobody can be reached there."""
        ...

    @property
    def stays(self) -> bool:
        """Whether it is a talk that stays open."""
        ...

    async def quiet(self) -> None:
        """Return when no answer is under way."""
        ...

    async def stop(self) -> None:
        """Be silent, and listen no longer."""
        ...

    async def attend(self, *, since: int | None, stays: bool) -> bool:
        """Listen without a wake word. Returns whether it does."""
        ...


@dataclass(frozen=True, slots=True)
class _Wish:
    wish: Transcript
    to: str


class Moving:
    """Moves when the answer to the wish was said; `run` has the other room listen, until it is cancelled."""

    def __init__(self, rooms: Mapping[str, Room]) -> None:
        """`rooms` by name, the empty one among them: where this machine stands. They may come later."""
        self._rooms = rooms
        self._wishes: dict[str, _Wish] = {}
        """By the room where it was said; the answer to it is not over yet."""
        self._moved: asyncio.Queue[tuple[str, str]] = asyncio.Queue(WAITING)
        self._move: Move | None = None

    def is_away(self, room: str) -> bool:
        return room not in self._rooms or (bool(room) and self._rooms[room].is_away)

    def want(self, wish: Transcript, to: str) -> None:
        """The conversation in which that was said goes on in `to`, as soon as it was answered."""
        self._wishes[wish.room] = _Wish(wish, to)

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        wanted = self._wishes.get(room)
        if not isinstance(event, Turn) or not wanted or event.heard is not wanted.wish:
            return
        del self._wishes[room]
        if self._move:
            self._move(room, wanted.to)
        if self._moved.full():
            self._moved.get_nowait()
        self._moved.put_nowait((room, wanted.to))

    async def run(self, move: Move) -> None:
        """`move` is called before a room listens."""
        self._move = move
        while True:
            room, to = await self._moved.get()
            stays = self._rooms[room].stays
            await self._rooms[room].quiet()
            await self._rooms[room].stop()
            if not await self._rooms[to].attend(since=None, stays=stays):
                log.warning("the conversation was moved to room %r, which cannot listen just now", to)

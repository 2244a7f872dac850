"""All rooms of the house, and what is done across them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from digital_life.rooms import calling, everywhere, moving
from digital_life.rooms.calling import Calling
from digital_life.rooms.everywhere import Everywhere
from digital_life.rooms.moving import Moving

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from digital_life.ports import Clock
    from digital_life.rooms.moving import Move


class Room(calling.Room, everywhere.Room, moving.Room, Protocol):
    """The talk in one room."""


@dataclass(frozen=True, slots=True)
class House:
    """What is here before there are rooms: they are added to `rooms` by name, the empty one for this machine's own."""

    rooms: dict[str, Room]
    calling: Calling
    everywhere: Everywhere
    moving: Moving

    @classmethod
    def of(cls, clock: Clock) -> House:
        rooms: dict[str, Room] = {}
        return cls(rooms, Calling(rooms, clock=clock), Everywhere(rooms), Moving(rooms))

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        self.calling.hear(event)
        self.moving.hear(event)

    @asynccontextmanager
    async def at_work(self, move: Move) -> AsyncGenerator[None]:
        """What was asked for by voice is said everywhere, and conversations move, until this is left."""
        async with asyncio.TaskGroup() as tasks:
            telling = tasks.create_task(self.everywhere.run(), name="house.everywhere")
            going = tasks.create_task(self.moving.run(move), name="house.moving")
            try:
                yield
            finally:
                telling.cancel()
                going.cancel()

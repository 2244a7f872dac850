"""Concerns in the life's file, in a table of their own: they never fade, and nothing that recalls reads them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from digital_life.values import KeptConcern

if TYPE_CHECKING:
    from digital_life.memory.life import Life
    from digital_life.memory.store import Store


class CareFile:
    """Concerns (see ports) of one life."""

    def __init__(self, life: Life) -> None:
        self._life = life

    async def keep(self, concern: KeptConcern) -> None:
        await self._life.run(lambda store: _add(store, concern))

    async def kept(self) -> tuple[KeptConcern, ...]:
        return await self._life.run(_all)

    async def told(self, at: datetime) -> None:
        await self._life.run(lambda store: _mark(store, at))


def _add(store: Store, concern: KeptConcern) -> None:
    store.connection.execute(
        "INSERT INTO concern (at, level, signs, version, turn, told) VALUES (?, ?, ?, ?, ?, ?)",
        (
            concern.at.isoformat(),
            concern.level,
            json.dumps(concern.signs),
            concern.version,
            concern.turn,
            concern.told.isoformat() if concern.told else None,
        ),
    )


def _all(store: Store) -> tuple[KeptConcern, ...]:
    rows = store.connection.execute("SELECT at, level, signs, version, turn, told FROM concern ORDER BY id")
    return tuple(
        KeptConcern(
            at=datetime.fromisoformat(at),
            level=level,
            signs=tuple(json.loads(signs)),
            version=version,
            turn=turn,
            told=datetime.fromisoformat(told) if told else None,
        )
        for at, level, signs, version, turn, told in rows
    )


def _mark(store: Store, at: datetime) -> None:
    store.connection.execute("UPDATE concern SET told = ? WHERE told IS NULL", (at.isoformat(),))

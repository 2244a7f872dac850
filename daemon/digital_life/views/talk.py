"""The talk's view: what was said today before a page came."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from digital_life.errors import MemoryFileError
from digital_life.memory.dates import Span
from digital_life.memory.life import Life
from digital_life.memory.records import PastTurn
from digital_life.web.course import TurnTold

log = logging.getLogger(__name__)

MOST: Final = 20


class Today:
    """The latest exchanges of today, the oldest first; none where the memory cannot be read."""

    def __init__(self, life: Callable[[], Life]) -> None:
        """`life`: that of who answers just now."""
        self._life = life

    async def __call__(self) -> tuple[TurnTold, ...]:
        life = self._life()
        day = life.today().date()
        try:
            turns = await life.run(lambda store: store.turns_of_days(Span(day, day)))
        except MemoryFileError as error:
            log.warning("%s", error)
            return ()
        return tuple(_told(each) for each in turns[-MOST:])


def _told(turn: PastTurn) -> TurnTold:
    return TurnTold(
        number=turn.id,
        began=turn.began.isoformat(timespec="seconds"),
        heard=turn.heard,
        language=turn.language,
        said=turn.said,
        interrupted=False,
        by="",
        timings=None,
    )

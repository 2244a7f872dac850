"""Tell many listeners at once what happens, and wait for none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from digital_life.values import (
    Announced,
    DiaryWritten,
    Loaded,
    Rang,
    Spoken,
    State,
    Transcript,
    Turn,
    WakeHeard,
    Written,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InRoom:
    """What happens in another room than that of this machine."""

    room: str
    event: Event


Event = State | Loaded | WakeHeard | Transcript | Spoken | Turn | Written | Announced | Rang | DiaryWritten | InRoom


def placed(event: object) -> tuple[str, object]:
    """Where it happened, and what: for who cares for all rooms alike. Empty: where this machine stands."""
    return (event.room, event.event) if isinstance(event, InRoom) else ("", event)


Hearer = Callable[[Event], None]
"""Must not block."""


class Broadcast:
    def __init__(self) -> None:
        self._hearers: list[Hearer] = []

    def subscribe(self, hearer: Hearer) -> None:
        self._hearers.append(hearer)

    def publish(self, event: Event) -> None:
        """Tell everybody; one that fails is logged and does not keep it from the others."""
        for hearer in self._hearers:
            try:
                hearer(event)
            except Exception:
                log.exception("a listener failed at %s", type(event).__name__)

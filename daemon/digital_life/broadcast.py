"""Tell many listeners at once what happens, and wait for none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from digital_life.values import Announced, DiaryWritten, Rang, Spoken, State, Transcript, Turn, WakeHeard, Written

log = logging.getLogger(__name__)

Event = State | WakeHeard | Transcript | Spoken | Turn | Written | Announced | Rang | DiaryWritten
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

"""Telling the person whom the user trusts that the user may need somebody: until it arrives, once an hour at most."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.errors import ContactError, MemoryFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.ports import Clock, Concerns, TrustedContact
    from digital_life.values import KeptConcern, Language

log = logging.getLogger(__name__)

ONCE_IN = timedelta(hours=1)
"""Who was told knows for so long."""
STILL_MATTERS = timedelta(days=1)
"""What could not be told before a restart is told after it when it is not older."""
RETRY_S = (10, 30, 60, 300)
"""Pauses between tries; the last one for ever."""


class Telling:
    """Tells one trusted person, beside the conversation."""

    def __init__(
        self, contact: TrustedContact, *, concerns: Concerns, clock: Clock, text: str, from_level: int
    ) -> None:
        self._contact = contact
        self._concerns = concerns
        self._clock = clock
        self._text = text
        self._from_level = from_level
        self._told: datetime | None = None
        """When the person was told last; None: never."""
        self._wanted = asyncio.Event()

    def take_up(self, kept: Sequence[KeptConcern]) -> None:
        """Go on where the program was stopped."""
        self._told = max((each.told for each in kept if each.told), default=None)
        for concern in kept:
            if concern.told is None and self._clock.now() - concern.at < STILL_MATTERS:
                self.hear(concern)

    def hear(self, concern: KeptConcern) -> None:
        """Have the person told of it, if it is grave enough and they were not told just now."""
        fresh = self._told is None or self._clock.now() - self._told >= ONCE_IN
        if concern.level >= self._from_level and fresh:
            self._wanted.set()

    async def run(self) -> None:
        """Tell whenever it is wanted; until cancelled."""
        while True:
            await self._wanted.wait()
            await self._tell()
            self._told = self._clock.now()
            self._wanted.clear()
            try:
                await self._concerns.told(self._told)
            except MemoryFileError as error:
                log.warning("that the trusted person was told could not be kept: %s", error)

    async def _tell(self) -> None:
        """Until it arrives."""
        tries = 0
        while True:
            try:
                await self._contact.tell(self._text)
            except ContactError as error:
                pause = RETRY_S[min(tries, len(RETRY_S) - 1)]
                log.warning("%s; it is tried again in %d s", error, pause)
                tries += 1
                await self._clock.sleep(pause)
            else:
                log.info("the trusted person was told")
                return


def message(*, name: str, user: str, language: Language) -> str:
    """What the trusted person reads: never what was said."""
    text = words.load(language).text
    greeting = text("care.contact.greeting", name=name) if name else text("care.contact.greeting-nobody")
    return f"{greeting} {text('care.contact.message', user=user or text('care.contact.user'))}"

"""Speaking by itself: a greeting after a long absence, or a question about what a diary left open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from digital_life import words
from digital_life.agenda import proactive
from digital_life.broadcast import placed
from digital_life.config import Proactive as Settings
from digital_life.errors import MemoryFileError
from digital_life.ports import Announcing, Clock, Openings
from digital_life.values import Turn, Unasked

log = logging.getLogger(__name__)


class Initiative:
    """Runs beside the session; only after a turn is it sure that somebody is there."""

    def __init__(
        self, openings: Openings, *, clock: Clock, settings: Settings, quiet: Callable[[datetime], bool]
    ) -> None:
        """In `quiet` hours it says nothing by itself."""
        self._openings = openings
        self._clock = clock
        self._settings = settings
        self._quiet = quiet
        self._last: Turn | None = None
        self._away: timedelta | None = None
        """How long the person had been away before the latest turn; None when nobody knows."""
        self._met = asyncio.Event()

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        _, event = placed(event)
        if isinstance(event, Turn) and self._settings.enabled:
            self._away = event.began - self._last.began if self._last else None
            self._last = event
            self._met.set()

    async def run(self, announcing: Announcing) -> None:
        """Speak where it may, until cancelled."""
        while True:
            await self._met.wait()
            self._met.clear()
            try:
                await self._speak(announcing)
            except MemoryFileError as error:
                log.warning("%s; nothing is said unasked", error)

    async def _speak(self, announcing: Announcing) -> None:
        away, said = self._away, await self._openings.unasked()
        if not self._last or not proactive.may_speak(self._clock.now(), away, said, self._settings):
            return
        page = proactive.open_page(await self._openings.pages(), said)
        if not page and away is None:
            return  # whether it has been long is not known
        await announcing.free()
        now = self._clock.now()
        if self._quiet(now):
            return
        await self._openings.note_unasked(Unasked(now, page.ref if page else 0))
        text = words.load(self._last.heard.language)
        greeting = text.text("proactive.ask", title=proactive.title(page)) if page else text.text("proactive.greet")
        await announcing.announce(greeting, self._last.heard.language, ring=False)

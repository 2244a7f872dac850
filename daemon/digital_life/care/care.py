"""What is done about a psychological crisis: notice it, answer with words written beforehand, keep it in mind."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from digital_life import words
from digital_life.care import helplines, signs
from digital_life.care.resemblance import together
from digital_life.errors import MemoryFileError
from digital_life.values import Concern, KeptConcern

if TYPE_CHECKING:
    from digital_life.care.telling import Telling
    from digital_life.config import Care as Settings
    from digital_life.ports import Clock, Concerns
    from digital_life.values import Language, Transcript

log = logging.getLogger(__name__)

SUPPORTS_FOR = timedelta(hours=6)
"""So long after a concern it talks on supportively, also after a restart: longer than a conversation pauses."""
Resembles = Callable[[str], Awaitable[Concern]]
"""How much a text resembles what people in a crisis say. Raises MemoryFileError."""
UNSAVED_MOST = 100
"""Concerns that are held in mind while the file cannot be written."""


class Care:
    """Care (see ports)."""

    def __init__(
        self,
        *,
        settings: Settings,
        concerns: Concerns,
        clock: Clock,
        locale: str,
        telling: Telling | None,
        resembles: Resembles | None,
    ) -> None:
        self._settings = settings
        self._concerns = concerns
        self._clock = clock
        self._locale = locale
        self._telling = telling
        self._resembles = resembles
        self._unsaved: list[KeptConcern] = []
        self._last: datetime | None = None
        """When there was cause for concern; None: never."""
        self._kept: Counter[int] = Counter()
        """How often there was a concern of each level: what was said then is said last again."""

    @classmethod
    async def open(
        cls,
        *,
        settings: Settings,
        concerns: Concerns,
        clock: Clock,
        locale: str,
        telling: Telling | None = None,
        resembles: Resembles | None = None,
    ) -> Self:
        """Remember what was kept. `locale` is the machine's ("zh_TW.UTF-8"); `telling`: where there is a contact."""
        care = cls(
            settings=settings,
            concerns=concerns,
            clock=clock,
            locale=locale,
            telling=telling,
            resembles=resembles,
        )
        try:
            kept = await concerns.kept()
        except MemoryFileError as error:
            log.warning("%s", error)
            return care
        care._last = kept[-1].at if kept else None
        if telling:
            telling.take_up(kept)
        return care

    async def run(self) -> None:
        """Have the trusted person told whenever it is needed; until cancelled, or at once where there is none."""
        if self._telling:
            await self._telling.run()

    async def look(self, heard: Transcript) -> Concern:
        """By the rules; where they know nothing, by what it resembles."""
        concern = signs.look(heard.text)
        if concern.level or not self._resembles:
            return concern
        try:
            return together(concern, await self._resembles(heard.text))
        except MemoryFileError as error:
            log.warning("%s", error)
            return concern

    def answer(self, concern: Concern, language: Language) -> str:
        if not concern.level:
            return ""
        text = words.load(language)
        sayings = text.texts(f"care.level-{concern.level}")
        said = sayings[self._kept[concern.level] % len(sayings)]
        region = helplines.load()[helplines.region(self._settings.region, self._locale, language)]
        line = region.lines[0]
        reach = text.text("care.reach", name=line.name[language], number=line.spoken[language])
        return said.format(reach=reach, emergency=region.emergency[language])

    def manner(self, language: Language) -> str:
        if self._last is None or abs(self._clock.now() - self._last) >= SUPPORTS_FOR:
            return ""
        return words.load(language).text("care.manner")

    async def keep(self, concern: Concern, turn: int) -> None:
        if not concern.level:
            return
        self._last = self._clock.now()
        self._kept[concern.level] += 1
        names = tuple(dict.fromkeys(sign.name for sign in concern.signs))
        kept = KeptConcern(self._last, concern.level, names, concern.version, turn)
        log.debug("a concern of level %d was noticed", concern.level)
        await self._save(kept)
        if self._telling:
            self._telling.hear(kept)

    async def _save(self, kept: KeptConcern) -> None:
        """Together with those that could not be written before."""
        self._unsaved = [*self._unsaved, kept][-UNSAVED_MOST:]
        try:
            while self._unsaved:
                await self._concerns.keep(self._unsaved[0])
                self._unsaved.pop(0)
        except MemoryFileError as error:
            log.warning("%s; %d concerns wait to be kept", error, len(self._unsaved))

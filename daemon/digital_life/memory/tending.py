"""What the memory does while nobody talks: summaries, diaries, concepts, copies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Protocol

from digital_life.broadcast import placed
from digital_life.errors import MemoryFileError, PostponedError
from digital_life.memory.life import Life
from digital_life.memory.patient import Patient
from digital_life.ports import Clock, Writer
from digital_life.values import RESTING, DiaryWritten, Language, State

log = logging.getLogger(__name__)

QUIET_S = 20.0
"""So long nobody must have spoken before it writes: a follow-up question would have come by then."""
BREATH_S = 1.0
"""So long before it reads prompts in advance; that stops within half a second when somebody speaks."""
LOOK_S = 1.0
"""How often it is looked whether it is quiet."""
RETRY_S = 2.0
"""How often it is tried to keep what could not be kept."""
TEND_S = 60.0
"""How often it is looked, in the quiet, whether something is due."""
POSTPONED_S = 900.0
"""So long after it found no time for the diary the language server is left alone."""
POSTPONED_MOST_S = 86_400.0
"""After so long without one it is written all the same, in the user's own words where the model writes none."""


class Prompting(Protocol):
    """What holds the running conversation before the model."""

    @property
    def to_summarise(self) -> int:
        """The last turn that the summary is to tell of by now; 0: none."""
        ...

    async def prepare(self) -> None: ...

    async def prepare_in(self, language: Language) -> None: ...


class Tending:
    """Runs beside the session; `disturb` stops what is under way, and it is done at the next quiet time."""

    def __init__(
        self,
        life: Callable[[], Life],
        *,
        writer: Writer,
        clock: Clock,
        prompting: Prompting,
        languages: Sequence[Language],
        tell: Callable[[DiaryWritten], None] | None = None,
    ) -> None:
        """`tell` is called with each new diary."""
        self._life = life
        """The one that is lived just now; it changes only while somebody speaks or is answered."""
        self._writer = writer
        self._patient = Patient(writer, clock=clock)
        self._postponed_since: float | None = None
        """When the diary was first put off; None when it is not."""
        self._clock = clock
        self._prompting = prompting
        self._languages = languages
        self._tell = tell
        self._talking: set[str] = set()
        """The rooms where somebody speaks or is answered."""
        self._busy = True
        self._quiet_since = clock.monotonic()
        self._next = clock.monotonic()
        """When it is looked again whether something is due."""
        self._retry = clock.monotonic()
        """When it is tried again to keep what waits."""
        self._stale = True
        """Whether the prompts that were read in advance are not those that will be needed."""
        self._hurried = False
        """Whether it was asked to do now what is due."""
        self._work: asyncio.Task[None] | None = None

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        if not isinstance(event, State):
            return
        if event in RESTING:
            self._talking.discard(room)
        else:
            self._talking.add(room)
            self.disturb()
        if not self._talking and event in RESTING:
            self.leave_alone()

    def disturb(self) -> None:
        """Somebody speaks, or is answered."""
        self._busy = True
        if self._work:
            self._work.cancel()

    def leave_alone(self) -> None:
        """Nobody does any more."""
        if self._busy:
            self._busy, self._stale = False, True
            self._quiet_since = self._next = self._clock.monotonic()

    def hurry(self) -> None:
        """What is due waits for no long silence, only until nobody speaks or is answered."""
        self._hurried = True

    def refresh(self) -> None:
        """Somebody else is to answer: the prompts are not those that will be needed."""
        self._stale = True

    async def run(self) -> None:
        """Look after the memory until cancelled."""
        while True:
            await self._clock.sleep(LOOK_S)
            if self._life().waits and not self._busy and self._clock.monotonic() >= self._retry:
                self._retry = self._clock.monotonic() + RETRY_S
                await self._undisturbed(self._catch_up())
            quiet = 0.0 if self._busy else self._clock.monotonic() - self._quiet_since
            if self._hurried and not self._busy:
                await self._undisturbed(self._tend())
            elif self._stale and quiet >= BREATH_S:
                await self._undisturbed(self._prepare())
            elif quiet >= QUIET_S and self._clock.monotonic() >= self._next:
                await self._undisturbed(self._tend())

    async def _undisturbed(self, work: Coroutine[None, None, None]) -> None:
        self._work = asyncio.create_task(work, name="tending.work")
        try:
            await asyncio.wait((self._work,))
            if not self._work.cancelled():
                self._work.result()
        finally:
            self._work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._work
            self._work = None

    async def _catch_up(self) -> None:
        await self._life().catch_up()

    async def _tend(self) -> None:
        """Do all that is due."""
        try:
            self._stale |= await self._summarise()
            diaries = await self._life().rest(self._diarist(), hurried=self._hurried)
            self._postponed_since = None
            self._stale |= bool(diaries)
            await self._life().tidy()
        except PostponedError as error:
            self._postpone(error)
            return
        except MemoryFileError as error:
            log.warning("%s", error)
            self._hurried = False  # and so tried again no sooner than ever
            return
        self._next, self._hurried = self._clock.monotonic() + TEND_S, False
        for page in diaries:
            log.info("diary of %s written, %d sentences", page.day, len(page.sentences))
            if self._tell:
                self._tell(DiaryWritten(page.day, page.title, tuple(each.text for each in page.sentences)))

    def _diarist(self) -> Writer:
        """Who writes the diary: who waits for the server, or who waits no longer."""
        since = self._postponed_since
        patient = since is None or self._clock.monotonic() - since < POSTPONED_MOST_S
        return self._patient if patient else self._writer

    def _postpone(self, error: PostponedError) -> None:
        log.warning("%s", error)
        now = self._clock.monotonic()
        self._postponed_since = now if self._postponed_since is None else self._postponed_since
        self._next, self._hurried = now + POSTPONED_S, False

    async def _prepare(self) -> None:
        """Have the prompts read again: of the last talk, and of a talk in each language."""
        await self._prompting.prepare()
        for language in self._languages:
            await self._prompting.prepare_in(language)
        self._stale = False

    async def _summarise(self) -> bool:
        to = self._prompting.to_summarise
        if to:
            await self._life().summarise(to, self._writer)
        return bool(to)

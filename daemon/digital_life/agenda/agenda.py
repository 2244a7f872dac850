"""The agenda: rings for what is due, again until it is heard, and tells what was missed."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from digital_life.agenda import ringing, saying
from digital_life.agenda.entries import in_order, next_of, rings_at
from digital_life.broadcast import placed
from digital_life.config import Agenda as Settings
from digital_life.errors import MemoryFileError
from digital_life.ports import AgendaFile, Announcing, Clock
from digital_life.values import Entry, EntryKind, EntryState, Rang, Turn

log = logging.getLogger(__name__)

LOOK_S = 30.0
"""So often it looks at the clock, which may have been set, and at the file, which another program may have changed."""
JUST = timedelta(minutes=1)
"""Who cancels an alarm so soon after it was heard wants it to be silent."""
SNOOZABLE = timedelta(minutes=10)
"""So long after it was heard it can be snoozed: the wake word ends the ringing before the wish is said."""


def _nobody(rang: Rang) -> None:
    """Nobody else is told."""


class Agenda:
    """Runs beside the session, over a file that others may change too."""

    def __init__(
        self, file: AgendaFile, *, clock: Clock, settings: Settings, quiet: Callable[[datetime], bool]
    ) -> None:
        """In `quiet` hours nothing is said that can wait."""
        self._file = file
        self._clock = clock
        self._settings = settings
        self._quiet = quiet
        self._read: Mapping[int, Entry] = {}
        self._unsaved: dict[int, Entry | None] = {}
        """What the file could not be told yet; None: that it is over. What rings does not depend on a disk."""
        self._heard: tuple[Entry, ...] = ()
        """What rang last and was heard."""
        self._heard_at = clock.now()
        self._present = False
        """Whether the person has just spoken."""
        self._changed = asyncio.Event()
        self._tell: Callable[[Rang], None] = _nobody
        self._tasks: asyncio.TaskGroup

    # What a person does with it; all of these raise MemoryFileError.

    async def entries(self) -> tuple[Entry, ...]:
        """What will ring, in order."""
        return in_order(await self._file.entries(), self._clock.now())

    async def add(self, entry: Entry) -> Entry:
        """It survives the loss of power when this returns."""
        (kept,) = await self._file.keep([entry])
        self._read = {**self._read, kept.number: kept}
        self._changed.set()
        return kept

    async def cancel(self, entries: Sequence[Entry]) -> None:
        """They never ring again."""
        await self._file.drop([each.number for each in entries])
        for each in entries:
            self._unsaved.pop(each.number, None)
        self._changed.set()

    async def silence(self) -> None:
        """What rings does so no more this time."""
        await self._end(self._ringing)

    async def snooze(self, span: timedelta | None) -> timedelta | None:
        """What rings, or rang just now, rings again after `span`. Returns how long that is; None when nothing rang."""
        now, rang = self._clock.now(), self._rang
        if not rang:
            return None
        wait = span or timedelta(minutes=self._settings.snooze_minutes)
        await self._file.keep([ringing.snoozed(each, now + wait) for each in rang])
        await self._end(self._ringing)
        self._heard = ()
        self._changed.set()
        return wait

    # What is known without asking the file.

    @property
    def can_snooze(self) -> bool:
        """Whether something rings, or rang just now."""
        return bool(self._rang)

    def just_rang(self, entry: Entry) -> bool:
        """Whether who wants it to be silent means this time."""
        heard = entry.number in {each.number for each in self._heard}
        return entry.state is EntryState.RINGING or (heard and self._clock.now() - self._heard_at <= JUST)

    @property
    def has_timer(self) -> bool:
        """Whether one runs."""
        return any(each.kind is EntryKind.TIMER for each in self._entries)

    @property
    def _rang(self) -> tuple[Entry, ...]:
        lately = self._clock.now() - self._heard_at <= SNOOZABLE
        return self._ringing or (self._heard if lately else ())

    # Ringing.

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        _, event = placed(event)
        if isinstance(event, Turn) and self._missed:
            self._present = True
            self._changed.set()

    async def run(self, announcing: Announcing, *, tell: Callable[[Rang], None] = _nobody) -> None:
        """Ring for what is due, until cancelled; `tell` is called with each."""
        self._tell = tell
        async with asyncio.TaskGroup() as self._tasks:
            await self._look(announcing)
            if not self._quiet(self._clock.now()):
                await self._tell_missed(announcing, present=False)
            while True:
                await self._pause()
                await self._look(announcing)
                if self._present:
                    await self._tell_missed(announcing, present=True)

    async def _pause(self) -> None:
        """Until something is due or has changed, or it is time to look."""
        now = self._clock.now()
        waits = [(rings_at(each, now) - now).total_seconds() for each in in_order(self._entries, now)[:1]]
        sleeping = self._tasks.create_task(self._clock.sleep(max(0.0, min([LOOK_S, *waits]))), name="agenda.sleep")
        changing = self._tasks.create_task(self._changed.wait(), name="agenda.change")
        try:
            await asyncio.wait((sleeping, changing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            changing.cancel()
        self._changed.clear()

    async def _look(self, announcing: Announcing) -> None:
        """Ring for what is due, in one room after another."""
        await self._refresh()
        for room in dict.fromkeys(each.room for each in self._due):
            await self._ring_for(room, announcing)

    async def _ring_for(self, room: str, announcing: Announcing) -> None:
        """What is due of what was asked for there."""
        await announcing.free(room=room)
        await self._refresh()  # something may have been cancelled meanwhile
        now = self._clock.now()
        due = [each for each in self._due if each.room == room]
        rung = [each for entry in due for each in ringing.rung(entry, now, self._settings)]
        await self._keep(rung)  # before it is heard: who loses power now goes on here
        rings = [each for each in rung if each.state is EntryState.RINGING]
        if rings:
            log.info("%d entries of the agenda ring", len(rings))
            for each in rings:
                self._tell(Rang(each))
            await announcing.announce(
                saying.rings(rings, now),
                rings[0].language,
                ring=True,
                acknowledged=functools.partial(self._acknowledge, rings),
                room=room,
                again=max(each.rung for each in rings) - 1,
            )

    async def _tell_missed(self, announcing: Announcing, *, present: bool) -> None:
        """Once aloud in case somebody is there, and once to the person who has spoken."""
        self._present = False
        missed = self._missed
        if not missed:
            return
        text = saying.missed(missed, self._clock.now())

        def acknowledged() -> None:
            self._tasks.create_task(self._end(missed), name="agenda.told")

        told = await announcing.announce(text, missed[0].language, ring=False, acknowledged=acknowledged)
        if told and present:
            await self._end(missed)

    def _acknowledge(self, rang: Sequence[Entry]) -> None:
        """These have been heard, as far as they still ring."""
        numbers = {each.number for each in rang}
        self._heard, self._heard_at = (
            tuple(each for each in self._ringing if each.number in numbers),
            self._clock.now(),
        )
        self._tasks.create_task(self._end(self._heard), name="agenda.heard")

    async def _end(self, entries: Iterable[Entry]) -> None:
        now = self._clock.now()
        for each in entries:
            self._unsaved[each.number] = next_of(each, now)
        await self._keep(())

    @property
    def _entries(self) -> Sequence[Entry]:
        return [each for each in ({**self._read, **self._unsaved}).values() if each]

    @property
    def _due(self) -> Sequence[Entry]:
        now = self._clock.now()
        return [each for each in self._entries if ringing.is_due(each, now)]

    @property
    def _ringing(self) -> tuple[Entry, ...]:
        return tuple(each for each in self._entries if each.state is EntryState.RINGING)

    @property
    def _missed(self) -> tuple[Entry, ...]:
        return tuple(each for each in self._entries if each.state is EntryState.MISSED)

    async def _refresh(self) -> None:
        try:
            self._read = {each.number: each for each in await self._file.entries()}
        except MemoryFileError as error:
            log.warning("%s; what was known of the agenda rings all the same", error)

    async def _keep(self, entries: Iterable[Entry]) -> None:
        """In the file, or in mind until the file can be written again."""
        new = [each for each in entries if not each.number]
        self._unsaved.update({each.number: each for each in entries if each.number})
        unsaved = dict(self._unsaved)
        try:
            await self._file.keep([*(each for each in unsaved.values() if each), *new])
            await self._file.drop([number for number, each in unsaved.items() if each is None])
        except MemoryFileError as error:
            log.warning("%s; the agenda goes on without it", error)
            return
        await self._refresh()
        for number, each in unsaved.items():
            if number in self._unsaved and self._unsaved[number] is each:  # else another one was quicker, or it changed
                del self._unsaved[number]

"""The agenda, over a day."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from digital_life.agenda.agenda import Agenda
from digital_life.agenda.ringing import LATE
from digital_life.config import Agenda as Settings
from digital_life.errors import MemoryFileError
from digital_life.values import Entry, EntryKind, EntryState, Rang, Reply, Timings, Transcript, Turn
from fakes.agenda import FakeAgendaFile, FakeAnnouncing
from fakes.clock import HandClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
SETTINGS = Settings(again_after_s=60, again_most=3, snooze_minutes=10)
PILLS = Entry(EntryKind.REMINDER, NOW + timedelta(minutes=10), "en", "take my pills")
DAILY = Entry(EntryKind.ALARM, NOW + timedelta(minutes=10), "en", repeat="FREQ=DAILY")
HOUR_S = 3_600


@dataclass
class Day:
    agenda: Agenda
    file: FakeAgendaFile
    announcing: FakeAnnouncing
    clock: HandClock
    rang: list[Rang] = field(default_factory=list)

    async def passes(self, minutes: float) -> None:
        await self.clock.let_pass(minutes * 60)

    async def settles(self) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    async def person_speaks(self) -> None:
        heard = Transcript("Hello.", "en", 1.0)
        self.agenda.hear(Turn(1, self.clock.now(), None, heard, Reply("Hello."), Timings()))
        await self.settles()

    @property
    def said(self) -> list[str]:
        return self.announcing.said


@asynccontextmanager
async def day(file: FakeAgendaFile, *, quiet: bool = False, passed: timedelta = timedelta()) -> AsyncGenerator[Day]:
    clock, announcing = HandClock(NOW + passed), FakeAnnouncing()
    agenda = Agenda(file, clock=clock, settings=SETTINGS, quiet=lambda _now: quiet)
    async with asyncio.TaskGroup() as tasks:
        it = Day(agenda, file, announcing, clock)
        running = tasks.create_task(agenda.run(announcing, tell=it.rang.append))
        await it.settles()
        yield it
        running.cancel()


async def test_a_reminder_rings_at_its_minute() -> None:
    async with day(FakeAgendaFile()) as it:
        await it.agenda.add(PILLS)
        await it.passes(9.9)
        assert it.said == []
        await it.passes(0.2)
        assert it.said == ["You wanted to be reminded: take your pills."]
        assert it.announcing.rang == [True]
        assert [(each.entry.what, each.entry.rung) for each in it.rang] == [(PILLS.what, 1)]


async def test_what_is_not_acknowledged_is_said_again_and_then_told_when_the_person_speaks() -> None:
    async with day(FakeAgendaFile(PILLS)) as it:
        await it.passes(60)
        assert len(it.said) == SETTINGS.again_most
        (missed,) = it.file.kept.values()
        assert missed.state is EntryState.MISSED
        await it.person_speaks()
        assert it.said[-1] == ("You have not heard this: You wanted to be reminded today at 10:15 am: take your pills.")
        assert it.file.kept == {}
        await it.person_speaks()
        assert len(it.said) == SETTINGS.again_most + 1


async def test_what_was_missed_stays_until_all_of_it_was_told() -> None:
    async with day(FakeAgendaFile(replace(PILLS, state=EntryState.MISSED)), quiet=True) as it:
        it.announcing.whole = False
        await it.person_speaks()
        assert len(it.said) == len(it.file.kept) == 1
        it.announcing.whole = True
        await it.person_speaks()
        assert it.file.kept == {}


async def test_what_is_acknowledged_is_over() -> None:
    async with day(FakeAgendaFile(PILLS)) as it:
        await it.passes(10)
        it.announcing.acknowledge()
        await it.passes(60)
        assert len(it.said) == 1
        assert it.file.kept == {}


async def test_what_repeats_waits_for_the_next_day_when_it_was_acknowledged() -> None:
    async with day(FakeAgendaFile(DAILY)) as it:
        await it.passes(10)
        it.announcing.acknowledge()
        await it.settles()
        (following,) = it.file.kept.values()
        assert (following.at, following.state) == (DAILY.at + timedelta(days=1), EntryState.WAITING)


@pytest.mark.parametrize("heard_first", [False, True], ids=["while it rings", "after the wake word"])
async def test_what_is_snoozed_rings_again_later(*, heard_first: bool) -> None:
    async with day(FakeAgendaFile(DAILY)) as it:
        await it.passes(10)
        if heard_first:
            it.announcing.acknowledge()
            await it.settles()
        assert await it.agenda.snooze(None) == timedelta(minutes=10)
        await it.passes(9)
        assert len(it.said) == 1
        await it.passes(2)
        assert it.said[1] == "This is your alarm for today at 10:15 am."
        it.announcing.acknowledge()
        await it.settles()
        assert [each.repeat for each in it.file.kept.values()] == ["FREQ=DAILY"]


async def test_nothing_is_snoozed_when_nothing_rang_of_late() -> None:
    async with day(FakeAgendaFile(PILLS)) as it:
        assert await it.agenda.snooze(None) is None
        await it.passes(10)
        it.announcing.acknowledge()
        await it.passes(11)
        assert await it.agenda.snooze(None) is None


async def test_a_cancelled_one_does_not_ring() -> None:
    async with day(FakeAgendaFile(PILLS, DAILY)) as it:
        await it.agenda.cancel(await it.agenda.entries())
        await it.passes(60)
        assert it.file.kept == {}
        assert it.said == []


async def test_what_is_silenced_rings_again_on_the_next_day() -> None:
    async with day(FakeAgendaFile(DAILY)) as it:
        await it.passes(10)
        await it.agenda.silence()
        await it.passes(60)
        assert len(it.said) == 1
        assert [each.at for each in it.file.kept.values()] == [DAILY.at + timedelta(days=1)]


async def test_what_another_program_added_or_cancelled_is_noticed() -> None:
    async with day(FakeAgendaFile(PILLS)) as it:
        (number,) = it.file.kept
        await it.file.drop([number])
        await it.file.keep([replace(PILLS, what="call Ada")])
        await it.passes(10)
        assert it.said == ["You wanted to be reminded: call Ada."]


async def test_after_a_restart_it_goes_on_ringing() -> None:
    file = FakeAgendaFile(PILLS)
    async with day(file) as it:
        await it.passes(10)
        assert len(it.said) == 1
    async with day(file, passed=timedelta(minutes=15)) as it:
        assert it.said == ["You wanted to be reminded: take your pills. It was due today at 10:15 am."]
        await it.passes(60)
        assert len(it.said) == SETTINGS.again_most - 1


async def test_what_was_due_while_it_did_not_run_is_told_with_its_time_at_the_start_and_to_the_person() -> None:
    file = FakeAgendaFile(PILLS, replace(DAILY, at=NOW + timedelta(hours=1)))
    told = (
        "You have not heard this: You wanted to be reminded on November 21 at 10:15 am: take your pills. "
        "Your alarm rang on November 21 at 11:05 am."
    )
    async with day(file, passed=timedelta(days=1)) as it:
        assert it.said == [told]
        assert it.announcing.rang == [False]
        await it.passes(30)
        await it.person_speaks()
        assert it.said == [told, told]
        await it.person_speaks()
        assert [each.repeat for each in it.file.kept.values()] == ["FREQ=DAILY"]
        assert len(it.said) == 2


async def test_in_quiet_hours_what_was_missed_waits_for_the_person() -> None:
    async with day(FakeAgendaFile(PILLS), quiet=True, passed=LATE * 2) as it:
        await it.passes(30)
        assert it.said == []
        await it.person_speaks()
        assert len(it.said) == 1


async def test_all_that_is_due_is_said_at_once() -> None:
    async with day(FakeAgendaFile(PILLS, DAILY)) as it:
        await it.passes(10)
        assert it.said == ["You wanted to be reminded: take your pills. This is your alarm for today at 10:15 am."]


async def test_it_rings_though_the_file_cannot_be_written_and_is_over_when_it_was_heard() -> None:
    async with day(FakeAgendaFile(PILLS)) as it:
        it.file.broken = True
        await it.passes(12)
        assert len(it.said) == 2
        it.announcing.acknowledge()
        await it.passes(60)
        assert len(it.said) == 2
        with pytest.raises(MemoryFileError):
            await it.agenda.add(PILLS)
        it.file.broken = False
        await it.agenda.add(replace(DAILY, at=it.clock.now() + timedelta(minutes=1)))
        await it.passes(1)
        assert [each.kind for each in it.file.kept.values()] == [EntryKind.ALARM]


async def test_it_sleeps_while_nothing_is_due() -> None:
    async with day(FakeAgendaFile()) as it:
        looked = 0
        entries = it.file.entries

        async def counted() -> tuple[Entry, ...]:
            nonlocal looked
            looked += 1
            return await entries()

        it.file.entries = counted  # type: ignore[method-assign] # only counted
        await it.passes(HOUR_S / 60)
        assert looked == HOUR_S / 30


async def test_what_was_set_in_two_rooms_rings_in_each_by_itself() -> None:
    kitchen, study = (replace(PILLS, what=each, room=each) for each in ("kitchen", "study"))
    async with day(FakeAgendaFile(kitchen, study)) as it:
        await it.passes(10.1)
        assert it.announcing.rooms == [("kitchen", 0), ("study", 0)]
        it.announcing.acknowledge()
        await it.settles()
        assert [each.room for each in it.file.kept.values()] == ["kitchen"]
        await it.passes(1)
        assert it.announcing.rooms[2:] == [("kitchen", 1)]


async def test_what_two_settle_at_once_is_over() -> None:
    class SlowFile(FakeAgendaFile):
        async def drop(self, numbers: Iterable[int]) -> None:
            await asyncio.sleep(0)
            await super().drop(numbers)

    async with day(SlowFile(PILLS)) as it:
        await it.passes(10.1)
        it.announcing.acknowledge()
        await it.agenda.silence()
        await it.settles()
        assert not it.file.kept

"""What it says by itself: little, seldom, and only to somebody who is there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from digital_life.agenda.initiative import Initiative
from digital_life.config import Proactive as Settings
from digital_life.values import Language, Recall, Reply, Timings, Transcript, Turn
from fakes.agenda import FakeAnnouncing, FakeOpenings
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
ENABLED = Settings(enabled=True)
EXAM = Recall("diary", 7, NOW - timedelta(days=1), "An exam and a bad night.\nThe user has an exam tomorrow.", 1.0)
CAKE = Recall("diary", 6, NOW - timedelta(days=2), "An apple cake\nThe user baked an apple cake.", 1.0)
GREETING = "It is good to hear you again. How have you been?"


@dataclass
class Talk:
    initiative: Initiative
    announcing: FakeAnnouncing
    openings: FakeOpenings
    clock: FakeClock

    async def person_speaks(self, *, after: timedelta = timedelta(), language: Language = "en") -> list[str]:
        self.clock.passed += after.total_seconds()
        heard = Transcript("Hello.", language, 1.0)
        self.initiative.hear(Turn(1, self.clock.now(), None, heard, Reply("Hello."), Timings()))
        for _ in range(20):
            await asyncio.sleep(0)
        return self.announcing.said


@asynccontextmanager
async def talk(*pages: Recall, settings: Settings = ENABLED, quiet: bool = False) -> AsyncGenerator[Talk]:
    clock, announcing, openings = FakeClock(NOW), FakeAnnouncing(), FakeOpenings(*pages)
    initiative = Initiative(openings, clock=clock, settings=settings, quiet=lambda _now: quiet)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(initiative.run(announcing))
        await asyncio.sleep(0)
        yield Talk(initiative, announcing, openings, clock)
        running.cancel()


async def test_nothing_is_said_unless_it_was_switched_on() -> None:
    async with talk(EXAM, settings=Settings()) as it:
        await it.person_speaks()
        assert await it.person_speaks(after=timedelta(days=3)) == []


async def test_it_asks_how_something_that_a_diary_left_open_went_on() -> None:
    async with talk(CAKE, EXAM) as it:
        assert await it.person_speaks() == [
            "The other day we talked about this: An exam and a bad night. How did it go on?"
        ]
        assert [each.diary for each in it.openings.notes] == [7]


async def test_it_asks_about_each_diary_once_and_only_so_often_a_day() -> None:
    async with talk(EXAM) as it:
        await it.person_speaks()
        assert len(await it.person_speaks(after=timedelta(hours=9))) == 1
        assert (await it.person_speaks(after=timedelta(hours=20)))[1:] == [GREETING]


async def test_a_greeting_comes_after_a_long_absence_and_not_within_a_talk() -> None:
    async with talk(CAKE) as it:
        assert await it.person_speaks() == []
        assert await it.person_speaks(after=timedelta(hours=1)) == []
        assert await it.person_speaks(after=timedelta(hours=9)) == [GREETING]


async def test_it_greets_in_the_language_of_the_person() -> None:
    async with talk() as it:
        await it.person_speaks(language="zh")
        assert await it.person_speaks(after=timedelta(days=1), language="zh") == [
            "又听到你的声音真好。这些天过得怎么样？"
        ]


async def test_in_quiet_hours_it_says_nothing_by_itself() -> None:
    async with talk(EXAM, quiet=True) as it:
        assert await it.person_speaks() == []
        assert it.openings.notes == []

"""The fake file of the agenda does what the life's file does."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.values import Entry, EntryKind, EntryState
from digital_life.worker import Worker
from fakes.agenda import FakeAgendaFile
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PILLS = Entry(EntryKind.REMINDER, NOON, "zh", "吃药", repeat="FREQ=DAILY")
EGG = Entry(EntryKind.TIMER, NOON, "en", "egg", lasts=timedelta(minutes=4))


@pytest.fixture(params=["fake", "life"])
async def file(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[FakeAgendaFile | Life]:
    if request.param == "fake":
        yield FakeAgendaFile()
        return
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=FakeClock(NOON), settings=Settings()) as life,
    ):
        yield life


async def test_what_is_kept_has_a_number_and_stays_as_it_was(file: FakeAgendaFile | Life) -> None:
    kept = await file.keep([PILLS, EGG])
    assert [replace(each, number=0) for each in kept] == [PILLS, EGG]
    assert len({each.number for each in kept} - {0}) == 2
    assert await file.entries() == kept


async def test_one_with_a_number_takes_the_place_of_that_one(file: FakeAgendaFile | Life) -> None:
    pills, egg = await file.keep([PILLS, EGG])
    rung = replace(pills, state=EntryState.RINGING, rung=1, again=NOON + timedelta(minutes=1))
    assert await file.keep([rung]) == (rung,)
    assert await file.entries() == (rung, egg)


async def test_what_was_dropped_stays_away(file: FakeAgendaFile | Life) -> None:
    pills, egg = await file.keep([PILLS, EGG])
    await file.drop([pills.number, 99])
    await file.keep([replace(pills, rung=1)])
    assert await file.entries() == (egg,)
    (new,) = await file.keep([PILLS])
    assert new.number not in {pills.number, egg.number}


async def test_a_list_without_anything_on_it_is_none(file: FakeAgendaFile | Life) -> None:
    await file.keep_list("shopping", ["milk", "eggs"])
    await file.keep_list("shopping", ["eggs"])
    assert await file.lists() == {"shopping": ("eggs",)}
    await file.keep_list("shopping", [])
    assert await file.lists() == {}

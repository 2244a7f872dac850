"""Concerns in the life's file: apart, for good, without a word of what was said."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from digital_life import words
from digital_life.care.care import Care
from digital_life.config import Care as CareSettings
from digital_life.config import Memory as Settings
from digital_life.errors import MemoryFileError
from digital_life.memory import schema
from digital_life.memory.carefile import CareFile
from digital_life.memory.life import Life
from digital_life.values import KeptConcern, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def kept(level: int, turn: int = 1) -> KeptConcern:
    return KeptConcern(NOON, level, ("wants-to-die", "farewell"), "v1", turn)


@asynccontextmanager
async def living(home: Path) -> AsyncGenerator[Life]:
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=FakeClock(NOON), settings=Settings()) as life,
    ):
        yield life


async def test_a_concern_is_there_after_the_file_was_closed(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        file = CareFile(life)
        await file.keep(kept(2))
        await file.keep(kept(3))
    async with living(tmp_path) as life:
        assert await CareFile(life).kept() == (kept(2), kept(3))


async def test_that_somebody_was_told_is_kept_and_does_not_change(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        file = CareFile(life)
        await file.keep(kept(3))
        await file.told(NOON)
        await file.keep(kept(3))
        await file.told(NOON.replace(hour=15))
        assert [each.told for each in await file.kept()] == [NOON, NOON.replace(hour=15)]


async def test_forgetting_a_turn_keeps_the_level_and_no_word(tmp_path: Path) -> None:
    said = "nobody must know this sentence"
    async with living(tmp_path) as life:
        turn = await life.remember(Turn(1, NOON, None, Transcript(said, "en", 0.9), Reply("I hear."), Timings()))
        await CareFile(life).keep(kept(2, turn))
        await life.forget([turn])
        assert await CareFile(life).kept() == (kept(2, turn),)
        assert await life.search("sentence") == ()
    assert said.encode() not in (tmp_path / "life.db").read_bytes()


async def test_a_concern_is_no_memory_that_could_be_recalled(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await CareFile(life).keep(kept(3))
        assert await life.search("wants to die farewell") == ()
        assert (await life.stats()).turns == 0


async def test_care_goes_on_where_it_was_after_a_restart(tmp_path: Path) -> None:
    said = Transcript("i want to die", "en", 0.9)
    for expected in ("", words.load("en").text("care.manner")):
        async with living(tmp_path) as life:
            care = await Care.open(settings=CareSettings(), concerns=CareFile(life), clock=FakeClock(NOON), locale="")
            assert care.manner("en") == expected
            await care.keep(await care.look(said), turn=1)


async def test_an_older_file_gets_its_table(tmp_path: Path) -> None:
    async with living(tmp_path):
        pass
    before = apsw.Connection(str(tmp_path / "life.db"))
    for table in ("concern", "note_source", "note"):
        before.execute(f"DROP TABLE {table}")
    before.execute("DROP INDEX turn_of_another")
    for column in ("turn.room", "turn.speaker", "entry.room", "concept.person"):
        before.execute("ALTER TABLE {} DROP COLUMN {}".format(*column.split(".")))
    before.execute("PRAGMA user_version = 2")
    before.close()
    async with living(tmp_path) as life:
        await CareFile(life).keep(kept(1))
        assert len(await CareFile(life).kept()) == 1
    after = apsw.Connection(str(tmp_path / "life.db"))
    assert after.execute("PRAGMA user_version").fetchone() == (schema.NEWEST,)
    after.close()


async def test_a_file_that_fails_is_told(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.run(lambda store: store.connection.execute("DROP TABLE concern"))
        with pytest.raises(MemoryFileError, match="failed"):
            await CareFile(life).keep(kept(1))

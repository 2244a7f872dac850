"""The life's file is locked, damaged, read-only or without room while a talk goes on: nothing said is lost."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.config import Memory as Settings
from digital_life.memory import copies, lifefile, waiting
from digital_life.memory.life import Life
from digital_life.memory.store import Store
from digital_life.memory.tending import QUIET_S, RETRY_S, Tending
from digital_life.values import Language, Reply, State, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock, HandClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

ROOT = Path(__file__).resolve().parents[2]
BACK_S = 10.0


class NoPrompts:
    to_summarise = 0

    async def prepare(self) -> None:
        """Nothing is read in advance."""

    async def prepare_in(self, language: Language) -> None:
        """Nothing is read in advance."""


@asynccontextmanager
async def alive(home: Path, clock: FakeClock) -> AsyncGenerator[Life]:
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
    ):
        yield life


@asynccontextmanager
async def tended(life: Life, clock: HandClock) -> AsyncGenerator[None]:
    """While nobody talks."""
    tending = Tending(
        lambda: life, writer=FakeWriter(diligent), clock=clock, prompting=NoPrompts(), languages=("en", "zh")
    )
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(tending.run(), name="test.tending")
        tending.hear(State.IDLE)
        yield
        running.cancel()


async def passes(clock: HandClock, seconds: float) -> None:
    """With time for the life's own thread."""
    for _ in range(int(seconds)):
        await clock.let_pass(1)
        await asyncio.sleep(0.01)


async def tell(life: Life, clock: FakeClock, heard: str) -> int:
    clock.passed += 60
    return await life.remember(Turn(1, clock.now(), None, Transcript(heard, "en", 1.0), Reply("I see."), Timings()))


async def kept(life: Life) -> list[str]:
    return [each.heard for each in await life.all_turns()]


async def test_locked_by_another_program_it_keeps_what_was_said_as_soon_as_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifefile, "BUSY_MS", 20)
    clock = HandClock()
    async with alive(tmp_path, clock) as life:
        await tell(life, clock, "One.")
        other = apsw.Connection(str(tmp_path / "life.db"))
        other.execute("BEGIN IMMEDIATE")
        assert await tell(life, clock, "Two.") == 0
        assert b"Two." in (tmp_path / waiting.FILE).read_bytes()
        async with tended(life, clock):
            await passes(clock, RETRY_S + 2)
            assert await kept(life) == ["One."]
            other.execute("ROLLBACK")
            await passes(clock, BACK_S)
            assert await kept(life) == ["One.", "Two."]
    assert not (tmp_path / waiting.FILE).exists()


async def test_locked_until_the_end_it_keeps_what_was_said_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifefile, "BUSY_MS", 20)
    clock = FakeClock()
    async with alive(tmp_path, clock) as life:
        await tell(life, clock, "One.")
        other = apsw.Connection(str(tmp_path / "life.db"))
        other.execute("BEGIN IMMEDIATE")
        await tell(life, clock, "Two.")
    other.execute("ROLLBACK")
    other.close()
    async with alive(tmp_path, clock) as life:
        assert await kept(life) == ["One.", "Two."]


async def test_a_second_program_leaves_what_waits_to_the_first(tmp_path: Path) -> None:
    clock = FakeClock()
    async with alive(tmp_path, clock) as life:
        await life.hear(Transcript("Being answered.", "en", 1.0), clock.now())
        async with alive(tmp_path, clock) as other:
            assert await kept(other) == []
        assert (tmp_path / waiting.FILE).exists()
        await life.let_go(Transcript("Being answered.", "en", 1.0))
        assert not (tmp_path / waiting.FILE).exists()


async def test_damaged_while_it_runs_its_copy_takes_over_with_what_was_said_since(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = FakeClock()
    async with alive(tmp_path, clock) as life:
        await tell(life, clock, "My cat is black.")
        await life.tidy()
        await tell(life, clock, "My dog is brown.")
        damage(tmp_path / "life.db")
        await tell(life, clock, "My horse is white.")
        await life.search("horse")
        assert await kept(life) == ["My cat is black.", "My dog is brown.", "My horse is white."]
        assert await life.search("horse")
    assert "damaged and put aside" in caplog.text
    assert list(tmp_path.glob("life-damaged-*.db"))


def damage(path: Path) -> None:
    """Overwrite every page of the index of words: what was said can still be read beside it."""
    with apsw.Connection(str(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE rootpage > 0")]
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0"))
        (size,) = next(connection.execute("PRAGMA page_size"))
    hurt = [roots[name] for name in names if name.endswith(("_data", "_idx", "_content", "_docsize"))]
    assert hurt, names
    with path.open("r+b") as file:
        for page in hurt:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)


async def test_read_only_while_it_runs_turns_wait(tmp_path: Path) -> None:
    clock = HandClock()
    async with alive(tmp_path, clock) as life:
        await life.run(lambda store: store.connection.execute("PRAGMA query_only = ON"))
        assert await tell(life, clock, "One.") == 0
        await life.run(lambda store: store.connection.execute("PRAGMA query_only = OFF"))
        async with tended(life, clock):
            await passes(clock, BACK_S)
        assert await kept(life) == ["One."]


READ_ONLY = """
import os, sys
from pathlib import Path
from digital_life.errors import MemoryFileError
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder
home = Path(sys.argv[1])
if os.geteuid() == 0:
    os.setegid(65534)
    os.seteuid(65534)
try:
    Store.open(home / "life.db", FakeEmbedder())
except MemoryFileError as error:
    print(error)
"""


def test_read_only_from_the_start_it_is_told_with_what_to_do(tmp_path: Path) -> None:
    with Store.open(tmp_path / "life.db", FakeEmbedder()):
        pass
    for each in tmp_path.iterdir():
        each.chmod(0o444)
    for each in (tmp_path, *tmp_path.parents[:2]):
        each.chmod(0o555)
    path = os.pathsep.join(str(ROOT / each) for each in ("daemon", "tests"))
    try:
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(tmp_path)],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
    finally:
        for each in (tmp_path, *tmp_path.parents[:2]):
            each.chmod(0o700)
    assert "life.db" in done.stdout


async def test_a_disk_that_is_full_during_a_diary_keeps_the_talk_and_the_diary_comes_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = HandClock()
    async with alive(tmp_path, clock) as life:
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        pages = await life.run(lambda store: store.connection.execute("PRAGMA page_count").fetchall()[0][0])
        await life.run(lambda store: store.connection.execute(f"PRAGMA max_page_count = {pages}").fetchall())
        async with tended(life, clock):
            await passes(clock, 2 * QUIET_S)
            filling = 0
            while not life.waits and filling < 50:
                filling += 1
                await tell(life, clock, f"Number {filling} is {'long ' * 500}.")
            assert life.waits
            await passes(clock, 2 * QUIET_S)
            await life.run(lambda store: store.connection.execute("PRAGMA max_page_count = 1000000").fetchall())
            await passes(clock, BACK_S)
            assert not life.waits
            assert len(await kept(life)) == filling + 1
            await passes(clock, 4 * QUIET_S)
            assert len(await life.diaries()) == 1
    assert "1 turns wait to be kept" in caplog.text


async def test_a_copy_that_cannot_be_made_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As on a disk that has become read-only."""
    clock = HandClock()
    async with alive(tmp_path, clock) as life:
        (tmp_path / copies.FOLDER).write_text("in its place")
        async with tended(life, clock):
            await passes(clock, 2 * QUIET_S)
            await tell(life, clock, "My cat is black.")
            await passes(clock, 2 * QUIET_S)
        assert await kept(life) == ["My cat is black."]
    assert "File exists" in caplog.text


@pytest.mark.parametrize("jump", [timedelta(hours=30), timedelta(hours=-30)], ids=["forward", "back"])
async def test_a_clock_that_jumps_loses_nothing_and_writes_each_diary_once(tmp_path: Path, jump: timedelta) -> None:
    clock = FakeClock()
    async with alive(tmp_path, clock) as life:
        for heard in ("My cat is black.", "My dog is brown."):
            await tell(life, clock, heard)
            clock.passed += jump.total_seconds()
        clock.passed -= 2 * jump.total_seconds()
        await tell(life, clock, "My horse is white.")
        clock.passed += 7 * 3600
        await life.rest(FakeWriter(diligent))
        assert await life.rest(FakeWriter(diligent)) == []
        assert len(await kept(life)) == 3
        assert len({each.conversation for each in await life.diaries()}) == len(await life.diaries()) == 3

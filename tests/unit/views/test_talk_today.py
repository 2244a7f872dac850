"""A page that comes later is shown what was said today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from digital_life.config import Memory as Settings
from digital_life.memory.life import Life
from digital_life.values import Reply, Timings, Transcript, Turn
from digital_life.views.talk import MOST, Today
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

DAY_S = 24 * 3600


async def test_the_latest_exchanges_of_today_the_oldest_first(tmp_path: Path) -> None:
    clock = FakeClock(datetime(2026, 11, 2, 10, 0, tzinfo=UTC))

    async def told(heard: str) -> None:
        clock.passed += 60
        await life.remember(Turn(1, clock.now(), None, Transcript(heard, "en", 0.9), Reply("I see."), Timings()))

    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings(), names=[]) as life,
    ):
        today = Today(lambda: life)
        assert await today() == ()
        await told("yesterday")
        clock.passed += DAY_S
        assert await today() == ()
        for number in range(MOST + 5):
            await told(f"line {number}")
        turns = await today()
        assert [turn.heard for turn in turns] == [f"line {number}" for number in range(5, MOST + 5)]
        assert turns[0].said == "I see."
        assert turns[0].timings is None
        assert datetime.fromisoformat(turns[0].began).date() == clock.now().date()

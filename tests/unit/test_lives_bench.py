"""`scripts/bench lives` plays a night as it would be."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benches import lives, night
from benches.endpoint import Endpoint, written
from benches.night import NightClock, NightLoop, NightWorker
from digital_life.memory.records import PastTurn
from digital_life.memory.scribe import Scribe
from digital_life.values import Message

BEGAN = datetime(2026, 11, 22, tzinfo=UTC)
NIGHT_S = 8 * 3600.0


class Served:
    """A Writer that the bench's server writes for, without the wire."""

    async def compose(
        self,
        messages: Sequence[Message],
        *,
        grammar: str,
        tokens: int,  # noqa: ARG002 - the port
        temperature: float = 0.0,  # noqa: ARG002
    ) -> str:
        asked = [{"role": each.role.value, "content": each.text} for each in messages]
        return written({"messages": asked, "structured_outputs": {"grammar": grammar}})


def test_a_night_takes_no_time_but_that_of_its_work() -> None:
    async def sleep(loop: NightLoop) -> datetime:
        clock = NightClock(BEGAN, loop)
        async with NightWorker("work", loop) as worker:
            await asyncio.gather(*(clock.sleep(NIGHT_S) for _ in range(100)))
            await worker.run(lambda: time.sleep(0.01))
        return clock.now()

    began = time.monotonic()
    assert (night.run(sleep) - BEGAN).total_seconds() == pytest.approx(NIGHT_S)
    assert time.monotonic() - began < NIGHT_S / 100


def test_a_job_that_takes_long_does_not_let_the_night_pass() -> None:
    async def work(loop: NightLoop) -> float:
        async with NightWorker("work", loop) as worker, asyncio.timeout(5):
            await worker.run(lambda: time.sleep(0.05))
        return loop.time()

    assert night.run(work) < 1


async def test_what_its_server_writes_a_diary_believes() -> None:
    scribe = Scribe(Served(), "en")
    for number, (heard, said) in enumerate(lives.talks()[0], 1):
        turn = PastTurn(number, 1, BEGAN, "en", heard, said)
        told = await scribe.notes(turn)
        assert [each for each in told if each.text != scribe.said(turn)]
    assert await scribe.mood([turn])
    assert not await scribe.replaces(told[0], told[0])


@pytest.mark.parametrize("hours", [0.0, 5.0])
def test_every_life_has_its_diary_in_the_morning(tmp_path: Path, hours: float) -> None:
    asyncio.run(lives.told(tmp_path, 8))
    found = lives.slept(tmp_path, Endpoint(slots=1, queue=2, seconds=(20.0,)), hours, patient=True)
    assert (found.kept, found.extracts) == (8, 0)
    assert found.writing == 0
    assert found.endpoint.most <= 3
    if hours:
        assert found.most_writing < 8
        assert found.done[-1] > 3600
    else:
        assert found.endpoint.refused > 0
        assert found.endpoint.waits

"""`digital-life memory facts|explain|plot`, on a life told in two languages."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digital_life import words
from digital_life.commands import looking
from digital_life.config import Memory, Settings
from digital_life.context import Context
from digital_life.errors import UsageError
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.life import Life
from digital_life.values import Language
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOLD = [
    "I drive a red Honda Civic.",
    "The weather is lovely.",
    "I am allergic to peanuts.",
    "今天我很累。",
    "I sold the Civic and have a Tesla now.",
]
CLOCK = FakeClock(BEGAN + timedelta(days=40))


@pytest.fixture
async def life(tmp_path: Path) -> AsyncGenerator[Life]:
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=CLOCK, settings=Memory()) as life,
    ):
        days = [BEGAN + n * timedelta(days=1) for n in range(len(TOLD))]
        await life.take_in(
            Foreign(tuple(Talk(day, day, ((day, text, "I see."),)) for day, text in zip(days, TOLD, strict=True)))
        )
        yield life


def context(home: Path, language: Language = "en") -> Context:
    return Context(Settings(), home, home, CLOCK, words.load(language), debug=False)


def options(question: str = "", **others: object) -> argparse.Namespace:
    return argparse.Namespace(**{"question": question, "json": False, "person": None, **others})


@pytest.mark.parametrize("question", ["", "What car do I drive?"])
async def test_what_changed_is_listed_with_its_time(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path, question: str
) -> None:
    assert await looking.facts(options(question), context(tmp_path), life) == 0
    old, new = capsys.readouterr().out.splitlines()
    assert old == f"2026-01-05 to 2026-01-09  {TOLD[0]}  [1]  replaced by turn 5"
    assert new == f"2026-01-09 to now  {TOLD[4]}  [5]"
    await looking.facts(options(question, json=True), context(tmp_path), life)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["sources"], each["superseded_by"]) for each in told] == [([1], 5), ([5], None)]
    assert told[0]["valid_to"] == told[1]["valid_from"] == "2026-01-09T09:00:00+00:00"


async def test_where_nothing_changed_that_is_said(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path
) -> None:
    await looking.facts(options("How is the weather?"), context(tmp_path), life)
    assert "Nothing is known" in capsys.readouterr().out


async def test_a_person_sees_why(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert await looking.explain(options("What car do I drive?"), context(tmp_path), life) == 0
    shown = capsys.readouterr().out
    assert "took the place of turn 1" in shown
    assert "held until 2026-01-09; then turn 5" in shown
    await looking.explain(options("What am I allergic to?"), context(tmp_path), life)
    assert "does not fade" in capsys.readouterr().out
    await looking.explain(options("What car do I drive?"), context(tmp_path, "zh"), life)
    assert "取代了第 1 轮" in capsys.readouterr().out


async def test_a_machine_sees_why_and_the_days_that_are_meant(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path
) -> None:
    await looking.explain(options("What did I say on 5 January 2026?", json=True), context(tmp_path), life)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0]["ref"] == 1
    assert told[0]["days"]["first"] == "2026-01-05"
    assert told[0]["reasons"]["day"] > 0
    assert told[0]["total"] >= told[-1]["total"]


async def test_a_picture_is_drawn(capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path) -> None:
    out = tmp_path / "life.png"
    assert await looking.plot(options(out=out, days=None), context(tmp_path, "zh"), life) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert str(out) in capsys.readouterr().out


async def refused(life: Life, home: Path, out: Path, days: int) -> str:
    with pytest.raises(UsageError) as error:
        await looking.plot(options(out=out, days=days), context(home), life)
    return error.value.key


async def test_what_cannot_be_drawn_says_why(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await refused(life, tmp_path, tmp_path / "x.png", 0) == "plot-days"
    assert await refused(life, tmp_path, tmp_path / "no" / "x.png", 9) == "plot-unwritable"
    monkeypatch.delitem(sys.modules, "digital_life.backends.graphs")
    monkeypatch.delattr("digital_life.backends.graphs")
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert await refused(life, tmp_path, tmp_path / "x.png", 9) == "plot-missing"

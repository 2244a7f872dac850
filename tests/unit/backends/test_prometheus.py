"""Numbers for Prometheus, and the board that shows them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from digital_life import config
from digital_life.backends.prometheus import Measured, Numbers, served
from digital_life.broadcast import InRoom
from digital_life.errors import WebError
from digital_life.values import Reply, State, Timings, Transcript, Turn, WakeHeard, Written

DOCS = Path(__file__).resolve().parents[3] / "docs"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MEASURED = Measured(
    resident_bytes=7,
    disk_free_bytes=8,
    database_bytes={"": 9},
    rows={("", "turns"): 3},
    waiting={"memory": 2},
    restarts={"model": 1},
    backup_made=5.0,
)


def turn(*, failed: bool = False) -> Turn:
    timings = Timings(stt=200.0, first_audio=1200.0)
    return Turn(1, NOON, None, Transcript("My word is xylophane.", "en", 1.0), Reply("I see."), timings, failed=failed)


def value(numbers: Numbers, name: str, **labels: str) -> float | None:
    return numbers.registry.get_sample_value(f"digital_life_{name}", labels)


def test_turns_are_counted_by_how_they_came_and_ended() -> None:
    numbers = Numbers()
    for event in (turn(), InRoom("kitchen", turn()), Written(turn(failed=True))):
        numbers.hear(event)
    assert value(numbers, "turns_total", how="spoken", language="en", outcome="whole") == 2
    assert value(numbers, "turns_total", how="written", language="en", outcome="failed") == 1
    assert value(numbers, "stage_seconds_count", stage="stt") == 3
    assert value(numbers, "stage_seconds_bucket", stage="first_audio", le="1.0") == 0
    assert value(numbers, "stage_seconds_bucket", stage="first_audio", le="1.5") == 3
    assert value(numbers, "stage_seconds_count", stage="endpoint") is None


def test_one_state_at_a_time_that_of_the_room_where_it_stands() -> None:
    numbers = Numbers()
    for event in (State.LISTENING, State.THINKING, InRoom("kitchen", State.SPEAKING)):
        numbers.hear(event)
    assert value(numbers, "state", state="thinking") == 1
    assert value(numbers, "state", state="listening") == 0
    assert value(numbers, "state", state="speaking") == 0


def test_restarts_only_grow() -> None:
    numbers = Numbers()
    for count in (1, 1, 3):
        numbers.take(Measured(resident_bytes=7, disk_free_bytes=8, restarts={"model": count}))
    assert value(numbers, "part_restarts_total", worker="model") == 3


async def test_they_are_served_without_a_word_of_the_talk() -> None:
    numbers = Numbers()
    numbers.hear(turn())
    numbers.hear(WakeHeard("hey_jarvis", 0.97, 0))
    numbers.take(MEASURED)
    async with served(numbers, config.Metrics(port=0)) as port, httpx.AsyncClient() as client:
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'digital_life_wakings_total{phrase="hey_jarvis"} 1.0' in text
    assert 'digital_life_memory_rows{kind="turns",life=""} 3.0' in text
    assert "xylophane" not in text
    assert "I see" not in text


async def test_a_port_that_is_taken_is_said() -> None:
    async with served(Numbers(), config.Metrics(port=0)) as port:
        with pytest.raises(WebError, match=str(port)):
            async with served(Numbers(), config.Metrics(port=port)):
                pass


def test_every_metric_of_the_board_and_of_the_page_exists() -> None:
    numbers = Numbers()
    numbers.hear(turn())
    there = {sample for family in numbers.registry.collect() for sample in _names(family.name, family.type)}
    for file in ("grafana-board.json", "metrics.md"):
        named = set(re.findall(r"\bdigital_life_\w+", (DOCS / file).read_text(encoding="utf-8")))
        assert named, file
        assert named <= there, file
    told = set(re.findall(r"\bdigital_life_\w+", (DOCS / "metrics.md").read_text(encoding="utf-8")))
    assert {min(_names(family.name, family.type), key=len) for family in numbers.registry.collect()} <= told


def _names(name: str, kind: str) -> set[str]:
    match kind:
        case "counter":
            return {f"{name}_total"}
        case "histogram":
            return {name, f"{name}_bucket", f"{name}_sum", f"{name}_count"}
        case _:
            return {name}

"""The metrics, put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import httpx
import pytest

from digital_life import config, words
from digital_life.backends import backup_notes
from digital_life.backends.backup_notes import BackupNote
from digital_life.broadcast import Broadcast
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.measuring import measured, open_metrics
from digital_life.memory.life import Life
from digital_life.values import State
from digital_life.worker import Worker
from fakes.embedder import FakeEmbedder
from fakes.mosquitto import free_port


def context(home: Path, *changes: str) -> Context:
    settings = config.load(None, [f"metrics.{each}" for each in changes])
    return Context(settings, home, home, SystemClock(), words.load("en"), debug=False)


@pytest.fixture
async def life(tmp_path: Path) -> AsyncGenerator[Life]:
    async with Worker("memory") as worker:
        opening = Life.open(
            tmp_path, worker=worker, embedder=FakeEmbedder, clock=SystemClock(), settings=config.Memory()
        )
        async with opening as opened:
            yield opened


async def test_what_it_takes_and_holds_is_measured(life: Life, tmp_path: Path) -> None:
    backup_notes.write(tmp_path, BackupNote(made="2026-11-21T12:00:00+00:00", failure="the stick is not there"))
    found = await measured(context(tmp_path), {"": life})
    assert found.resident_bytes > 1e7
    assert found.disk_free_bytes > 0
    assert found.database_bytes[""] > 0
    assert found.rows["", "turns"] == 0
    assert found.waiting["memory"] == 0
    assert found.backup_made == 1795262400
    assert found.backup_failing


async def test_they_are_served_while_it_runs_and_not_after(life: Life, tmp_path: Path) -> None:
    port, broadcast = free_port(), Broadcast()
    address = f"http://127.0.0.1:{port}/metrics"
    async with httpx.AsyncClient() as client:
        async with open_metrics(context(tmp_path, "enabled=true", f"port={port}"), {"": life}, broadcast):
            broadcast.publish(State.LISTENING)
            async with asyncio.timeout(20):
                while "digital_life_memory_rows{" not in (text := (await client.get(address)).text):
                    await asyncio.sleep(0.05)
            assert 'digital_life_state{state="listening"} 1.0' in text
        with pytest.raises(httpx.ConnectError):
            await client.get(address)


async def test_without_being_asked_nothing_is_served_and_a_taken_port_ends_nothing(
    life: Life, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    async with (
        open_metrics(context(tmp_path, f"port={port}"), {"": life}, Broadcast()),
        await asyncio.start_server(lambda *_: None, "127.0.0.1", port),
        open_metrics(context(tmp_path, "enabled=true", f"port={port}"), {"": life}, Broadcast()),
    ):
        assert "choose another metrics.port" in caplog.text

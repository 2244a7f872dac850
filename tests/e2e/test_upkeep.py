"""The installed daemon looks after itself: it counts what it does, and makes its backup while nobody talks."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
from daemon_process import IDLE, SPEAKING, daemon
from soundcard import SoundCard
from test_memory_commands import run

from fakes.mosquitto import free_port

BACKUP_S = 150.0
"""A minute of quiet, and what a busy machine takes."""


async def test_it_counts_what_it_does_and_makes_its_backup_when_nobody_talks(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    port, home, stick, secret = free_port(), tmp_path / "home", tmp_path / "stick", tmp_path / "secret"
    secret.write_text("correct horse\n")
    settings = (
        *("metrics.enabled=true", f"metrics.port={port}", "conversation.follow_up_s=1"),
        *(f"backup.target={stick}", f"backup.passphrase_file={secret}"),
    )
    async with daemon(soundcard.environment, home, *settings) as it:
        line = await it.until(IDLE)
        it.type("My cat is called Mimi.")
        line = await it.until(SPEAKING, after=line)
        await it.until(IDLE, after=line)
        async with httpx.AsyncClient() as client:
            counted = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
        assert 'digital_life_turns_total{how="spoken",language="en",outcome="whole"} 1.0' in counted
        assert 'digital_life_stage_seconds_count{stage="first_audio"} 1.0' in counted
        assert "Mimi" not in counted
        async with asyncio.timeout(BACKUP_S):
            while not list(stick.glob("*.age")):
                await asyncio.sleep(0.5)
        assert await it.stop() < 5
    new = tmp_path / "new"
    run(new, "--set", f"backup.passphrase_file={secret}", "restore", str(stick))
    assert "Mimi" in run(new, "memory", "search", "What is my cat called?")

"""A start with the real models: it can be stopped at any moment, and what is said before it can answer is not lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from daemon_process import IDLE, SPEAKING, THINKING, WAIT_S, daemon
from soundcard import SoundCard

from digital_life.memory import waiting

STARTING = "[starting"
GONE_S = 5.0


@pytest.mark.parametrize("after_s", [0.0, 1.0, 2.5, 4.0])
async def test_it_leaves_while_it_is_loading(soundcard: SoundCard, tmp_path: Path, after_s: float) -> None:
    async with daemon(soundcard.environment, tmp_path) as it:
        await it.until(STARTING)
        await asyncio.sleep(after_s)
        assert await it.stop() < GONE_S


async def test_what_is_typed_while_it_is_loading_is_on_the_disk_and_answered_after_a_loss_of_power(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    """The power goes as soon as it is kept; the second time it does not, and the question is answered."""
    async with daemon(soundcard.environment, tmp_path) as it:
        it.type("My cat is called Tom.")
        await it.until(THINKING)
        async with asyncio.timeout(WAIT_S):
            while not (tmp_path / waiting.FILE).exists():
                await asyncio.sleep(0.01)
    async with daemon(soundcard.environment, tmp_path, "conversation.follow_up_s=0") as it:
        it.type("What is my cat called?")
        line = await it.until(THINKING)
        line = await it.until(SPEAKING, after=line)
        await it.until(IDLE, after=line)
        await it.stop()
    assert not (tmp_path / waiting.FILE).exists()

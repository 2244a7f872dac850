"""What was put into the agenda rings in the running daemon, and somebody says that it was heard."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from daemon_process import IDLE, LISTENING, PROGRAM, SPEAKING, daemon, load, say
from soundcard import SoundCard

SETTINGS = ("wake.words=[{model = 'hey_jarvis'}]",)
TRIES = 5
"""A machine that is busy garbles the thanks now and then; then it rings again, as it should."""
REMINDERS = {"en": ("in one second call Ada", "Thank you."), "zh": ("一秒钟后给妈妈打电话", "好的，谢谢你。")}


def agenda(home: Path, *words: str) -> list[str]:
    done = subprocess.run(
        [str(PROGRAM), "--home", str(home), "agenda", *words], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_reminder_rings_until_somebody_has_thanked_for_it(
    soundcard: SoundCard, tmp_path: Path, language: str
) -> None:
    reminder, thanks = REMINDERS[language]
    agenda(tmp_path / "home", "add", reminder)
    said = say(thanks, tmp_path / "thanks.wav")
    async with daemon(
        soundcard.environment, tmp_path / "home", *SETTINGS, "agenda.again_after_s=3", "agenda.again_most=9"
    ) as it:
        with soundcard.record(tmp_path / "rung.wav") as rung:
            listening = await it.until(LISTENING, after=await it.until(SPEAKING))
        assert np.abs(load(rung)).max() > 0.05
        for _ in range(TRIES):
            await asyncio.to_thread(soundcard.play, said)
            idle = await it.until(IDLE, after=listening)
            if not agenda(tmp_path / "home", "--json"):
                break
            listening = await it.until(LISTENING, after=await it.until(SPEAKING, after=idle))
        assert agenda(tmp_path / "home", "--json") == []
        await it.stop()


async def test_what_is_not_heard_rings_again(soundcard: SoundCard, tmp_path: Path) -> None:
    agenda(tmp_path / "home", "add", "in one second call Ada")
    async with daemon(soundcard.environment, tmp_path / "home", *SETTINGS, "agenda.again_after_s=5") as it:
        first = await it.until(SPEAKING)
        silent = await it.until(IDLE, after=first)
        await it.until(SPEAKING, after=silent)
        (line,) = agenda(tmp_path / "home", "--json")
        assert json.loads(line)["state"] == "ringing"
        await it.stop()

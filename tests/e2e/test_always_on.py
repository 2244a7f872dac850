"""A day with it: muted and not, a talk that stays open, asked why it woke."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import numpy as np
from daemon_process import IDLE, LISTENING, MUTED, PROGRAM, SPEAKING, THINKING, daemon, load, say, spoken
from soundcard import SoundCard

from digital_life.backends.wakenotes import read
from digital_life.values import Waking


async def command(home: Path, *arguments: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run, [str(PROGRAM), "--home", str(home), *arguments], capture_output=True, check=True
    )
    return str(done.stdout.decode())


async def test_while_it_is_muted_it_hears_nothing_also_after_a_restart(
    soundcard: SoundCard, english: Path, data_dir: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    wish = say("Stop listening.", tmp_path / "wish.wav")
    told = spoken(tmp_path / "told.wav", data_dir / "speech" / "hey_jarvis.wav", 0.6, wish, 0.2)
    async with daemon(soundcard.environment, home) as it:
        line = await it.until(IDLE)
        with soundcard.record(tmp_path / "muting.wav") as tone:
            assert "Muted" in await command(home, "mute")
            line = await it.until(MUTED, after=line)
            await asyncio.sleep(1)
        assert np.abs(load(tone)).max() > 0.05
        await asyncio.to_thread(soundcard.play, english)
        await asyncio.sleep(1)
        assert it.has(LISTENING, after=line) is None
        await command(home, "mute", "off")
        line = await it.until(IDLE, after=line)
        await asyncio.sleep(0.5)
        await asyncio.to_thread(soundcard.play, told)
        line = await it.until(SPEAKING, after=line)
        await it.until(MUTED, after=line)
        assert await it.stop() < 5
    async with daemon(soundcard.environment, home) as it:
        await it.until(MUTED)
        assert it.has(IDLE) is None
        assert await it.stop() < 5


async def test_a_talk_stays_open_without_the_wake_word_until_good_night(
    soundcard: SoundCard, data_dir: Path, tmp_path: Path
) -> None:
    begin = spoken(
        tmp_path / "begin.wav",
        data_dir / "speech" / "hey_jarvis.wav",
        0.6,
        say("Let's talk.", tmp_path / "talk.wav"),
        0.2,
    )
    question = say("What is the capital of France?", tmp_path / "question.wav")
    night = say("Good night.", tmp_path / "night.wav")
    async with daemon(soundcard.environment, tmp_path / "home", "conversation.follow_up_s=1") as it:
        line = await it.until(IDLE)
        await asyncio.to_thread(soundcard.play, begin)
        for said in (question, night):
            line = await it.until(SPEAKING, after=line)
            line = await it.until(LISTENING, after=line)
            await asyncio.sleep(3)  # longer than it would listen otherwise
            await asyncio.to_thread(soundcard.play, said)
            line = await it.until(THINKING, after=line)
        await it.until(IDLE, after=line)
        assert await it.stop() < 5
    assert [each.waking for each in read(tmp_path / "home")] == [Waking.ANSWERED]

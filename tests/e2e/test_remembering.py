"""A fact told in one recording is known in another a week later."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest
from daemon_process import PROGRAM, daemon, say, spoken
from soundcard import SoundCard

STORIES = {
    "en": ("My sister is called Anna and she lives in London.", "Where does my sister live?", "London"),
    "zh": ("我最喜欢的水果是苹果。", "我最喜欢的水果是什么？", "苹果"),
}


def listen(home: Path, now: str, wav: Path, *settings: str) -> dict[str, str]:
    profile = os.environ.get("DIGITAL_LIFE_PROFILE", "small")  # `scripts/bench memory --story better`
    chosen = ("llm.temperature=0", f"models.profile={profile}", *settings)
    done = subprocess.run(
        [
            *(str(PROGRAM), "--home", str(home), "--now", now),
            *(part for setting in chosen for part in ("--set", setting)),
            *("listen", "--json", str(wav)),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    turn: dict[str, str] = json.loads(done.stdout)
    return turn


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_told_is_known_a_week_later(tmp_path: Path, data_dir: Path, language: str) -> None:
    told, asked, answer = STORIES[language]
    wake = data_dir / "speech" / "hey_jarvis.wav"
    first = spoken(tmp_path / "first.wav", wake, 0.6, say(told, tmp_path / "told.wav"), 0.5)
    second = spoken(tmp_path / "second.wav", wake, 0.6, say(asked, tmp_path / "asked.wav"), 0.5)
    home, persona = tmp_path / "home", f"persona.language={language}"
    heard = listen(home, "2026-11-01T10:00", first, persona)
    assert answer in heard["heard"]
    answered = listen(home, "2026-11-08T10:00", second, persona)
    assert answer in answered["reply"]


async def test_kill_9_loses_nothing_that_was_answered(soundcard: SoundCard, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with daemon(soundcard.environment, home) as it:
        line = await it.until("[waiting for its wake word]")
        it.type("My cat is called Tom.")
        line = await it.until("[speaking]", after=line)
        await it.until("[listening]", after=line)
    # Leaving the block killed it.
    command = (str(PROGRAM), "--home", str(home), "memory", "search", "cat")
    search = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await search.communicate()
    assert b"My cat is called Tom." in said

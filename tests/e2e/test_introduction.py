"""The very first start: it begins to talk by itself, hears the answers, and goes by them."""

from __future__ import annotations

import asyncio
import json
import tomllib
from pathlib import Path

import pytest
from daemon_process import IDLE, LISTENING, SPEAKING, daemon, say, spoken
from soundcard import SoundCard

INTRODUCES = "conversation.introduction=true"
ANSWERS = {
    "en": ("English, please.", "My name is Elizabeth.", "I will call you Max."),
    "zh": ("我们说中文吧。", "我叫李明。", "不用改名字。"),
}
TOPICS = ("language", "user", "name")
WRITTEN = {
    "en": {"language": "en", "user": "Elizabeth", "name": "Max"},
    "zh": {"language": "zh", "user": "李明", "name": "Jarvis"},
}
WAIT_S = 240.0
"""For the longest of what it says, in a voice that a busy machine makes slower than it is spoken."""


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_it_introduces_itself_and_keeps_what_it_learns(
    language: str, soundcard: SoundCard, data_dir: Path, tmp_path: Path
) -> None:
    said = [
        spoken(tmp_path / f"answer-{n}.wav", 0.3, say(answer, tmp_path / f"said-{n}.wav"), 0.5)
        for n, answer in enumerate(ANSWERS[language])
    ]
    wake = spoken(tmp_path / "wake.wav", 0.3, data_dir / "speech" / "hey_jarvis.wav", 0.5)
    home = tmp_path / "home"
    async with daemon(soundcard.environment, home, INTRODUCES) as it:
        line = await it.until(SPEAKING, wait_s=WAIT_S)
        for answer, topic in zip(said, TOPICS, strict=True):
            for _ in range(3):  # a person who was misheard says it again
                line = await it.until(LISTENING, after=line, wait_s=WAIT_S)
                await asyncio.to_thread(soundcard.play, answer)
                line = await it.until(SPEAKING, after=line, wait_s=WAIT_S)
                if topic not in left(home):
                    break
        for _ in range(3):
            line = await it.until(IDLE, after=line, wait_s=WAIT_S)  # where the wake word wakes it, and is no answer
            await asyncio.to_thread(soundcard.play, wake)
            line = await it.until(SPEAKING, after=line, wait_s=WAIT_S)
            if "wake" not in left(home):
                break
        await it.until(LISTENING, after=line, wait_s=WAIT_S)
        assert await it.stop() < 5
    settings = tomllib.loads((home / "digital-life.toml").read_text(encoding="utf-8"))
    assert {"name": "Jarvis", **settings["persona"]} == WRITTEN[language]  # what is kept as it is need not be written
    assert left(home) == []
    async with daemon(soundcard.environment, home, INTRODUCES, "persona.language=en") as it:  # its states in English
        line = await it.until(IDLE)
        await asyncio.sleep(5)
        assert it.has(SPEAKING, after=line) is None


def left(home: Path) -> list[str]:
    """What is still to be asked."""
    note: dict[str, list[str]] = json.loads((home / "introduced").read_text(encoding="utf-8"))
    return note["left"]

"""What a life leaves on the disk: for its owner alone, and no sound that nobody asked it to keep."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_process import IDLE, PROGRAM, SPEAKING, daemon
from soundcard import SoundCard

from digital_life.backends.wakenotes import SOUNDS
from fakes.mosquitto import Mosquitto

LINES = (
    "My sister is called Anna.",
    "Set a timer for ten minutes.",
    "Put milk on the shopping list.",
    "Speak a bit quieter.",
    "You may use the internet for the weather.",
    "Good night.",
)
SOUND = (b"RIFF", b"OggS", b"fLaC", b"ID3")
"""How a file of sound begins."""


@pytest.fixture(autouse=True)
def everybody_may() -> Iterator[None]:
    """The worst that a system could set."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """What in it anybody but its owner may do anything with."""
    kept = [folder, *folder.rglob("*")]
    return [f"{each}: {each.stat().st_mode:o}" for each in kept if stat.S_IMODE(each.stat().st_mode) & 0o077]


def sounds(folder: Path) -> set[Path]:
    """Files of sound, and those that are large enough to be a second of it and say not what they are."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {each for each in files if each.read_bytes()[:4].startswith(SOUND) or each.suffix in {".pcm", ".raw"}}


async def live(soundcard: SoundCard, home: Path, spoken: Path, *settings: str) -> None:
    """Somebody speaks and types to it, with everything switched on that keeps something."""
    async with daemon(soundcard.environment, home, "conversation.follow_up_s=1", *settings) as it:
        line = await it.until(IDLE)
        await asyncio.to_thread(soundcard.play, spoken)
        line = await it.until(SPEAKING, after=line)
        line = await it.until(IDLE, after=line)
        for said in LINES:
            it.type(said)
            line = await it.until(SPEAKING, after=line)
            line = await it.until(IDLE, after=line)
        await it.stop()


def exported_to(home: Path, file: Path) -> None:
    subprocess.run([str(PROGRAM), "--home", str(home), "export", str(file)], check=True, timeout=60)


async def test_it_is_for_its_owner_alone_and_holds_no_sound(
    soundcard: SoundCard, english: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with Mosquitto() as broker:
        mqtt = ("mqtt.enabled=true", f"mqtt.port={broker.port}", "web.port=0", "proactive.enabled=true")
        await live(soundcard, home, english, *mqtt)
    assert (home / "life.db").is_file()
    assert (home / "wakes.jsonl").is_file()
    assert sounds(home) == set()
    assert open_to_others(home) == []
    exported = tmp_path / "kept" / "all.life"
    exported.parent.mkdir(mode=0o700)
    await asyncio.to_thread(exported_to, home, exported)
    assert open_to_others(exported.parent) == []
    assert open_to_others(home) == []


async def test_the_sound_that_was_asked_for_is_for_its_owner_alone_too(
    soundcard: SoundCard, english: Path, tmp_path: Path
) -> None:
    """And it would have been found above."""
    home = tmp_path / "home"
    await live(soundcard, home, english, "wake.keep_sound=true")
    assert {each.parent for each in sounds(home)} == {home / SOUNDS}
    assert open_to_others(home) == []

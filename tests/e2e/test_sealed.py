"""A sealed daemon: it is talked to, ended, started again, and remembers; nobody else reads a word of it."""

from __future__ import annotations

import json
from pathlib import Path

from daemon_process import IDLE, SPEAKING, Daemon, daemon
from soundcard import SoundCard
from test_memory_commands import run

TOLD = "My sister is called Anna and she lives in London."
SHOPPING = "Put ragwort on the shopping list."
ASKED = "Where does my sister live?"
ANSWER = "London"
START_S = 240.0
"""Until the models are loaded; a machine that tests other things too is slow."""
SECRETS = (b"called Anna", b"anna and", b"London", b"london", b"sister", b"ragwort")


def telling(home: Path) -> list[str]:
    """The files in which a word of what was said can be read."""
    files = [each for each in home.rglob("*") if each.is_file()]
    return [each.name for each in files if any(secret in each.read_bytes() for secret in SECRETS)]


async def say(it: Daemon, *lines: str) -> None:
    """One after the other, until each is answered."""
    here = await it.until(IDLE, wait_s=START_S)
    for line in lines:
        it.type(line)
        here = await it.until(SPEAKING, after=here)
        here = await it.until(IDLE, after=here)


async def test_what_was_said_is_remembered_over_a_restart_and_stands_in_no_file(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    home, key = tmp_path / "home", f"memory.key_file={tmp_path / 'key'}"
    settings = (key, "conversation.follow_up_s=1", "wake.keep_sound=true")
    assert "LOSES THE MEMORY" in run(home, "--set", key, "memory", "seal")
    async with daemon(soundcard.environment, home, *settings) as it:
        await say(it, TOLD, SHOPPING)
        assert telling(home) == []  # with its journal
        await it.stop()
    assert telling(home) == []
    async with daemon(soundcard.environment, home, *settings) as it:
        await say(it, ASKED)
        await it.stop()
    assert telling(home) == []
    run(home, "--set", key, "export", "--format", "memorybank", str(tmp_path / "memory.json"))
    (person,) = json.loads((tmp_path / "memory.json").read_text(encoding="utf-8")).values()
    turns = [turn for day in person["history"].values() for turn in day]
    assert [turn["query"] for turn in turns] == [TOLD, SHOPPING, ASKED]
    assert ANSWER in turns[-1]["response"]
    found = run(home, "--set", key, "memory", "search", "--json", "sister")
    assert ANSWER in json.loads(found.splitlines()[0])["text"]
    assert "memory.key_file" in run(home, "memory", "search", "sister", fails=True)


def test_a_life_of_before_is_sealed_carried_in_a_backup_and_opened_again(tmp_path: Path, data_dir: Path) -> None:
    home, kept, other = tmp_path / "home", tmp_path / "kept", tmp_path / "other"
    key = ("--set", f"memory.key_file={tmp_path / 'key'}")
    title = b"Silent Separation"
    kept.mkdir()
    run(home, "import", str(data_dir / "memory" / "memory_bank_en.json"), "--user", "Emily")
    stats = run(home, "memory", "stats")
    run(home, *key, "memory", "seal")
    assert not any(title in each.read_bytes() for each in home.rglob("*") if each.is_file())
    assert run(home, *key, "memory", "stats").split(",")[0] == stats.split(",")[0]
    run(home, *key, "backup", str(kept))
    assert not any(title in each.read_bytes() for each in kept.iterdir())
    assert "memory.key_file" in run(other, "restore", str(kept), fails=True)
    run(other, *key, "restore", str(kept))
    assert "Silent Separation" in run(other, *key, "memory", "search", "Silent Separation")
    assert not any(title in each.read_bytes() for each in other.rglob("*") if each.is_file())
    run(home, *key, "memory", "rekey", str(tmp_path / "new"))
    new = ("--set", f"memory.key_file={tmp_path / 'new'}")
    run(home, *new, "memory", "unseal")
    assert "Silent Separation" in run(home, "memory", "search", "Silent Separation")

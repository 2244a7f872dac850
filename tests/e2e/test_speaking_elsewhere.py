"""The installed command with voices, a recogniser and wake words of real Wyoming servers, and when these are killed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import soundfile
from daemon_process import PROGRAM
from wyoming_peers import NotHere, Peer, peer

VOICE = "en_US-joe-medium"


@pytest.fixture
def peers(models_dir: Path, tmp_path: Path) -> Iterator[dict[str, Peer]]:
    folders = {"piper": (models_dir / VOICE,), "whisper": (models_dir / "whisper-base",), "wake": ()}
    with ExitStack() as stack:
        try:
            yield {name: stack.enter_context(peer(name, tmp_path / name, *folder)) for name, folder in folders.items()}
        except NotHere as error:
            pytest.skip(str(error))


def command(peers: dict[str, Peer], models: Path, home: Path, *words: str | Path) -> list[str]:
    settings = (
        "models.profile=small",
        "conversation.introduction=false",
        "llm.temperature=0",
        "tts.server=wyoming",
        f"tts.wyoming.port={peers['piper'].port}",
        f"tts.wyoming.voice={VOICE}",
        "tts.wyoming.timeout_s=30",
        "speech_to_text.server=wyoming",
        f"speech_to_text.wyoming.port={peers['whisper'].port}",
        "speech_to_text.wyoming.timeout_s=60",
        "wake.server=wyoming",
        f"wake.wyoming.port={peers['wake'].port}",
        "wake.wyoming.timeout_s=20",
    )
    options = [part for each in settings for part in ("--set", each)]
    return [str(PROGRAM), "--home", str(home), "--models", str(models), *options, *map(str, words)]


def test_a_talk_by_servers_goes_on_here_when_they_are_killed(
    peers: dict[str, Peer], models_dir: Path, tmp_path: Path, english: Path
) -> None:
    again = tmp_path / "again.wav"
    again.write_bytes(english.read_bytes())
    listen = command(peers, models_dir, tmp_path / "home", "listen", "--realtime", "--json")
    with subprocess.Popen(
        [*listen, "--out", str(tmp_path / "out"), str(english), str(again)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    ) as process:
        assert process.stdout
        assert process.stderr
        first = json.loads(process.stdout.readline() or process.stderr.read())
        spoken, written = peers["piper"].logged, peers["whisper"].logged
        for each in peers.values():
            each.kill()
        rest, errors = process.communicate(timeout=240)
    second = json.loads(rest.splitlines()[0])

    assert "capital" in first["heard"]
    assert "capital" in written
    assert first["wake"]["phrase"] == "hey_jarvis"
    assert "Error" not in spoken
    assert "capital" in second["heard"]
    assert second["wake"]["phrase"] == "hey_jarvis"
    assert "Paris" in second["reply"]
    assert errors.count("takes over until the server answers again") == 3, errors


def test_say_speaks_there_and_when_the_server_is_gone_here(
    peers: dict[str, Peer], models_dir: Path, tmp_path: Path
) -> None:
    def say(name: str) -> tuple[float, str]:
        file = tmp_path / name
        words = ("say", "--out", file, "The quick brown fox jumps over the lazy dog.")
        done = subprocess.run(
            command(peers, models_dir, tmp_path / "home", *words), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return soundfile.info(str(file)).duration, done.stderr

    seconds, errors = say("there.wav")
    assert 1.5 < seconds < 5
    assert errors == ""
    peers["piper"].kill()
    seconds, errors = say("here.wav")
    assert 1.5 < seconds < 5
    assert "cannot be reached" in errors


def test_the_doctor_tells_how_they_do(peers: dict[str, Peer], models_dir: Path, tmp_path: Path) -> None:
    peers["wake"].kill()
    done = subprocess.run(
        command(peers, models_dir, tmp_path / "home", "doctor", "--json"), capture_output=True, text=True, check=False
    )
    found = {each["part"]: each for each in map(json.loads, done.stdout.splitlines())}
    assert found["voice server"]["health"] == "well", found["voice server"]
    assert found["recogniser server"]["health"] == "well", found["recogniser server"]
    assert found["wake service"]["health"] == "weak"
    assert "cannot be reached" in found["wake service"]["found"]

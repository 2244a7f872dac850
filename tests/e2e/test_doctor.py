"""The doctor on a machine that is well, and on one without sound."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from daemon_process import PROGRAM
from soundcard import SoundCard


def examine(soundcard: SoundCard, models: Path, *settings: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit status, and the finding on each part."""
    options = [part for setting in ("models.profile=small", *settings) for part in ("--set", setting)]
    done = subprocess.run(
        [str(PROGRAM), "--models", str(models), *options, "doctor", "--json"],
        env=soundcard.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {finding["part"]: finding for finding in findings}


def test_a_machine_that_is_well(soundcard: SoundCard, models_dir: Path) -> None:
    status, found = examine(soundcard, models_dir)
    assert status == 0, found
    assert {"machine", "llama.cpp", "microphone", "loudspeaker", "models", "wake words", "language model"} <= set(found)
    assert "lazy dog" in found["voice en"]["found"]
    assert "天气" in found["voice zh"]["found"]


def test_what_is_missing_is_told_with_what_to_type(soundcard: SoundCard, tmp_path: Path) -> None:
    soundcard.unplug()
    status, found = examine(soundcard, tmp_path, "llm.gpu_layers=20")
    assert status == 1
    assert found["microphone"]["health"] == "broken"
    assert "pulseaudio --start" in found["microphone"]["advice"]
    assert "models fetch" in found["models"]["found"]
    assert "docs/hardware.md" in found["llama.cpp"]["advice"]


def test_a_model_that_is_damaged_is_named_with_what_fetches_it(
    soundcard: SoundCard, models_dir: Path, tmp_path: Path
) -> None:
    for each in models_dir.iterdir():
        (tmp_path / each.name).symlink_to(each)
    for each in (tmp_path / "lock.json", tmp_path / "hey_jarvis"):
        each.unlink()
    shutil.copy(models_dir / "lock.json", tmp_path)
    shutil.copytree(models_dir / "hey_jarvis", tmp_path / "hey_jarvis")
    (network,) = (tmp_path / "hey_jarvis").glob("*.onnx")
    os.truncate(network, network.stat().st_size // 2)
    status, found = examine(soundcard, tmp_path)
    assert status == 1
    assert "models fetch hey_jarvis" in found["models"]["found"]
    shutil.copy(models_dir / "hey_jarvis" / network.name, network)
    assert examine(soundcard, tmp_path)[0] == 0

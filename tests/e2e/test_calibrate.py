"""The sound check in a room that is known, and the canceller of a real PulseAudio."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from daemon_process import IDLE, PROGRAM, daemon
from soundcard import SoundCard

SMALL = ("--set", "models.profile=small")


def digital_life(environment: Mapping[str, str], *arguments: str, said: str = "") -> tuple[int, str]:
    """Exit status, and what it printed."""
    done = subprocess.run(
        [str(PROGRAM), *arguments], env=environment, input=said, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


async def test_a_known_room_is_measured_and_the_daemon_starts_with_it(
    soundcard: SoundCard, models_dir: Path, tmp_path: Path
) -> None:
    soundcard.echo(level="-20dB", late_ms=400)
    home = ("--home", str(tmp_path), "--models", str(models_dir))
    status, printed = digital_life(soundcard.environment, *home, *SMALL, "doctor", "--calibrate", "--json")
    found = {finding["part"]: finding for finding in map(json.loads, printed.splitlines())}
    assert status == 0, found
    delay, level = map(int, re.findall(r"-?\d+ (?=ms|dB)", found["loudspeaker"]["found"])[:2])
    assert 400 < delay < 1000
    assert abs(level + 20) <= 1
    assert found["microphone"]["health"] == "well"
    assert str(tmp_path / "calibration.toml") in found["calibration"]["found"]

    shown = digital_life(soundcard.environment, *home, "config", "show")[1]
    told = re.search(r"echo_delay_ms = (\d+)", shown)
    assert told
    assert 200 < int(told[1]) < 900
    async with daemon(soundcard.environment, tmp_path) as it:
        await it.until(IDLE)
        assert await it.stop() < 5


def test_the_systems_canceller_is_set_up_once_and_undone(soundcard: SoundCard, tmp_path: Path) -> None:
    environment = {**soundcard.environment, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    file = tmp_path / "config" / "pulse" / "default.pa"

    def echo_cancel(*arguments: str, said: str = "") -> tuple[int, str]:
        return digital_life(environment, "--home", str(tmp_path), "doctor", "--echo-cancel", *arguments, said=said)

    def pactl(*arguments: str) -> str:
        return subprocess.run(["pactl", *arguments], env=environment, capture_output=True, text=True, check=True).stdout

    before = pactl("list", "short", "modules"), pactl("get-default-source"), pactl("get-default-sink")
    assert echo_cancel(said="no\n")[0] == 1
    assert not file.exists()
    for _ in range(2):
        assert echo_cancel("--yes")[0] == 0
        assert pactl("list", "short", "modules").count("module-echo-cancel") == 1
        assert file.read_text().count("module-echo-cancel") == 1
    assert pactl("get-default-source").strip() == "digital_life_microphone"
    assert pactl("get-default-sink").strip() == "digital_life_loudspeaker"
    for _ in range(2):
        assert echo_cancel("off", said="yes\n")[0] == 0
        assert (pactl("list", "short", "modules"), pactl("get-default-source"), pactl("get-default-sink")) == before
        assert not file.exists()


def test_without_a_sound_server_it_is_told(soundcard: SoundCard, tmp_path: Path) -> None:
    soundcard.unplug()
    home = ("--home", str(tmp_path))
    done = subprocess.run(
        [str(PROGRAM), *home, "doctor", "--echo-cancel", "--yes"],
        env=soundcard.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "pactl info" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_file_for_every_start_is_one_that_pulseaudio_reads(soundcard: SoundCard, tmp_path: Path) -> None:
    """The lines that are written are given to the server as they stand."""
    environment = {**soundcard.environment, "XDG_CONFIG_HOME": str(tmp_path)}
    digital_life(environment, "--home", str(tmp_path), "doctor", "--echo-cancel", "--yes")
    lines = (tmp_path / "pulse" / "default.pa").read_text().splitlines()
    digital_life(environment, "--home", str(tmp_path), "doctor", "--echo-cancel", "off", "--yes")
    commands = [line for line in lines if line.startswith(("load-module", "set-default"))]
    script = tmp_path / "script.pa"
    script.write_text("\n".join(("load-module module-null-sink sink_name=away", *commands)) + "\n")
    checked = subprocess.run(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=0", "-F", str(script)],
        env={**environment, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr

"""A sound card that is not there: a PulseAudio of our own with two null sinks, one behind each end of the air."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

RATE = 48_000
ALSA = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
"""PortAudio reaches PulseAudio through ALSA's plugin."""


class SoundCard:
    """What is played with `play` is heard by the microphone; what the loudspeaker plays can be recorded."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="sound-"))
        self._environment = {
            **os.environ,
            "HOME": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
            "PULSE_SERVER": f"unix:{self._folder}/pulse.sock",
            "PULSE_COOKIE": str(self._folder / "cookie"),
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
        }
        self._server: subprocess.Popen[bytes]

    @property
    def folder(self) -> Path:
        """Holds the server's socket and the settings of ALSA."""
        return self._folder

    @property
    def environment(self) -> dict[str, str]:
        """For a program that is to hear and speak here; its home is its own affair."""
        return {**self._environment, "HOME": os.environ.get("HOME", "/root")}

    def __enter__(self) -> Self:
        (self._folder / "asound.conf").write_text("</usr/share/alsa/alsa.conf>\n" + ALSA)
        self.plug()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.unplug()
        shutil.rmtree(self._folder, ignore_errors=True)

    def plug(self) -> None:
        """Put both devices there."""
        modules = (
            f"module-native-protocol-unix auth-anonymous=1 socket={self._folder}/pulse.sock",
            f"module-null-sink sink_name=speaker rate={RATE} channels=1",
            f"module-null-sink sink_name=air rate={RATE} channels=1",
            "module-remap-source source_name=microphone master=air.monitor",
        )
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit"),
                *("--log-target=stderr", "--log-level=error"),
                *(f"--load={module}" for module in modules),
            ],
            env=self._environment,
            stderr=subprocess.DEVNULL,
        )
        self._wait_for_server()
        self._control("set-default-sink", "speaker")
        self._control("set-default-source", "microphone")

    def unplug(self) -> None:
        """Both gone while they are open. Taking one away alone would make the server hand its streams to another."""
        self._server.kill()
        self._server.wait()
        (self._folder / "pulse.sock").unlink(missing_ok=True)

    def play(self, wav: Path) -> None:
        """Say `wav` into the microphone; returns when it is over."""
        subprocess.run(["paplay", "--device=air", str(wav)], env=self._environment, check=True)

    def share_the_air(self) -> None:
        """At full loudness, as in no room: both are in the same air. To be called before a program opens them."""
        self._control("set-default-sink", "air")

    def echo(self, *, level: str, late_ms: int = 60) -> None:
        """As in a room: the microphone hears the loudspeaker, so loud (as pactl writes it) and so much later."""
        loopback = ("module-loopback", "source=speaker.monitor", "sink=air", f"latency_msec={late_ms}")
        self._control("load-module", *loopback)
        listed = subprocess.run(
            ["pactl", "list", "short", "sink-inputs"], env=self._environment, capture_output=True, text=True, check=True
        )
        self._control("set-sink-input-volume", listed.stdout.split("\t")[0], level)

    @contextmanager
    def record(self, wav: Path) -> Iterator[Path]:
        """What the loudspeaker plays meanwhile, at 48 kHz."""
        recorder = subprocess.Popen(
            ["parecord", "--device=speaker.monitor", "--file-format=wav", f"--rate={RATE}", "--channels=1",
             "--latency-msec=20", str(wav)],
            env=self._environment,
        )  # fmt: skip
        time.sleep(0.5)  # until it runs
        try:
            yield wav
        finally:
            time.sleep(0.3)
            recorder.terminate()
            recorder.wait()

    def _wait_for_server(self) -> None:
        for _ in range(100):
            done = subprocess.run(["pactl", "info"], env=self._environment, capture_output=True, check=False)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise TimeoutError("PulseAudio does not answer")

    def _control(self, *command: str) -> None:
        subprocess.run(["pactl", *command], env=self._environment, check=True)

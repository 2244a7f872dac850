"""The echo canceller of the system, PulseAudio's or PipeWire's: how it is set up for every program, and undone."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from digital_life.errors import SoundError

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "digital_life_microphone"
SINK = "digital_life_loudspeaker"
MODULE = (
    "module-echo-cancel",
    f"source_name={SOURCE}",
    f"sink_name={SINK}",
    "aec_method=webrtc",
    "use_master_format=1",  # or music would be mono
    # It must not turn the microphone up and down; with the longer filter 30 dB more are taken out.
    'aec_args="analog_gain_control=0 digital_gain_control=0 extended_filter=1"',
)
PULSEAUDIO_FILE = "pulse/default.pa"
PULSEAUDIO_INCLUDE = ".include /etc/pulse/default.pa\n"
"""PulseAudio reads the user's file instead of the system's."""
BEGIN, END = "# digital-life: echo canceller\n", "# digital-life: end\n"
PULSEAUDIO_TEXT = f"""{BEGIN}.nofail
load-module {" ".join(MODULE)}
set-default-source {SOURCE}
set-default-sink {SINK}
{END}"""
PIPEWIRE_FILE = "pipewire/pipewire.conf.d/60-digital-life-echo-cancel.conf"
PIPEWIRE_TEXT = f"""# Written by `digital-life doctor --echo-cancel`; `--echo-cancel off` removes it.
context.modules = [
    {{   name = libpipewire-module-echo-cancel
        args = {{
            # It listens to what the default loudspeaker plays; nothing has to be played elsewhere.
            monitor.mode = true
            source.props = {{
                node.name = "{SOURCE}"
                node.description = "Microphone without echo"
                # Above every device: it becomes the default.
                priority.session = 3000
            }}
            aec.args = {{
                webrtc.gain_control = false
                webrtc.extended_filter = true
            }}
        }}
    }}
]
"""
PIPEWIRE_RESTART = "systemctl --user restart pipewire pipewire-pulse"


class Server(StrEnum):
    PULSEAUDIO = "PulseAudio"
    PIPEWIRE = "PipeWire"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done; without a file and commands: nothing."""

    server: Server
    file: Path | None
    """The file to write, None when it is right already."""
    text: str
    """What it will hold; empty: it goes."""
    commands: tuple[tuple[str, ...], ...]
    """For now; the file is for every start."""

    afterwards: str = ""
    """What a person has to type then: PipeWire reads its files when it begins, and that ends all sound for a moment."""

    @property
    def steps(self) -> list[str]:
        """As a person would do it."""
        file = [f"{'write' if self.text else 'rm'} {self.file}"] if self.file else []
        return file + [" ".join(command) for command in self.commands]


def running() -> Server:
    """The sound server of this person. Raises SoundError when there is none that can be asked."""
    said = _pactl("info")
    return Server.PIPEWIRE if "on PipeWire" in said else Server.PULSEAUDIO


def cancels() -> bool:
    """Whether the microphone that is the default one goes through this canceller."""
    try:
        return f"Default Source: {SOURCE}\n" in _pactl("info")
    except SoundError:
        return False


def plan(server: Server, folder: Path, *, on: bool) -> Plan:
    """What is left to do in the folder of the person's settings, and in the server that runs."""
    file = folder / (PIPEWIRE_FILE if server is Server.PIPEWIRE else PULSEAUDIO_FILE)
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    if server is Server.PIPEWIRE:
        new = PIPEWIRE_TEXT if on else ""
        afterwards = f"{PIPEWIRE_RESTART}; sleep 3; pactl set-default-source {SOURCE}" if on else PIPEWIRE_RESTART
        return Plan(server, None if new == old else file, new, commands=(), afterwards=afterwards)
    new = with_canceller(old) if on else without_canceller(old)
    commands = commands_for(_pactl("list", "short", "modules"), on=on)
    return Plan(server, None if new == old else file, new, commands)


def commands_for(modules: str, *, on: bool) -> tuple[tuple[str, ...], ...]:
    """What is to be typed, given PulseAudio's list of modules."""
    ours = [line.split("\t")[0] for line in modules.splitlines() if f"source_name={SOURCE}" in line]
    if not on:
        return tuple(("pactl", "unload-module", number) for number in ours)
    if ours:
        return ()
    return (
        ("pactl", "load-module", *MODULE),
        ("pactl", "set-default-source", SOURCE),
        ("pactl", "set-default-sink", SINK),
    )


def with_canceller(text: str) -> str:
    """PulseAudio's file of the person, with the canceller at its end."""
    return (without_canceller(text) or PULSEAUDIO_INCLUDE) + PULSEAUDIO_TEXT


def without_canceller(text: str) -> str:
    """The same without it; empty when nothing else is in it."""
    before, _, rest = text.partition(BEGIN)
    left = before + rest.partition(END)[2]
    return "" if left == PULSEAUDIO_INCLUDE else left


def carry_out(each: Plan) -> None:
    """Do it; the server first, for what it refuses is not written. Raises SoundError."""
    for command in each.commands:
        _pactl(*command[1:])
    if each.file is None:
        return
    try:
        if each.text:
            each.file.parent.mkdir(parents=True, exist_ok=True)
            each.file.write_text(each.text, encoding="utf-8")
        else:
            each.file.unlink()
    except OSError as error:
        raise SoundError("canceller-not-written", path=each.file, cause=error) from error


def _pactl(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["pactl", *arguments],
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
    except FileNotFoundError as error:
        raise SoundError("pactl-missing") from error
    except subprocess.SubprocessError as error:
        said = "; ".join(str(getattr(error, "stderr", None) or error).splitlines())
        raise SoundError("soundserver-refused", what=" ".join(arguments), cause=said) from error
    return done.stdout

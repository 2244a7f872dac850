"""What the sound check found best for this machine and its room: settings that lie beneath the user's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from digital_life import config
from digital_life.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "calibration.toml"
"""In the home folder."""
HEADER = "# Written by `digital-life doctor --calibrate`; what digital-life.toml says counts more.\n"

ON_TIME_MS = (20, 250)
"""The canceller finds an echo by itself that comes so late, and none that comes before it is told of it."""
TOLD_MS = 100
"""Where an echo is put that comes at another time: the sound card may be so much earlier or later tomorrow."""
LIKE_A_VOICE = 0.35
"""Share of a voice in a room's noise from which it might be taken for one."""
SURELY_A_VOICE = 0.75
"""From here on somebody speaks in it; no threshold helps."""
MARGIN = 0.15
UNLIKE = 0.3
"""A score below which its own voice is far from the wake word."""

Values = dict[str, dict[str, bool | int | float | str]]


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    measured: datetime
    input: str | int
    output: str | int
    """`audio.input` and `audio.output` when it was measured."""
    settings: Values


def decide(*, echo_ms: float | None, room_voice: float, own_wake: float | None, own_left: bool, system: bool) -> Values:
    """The settings that differ from the defaults.

    `echo_ms`: how late the echo is, None when there is none. `room_voice`: how like a voice the quiet room is.
    `own_wake`: the highest score of a wake word while it spoke itself, None when that is not known.
    `own_left`: whether its own voice could be told from the room. `system`: the system takes the echo out.
    """
    audio: dict[str, bool | int | float | str] = {}
    if system:
        audio["echo_cancellation"] = "system"
    elif echo_delay_ms(echo_ms):
        audio["echo_delay_ms"] = echo_delay_ms(echo_ms)
    values: Values = {"audio": audio, "wake": _wake(own_wake, own_left=own_left), "hearing": {}}
    if LIKE_A_VOICE <= room_voice < SURELY_A_VOICE:
        values["hearing"]["voice_threshold"] = round(room_voice + MARGIN, 2)
    return {table: keys for table, keys in values.items() if keys}


def echo_delay_ms(echo_ms: float | None) -> int:
    """`audio.echo_delay_ms` for an echo that comes so late after the sound card's own time."""
    if echo_ms is None or ON_TIME_MS[0] <= echo_ms <= ON_TIME_MS[1]:
        return 0
    return round(echo_ms) - TOLD_MS


def _wake(score: float | None, *, own_left: bool) -> dict[str, bool | int | float | str]:
    usual = config.Wake()
    if score is None:
        return {}
    if score < UNLIKE and not own_left:
        return {"own_voice_threshold": min(word.threshold for word in usual.words), "own_voice_frames": 1}
    if score + MARGIN > usual.own_voice_threshold:
        return {
            "own_voice_threshold": round(min(0.95, score + MARGIN), 2),
            "own_voice_frames": usual.own_voice_frames + 1,
        }
    return {}


def load(home: Path, audio: config.Audio) -> Values:
    """What was measured for the devices of `audio`; empty when nothing was. Raises ConfigError."""
    path = home / FILE
    try:
        kept = msgspec.toml.decode(path.read_bytes(), type=Calibration)
        config.load(None, under=kept.settings)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, ConfigError) as error:
        raise ConfigError("calibration-unreadable", path=path, cause=error) from error
    if (kept.input, kept.output) != (audio.input, audio.output):
        raise ConfigError("calibration-elsewhere", path=path)
    return kept.settings


def keep(home: Path, audio: config.Audio, values: Values, *, measured: datetime) -> Path:
    """Write them for the devices of `audio`; the file. Raises ConfigError."""
    path = home / FILE
    calibration = Calibration(measured, audio.input, audio.output, values)
    try:
        home.mkdir(parents=True, exist_ok=True)
        path.write_bytes(HEADER.encode() + msgspec.toml.encode(calibration))
    except OSError as error:
        raise ConfigError("calibration-unwritable", path=path, cause=error) from error
    return path


def forget(home: Path) -> None:
    (home / FILE).unlink(missing_ok=True)

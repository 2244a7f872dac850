"""What the sound check found best for this machine and its room: settings that lie beneath the user's own."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from digital_life import config
from digital_life.errors import ConfigError
from digital_life.hearing.ownvoice import CALLING
from digital_life.malformed import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

FILE = "calibration.toml"
"""In the home folder."""
HEADER = "# Written by `digital-life doctor --calibrate`; what digital-life.toml says counts more.\n"

ON_TIME_MS = (20, 250)
"""The canceller finds an echo by itself that comes so late, and none that comes before it is told of it."""
LATE_MS = 100
"""Where an echo is put that comes later: the sound card may be so much earlier or later tomorrow."""
EARLIEST_MS = -40
"""What is played is known no sooner: 60 ms before the sound card says that it is heard, a block at a time."""
LIKE_A_VOICE = 0.35
"""Share of a voice in a room's noise from which it might be taken for one."""
SURELY_A_VOICE = 0.75
"""From here on somebody speaks in it; no threshold helps."""
MARGIN = 0.15
Values = dict[str, dict[str, bool | int | float | str]]


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    measured: datetime
    input: str | int
    output: str | int
    """`audio.input` and `audio.output` when it was measured."""
    settings: Values


def decide(
    *, echo_ms: float | None, room_voice: float, calling: tuple[float, int], own_left: bool, system: bool
) -> Values:
    """The settings that differ from the usual ones.

    `echo_ms`: how late the echo is, None when there is none. `room_voice`: how like a voice the quiet room is.
    `calling`: the easiest of CALLING at which its own voice was no wake word. `own_left`: whether that voice could be
    told from the room. `system`: the system takes the echo out.
    """
    values: Values = {}
    if system:
        values["audio"] = {"echo_cancellation": "system"}
    elif told := echo_delay_ms(echo_ms):
        values["audio"] = {"echo_delay_ms": told}
    # One sample of its own voice proves little: the easiest is taken only when it hardly hears itself.
    if calling != CALLING[1] and not (calling == CALLING[0] and own_left):
        values["wake"] = {"own_voice_threshold": calling[0], "own_voice_frames": calling[1]}
    if LIKE_A_VOICE <= room_voice < SURELY_A_VOICE:
        values["hearing"] = {"voice_threshold": round(room_voice + MARGIN, 2)}
    return values


def echo_delay_ms(echo_ms: float | None) -> int:
    """`audio.echo_delay_ms` for an echo that comes so late after the sound card's own time."""
    earliest, latest = ON_TIME_MS
    if echo_ms is None or earliest <= echo_ms <= latest:
        return 0
    return round(echo_ms) - LATE_MS if echo_ms > latest else max(EARLIEST_MS, round(echo_ms) - earliest)


def load(home: Path, audio: config.Audio) -> Values:
    """What was measured for the devices of `audio`; empty when nothing was. Raises ConfigError."""
    path = home / FILE
    try:
        kept = msgspec.toml.decode(path.read_bytes(), type=Calibration)
        config.load(None, under=kept.settings)
    except FileNotFoundError:
        return {}
    except (OSError, ConfigError, *WRITTEN) as error:
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
    """The microphone is another one now."""
    (home / FILE).unlink(missing_ok=True)

"""What woke it and what nearly did, a line each in a file of the home folder."""

from __future__ import annotations

import io
import logging
import math
from pathlib import Path

import msgspec
import numpy as np
import soundfile

from digital_life.malformed import WRITTEN
from digital_life.ports import Clock
from digital_life.seal import Seal, shut
from digital_life.values import FRAME, RATE, WakeHeard, WakeMissed, WakeNote, Waking

log = logging.getLogger(__name__)

NAME = "wakes.jsonl"
SOUNDS = "wakes"
"""The folder of what was heard then, if that is kept."""
LARGEST_BYTES = 400_000
"""Of the file, some 2,500 notes: half a year of a busy room. Then the older half goes."""
KEPT_SOUNDS = 100
WOKEN = (Waking.ANSWERED, Waking.VAIN)
QUIETEST_DB = -96.0
"""Of 16 bits."""


class FileWakeNotes:
    """WakeNotes; a disk that is full keeps nobody from being heard."""

    def __init__(self, home: Path, *, clock: Clock, keep_sound: bool, seal: Seal | None = None) -> None:
        """`seal` shuts the sound, where there is one."""
        self._home = home
        self._seal = seal
        self._clock = clock
        self._keep_sound = keep_sound
        self._latest = next((each for each in reversed(read(home)) if each.waking in WOKEN), None)

    @property
    def latest(self) -> WakeNote | None:
        return self._latest

    def note(self, wake: WakeHeard | WakeMissed, waking: Waking) -> None:
        loudness = _loudest_db(wake.sound)
        note = WakeNote(self._clock.now(), wake.phrase, wake.score, wake.needed, loudness, waking)
        if waking in WOKEN:
            self._latest = note
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            _append(self._home / NAME, note)
            if self._keep_sound and wake.sound:
                _keep(self._home / SOUNDS, note, wake.sound, self._seal)
        except OSError as error:
            log.warning("the waking is not noted: %s", error)


def read(home: Path) -> list[WakeNote]:
    """All notes, the oldest first; a line that was cut short by a power failure is left out."""
    try:
        lines = (home / NAME).read_bytes().splitlines()
    except OSError:
        return []
    notes = []
    for line in lines:
        try:
            notes.append(msgspec.json.decode(line, type=WakeNote))
        except WRITTEN:
            continue
    return notes


def _append(path: Path, note: WakeNote) -> None:
    path.touch(mode=0o600)
    if path.stat().st_size > LARGEST_BYTES:
        lines = path.read_bytes().splitlines(keepends=True)
        shorter = path.with_suffix(".part")
        shorter.write_bytes(b"".join(lines[len(lines) // 2 :]))
        shorter.chmod(0o600)
        shorter.replace(path)
    with path.open("ab") as file:
        file.write(msgspec.json.encode(note) + b"\n")


def _keep(folder: Path, note: WakeNote, sound: bytes, seal: Seal | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    ending = ".wav.age" if seal else ".wav"
    path = folder / f"{note.at:%Y%m%d-%H%M%S-%f}-{note.phrase}-{note.waking}-{note.score:.2f}{ending}"
    written = io.BytesIO()
    soundfile.write(written, np.frombuffer(sound, dtype=np.int16), RATE, format="WAV")
    path.touch(mode=0o600)
    path.write_bytes(shut(written.getvalue(), seal))
    for old in sorted([*folder.glob("*.wav"), *folder.glob("*.wav.age")])[:-KEPT_SOUNDS]:
        old.unlink()


def _loudest_db(sound: bytes) -> float:
    heard = np.frombuffer(sound, dtype=np.int16).astype(np.float32) / 32768
    frames = heard[: len(heard) // FRAME * FRAME].reshape(-1, FRAME)
    loudest = float(np.sqrt((frames**2).mean(axis=1)).max(initial=0.0))
    return round(20 * math.log10(loudest), 1) if loudest > 10 ** (QUIETEST_DB / 20) else QUIETEST_DB

"""What a test of a room's device measured: how loud the room is, and when its own voice came back."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from digital_life.values import FRAME, LEVEL_LOWEST_DB, RATE, AudioFrame

LOUDER_DB: Final = 10.0
"""Than the room: so much louder is a voice beside the microphone."""
FRAME_S: Final = FRAME / RATE
LATEST_S: Final = 1.5
"""What is loud only after that is something else."""


@dataclass(frozen=True, slots=True)
class Level:
    """How loud it was, in decibels below full scale."""

    mean_db: float
    peak_db: float
    """Of the loudest 80 ms."""

    @property
    def silent(self) -> bool:
        """Whether nothing at all was heard: a microphone that is open is never so still."""
        return self.peak_db <= LEVEL_LOWEST_DB


@dataclass(frozen=True, slots=True)
class Echo:
    """Its own voice, as its microphone heard it."""

    after_s: float
    """From its sending on."""
    louder_db: float
    """Than the room, at the loudest."""


def level(frames: Sequence[AudioFrame]) -> Level:
    """Of one frame at least."""
    powers = [_power(each) for each in frames]
    return Level(_decibels(sum(powers) / len(powers)), _decibels(max(powers)))


def echo(frames: Sequence[AudioFrame], began: float, room: Level) -> Echo | None:
    """In `frames`, of what was sent from `began` on, in monotonic seconds; None where nothing came back."""
    needed = max(room.peak_db, LEVEL_LOWEST_DB + LOUDER_DB) + LOUDER_DB
    loud = [(each, _decibels(_power(each))) for each in frames if each.captured >= began]
    first = next((each for each, decibels in loud if decibels >= needed), None)
    if first is None or first.captured - began > LATEST_S:
        return None
    return Echo(max(0.0, first.captured - FRAME_S - began), max(decibels for _, decibels in loud) - room.mean_db)


def _power(frame: AudioFrame) -> float:
    """Mean square, of 32767."""
    samples = array("h", frame.pcm)
    return sum(each * each for each in samples) / max(1, len(samples))


def _decibels(power: float) -> float:
    return max(LEVEL_LOWEST_DB, 10 * math.log10(power / 32767**2)) if power else LEVEL_LOWEST_DB

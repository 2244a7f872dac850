"""What tells that the daemon lives, and which sign of it is too old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FRAMES_MOST_S = 30.0
"""Without a frame from an open microphone. One that is lost is given up after 3 s."""
MEMORY_MOST_S = 60.0
"""Of answers that are errors. A file that is damaged is replaced by its copy at the next start."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a thread is at."""

    thread: str
    busy_s: float
    most_s: float
    """Longer it never takes while all is well."""


@dataclass(frozen=True, slots=True)
class Vitals:
    frames_s: float
    """Seconds since the latest frame was heard; 0 where none is due: muted, deaf, or still beginning."""
    memory_s: float
    """Seconds for which the memory has answered with errors alone; 0 where it answers."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """One sign that is too old."""

    part: str
    seconds: float


def stale(vitals: Vitals) -> Sequence[Stale]:
    """All that is; nothing while it lives."""
    found = [Stale(step.thread, step.busy_s) for step in vitals.steps if step.busy_s > step.most_s]
    if vitals.frames_s > FRAMES_MOST_S:
        found.append(Stale("frames", vitals.frames_s))
    if vitals.memory_s > MEMORY_MOST_S:
        found.append(Stale("memory file", vitals.memory_s))
    return found

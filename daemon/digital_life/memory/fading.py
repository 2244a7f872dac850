"""How much of one memory was left in the mind over time, and how much will be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from digital_life.memory import forgetting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

STEPS = 32
"""Points between two recalls, denser where it fades fastest: enough for a smooth line."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What the file knows of how one turn or diary was remembered."""

    made: datetime
    strength: float
    """By now, in days."""
    recalled: datetime
    """Last recalled, or made."""
    recalls: tuple[datetime, ...]
    """Those by turns that are still known, the oldest first."""
    text: str
    lasting: bool = False
    """It does not fade."""
    kind: Literal["turn", "diary"] = "turn"
    ref: int = 0
    """Number of the turn or diary."""


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    left: float
    """0 to 1."""


def recalls(trace: Trace) -> tuple[datetime, ...]:
    """Those that made its strength: of one that was written anew, what was before it counts no more."""
    known = sorted(each for each in trace.recalls if trace.made <= each < trace.recalled)
    counted = round(trace.strength - forgetting.NEW)
    last = (trace.recalled,) if counted and trace.recalled > trace.made else ()
    earlier = known[-(counted - len(last)) :] if counted > len(last) else []
    return (*earlier, *last)


def left(trace: Trace, now: datetime) -> float:
    """How much of it there is then, after its last recall, 0 to 1."""
    return 1.0 if trace.lasting else forgetting.retention(trace.strength, trace.recalled, now)


def curve(trace: Trace, until: datetime) -> list[Point]:
    """From when it was made until then. A recall whose turn is forgotten shows in the strength alone."""
    told = recalls(trace)
    strength = trace.strength - len(told)
    moments = [trace.made, *told, max(until, trace.recalled)]
    points: list[Point] = []
    for begin, end in pairwise(moments):
        points += [Point(begin, 1.0), Point(end, 1.0)] if trace.lasting else _decay(begin, end, strength)
        strength = forgetting.recalled(strength)
    return points


def _decay(begin: datetime, end: datetime, strength: float) -> list[Point]:
    moments: Sequence[datetime] = [begin + (n / STEPS) ** 3 * (end - begin) for n in range(STEPS)] + [end]
    return [Point(each, forgetting.retention(strength, begin, each)) for each in moments]

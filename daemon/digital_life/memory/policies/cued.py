"""Cued recall: a memory comes back when the cue, the time and its consolidation make that probable enough.

Hou, Tamoto, Miyashita, "My agent understands me better: Integrating Dynamic Human-like Memory Recall and Consolidation
in LLM-Based Agents", CHI EA 2024 (arXiv:2404.00573): p_n(t) = [1 - exp(-r e^(-t / g_n))] / [1 - e^-1], g_0 = 1,
g_n = g_(n-1) + (1 - e^-t) / (1 + e^-t) with t the time since the recall before; recalled when p > 0.86. The relevance r
is a cosine there; as cosines of unrelated texts differ from embedder to embedder, r is calibrated here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.memory.recall import ALIKE, UNRELATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digital_life.memory.records import Hit

THRESHOLD = 0.86
NEW = 1.0
"""g_0: the consolidation of what was never recalled."""
UNIT = timedelta(days=365)
"""The paper names no unit of time; with a shorter one nothing older than a day is ever probable enough."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A memory and what a question makes of it."""

    turn: int
    probability: float
    """0 to 1, that it is recalled."""


def probability(relevance: float, elapsed: float, consolidation: float = NEW) -> float:
    """That a memory of this relevance (0 to 1) is recalled, `elapsed` units of time after the last recall."""
    return (1 - math.exp(-relevance * math.exp(-elapsed / consolidation))) / (1 - math.exp(-1))


def consolidated(consolidation: float, elapsed: float) -> float:
    """The consolidation after one more recall, `elapsed` units of time after the one before."""
    return consolidation + (1 - math.exp(-elapsed)) / (1 + math.exp(-elapsed))


def after(recalls: Iterable[float]) -> float:
    """The consolidation of a memory that was recalled after these spans of time, each since the one before."""
    result = NEW
    for elapsed in recalls:
        result = consolidated(result, elapsed)
    return result


def relevance(cosine: float, *, unrelated: float = UNRELATED, alike: float = ALIKE) -> float:
    """0 to 1, from the cosines that this embedder gives to texts with nothing in common and to question and answer."""
    return min(1.0, max(0.0, (cosine - unrelated) / (alike - unrelated)))


def cued(hits: Sequence[Hit], now: datetime, *, unit: timedelta = UNIT) -> list[Cue]:
    """Every turn, the most probable first; a life keeps how often a memory was recalled and when last."""
    found = [Cue(hit.ref, _probability(hit, now, unit)) for hit in hits if hit.kind == "turn"]
    return sorted(found, key=lambda cue: (-cue.probability, -cue.turn))


def recalled(cues: Iterable[Cue], *, threshold: float = THRESHOLD) -> list[Cue]:
    return [cue for cue in cues if cue.probability > threshold]


def _probability(hit: Hit, now: datetime, unit: timedelta) -> float:
    recalls = round(hit.strength - 1)  # each made the strength one larger
    elapsed = max(0.0, (now - hit.recalled) / unit)
    between = max(0.0, (hit.recalled - hit.when) / unit) / recalls if recalls else 0.0
    return probability(relevance(hit.cosine), elapsed, after([between] * recalls))

"""Cued recall: a memory comes back when the cue, the time and its consolidation make that probable enough.

Hou, Tamoto, Miyashita, "My agent understands me better: Integrating Dynamic Human-like Memory Recall and Consolidation
in LLM-Based Agents", CHI EA 2024 (arXiv:2404.00573): p_n(t) = [1 - exp(-r e^(-t / g_n))] / [1 - e^-1], g_0 = 1,
g_n = g_(n-1) + (1 - e^-t) / (1 + e^-t) with t the time since the recall before; recalled when p > 0.86. The relevance r
is a cosine there; as cosines differ from embedder to embedder, r is calibrated here (see `calibration`). The life keeps
how often a memory was recalled and when last: the recalls between are taken to lie evenly.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.memory import calibration, forgetting
from digital_life.memory.policies.own import Own
from digital_life.memory.recall import Judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digital_life.memory.calibration import Scale
    from digital_life.memory.dates import Span
    from digital_life.memory.policies.own import Held
    from digital_life.memory.records import Hit

THRESHOLD = 0.86
NEW = 1.0
"""g_0: the consolidation of what was never recalled."""


class Cued(Own):
    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:  # noqa: ARG002 - by the cue alone
        unit = timedelta(hours=held.settings.cued_unit_hours)
        return cued(
            held.store.index.search(question),
            held.now,
            calibration.scale(held.store.meanings.searched_by, question),
            unit=unit,
        )

    def unasked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        return [each for each in self.ranked(held, question, span) if each.score > THRESHOLD]


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


def cued(hits: Sequence[Hit], now: datetime, scale: Scale, *, unit: timedelta) -> list[Judged]:
    """All of them, the most probable first, those that the cue does not reach by nearness; the score is p."""
    found = [_judged(hit, now, scale, unit) for hit in hits]
    return sorted(found, key=lambda each: (-each.score, -each.hit.cosine, -each.hit.id))


def _judged(hit: Hit, now: datetime, scale: Scale, unit: timedelta) -> Judged:
    elapsed = max(0.0, (now - hit.recalled) / unit)
    found = probability(scale.relevance(hit.cosine), elapsed, _consolidation(hit, unit))
    return Judged(hit, found, certain=found)


def _consolidation(hit: Hit, unit: timedelta) -> float:
    recalls = round(hit.strength - forgetting.NEW)  # each made the strength one larger
    between = max(0.0, (hit.recalled - hit.when) / unit) / recalls if recalls else 0.0
    return after([between] * recalls)

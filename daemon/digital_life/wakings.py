"""What the wakings of late tell about a wake word's threshold."""

from __future__ import annotations

import itertools
import statistics
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from digital_life.values import Waking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digital_life.values import WakeNote

LATELY = timedelta(days=30)
AGAIN = timedelta(seconds=8)
"""Who has to call twice does so this soon."""
ENOUGH = 3
"""Of the same kind: one may be chance."""
LOWEST, HIGHEST = 0.3, 0.95
"""Thresholds that are advised."""
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Wakings:
    """How often something woke it, or nearly did."""

    answered: int
    vain: int
    near: int
    doubted: int


def count(notes: Iterable[WakeNote]) -> Wakings:
    kinds = [each.waking for each in notes]
    return Wakings(*(kinds.count(kind) for kind in (Waking.ANSWERED, Waking.VAIN, Waking.NEAR, Waking.DOUBTED)))


def lately(notes: Iterable[WakeNote], now: datetime) -> list[WakeNote]:
    return [each for each in notes if now - each.at <= LATELY]


def better_threshold(notes: Sequence[WakeNote], phrase: str, threshold: float) -> float | None:
    """A lower one where people had to call twice, a higher one where it often woke in vain; None where it is right."""
    of_word = [each for each in notes if each.phrase == phrase]
    missed = _called_twice(of_word)
    vain = [each.score for each in of_word if each.waking is Waking.VAIN]
    answered = [each.score for each in of_word if each.waking is Waking.ANSWERED]
    if len(missed) >= ENOUGH and len(missed) > len(vain):
        better = max(LOWEST, _down(min(missed)))
        return better if better < threshold else None
    if len(vain) >= ENOUGH and len(vain) > len(answered) / 2:
        better = min([HIGHEST, _down(statistics.median(vain)) + STEP, *map(_down, answered)])
        return round(better, 2) if better > threshold else None
    return None


def _called_twice(notes: Sequence[WakeNote]) -> list[float]:
    """Scores of near misses that were followed by a waking at once."""
    return [
        near.score
        for near, then in itertools.pairwise(notes)
        if near.waking is Waking.NEAR and then.waking is Waking.ANSWERED and then.at - near.at <= AGAIN
    ]


def _down(score: float) -> float:
    """To a whole step."""
    return round(score // STEP * STEP, 2)

"""Figures: median and 95th percentile of what was measured, errors in words or characters, and budgets."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report."""

    name: str
    value: float
    unit: str
    p95: float | None = None
    """None where there is but one measurement."""
    budget: float | None = None
    """What the value may be at most; None where nothing was promised."""
    note: str = ""
    values: tuple[float, ...] = field(default=(), repr=False)
    """All that was measured, for a plot; empty where there is but the one."""

    @property
    def within(self) -> bool:
        return bool(self.budget is None or self.value <= self.budget)


def spread(name: str, values: Sequence[float], unit: str, *, budget: float | None = None, note: str = "") -> Figure:
    """Median and 95th percentile."""
    return Figure(
        name,
        statistics.median(values),
        unit,
        percentile(values, 0.95),
        budget,
        note or f"n={len(values)}",
        tuple(float(each) for each in values),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank: the smallest value that at least `share` of all do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-int(share * 1000) * len(ranked) // 1000) - 1)]


def error_rate(said: str, heard: str) -> float:
    """Edit distance over the length of what was said: in characters for Chinese, in words otherwise (WER, CER)."""
    truth, guess = _units(said), _units(heard)
    row = list(range(len(guess) + 1))
    for n, expected in enumerate(truth, 1):
        before, row = row, [n]
        for m, got in enumerate(guess, 1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (expected != got)))
    return row[-1] / max(1, len(truth))


def _units(text: str) -> list[str]:
    plain = re.sub(r"[^\w\s']", " ", text.lower()).replace("'", "")
    return list("".join(plain.split())) if HAN.search(plain) else plain.split()

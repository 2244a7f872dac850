"""How a life is remembered, as graphs: strengths, fading, and what was recalled when. Pure."""

from __future__ import annotations

from itertools import accumulate, repeat
from typing import TYPE_CHECKING

from digital_life.memory import fading, forgetting
from digital_life.memory.foreign import language_of
from digital_life.values import Curve, Moments, Panel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.memory.fading import Trace
    from digital_life.words import Words

SHOWN = 3
"""Of the strongest, and of the weakest."""
ROWS = 10
"""Memories of which it is shown when they were recalled: those recalled most."""
COLUMNS = 28
"""Of a label; a Chinese character takes two."""


def panels(traces: Sequence[Trace], until: datetime, text: Words, *, chinese: bool) -> tuple[Panel, ...]:
    """Of all that is remembered, up to then. Where no font shows Chinese it is named by its number."""
    strongest = _strongest(traces)
    weakest = _weakest(traces, until, strongest)

    def label(trace: Trace) -> str:
        return _label(trace, text, chinese=chinese)

    return (
        Panel(
            text.text("graph.strengths"),
            text.text("graph.days"),
            tuple(Curve(label(each), strengths(each, until), stepped=True) for each in (*strongest, *weakest)),
        ),
        Panel(
            text.text("graph.fading"),
            text.text("graph.left"),
            tuple(
                Curve(label(each), tuple((point.at, point.left) for point in fading.curve(each, until)))
                for each in (*strongest, *weakest)
            ),
        ),
        Panel(
            text.text("graph.recalled"),
            "",
            rows=tuple(Moments(label(each), fading.recalls(each)) for each in _recalled(traces)),
        ),
    )


def strengths(trace: Trace, until: datetime) -> tuple[tuple[datetime, float], ...]:
    """In days, from when it was made: what it was then, and after each recall."""
    told = fading.recalls(trace)
    first = trace.strength - len(told)
    heights = accumulate(repeat(None, len(told)), lambda height, _: forgetting.recalled(height), initial=first)
    return (*zip((trace.made, *told), heights, strict=True), (max(until, trace.recalled), trace.strength))


def _strongest(traces: Sequence[Trace]) -> list[Trace]:
    return sorted(traces, key=lambda each: (each.strength, each.recalled), reverse=True)[:SHOWN]


def _weakest(traces: Sequence[Trace], now: datetime, but: Sequence[Trace]) -> list[Trace]:
    """Those of which least is left; of equals the oldest."""
    chosen = {(each.kind, each.ref) for each in but}
    others = [each for each in traces if (each.kind, each.ref) not in chosen]
    return sorted(others, key=lambda each: (fading.left(each, now), each.recalled))[:SHOWN]


def _recalled(traces: Sequence[Trace]) -> list[Trace]:
    recalled = [each for each in traces if fading.recalls(each)]
    return sorted(recalled, key=lambda each: (len(fading.recalls(each)), each.recalled), reverse=True)[:ROWS]


def _label(trace: Trace, text: Words, *, chinese: bool) -> str:
    name = text.text(f"memory.kind-{trace.kind}") + f" {trace.ref}"
    told = " ".join(trace.text.partition("\n")[0].split())
    if not chinese and (language_of(told) == "zh" or not told.isascii()):
        return name
    return f"{name}: {_short(told)}"


def _short(told: str) -> str:
    ends = list(accumulate(1 if each.isascii() else 2 for each in told))
    fits = sum(end <= COLUMNS for end in ends)
    return told if fits == len(told) else told[:fits].rstrip() + "…"

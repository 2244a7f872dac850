"""A page for people about what was measured: a section a bench, with its plots, its table and what needs more room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benches.figures import Figure

HEADINGS = {"voice": "From a question to its answer", "talk": "Who speaks when", "wake": "Who wakes it"}
HEAD = "| what | median | p95 | unit | budget | note |\n|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture beside the page."""

    file: str
    caption: str


def page(where: str, measured: Mapping[str, Sequence[Figure]], plots: Mapping[str, Sequence[Plot]]) -> str:
    """`where`: when and on which machine."""
    parts = ["# The voice, measured", f"{where} How it is done: [benchmarks.md](benchmarks.md)."]
    for bench, figures in measured.items():
        parts.append(f"## {HEADINGS[bench]}")
        parts += [f"![{each.caption}]({each.file})" for each in plots.get(bench, ())]
        parts.append("\n".join((HEAD, *map(_row, figures))))
        parts += _lists(figures)
    return "\n\n".join(parts) + "\n"


def _row(figure: Figure) -> str:
    value = f"{figure.value:.4g}" if figure.within else f"**{figure.value:.4g}**"
    p95 = "" if figure.p95 is None else f"{figure.p95:.4g}"
    budget = "" if figure.budget is None else f"{figure.budget:g}"
    name = f"… {figure.name.strip()}" if figure.name.startswith(" ") else figure.name
    cells = (name, value, p95, figure.unit, budget, "below" if "\n" in figure.note else figure.note)
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _lists(figures: Sequence[Figure]) -> Iterator[str]:
    """Notes of many lines, which no table holds."""
    for each in figures:
        if "\n" in each.note:
            yield "\n".join((f"{each.name.strip()}:\n", *(f"- {line}" for line in each.note.splitlines())))

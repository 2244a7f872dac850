"""Figures as a table for a person, or as JSON."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from benches.figures import Figure


def show(figures: list[Figure], *, title: str, as_json: bool) -> None:
    if as_json:
        table = [{**dataclasses.asdict(figure), "within": figure.within} for figure in figures]
        print(json.dumps({"figures": table, "load": os.getloadavg()}, ensure_ascii=False, indent=1, default=float))
        return
    shown = Table("what", "median", "p95", "unit", "budget", "", "note", title=title)
    for row in _rows(figures):
        shown.add_row(*row)
    Console(width=150).print(shown)


def _rows(figures: list[Figure]) -> Iterator[tuple[str, ...]]:
    for each in figures:
        p95 = "" if each.p95 is None else f"{each.p95:.4g}"
        budget = "" if each.budget is None else f"{each.budget:g}"
        mark = "" if each.budget is None else ("ok" if each.within else "OVER")
        yield each.name, f"{each.value:.4g}", p95, each.unit, budget, mark, each.note

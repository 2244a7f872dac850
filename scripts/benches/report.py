"""Figures as a table for a person, or as JSON."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
from collections.abc import Coroutine, Iterator
from typing import Protocol

from rich.console import Console
from rich.table import Table

from benches.figures import Figure


def show(figures: list[Figure], *, title: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps(plain(figures), ensure_ascii=False, indent=1, default=float))
        return
    shown = Table("what", "median", "p95", "unit", "budget", "", "note", title=title)
    for row in _rows(figures):
        shown.add_row(*row)
    Console(width=150).print(shown)


def plain(figures: list[Figure]) -> dict[str, object]:
    """As JSON holds them, and how busy the machine was."""
    table = [{**dataclasses.asdict(figure), "within": figure.within} for figure in figures]
    return {"figures": table, "load": os.getloadavg()}


def _rows(figures: list[Figure]) -> Iterator[tuple[str, ...]]:
    for each in figures:
        p95 = "" if each.p95 is None else f"{each.p95:.4g}"
        budget = "" if each.budget is None else f"{each.budget:g}"
        mark = "" if each.budget is None else ("ok" if each.within else "OVER")
        yield each.name, f"{each.value:.4g}", p95, each.unit, budget, mark, each.note


class Measure(Protocol):
    """What a bench does; `quick`: fewer of everything."""

    def __call__(self, profile: str, *, quick: bool) -> Coroutine[None, None, list[Figure]]: ...


def command(name: str, measure: Measure) -> int:
    """`scripts/bench NAME` with its options; its status."""
    options = parser(name).parse_args()
    figures = asyncio.run(measure(options.profile, quick=options.quick))
    show(figures, title=name, as_json=options.json)
    return int(options.check and not all(figure.within for figure in figures))


def parser(name: str) -> argparse.ArgumentParser:
    """The options that every bench has."""
    options = argparse.ArgumentParser(prog=f"scripts/bench {name}")
    options.add_argument("--json", action="store_true", help="one JSON object")
    options.add_argument("--quick", action="store_true", help="fewer of everything: two minutes")
    options.add_argument("--check", action="store_true", help="status 1 when a budget is exceeded")
    options.add_argument("--profile", choices=("small", "better"), default="small")
    return options

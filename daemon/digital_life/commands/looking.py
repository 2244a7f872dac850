"""`digital-life memory facts|explain|plot`: what changed, why something is recalled, how it all fades."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digital_life.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digital_life.context import Context
    from digital_life.memory.dates import Span
    from digital_life.memory.explaining import Explained
    from digital_life.memory.facts import Fact
    from digital_life.memory.life import Life
    from digital_life.memory.reasons import Reasons
    from digital_life.words import Words

EXPLAINED = 10
"""The first so many of what was found."""
SEEN = 0.005
"""What adds less to a sum shows nothing."""


async def facts(options: argparse.Namespace, context: Context, life: Life) -> int:
    from digital_life.commands.memory import named
    from digital_life.values import USER

    seen = life.of(await named(options.person, context, life) if options.person else USER)
    known = await seen.facts(options.question)
    for each in known:
        print(_json(asdict(each)) if options.json else _fact(each, context.words))
    if not known and not options.json:
        print(context.words.text("facts.none"))
    return 0


def _fact(fact: Fact, words: Words) -> str:
    to = f"{fact.valid_to:%Y-%m-%d}" if fact.valid_to else words.text("facts.still")
    by = words.text("facts.by", turn=fact.superseded_by) if fact.superseded_by else ""
    sources = ", ".join(map(str, fact.sources))
    return words.text(
        "facts.line",
        since=f"{fact.valid_from:%Y-%m-%d}",
        to=to,
        text=" ".join(fact.text.split()),
        sources=sources,
        by=by,
    )


async def explain(options: argparse.Namespace, context: Context, life: Life) -> int:
    made = await life.explain(options.question, most=EXPLAINED)
    if options.json:
        for each in made.hits:
            total = {"total": each.reasons.total if each.reasons else None}
            print(_json({**asdict(each), "days": asdict(made.span) if made.span else None, **total}))
        return 0
    text = context.words.text
    if made.span:
        print(_span(made.span, context.words))
    if not made.hits:
        print(text("memory.nothing"))
        return 0
    _print(made.hits, context.words)
    print(text("explain.legend"))
    return 0


def _print(hits: tuple[Explained, ...], words: Words) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    table.add_column(words.text("explain.score"), justify="right", no_wrap=True)
    table.add_column(words.text("explain.memory"), ratio=2)
    table.add_column(words.text("explain.why"), ratio=3)
    for each in hits:
        total = f"{each.reasons.total:.2f}" if each.reasons else f"{each.score:.2f}"
        kind = words.text(f"memory.kind-{each.kind}")
        # Text, not str: a memory in square brackets is no markup.
        memory = Text(f"{each.when:%Y-%m-%d} {kind} {each.ref}\n{each.text}")
        table.add_row(total, memory, Text("\n".join(_why(each, words))))
    Console().print(table)


def _why(each: Explained, words: Words) -> Iterator[str]:
    text = words.text
    found = words.text("explain.joint").join(each.words) or "-"
    yield text("explain.words", words=found, share=f"{each.matched:.0%}")
    yield text("explain.meaning", alike=f"{each.alike:.2f}", cosine=f"{each.cosine:.3f}")
    if each.reasons:
        yield from _added(each.reasons, words)
    if each.superseded:
        yield text("explain.until", day=f"{each.superseded.on:%Y-%m-%d}", turn=each.superseded.by)
    if each.supersedes:
        yield text("explain.instead", turns=", ".join(map(str, each.supersedes)))
    left = text("explain.lasts") if each.lasting else text("explain.left", left=f"{each.fresh:.0%}")
    yield text("explain.strength", days=f"{each.strength:g}", left=left)
    yield text("explain.sure", score=f"{each.score:.2f}", certain=f"{each.certain:.2f}")


def _added(reasons: Reasons, words: Words) -> Iterator[str]:
    """What makes the sum, each part that is seen in two places after the point."""
    of_words = {"words": reasons.words, "meaning": reasons.meaning, "named": reasons.named, "fresh": reasons.fresh}
    around = {"before": reasons.before, "after": reasons.after, "nearby": reasons.nearby, "talk": reasons.talk}
    parts = {**of_words, **around, "day": reasons.day, "form": reasons.form}
    seen = [words.text(f"explain.of-{of}", added=f"{part:+.2f}") for of, part in parts.items() if abs(part) >= SEEN]
    yield words.text("explain.sum", parts=words.text("explain.joint").join(seen))


def _span(span: Span, words: Words) -> str:
    return words.text("explain.span", first=span.first.isoformat(), last=span.last.isoformat())


async def plot(options: argparse.Namespace, context: Context, life: Life) -> int:
    try:
        from digital_life.backends import graphs
    except ModuleNotFoundError as error:
        raise UsageError("plot-missing") from error
    from digital_life.memory import graph
    from digital_life.words import load

    if options.days is not None and options.days < 1:
        raise UsageError("plot-days", days=options.days)
    traces, now = await life.traces(), life.today()
    if not traces:
        print(context.words.text("memory.nothing"))
        return 1
    chinese = graphs.chinese_font() is not None
    first = now - timedelta(days=options.days) if options.days else traces[0].made
    panels = graph.panels(traces, now, context.words if chinese else load("en"), chinese=chinese)
    try:
        graphs.draw(panels, options.out, first=min(first, now - timedelta(hours=1)), last=now)
    except OSError as error:
        raise UsageError("plot-unwritable", path=options.out, cause=error.strerror or error) from error
    print(context.words.text("graph.written", path=options.out))
    return 0


def _json(table: dict[str, object]) -> str:
    return json.dumps(table, ensure_ascii=False, default=_moment)


def _moment(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""`digital-life agenda …`: what will ring; add to it, cancel."""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING

from digital_life.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from digital_life.context import Context
    from digital_life.values import Entry
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("agenda", help=words.text("help.agenda"))
    parser.add_argument("--json", action="store_true", help=words.text("help.json"))
    parser.set_defaults(run=_run(_list))
    parts = parser.add_subparsers(metavar="WHAT")
    add = parts.add_parser("add", help=words.text("help.agenda-add"))
    add.add_argument("text", nargs="+", metavar="TEXT", help=words.text("help.agenda-text"))
    add.set_defaults(run=_run(_add))
    cancel = parts.add_parser("cancel", help=words.text("help.agenda-cancel"))
    cancel.add_argument("id", nargs="+", type=int, metavar="ID")
    cancel.set_defaults(run=_run(_cancel))


def _run(
    job: Callable[[argparse.Namespace, Context], Coroutine[None, None, int]],
) -> Callable[[argparse.Namespace, Context], int]:
    return lambda options, context: asyncio.run(job(options, context))


async def _list(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app

    async with app.open_life(context) as life:
        entries = await app.open_agenda(context, life).entries()
    now = context.clock.now()
    for each in entries:
        print(json.dumps(_table(each, now), ensure_ascii=False) if options.json else _line(each, now, context))
    if not entries and not options.json:
        print(context.words.text("agenda.no-anything"))
    return 0


async def _add(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app
    from digital_life.agenda.entries import made
    from digital_life.agenda.saying import confirmed
    from digital_life.agenda.when import find
    from digital_life.talking.spoken.languages import language_of
    from digital_life.values import EntryKind

    text, now = " ".join(options.text), context.clock.now()
    language = language_of(text, context.settings.persona.language)
    found = find(text, language, now)
    if found is None:
        raise UsageError("agenda-no-time", text=text)
    kind = EntryKind.REMINDER if found.rest else EntryKind.ALARM
    async with app.open_life(context) as life:
        kept = await app.open_agenda(context, life).add(made(kind, found.when, language, what=found.rest))
    print(confirmed(kept, now, context.words.language))
    return 0


async def _cancel(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app

    async with app.open_life(context) as life:
        entries = {each.number: each for each in await life.entries()}
        await life.drop(entries.keys() & set(options.id))
    for number in options.id:
        key = "agenda.cancelled-number" if number in entries else "agenda.no-number"
        print(context.words.text(key, id=number))
    return 0 if set(options.id) <= entries.keys() else 1


def _line(entry: Entry, now: datetime, context: Context) -> str:
    from digital_life.agenda.saying import line

    return context.words.text("agenda.row", id=entry.number, entry=line(entry, now, context.words.language))


def _table(entry: Entry, now: datetime) -> dict[str, object]:
    from digital_life.agenda.entries import rings_at

    return {
        "id": entry.number,
        "kind": entry.kind,
        "state": entry.state,
        "rings": rings_at(entry, now).isoformat(),
        "what": entry.what,
        "repeat": entry.repeat,
        "lasts_s": entry.lasts.total_seconds() if entry.lasts else None,
    }

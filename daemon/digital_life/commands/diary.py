"""`digital-life diary …`: read the diaries, have them written, delete one."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from digital_life.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from digital_life.context import Context
    from digital_life.memory.records import Diary
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("diary", help=words.text("help.diary"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    parts.add_parser("list", help=words.text("help.diary-list")).set_defaults(run=_run(_list))
    show = parts.add_parser("show", help=words.text("help.diary-show"))
    show.add_argument("date", metavar="DATE", help=words.text("help.diary-date"))
    show.set_defaults(run=_run(_show))
    parts.add_parser("write", help=words.text("help.diary-write")).set_defaults(run=_run(_write))
    delete = parts.add_parser("delete", help=words.text("help.diary-delete"))
    delete.add_argument("id", type=int, metavar="ID")
    delete.set_defaults(run=_run(_delete))


def _run(
    job: Callable[[argparse.Namespace, Context], Coroutine[None, None, int]],
) -> Callable[[argparse.Namespace, Context], int]:
    return lambda options, context: asyncio.run(job(options, context))


async def _list(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all are called alike
    from digital_life import app

    async with app.open_life(context) as life:
        pages = await life.diaries()
    for page in pages:
        print(_heading(page, context))
    if not pages:
        print(context.words.text("memory.no-diaries"))
    return 0


async def _show(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app
    from digital_life.memory import dates

    span = dates.find(options.date, context.clock.now().date())
    if span is None:
        raise UsageError("no-date", text=options.date)
    async with app.open_life(context) as life:
        pages = await life.diaries(span)
    for page in pages:
        print(_heading(page, context))
        for each in page.sentences:
            print("  " + each.text)
    if not pages:
        print(context.words.text("memory.no-diaries"))
    return 0 if pages else 1


async def _write(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all are called alike
    from digital_life import app

    async with app.open_life(context) as life, app.open_writer(context) as writer:
        await life.end_conversation()
        pages = await life.rest(writer, hurried=True)
    for page in pages:
        print(_heading(page, context))
    if not pages:
        print(context.words.text("memory.nothing-to-write"))
    return 0


async def _delete(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app

    async with app.open_life(context) as life:
        was_there = await life.delete_diary(options.id)
    key = "memory.diary-deleted" if was_there else "memory.no-such-diary"
    print(context.words.text(key, id=options.id))
    return 0 if was_there else 1


def _heading(page: Diary, context: Context) -> str:
    text = context.words.text
    mood = f" ({page.mood})" if page.mood else ""
    mark = " " + text("memory.extract") if page.extract else ""
    return text("memory.diary", id=page.id, day=page.day.isoformat(), title=page.title, mood=mood, mark=mark)

"""`digital-life backup`, `digital-life restore`: everything, laid elsewhere and brought back."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

from digital_life.commands.memory import passphrase
from digital_life.errors import UsageError
from digital_life.memory import rotation

if TYPE_CHECKING:
    from collections.abc import Callable

    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    backup = commands.add_parser("backup", help=words.text("help.backup"))
    backup.add_argument("target", nargs="?", default="", metavar="DIR|s3://…", help=words.text("help.backup-target"))
    backup.add_argument("--list", action="store_true", help=words.text("help.backup-list"))
    backup.add_argument("--encrypt", action="store_true", help=words.text("help.backup-encrypt"))
    backup.add_argument("--plain", action="store_true", help=words.text("help.backup-plain"))
    backup.set_defaults(run=lambda options, context: asyncio.run(_backup(options, context)))
    restore = commands.add_parser("restore", help=words.text("help.restore"))
    restore.add_argument("target", nargs="?", default="", metavar="DIR|s3://…", help=words.text("help.backup-target"))
    restore.add_argument("--list", action="store_true", help=words.text("help.backup-list"))
    restore.add_argument("--copy", default="", metavar="NAME", help=words.text("help.restore-copy"))
    restore.add_argument("--force", action="store_true", help=words.text("help.restore-force"))
    restore.set_defaults(run=lambda options, context: asyncio.run(_restore(options, context)))


async def _backup(options: argparse.Namespace, context: Context) -> int:
    from digital_life import backups

    if options.list:
        return await _list(options, context)
    target = options.target or context.settings.backup.target
    is_remote = target.startswith(backups.S3)
    if options.plain and (options.encrypt or is_remote):
        raise UsageError("backup-plain")
    asks = _asking(context, twice=True) if options.encrypt or (is_remote and not context.seal()) else None
    made = await backups.make(context, options.target, passphrase=asks, is_plain=options.plain)
    print(context.words.text("backup.made", name=made.name, size=_size(made.bytes)))
    return 0


async def _restore(options: argparse.Namespace, context: Context) -> int:
    from digital_life import backups
    from digital_life.backends.e5 import E5

    if options.list:
        return await _list(options, context)
    kept = backups.backup_of(context, options.target, passphrase=_asking(context, twice=False))
    restored = await kept.restore(E5, name=options.copy, over=options.force)
    for name in restored.damaged:
        print(context.words.text("backup.damaged", name=name))
    print(context.words.text("backup.restored", name=restored.name, home=context.home))
    for path in restored.aside:
        print(context.words.text("carry.aside", path=path))
    return 0


async def _list(options: argparse.Namespace, context: Context) -> int:
    from digital_life import backups

    found = await backups.backup_of(context, options.target).shelved()
    for each in found:
        made = rotation.when_of(each.name)
        day = f"{made.astimezone():%Y-%m-%d %H:%M}" if made else ""
        print(context.words.text("backup.listed", name=each.name, size=_size(each.bytes), day=day))
    if not found:
        print(context.words.text("backup.none"))
    return 0


def _asking(context: Context, *, twice: bool) -> Callable[[], str]:
    return lambda: passphrase(context.words, twice=twice)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f}"

"""`digital-life export FILE`, `digital-life import FILE`: carry a life to another machine, take in another's memory."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digital_life.commands.memory import passphrase
from digital_life.errors import MemoryFileError, UsageError

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words

SETTINGS = "digital-life.toml"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    export = commands.add_parser("export", help=words.text("help.export"))
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--encrypt", action="store_true", help=words.text("help.export-encrypt"))
    export.add_argument(
        "--format", choices=("life", "memorybank"), default="life", help=words.text("help.export-format")
    )
    export.set_defaults(run=lambda options, context: asyncio.run(_export(options, context)))
    import_ = commands.add_parser("import", help=words.text("help.import"))
    import_.add_argument("file", type=Path, metavar="FILE")
    import_.add_argument("--user", default="", metavar="NAME", help=words.text("help.import-user"))
    import_.set_defaults(run=lambda options, context: asyncio.run(_import(options, context)))


async def _export(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app

    secret = passphrase(context.words, twice=True) if options.encrypt else ""
    async with app.open_life(context) as life:
        if options.format == "memorybank":
            await _export_memory_bank(options.file, context, life)
        else:
            await life.export(options.file, context.home / SETTINGS, passphrase=secret)
    print(context.words.text("carry.exported", path=options.file))
    return 0


async def _export_memory_bank(file: Path, context: Context, life: Any) -> None:
    from digital_life.memory import archive, foreign
    from digital_life.values import USER

    life = life.of(USER)  # another program knows of one person alone
    concept = await life.concept("user")
    love = [each.text for each in concept.sentences] if concept else []
    name = context.settings.persona.user or context.words.text("chat.you")
    table = foreign.to_memory_bank(name, await life.all_turns(), await life.diaries(), love)
    archive.write_json(table, file)


async def _import(options: argparse.Namespace, context: Context) -> int:
    from digital_life.memory import archive

    if archive.is_archive(options.file):
        return await _import_archive(options.file, context)
    return await _import_foreign(options, context)


async def _import_archive(file: Path, context: Context) -> int:
    from digital_life.backends.e5 import E5
    from digital_life.memory import archive
    from digital_life.worker import Worker

    secret, seal = passphrase(context.words, twice=False) if archive.asks_passphrase(file) else "", context.seal()
    contents = archive.read(file, passphrase=secret, seal=seal)
    now = context.clock.now()
    async with Worker("memory") as worker:
        aside = await worker.run(lambda: archive.unpack(contents, context.home, E5(), now, file, seal=seal))
    print(context.words.text("carry.imported", home=context.home))
    for path in aside:
        print(context.words.text("carry.aside", path=path))
    return 0


async def _import_foreign(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app
    from digital_life.memory import archive, foreign

    table = archive.json_of(options.file)
    try:
        memory = foreign.read(table, context.clock.now().tzinfo, user=options.user)
    except foreign.NotKnownError as error:
        raise MemoryFileError("archive-foreign", path=options.file) from error
    except LookupError as error:
        raise UsageError("which-user", users=error.args[0]) from error
    async with app.open_life(context) as life:
        count = await life.take_in(memory)
    print(context.words.text("carry.taken-in", turns=count, talks=len(memory.talks)))
    companion, user = memory.names
    for key, name in (("persona.name", companion), ("persona.user", user)):
        if name:
            print(context.words.text("carry.name", setting=key, name=name))
    return 0

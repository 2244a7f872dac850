"""`digital-life upgrade check`: whether this program, or another version of it, opens this life."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("upgrade", help=words.text("help.upgrade"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    check = parts.add_parser("check", help=words.text("help.upgrade-check"))
    check.add_argument("path", nargs="?", type=Path, metavar="PATH", help=words.text("help.upgrade-with"))
    check.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Status 1 where that program does not open the life."""
    from digital_life import upgrade

    text, program = context.words.text, upgrade.installed()
    print(text("upgrade.program", version=program.version, newest=program.newest))
    if options.path:
        program = upgrade.program_at(options.path)
        print(text("upgrade.other", path=options.path, version=program.version, newest=program.newest))
    found = upgrade.lives(context.home, seal=context.seal())
    for path, version in found.items():
        print(text("upgrade.life", home=path.parent, version=version))
        print(f"  {text(f'upgrade.{program.fate(version)}', newest=program.newest)}")
    if not found:
        print(text("upgrade.none", home=context.home))
    return 1 if any(program.fate(version) == "newer" for version in found.values()) else 0

"""`digital-life persona`: who there is, who answers, and another one in that place, also while the daemon runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("persona", help=words.text("help.persona"))
    parser.add_argument("name", nargs="?", metavar="NAME", help=words.text("help.persona-name"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.backends.persona import WANTED, KeptName
    from digital_life.catalogue import Store, load_catalogue
    from digital_life.personas import LIVES, named, wanted

    if options.name:
        KeptName(context.home, WANTED).name = named(options.name, context).name
    present, text = wanted(context), context.words.text
    store = Store(context.models, load_catalogue())
    for each in context.settings.cast:
        mark = "*" if each == present else " "
        life = text("personas.life", folder=context.home / LIVES / each.life) if each.life else ""
        print(f"{mark} {each.name}{life}")
        for voice in store.missing_voices(each.voices).values():
            print(" ", text("personas.no-voice", persona=each.name, name=voice))
    return 0

"""`digital-life mute`: the microphone off and on again, also while the daemon runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("mute", help=words.text("help.mute"))
    parser.add_argument(
        "to", nargs="?", choices=("on", "off", "toggle", "show"), default="on", help=words.text("help.mute-to")
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    from digital_life.backends.mute import FileMute

    mute = FileMute(context.home, clock=context.clock)
    if options.to != "show":
        mute.on = not mute.on if options.to == "toggle" else options.to == "on"
    print(context.words.text("mute.on" if mute.on else "mute.off"))
    return 0

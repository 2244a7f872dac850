"""`digital-life config show | check`: what the settings are, and whether they are right."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("config", help=words.text("help.config"))
    parser.add_argument("action", choices=("show", "check"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, context: Context) -> int:
    """Loading has checked the settings already; what is said of the devices is checked here. Raises ConfigError."""
    if options.action == "show":
        print(f"# {context.words.text('config.where', home=context.home)}")
        print(msgspec.toml.encode(context.settings).decode(), end="")
    else:
        from digital_life.devices import file

        file.load(context.devices_file, context.settings.devices.rooms)
        print(context.words.text("config.right"))
    return 0

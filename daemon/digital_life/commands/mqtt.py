"""`digital-life mqtt forget`: the broker, and with it Home Assistant, keep nothing of the companion any more."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.context import Context
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("mqtt", help=words.text("help.mqtt"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    parts.add_parser("forget", help=words.text("help.mqtt-forget")).set_defaults(run=_forget)


def _forget(options: argparse.Namespace, context: Context) -> int:  # noqa: ARG001 - all are called alike
    from digital_life import household

    asyncio.run(household.forget(context))
    print(context.words.text("mqtt.forgotten", name=household.topics_of(context).base))
    return 0

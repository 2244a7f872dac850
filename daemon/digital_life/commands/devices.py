"""`digital-life devices list | show | call`: the devices of the home, from the command line."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from digital_life.context import Context
    from digital_life.devices.control import Control
    from digital_life.devices.entity import Change, Entity
    from digital_life.words import Words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("devices", help=words.text("help.devices"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    listed = parts.add_parser("list", help=words.text("help.devices-list"))
    listed.add_argument("--json", action="store_true", help=words.text("help.json"))
    listed.add_argument("--room", metavar="R", help=words.text("help.devices-room"))
    listed.add_argument("--kind", metavar="K", help=words.text("help.devices-kind"))
    listed.set_defaults(run=_run(_list))
    show = parts.add_parser("show", help=words.text("help.devices-show"))
    show.add_argument("name", metavar="NAME", help=words.text("help.devices-name"))
    show.set_defaults(run=_run(_show))
    call = parts.add_parser("call", help=words.text("help.devices-call"))
    call.add_argument("name", metavar="NAME", help=words.text("help.devices-name"))
    call.add_argument("changes", nargs="+", metavar="ATTRIBUTE=VALUE")
    call.add_argument("--yes", action="store_true", help=words.text("help.yes"))
    call.set_defaults(run=_run(_call))


def _run(
    job: Callable[[argparse.Namespace, Context, Control], Awaitable[int]],
) -> Callable[[argparse.Namespace, Context], int]:
    async def connected(options: argparse.Namespace, context: Context) -> int:
        from digital_life import household

        if context.settings.logging.level == "INFO":  # That it is connected is no news to who sees the devices.
            logging.getLogger("digital_life.backends.mqtt").setLevel(logging.WARNING)
        async with household.open_visit(context) as control:
            return await job(options, context, control)

    return lambda options, context: asyncio.run(connected(options, context))


async def _list(options: argparse.Namespace, context: Context, control: Control) -> int:
    found = [each for each in control.entities if _is_wanted(each, room=options.room, kind=options.kind)]
    found.sort(key=lambda each: (each.room.casefold(), each.title.casefold(), each.id))
    if options.json:
        for each in found:
            print(json.dumps(_table(each, control), ensure_ascii=False))
        return 0
    if found:
        _print(found, context, control)
    elif control.entities:
        print(context.words.text("devices-command.nothing-such"))
    else:
        mqtt = context.settings.mqtt
        print(context.words.text("devices-command.nothing", host=mqtt.host, port=mqtt.port))
    return 0


async def _show(options: argparse.Namespace, context: Context, control: Control) -> int:
    from digital_life.devices.typed import find, plain, shown, takes_of

    entity = find(options.name, control.entities)
    takes = {key: takes_of(entity, key, context.words) for key, each in entity.capabilities.items() if each.settable}
    lines = {
        "name": entity.title,
        "id": entity.id,
        "kind": entity.kind,
        "class": entity.device_class,
        "room": entity.room,
        "aliases": ", ".join(entity.aliases),
        "available": _yes_or_no(context, control.is_available(entity)),
        "condition": shown(control.condition(entity)),
        "settable": "; ".join(f"{key}={value}" for key, value in takes.items()),
    }
    for key, value in lines.items():
        if value:
            print(f"{context.words.text(f'devices-command.{key}')}: {plain(value)}")
    return 0


async def _call(options: argparse.Namespace, context: Context, control: Control) -> int:
    from digital_life.devices.control import Came
    from digital_life.devices.typed import changes, find, plain

    entity = find(options.name, control.entities)
    change = changes(entity, options.changes, context.words)
    if control.needs_yes(entity, change) and not options.yes and not await _agrees(context, entity, change):
        print(context.words.text("devices-command.left"))
        return 1
    (result,) = await control.carry_out([(entity, change)], cause="command line")
    print(context.words.text(f"devices-command.{result.came}", name=plain(entity.title)))
    return 0 if result.came in (Came.DONE, Came.SENT) else 1


async def _agrees(context: Context, entity: Entity, change: Change) -> bool:
    from digital_life.devices.typed import plain, shown
    from digital_life.memory.wishes import is_yes

    asked = context.words.text("devices-command.really", name=plain(entity.title), change=shown(change))
    print(asked, end=" ", flush=True)
    return is_yes(await asyncio.to_thread(sys.stdin.readline), context.words.language)


def _is_wanted(entity: Entity, *, room: str | None, kind: str | None) -> bool:
    return (room is None or entity.room.casefold() == room.casefold()) and (
        kind is None or entity.kind == kind.casefold()
    )


def _print(entities: list[Entity], context: Context, control: Control) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from digital_life.devices.typed import plain, shown

    heads = (
        context.words.text(f"devices-command.{each}") for each in ("name", "room", "kind", "condition", "available")
    )
    table = Table(*heads, box=box.SIMPLE_HEAD)
    for each in entities:
        row = (each.title, each.room, each.kind, shown(control.condition(each)))
        # Text, not str: a name in square brackets is no markup.
        table.add_row(*(Text(plain(cell)) for cell in row), _yes_or_no(context, control.is_available(each)))
    Console().print(table)


def _yes_or_no(context: Context, is_so: bool) -> str:  # noqa: FBT001 - one value alone
    return context.words.text(f"devices-command.{'yes' if is_so else 'no'}")


def _table(entity: Entity, control: Control) -> dict[str, object]:
    from digital_life.devices.typed import plain

    return {
        "id": plain(entity.id),
        "name": plain(entity.title),
        "device": plain(entity.device),
        "kind": entity.kind,
        "class": plain(entity.device_class),
        "room": plain(entity.room),
        "aliases": list(entity.aliases),
        "available": control.is_available(entity),
        "condition": dict(control.condition(entity)),
    }

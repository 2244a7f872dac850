"""`digital-life rooms list | add | remove | test`: microphones and loudspeakers in other rooms."""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from digital_life import config
from digital_life.errors import DigitalLifeError, SoundError, UsageError
from digital_life.rooms.offered import Kind, Offered, meant, named, unused
from digital_life.values import FRAME, RATE, State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from digital_life.backends.mdns import Service
    from digital_life.context import Context
    from digital_life.ports import RoomDevice as Device
    from digital_life.roomdevice import Answer
    from digital_life.values import AudioFrame, Speech
    from digital_life.words import Words

SERVICES: dict[str, Kind] = {"_wyoming._tcp.local.": "wyoming", "_esphomelib._tcp.local.": "esphome"}
LOOKING_S = 3.0
"""A device on a wireless network answers the second question of multicast DNS at the latest."""
LISTENED_S = 2.0
PATIENCE_S = 30.0
"""For a whole test of what answers, beside its sentence."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], words: Words) -> None:
    parser = commands.add_parser("rooms", help=words.text("help.rooms"))
    parts = parser.add_subparsers(metavar="WHAT", required=True)
    listed = parts.add_parser("list", help=words.text("help.rooms-list"))
    listed.add_argument("--json", action="store_true", help=words.text("help.json"))
    listed.set_defaults(run=_run(_list))
    added = parts.add_parser("add", help=words.text("help.rooms-add"))
    added.add_argument("name", metavar="NAME", help=words.text("help.rooms-new-name"))
    added.add_argument("address", metavar="ADDRESS", nargs="?", help=words.text("help.rooms-address"))
    added.add_argument("--kind", choices=get_args(Kind), help=words.text("help.rooms-kind"))
    added.add_argument("--port", type=int, default=0, metavar="N", help=words.text("help.rooms-port"))
    added.add_argument("--key-file", type=Path, metavar="F", help=words.text("help.rooms-key-file"))
    added.set_defaults(run=_run(_add))
    removed = parts.add_parser("remove", help=words.text("help.rooms-remove"))
    removed.add_argument("name", metavar="NAME", help=words.text("help.rooms-name"))
    removed.set_defaults(run=_run(_remove))
    tested = parts.add_parser("test", help=words.text("help.rooms-test"))
    tested.add_argument("name", metavar="NAME", help=words.text("help.rooms-name"))
    tested.set_defaults(run=_run(_test))


def _run(
    job: Callable[[argparse.Namespace, Context], Awaitable[int]],
) -> Callable[[argparse.Namespace, Context], int]:
    async def begun(options: argparse.Namespace, context: Context) -> int:
        return await job(options, context)

    return lambda options, context: asyncio.run(begun(options, context))


# Which there are.


@dataclass(frozen=True, slots=True)
class Look:
    """A room of the settings, and what came of asking its device."""

    room: config.RoomDevice
    answer: Answer | None = None
    failed: DigitalLifeError | None = None


async def _list(options: argparse.Namespace, context: Context) -> int:
    rooms = context.settings.rooms.devices
    if not options.json:
        print(context.words.text("rooms-command.looking"), flush=True)
    looks, offered = await asyncio.gather(_looks(rooms, context), offers(context))
    if options.json:
        for each in looks:
            print(json.dumps(_look_table(each, context), ensure_ascii=False))
        for offer in offered:
            print(json.dumps(_offer_table(offer), ensure_ascii=False))
    else:
        _print_looks(looks, context.words)
        _print_offers(offered, context.words)
    return 0


async def _looks(rooms: Sequence[config.RoomDevice], context: Context) -> list[Look]:
    return await asyncio.gather(*(_look(each, context) for each in rooms))


async def _look(room: config.RoomDevice, context: Context) -> Look:
    from digital_life import roomdevice

    try:
        return Look(room, await roomdevice.visit(room, context.clock))
    except DigitalLifeError as error:
        return Look(room, failed=error)


def _print_looks(looks: Sequence[Look], words: Words) -> None:
    for each in looks:
        if each.failed:
            print(
                words.text("rooms-command.away", cause=each.failed.sentence(words.language), **_place(each.room, words))
            )
        elif each.answer:
            _print_answer(each.room, each.answer, words)
    if not looks:
        print(words.text("rooms-command.none"))


def _print_answer(room: config.RoomDevice, answer: Answer, words: Words) -> None:
    about = "".join(f", {each}" for each in (answer.area, answer.about) if each)
    print(words.text("rooms-command.there", called=answer.name, about=about, **_place(room, words)))
    if answer.wake_words:
        print(words.text("rooms-command.wakes", words=", ".join(answer.wake_words)))
    if answer.taken:
        print(words.text("rooms-command.taken"))


def _place(room: config.RoomDevice, words: Words) -> dict[str, object]:
    from digital_life.roomdevice import port_of

    return {"name": room.name, "kind": words.text(f"rooms-command.kind-{room.kind}")} | {
        "host": room.host,
        "port": port_of(room),
    }


def _print_offers(offered: Sequence[Offered], words: Words) -> None:
    print(words.text("rooms-command.found" if offered else "rooms-command.nothing-found"))
    for each in offered:
        print(
            words.text(
                "rooms-command.found-key" if each.encrypted else "rooms-command.found-one",
                name=each.room,
                kind=words.text(f"rooms-command.kind-{each.kind}"),
                host=each.host,
                port=each.port,
                called=each.called,
            )
        )


def _look_table(look: Look, context: Context) -> dict[str, object]:
    from digital_life.roomdevice import port_of

    room, answer = look.room, look.answer
    return {
        "name": room.name,
        "kind": room.kind,
        "host": room.host,
        "port": port_of(room),
        "allowed": True,
        "answers": answer is not None,
        "called": answer.name if answer else "",
        "wake_words": list(answer.wake_words) if answer else [],
        "taken": bool(answer and answer.taken),
        "cause": look.failed.sentence(context.words.language) if look.failed else "",
    }


def _offer_table(offer: Offered) -> dict[str, object]:
    return {
        "name": offer.room,
        "kind": offer.kind,
        "host": offer.host,
        "port": offer.port,
        "allowed": False,
        "called": offer.called,
        "encrypted": offer.encrypted,
    }


# What is found in the network.


async def offers(context: Context, *, within_s: float = LOOKING_S) -> tuple[Offered, ...]:
    """The devices that are found and not in the settings. A service may be anything: who can be asked is."""
    from digital_life.backends import mdns
    from digital_life.roomdevice import port_of

    rooms = context.settings.rooms
    used = {(host, port_of(each)) for each in rooms.devices for host in await _addresses(each.host)}
    services = await mdns.found(list(SERVICES), within_s=within_s)
    here = [_offered(each) for each in services if not _is_own(each, context.settings.wyoming)]
    asked = await asyncio.gather(*(_asked(each, context) for each in unused(here, used)))
    taken = [each for each in (rooms.here, *(each.name for each in rooms.devices)) if each]
    return named([each for each in asked if each], taken)


async def _addresses(host: str) -> set[str]:
    """Under which a host of the settings is announced; itself, where its name is not known just now."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return {host}
    return {host, *(str(address[0]) for *_, address in found)}


def _is_own(service: Service, wyoming: config.Wyoming) -> bool:
    from digital_life.backends.mdns import is_here

    return SERVICES[service.kind] == "wyoming" and service.port == wyoming.port and is_here(service.host)


def _offered(service: Service) -> Offered:
    called = service.title or service.name
    return Offered(SERVICES[service.kind], service.host, service.port, called, encrypted=service.encrypted)


async def _asked(offer: Offered, context: Context) -> Offered | None:
    """With what it tells of itself; None: it is something else. One that wants a key cannot be asked."""
    from digital_life import roomdevice

    if offer.encrypted:
        return offer
    described = config.RoomDevice(name="-", kind=offer.kind, host=offer.host, port=offer.port)
    try:
        answer = await roomdevice.visit(described, context.clock)
    except DigitalLifeError:
        return None
    return Offered(offer.kind, offer.host, offer.port, answer.name or offer.called, area=answer.area)


# The settings.


async def _add(options: argparse.Namespace, context: Context) -> int:
    name = " ".join(options.name.split())
    if not 0 < len(name) <= config.NAME_LENGTH:
        raise UsageError("room-name")
    _require_free(name, context)
    wanted = _wanted(options, name) if options.address else await _found(options, name, context)
    room, answer = await _first_that_answers(wanted, context)
    path = await _write(context, [*_kept(context), _record(room)])
    print(context.words.text("rooms-command.added", called=answer.name, path=path, **_place(room, context.words)))
    if answer.taken:
        print(context.words.text("rooms-command.taken"))
    print(context.words.text("rooms-command.restart"))
    return 0


def _require_free(name: str, context: Context) -> None:
    rooms = context.settings.rooms
    if name.casefold() in {each.casefold() for each in (rooms.here, *(each.name for each in rooms.devices))}:
        raise UsageError("config-room-twice", where=_path(context), name=name)


def _wanted(options: argparse.Namespace, name: str) -> list[config.RoomDevice]:
    """What may be at that address: a key tells that it is of ESPHome."""
    if not 0 <= options.port <= config.LAST_PORT:
        raise UsageError("usage", program="digital-life rooms add", cause=f"--port {options.port}")
    kinds: tuple[Kind, ...] = (options.kind,) if options.kind else ("esphome",) if options.key_file else get_args(Kind)
    return [
        config.RoomDevice(name=name, kind=each, host=options.address, port=options.port, key_file=_key_file(options))
        for each in kinds
    ]


def _key_file(options: argparse.Namespace) -> str:
    """Whole: the daemon is started elsewhere."""
    return str(options.key_file.expanduser().resolve()) if options.key_file else ""


async def _found(options: argparse.Namespace, name: str, context: Context) -> list[config.RoomDevice]:
    print(context.words.text("rooms-command.looking"), flush=True)
    offered = await offers(context)
    found = meant(name, offered)
    if found is None and offered:
        raise UsageError("room-not-found", name=name, names=", ".join(each.room for each in offered))
    if found is None:
        raise UsageError("room-nothing-found", name=name)
    room = found.room if name.casefold() == found.called.casefold() else name
    key_file = _key_file(options)
    return [config.RoomDevice(name=room, kind=found.kind, host=found.host, port=found.port, key_file=key_file)]


async def _first_that_answers(
    wanted: Sequence[config.RoomDevice], context: Context
) -> tuple[config.RoomDevice, Answer]:
    """Raises what is wrong with the only one, or that it is none of them."""
    failed: dict[str, DigitalLifeError] = {}
    for each in wanted:
        look = await _look(each, context)
        if look.answer:
            return each, look.answer
        if look.failed:
            failed[each.kind] = look.failed
    if len(failed) == 1:
        raise next(iter(failed.values()))
    causes = {kind: error.sentence(context.words.language) for kind, error in failed.items()}
    raise SoundError("room-no-answer", host=wanted[0].host, **causes)


async def _remove(options: argparse.Namespace, context: Context) -> int:
    room = _room(options.name, context)
    left = [each for each in _kept(context) if str(each.get("name", "")).casefold() != room.name.casefold()]
    path = await _write(context, left)
    print(context.words.text("rooms-command.removed", name=room.name, path=path))
    print(context.words.text("rooms-command.restart"))
    return 0


def _room(name: str, context: Context) -> config.RoomDevice:
    """Raises UsageError where there is none of that name."""
    rooms = context.settings.rooms.devices
    found = next((each for each in rooms if each.name.casefold() == name.strip().casefold()), None)
    if found:
        return found
    if not rooms:
        raise UsageError("room-none", name=name)
    raise UsageError("room-unknown", name=name, names=", ".join(each.name for each in rooms))


def _path(context: Context) -> Path:
    return context.settings_file or context.home / config.FILE


def _kept(context: Context) -> list[dict[str, object]]:
    """As the file has them: what --set says for this once does not stay."""
    from digital_life.backends import settingsfile

    rooms = settingsfile.read(_path(context)).table.get("rooms", {})
    return list(rooms.get("devices", [])) if isinstance(rooms, dict) else []


def _record(room: config.RoomDevice) -> dict[str, object]:
    """What is not as it is anyway."""
    record: dict[str, object] = {"name": room.name, "kind": room.kind, "host": room.host}
    return record | {name: value for name in ("port", "key_file") if (value := getattr(room, name))}


async def _write(context: Context, records: list[dict[str, object]]) -> Path:
    from digital_life.backends import settingsfile

    path = _path(context)
    await asyncio.to_thread(settingsfile.write, path, {"rooms.devices": records})
    return path


# The test.


@dataclass(slots=True)
class _Heard:
    """What its microphone brings while it is tested."""

    frames: list[AudioFrame] = field(default_factory=list)
    first: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, device: Device) -> None:
        async with aclosing(device.frames()) as frames:
            async for frame in frames:
                self.frames.append(frame)
                self.first.set()


async def _test(options: argparse.Namespace, context: Context) -> int:
    from digital_life import app, roomdevice

    room = _room(options.name, context)
    _print_answer(room, await roomdevice.visit(room, context.clock), context.words)
    async with app.open_voice(context) as voice:
        speech = await voice.synthesize(context.words.text("rooms-command.sentence"), context.words.language)
    try:
        async with asyncio.timeout(PATIENCE_S + speech.seconds), roomdevice.open_device(room, context.clock) as device:
            await measure(device, speech, context)
    except SoundError:
        print(context.words.text("rooms-command.may-be-taken"))
        raise
    except TimeoutError as error:
        raise SoundError("room-slow", name=room.name, seconds=f"{PATIENCE_S:g}") from error
    return 0


async def measure(device: Device, speech: Speech, context: Context) -> None:
    """Listen, speak, and tell what came of it. Raises SoundError."""
    from digital_life.errors import ungrouped

    heard = _Heard()
    with ungrouped():
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(heard.listen(device), name="rooms.test")
            await _measured(device, speech, heard, context)
            listening.cancel()


async def _measured(device: Device, speech: Speech, heard: _Heard, context: Context) -> None:
    from digital_life.rooms import measured

    text, clock = context.words.text, context.clock
    print(text("rooms-command.testing"), flush=True)
    began = clock.monotonic()
    await heard.first.wait()
    print(text("rooms-command.reached", ms=round(1000 * (clock.monotonic() - began))))
    while len(heard.frames) < LISTENED_S * RATE / FRAME:
        await clock.sleep(FRAME / RATE)
    room = measured.level(heard.frames)
    shown = {"level": round(-room.mean_db), "peak": round(-room.peak_db)}
    print(text("rooms-command.silence") if room.silent else text("rooms-command.level", **shown))
    print(text("rooms-command.speaking"), flush=True)
    sent = clock.monotonic()
    starts: list[float] = []
    device.show(State.SPEAKING)
    played_s = await device.play(speech, started=lambda: starts.append(clock.monotonic()))
    device.show(State.IDLE)
    begun = starts[0] if starts else sent
    print(text("rooms-command.spoke", seconds=f"{played_s:.1f}", ms=round(1000 * (begun - sent))))
    await clock.sleep(measured.LATEST_S)
    echo = measured.echo(heard.frames, begun, room)
    if echo:
        print(text("rooms-command.echo", ms=round(1000 * echo.after_s), louder=round(echo.louder_db)))
    else:
        print(text("rooms-command.no-echo"))

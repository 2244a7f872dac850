"""The window, put together: the console in a browser, the face on displays, and what pages see and do."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING

from digital_life import config
from digital_life.backends import wakenotes
from digital_life.backends.avatars import Avatars
from digital_life.backends.process import OwnProcess
from digital_life.catalogue import Store, load_catalogue
from digital_life.display.stage import Stage
from digital_life.display.station import Station
from digital_life.errors import SoundError, WebError
from digital_life.household import topics_of
from digital_life.personas import wanted
from digital_life.values import State
from digital_life.views import about, doctor, face, keeping, logs, memory, settings
from digital_life.views.now import agenda, home, models, rooms, state, turns, wakes
from digital_life.views.talk import Today
from digital_life.web import console
from digital_life.web.server import open_server
from digital_life.web.site import Site
from digital_life.web.talk import About, Talk
from digital_life.web.watching import Watching

if TYPE_CHECKING:
    from digital_life.app import Parts
    from digital_life.backends.sound import SoundSystem
    from digital_life.backends.terminals import Terminals
    from digital_life.broadcast import Broadcast
    from digital_life.context import Context
    from digital_life.devices.control import Control
    from digital_life.finding import Finding
    from digital_life.hearing.listener import Listener
    from digital_life.log import Recent
    from digital_life.ports import Connection, Mute, Volume
    from digital_life.talking.session import Session
    from digital_life.views.setup import Sample
    from digital_life.web.resource import Resource
    from digital_life.words import Words

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Daemon:
    """What runs, as far as it is seen and controlled from a page."""

    context: Context
    parts: Parts
    session: Session
    ears: Listener
    terminals: Terminals
    system: SoundSystem
    broadcast: Broadcast
    mute: Mute
    volume: Volume
    control: Control | None
    connection: Connection | None
    recent: Recent
    """Of the log."""
    restart: Callable[[], None]
    sample: Sample
    """How a voice sounds."""
    rooms: Mapping[str, Session]
    """The talks in other rooms, by their names."""


@asynccontextmanager
async def open_stage(context: Context, broadcast: Broadcast, connection: Connection | None) -> AsyncGenerator[Stage]:
    """The face, which any number of displays show, also those on the broker where that is wanted."""
    stage = Stage(face.acting_of(context.settings.display), clock=context.clock)
    broadcast.subscribe(stage.hear)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(stage.lit())
        if connection and context.settings.display.mqtt:
            topic, said = topics_of(context).base, context.settings.mqtt.said
            stack.enter_context(Station(connection, topic=topic, stage=stage, subtitles=said).on_air())
        yield stage


@asynccontextmanager
async def open_window(daemon: Daemon, stage: Stage) -> AsyncGenerator[None]:
    """The console and the display are served; where they cannot be, the log says why and the talk goes on."""
    context = daemon.context
    async with AsyncExitStack() as stack:
        if context.settings.web.enabled:
            site = await stack.enter_async_context(_open_site(daemon, stage))
            serving = open_server(context.settings.web, site, home=context.home, language=context.words.language)
            try:
                log.info("the console is at %s", (await stack.enter_async_context(serving)).address)
            except WebError as error:
                log.warning("%s", error.sentence(context.words.language))
        yield


@asynccontextmanager
async def _open_site(daemon: Daemon, stage: Stage) -> AsyncGenerator[Site]:
    context = daemon.context
    talk = _talk(daemon)
    daemon.broadcast.subscribe(talk.hear)
    shown = face.site_of(
        stage,
        avatar=Avatars(context.home).folder,
        settings=context.settings.display,
        topic=topics_of(context).base,
    )
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(talk.attended())
        upkeep = await stack.enter_async_context(_open_upkeep(daemon))
        watching = Watching(daemon.ears, clock=context.clock)
        yield Site(
            resources=(
                *daemon.parts.beginning.setup(daemon.sample, context.clock).resources,
                *_memory(daemon),
                *_now(daemon),
                *upkeep,
            ),
            channels={"/socket": talk, "/now/socket": watching, **shown.channels},
            folders=(console.folder(), *shown.folders),
            documents={console.WORDS: console.words_json, **shown.documents},
        )


def _talk(daemon: Daemon) -> Talk:
    personas = daemon.parts.personas
    return Talk(
        line=daemon.terminals,
        conversation=daemon.session,
        mute=daemon.mute,
        about=About(
            version("digital-life"), lambda: personas.present.name, daemon.context.settings.conversation.languages
        ),
        past=Today(lambda: personas.life),
    )


def _memory(daemon: Daemon) -> tuple[Resource, ...]:
    context, lives = daemon.context, daemon.parts.personas.lives
    names: dict[str, str] = {}
    for each in context.settings.cast:
        names.setdefault(each.life, each.name)
    return (
        *memory.resources(lives, names=names),
        *keeping.resources(lives, names=names, home=context.home, clock=context.clock),
    )


def _now(daemon: Daemon) -> tuple[Resource, ...]:
    context, parts = daemon.context, daemon.parts
    store = Store(context.models, load_catalogue())
    in_use = models.Models(store, context.settings, present=lambda: wanted(context))
    latest = turns.Turns()
    daemon.broadcast.subscribe(latest.hear)
    board = agenda.Board(parts.agenda, file=parts.mind.life, clock=context.clock)
    return (
        *state.resources(_body(daemon)),
        *turns.resources(latest),
        *wakes.resources(lambda: wakenotes.read(context.home), settings=context.settings.wake, clock=context.clock),
        *models.resources(in_use, store, settings=context.settings),
        *home.resources(daemon.control),
        *rooms.resources(context.settings.rooms, _states(daemon.rooms)),
        *agenda.resources(board),
    )


def _states(talks: Mapping[str, Session]) -> rooms.States:
    return lambda: {name: talk.state for name, talk in talks.items()}


def _body(daemon: Daemon) -> state.Body:
    context, personas, connection = daemon.context, daemon.parts.personas, daemon.connection
    mqtt = context.settings.mqtt
    broker = state.Broker(f"{mqtt.host}:{mqtt.port}", lambda: connection.connected) if connection else None
    return state.Body(
        talk=daemon.session,
        mute=daemon.mute,
        volume=daemon.volume,
        persona=personas,
        personas=[each.name for each in context.settings.cast],
        write_diary=personas.write_diary,
        process=OwnProcess(context.clock),
        broker=broker,
        version=version("digital-life"),
        clock=context.clock,
    )


@asynccontextmanager
async def _open_upkeep(daemon: Daemon) -> AsyncGenerator[tuple[Resource, ...]]:
    """Settings, log, doctor, and which program this is."""
    context = daemon.context
    path = context.settings_file or context.home / config.FILE
    async with doctor.open_resources(_examining(daemon), clock=context.clock) as examining:
        file = daemon.parts.beginning.settings_file
        yield (
            *settings.resources(context, file, daemon.restart, suggest=_suggesting(daemon)),
            *logs.resources(daemon.recent),
            *examining,
            *about.resources(context, settings_file=path),
        )


def _examining(daemon: Daemon) -> Callable[[Words], AsyncGenerator[Finding]]:
    from digital_life import examination  # noqa: PLC0415 - it knows the composition root

    def examine(words: Words) -> AsyncGenerator[Finding]:
        return examination.examine_running(
            replace(daemon.context, words=words),
            daemon.parts,
            devices=daemon.system.devices,
            is_free=lambda: daemon.session.state is State.IDLE,
            is_deaf=lambda room: room not in daemon.rooms or daemon.rooms[room].state is State.DEAF,
        )

    return examine


def _suggesting(daemon: Daemon) -> settings.Suggest:
    async def suggest() -> Mapping[str, list[str]]:
        """Names of the sound devices that are there."""
        try:
            found = await daemon.system.devices()
        except SoundError:
            return {}
        return {
            "audio.input": [each.name for each in found if each.inputs],
            "audio.output": [each.name for each in found if each.outputs],
        }

    return suggest

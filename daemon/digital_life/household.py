"""The home on MQTT, put together: the connection, the devices, and the companion as others see and command it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from importlib.metadata import version

from digital_life import words
from digital_life.agenda import written
from digital_life.agenda.agenda import Agenda
from digital_life.agenda.entries import made
from digital_life.agenda.when import When
from digital_life.backends.mqtt import open_connection
from digital_life.broadcast import Broadcast
from digital_life.care import signs
from digital_life.context import Context
from digital_life.devices import file
from digital_life.devices.companion import OFFLINE, Companion
from digital_life.devices.control import Control
from digital_life.devices.errands import Body
from digital_life.devices.home import Home
from digital_life.devices.orders import Remind
from digital_life.devices.presence import Presence
from digital_life.devices.topics import Topics, name_of
from digital_life.errors import BrokerError, ConfigError, ToolError
from digital_life.personas import Personas
from digital_life.ports import Clock, Connection, Mute, Talk, Volume
from digital_life.talking.mood import Mood, mood_of
from digital_life.talking.spoken.languages import language_of
from digital_life.values import EntryKind, Language, Published, Turn

VISIT_S = 10.0
"""A broker that has not answered the command line by then is not there."""
QUIET_S, ANNOUNCED_S = 0.5, 5.0
"""What is retained comes at once after the connection: it is waited for until so long nothing new came, and at most."""


@asynccontextmanager
async def open_connection_of(context: Context) -> AsyncGenerator[Connection | None]:
    """The broker of the settings, whether it is there or not; None where none is wanted. Raises ConfigError."""
    if not context.settings.mqtt.enabled:
        yield None
        return
    topics = topics_of(context)
    will = Published.text(topics.availability, OFFLINE, qos=1, retain=True)
    settings, client_id = context.settings.mqtt, context.settings.mqtt.client_id or topics.id
    async with open_connection(settings, clock=context.clock, will=will, client_id=client_id) as connection:
        yield connection


async def forget(context: Context) -> None:
    """Have the broker keep nothing of the companion. Raises BrokerError, ConfigError."""
    topics = topics_of(context)
    async with _visit(context) as connection:
        for topic in topics.retained:
            connection.publish(Published(topic, b"", qos=1, retain=True))


@asynccontextmanager
async def _visit(context: Context) -> AsyncGenerator[Connection]:
    """For a command of the command line, beside the daemon; connected. Raises BrokerError, ConfigError."""
    settings, connected = context.settings.mqtt, asyncio.Event()
    async with _connection_beside(context) as connection:
        connection.on_connected(connected.set)
        try:
            async with asyncio.timeout(VISIT_S):
                await connected.wait()
        except TimeoutError as error:
            raise BrokerError("mqtt-away", host=settings.host, port=settings.port, seconds=f"{VISIT_S:g}") from error
        yield connection


def _connection_beside(context: Context) -> AbstractAsyncContextManager[Connection]:
    """One of its own, for a program beside the daemon."""
    client_id = f"{topics_of(context).id}-visit-{os.getpid()}"
    return open_connection(context.settings.mqtt, clock=context.clock, will=None, client_id=client_id)


def topics_of(context: Context) -> Topics:
    settings = context.settings.mqtt
    return Topics(settings.name or name_of(socket.gethostname()), settings.discovery_prefix)


@asynccontextmanager
async def open_control(context: Context, connection: Connection | None) -> AsyncGenerator[Control | None]:
    """The devices that are announced on the broker, and those of devices.toml. Raises ConfigError.

    None where there is no connection, or no device is wanted.
    """
    settings, topics = context.settings.devices, topics_of(context)
    if connection is None or not settings.enabled:
        yield None
        return
    described = await asyncio.to_thread(file.load, context.devices_file, settings.rooms)
    home = Home(described.naming, prefix=topics.prefix, own=topics.discovery)
    for each in described.announcements:
        home.place(each)
    control = Control(connection, clock=context.clock, settings=settings, home=home)
    with control.listening(topics.announcements):
        yield control


@asynccontextmanager
async def open_beside(context: Context) -> AsyncGenerator[Control | None]:
    """The devices for a talk beside the daemon, whether the broker is there or not. Raises ConfigError."""
    if not context.settings.mqtt.enabled:
        yield None
        return
    async with _connection_beside(context) as connection, open_control(context, connection) as control:
        yield control


async def visit_broker(context: Context) -> None:
    """Return when it lets this program in. Raises BrokerError, ConfigError."""
    async with _visit(context):
        pass


@asynccontextmanager
async def open_visit(context: Context) -> AsyncGenerator[Control]:
    """The devices beside the daemon for one command, all of them known. Raises ConfigError, BrokerError."""
    if not context.settings.mqtt.enabled or not context.settings.devices.enabled:
        raise ConfigError("devices-off")
    async with _visit(context) as connection, open_control(context, connection) as control:
        if control:
            await control.settle(quiet_s=QUIET_S, most_s=ANNOUNCED_S)
            yield control


@asynccontextmanager
async def open_presence(
    context: Context, connection: Connection, body: Body, broadcast: Broadcast
) -> AsyncGenerator[None]:
    """The companion is seen on the broker, and takes commands."""
    settings = context.settings
    companion = Companion(
        topics=topics_of(context),
        personas=[each.name for each in settings.cast],
        version=version("digital-life"),
        words=words.load(settings.persona.language),
    )
    presence = Presence(
        connection,
        companion=companion,
        settings=settings.mqtt,
        body=body,
        mood_of=mood_shown,
        clock=context.clock,
    )
    async with presence.shown():
        broadcast.subscribe(presence.hear)
        yield


def body_of(context: Context, talk: Talk, *, mute: Mute, volume: Volume, personas: Personas, agenda: Agenda) -> Body:
    """What commands of others move."""

    def language(text: str) -> Language:
        return language_of(text, context.settings.persona.language)

    async def remind(wish: Remind) -> None:
        when, what = when_of(wish, language(wish.text), context.clock)
        await agenda.add(made(EntryKind.REMINDER, when, language(wish.text), what=what))

    return Body(
        talk=talk,
        mute=mute,
        volume=volume,
        persona=personas,
        language_of=language,
        write_diary=personas.write_diary,
        remind=remind,
    )


def when_of(wish: Remind, language: Language, clock: Clock) -> tuple[When, str]:
    """When to remind, and of what. Raises ToolError where that is not to come."""
    now = clock.now()
    if wish.within_s is not None:
        span = timedelta(seconds=wish.within_s)
        return When(now + span, lasts=span), wish.text
    if wish.at is not None:
        return When(_to_come(wish.at, now)), wish.text
    return written.when_of(wish.text, language, now)


def _to_come(at: datetime, now: datetime) -> datetime:
    """By the clock of the house. Raises ToolError."""
    try:
        here = at.astimezone(now.tzinfo) if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise ToolError("agenda-no-time", text=at) from error
    if here <= now:
        raise ToolError("agenda-no-time", text=at)
    return here


def mood_shown(turn: Turn) -> str:
    """A crisis is nobody's business on the broker: what is answered to its signs shows no mood."""
    if signs.look(turn.heard.text).level:
        return Mood.NEUTRAL
    return mood_of(turn.reply.said, turn.heard.language)

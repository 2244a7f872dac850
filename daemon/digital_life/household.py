"""The home on MQTT, put together: the connection, and the devices that are commanded over it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from digital_life.backends.mqtt import open_connection
from digital_life.context import Context
from digital_life.devices import file
from digital_life.devices.control import Control
from digital_life.devices.home import Home
from digital_life.devices.topics import Topics, name_of
from digital_life.errors import BrokerError, ConfigError
from digital_life.ports import Connection

DEVICES_FILE = "devices.toml"
"""Beside the settings, else in the home folder."""
VISIT_S = 5.0
"""A broker that has not answered the command line by then is not there."""


def topics_of(context: Context) -> Topics:
    settings = context.settings.mqtt
    return Topics(settings.name or name_of(socket.gethostname()), settings.discovery_prefix)


@asynccontextmanager
async def open_control(context: Context, connection: Connection) -> AsyncGenerator[Control]:
    """The devices that are announced on the broker, and those of devices.toml. Raises ConfigError."""
    settings, topics = context.settings.devices, topics_of(context)
    described = await asyncio.to_thread(file.load, devices_file(context), settings.rooms)
    home = Home(described.naming, prefix=topics.prefix, own=topics.discovery)
    for each in described.announcements:
        home.place(each)
    control = Control(connection, clock=context.clock, settings=settings, home=home)
    with control.listening(topics.announcements):
        yield control


@asynccontextmanager
async def open_visit(context: Context) -> AsyncGenerator[Control]:
    """The devices for one command of the command line, beside the daemon. Raises ConfigError, BrokerError."""
    settings = context.settings.mqtt
    if not settings.enabled or not context.settings.devices.enabled:
        raise ConfigError("devices-off")
    reached = asyncio.Event()
    client_id = f"{topics_of(context).id}-visit-{os.getpid()}"
    async with (
        open_connection(settings, clock=context.clock, will=None, client_id=client_id) as connection,
        open_control(context, connection) as control,
    ):
        connection.on_connected(reached.set)
        try:
            async with asyncio.timeout(VISIT_S):
                await reached.wait()
        except TimeoutError as error:
            raise BrokerError("devices-no-broker", host=settings.host, port=settings.port) from error
        yield control


def devices_file(context: Context) -> Path:
    """Where it stands, or would stand."""
    beside = context.settings_file.parent / DEVICES_FILE if context.settings_file else None
    return beside if beside and beside.exists() else context.home / DEVICES_FILE

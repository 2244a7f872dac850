"""The rooms, put together: a conversation in each, over the one mind, memory and voice."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life import roomdevice
from digital_life.backends.silero import Silero
from digital_life.broadcast import Broadcast, InRoom
from digital_life.conversing import earcons, ears_of, session_of
from digital_life.errors import ConfigError
from digital_life.rooms.first import FirstWake
from digital_life.talking.speaking import Speaking
from digital_life.values import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    from digital_life.app import Parts
    from digital_life.broadcast import Event
    from digital_life.config import RoomDevice as Described
    from digital_life.ports import Clock, Mute, RoomDevice
    from digital_life.talking.session import Session
    from digital_life.values import WakeHeard

log = logging.getLogger(__name__)

LAST_WORDS_S = 3.0
"""So long it may take until an interrupted answer is remembered."""

OpenDevice = Callable[["Described", "Clock"], "AbstractAsyncContextManager[RoomDevice]"]


@asynccontextmanager
async def open_rooms(
    parts: Parts,
    broadcast: Broadcast,
    *,
    mute: Mute,
    first: Callable[[str], Callable[[WakeHeard], bool]],
    open_device: OpenDevice = roomdevice.open_device,
) -> AsyncGenerator[Mapping[str, Session]]:
    """The conversations of all rooms of the settings, by their names; a room that is away is looked for.

    One whose device cannot be used at all is left out, and the log says why. `first`: of each room's name, whether it
    is the first that heard a wake word.
    """
    rooms: dict[str, Session] = {}
    async with AsyncExitStack() as stack:
        for each in parts.context.settings.rooms.devices:
            try:
                device = await stack.enter_async_context(open_device(each, parts.context.clock))
            except ConfigError as error:  # the rest of the house is not to suffer for it
                words = parts.context.words
                log.warning("%s", words.text("rooms.left-out", room=each.name, cause=error.sentence(words.language)))
                continue
            inside = await _parts_in(each.name, parts, device)
            rooms[each.name] = session_of(
                inside,
                ears_of(inside, device),
                _broadcast_in(each.name, device, broadcast),
                mute=mute,
                earcons=earcons() if parts.context.settings.audio.earcon else None,
                room=each.name,
                is_first=first(each.name),
            )
        await stack.enter_async_context(_run(rooms))
        yield rooms


def first_in(clock: Clock) -> Callable[[str], Callable[[WakeHeard], bool]]:
    """Of each room's name, whether it is the first of all that heard a wake word."""
    waking = FirstWake()
    return lambda room: lambda wake: waking.is_first(room, wake.phrase, clock.monotonic())


async def _parts_in(room: str, parts: Parts, device: RoomDevice) -> Parts:
    """The same models, heard and spoken through `device`."""
    saying = Speaking(voice=parts.speech, loudspeaker=device)
    wake_words = await parts.ears_worker.run(parts.wake_words.beside)
    activity = await parts.ears_worker.run(Silero)
    return replace(
        parts,
        wake_words=wake_words,
        voice_activity=activity,
        loudspeaker=device,
        saying=saying,
        answering=parts.personas.answering(saying, room=room),
    )


def _broadcast_in(room: str, device: RoomDevice, broadcast: Broadcast) -> Broadcast:
    """The device shows what goes on, and the house is told."""
    inside = Broadcast()

    def show(event: Event) -> None:
        if isinstance(event, State):
            device.show(event)

    inside.subscribe(show)
    inside.subscribe(lambda event: broadcast.publish(InRoom(room, event)))
    return inside


@asynccontextmanager
async def _run(rooms: Mapping[str, Session]) -> AsyncGenerator[None]:
    """Until this is left; what was said of an answer under way is remembered."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_apart(name, each), name=f"rooms.{name}") for name, each in rooms.items()]
        try:
            yield
        finally:
            for each in rooms.values():
                each.interrupt()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_WORDS_S):
                    for each in rooms.values():
                        await each.quiet()
            for task in running:
                task.cancel()


async def _apart(name: str, session: Session) -> None:
    """A fault that nobody thought of ends this room's talk, and no other."""
    try:
        await session.run()
    except Exception:
        log.exception("the room %s is deaf until the next start", name)

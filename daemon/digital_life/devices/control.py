"""Command the devices of the home: what is allowed, what was confirmed, what was not."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.devices import kinds
from digital_life.devices.confirming import confirms, readable, seconds
from digital_life.devices.entity import Attribute, Change, Condition, Entity, Kind
from digital_life.devices.home import Home
from digital_life.errors import ToolError

if TYPE_CHECKING:
    from digital_life.config import Devices
    from digital_life.devices.home import News
    from digital_life.ports import Clock, Connection
    from digital_life.values import Published

log = logging.getLogger(__name__)

MOST_TOLD = 50
"""Lines about announcements that are refused: who sends a thousand bad ones does not fill the log."""
CLASSED = frozenset({Kind.COVER, Kind.SWITCH})
"""Kinds of which the class may be allowed alone."""


class Came(enum.StrEnum):
    """What came of a command."""

    DONE = "done"
    """Its own state confirms it."""
    SENT = "sent"
    """Nothing could confirm it."""
    UNCONFIRMED = "unconfirmed"
    """No confirmation in time."""
    UNAVAILABLE = "unavailable"
    """The device is offline, or gone."""
    OFFLINE = "offline"
    """There is no broker."""
    FORBIDDEN = "forbidden"
    """Not in the allow-list."""
    TOO_SOON = "too-soon"
    """It was commanded a moment ago."""
    CANNOT = "cannot"
    """The device cannot do this."""


@dataclass(frozen=True, slots=True)
class Result:
    entity: Entity
    change: Change
    came: Came


class Control:
    """The entities that may be read or commanded, and their commands."""

    def __init__(self, connection: Connection, *, clock: Clock, settings: Devices, home: Home) -> None:
        self._connection = connection
        self._clock = clock
        self._settings = settings
        self._home = home
        self._sent: dict[str, float] = {}
        """Monotonic seconds of the latest command, by entity."""
        self._waiting: dict[str, list[asyncio.Event]] = {}
        """Who waits for news of an entity."""
        self._refused: set[str] = set()
        self._news_at = clock.monotonic()

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(each for each in self._home.entities if self._allows(each))

    @property
    def connected(self) -> bool:
        return self._connection.connected

    def condition(self, entity: Entity) -> Condition:
        return self._home.condition(entity.id)

    def is_available(self, entity: Entity) -> bool:
        return self._home.is_available(entity.id)

    def needs_yes(self, entity: Entity, change: Change) -> bool:  # noqa: ARG002 - closing a door may hurt as opening does
        """Whether the person has to agree first: by its kind or class, or as the configuration says of this device."""
        said = self._home.confirm(entity)
        return bool({entity.kind, entity.device_class} & set(self._settings.confirm)) if said is None else said

    async def carry_out(self, wished: Sequence[tuple[Entity, Change]], *, cause: str) -> tuple[Result, ...]:
        """All side by side; returns when each is confirmed or will not be. Never raises.

        On cancellation what was sent stays sent.
        """
        async with asyncio.TaskGroup() as tasks:
            under_way = [
                tasks.create_task(self._one(entity, change, cause), name="devices.command") for entity, change in wished
            ]
        return tuple(each.result() for each in under_way)

    async def settle(self, *, quiet_s: float, most_s: float) -> None:
        """Return when nothing new was announced or told for `quiet_s`, or after `most_s`."""
        until = self._clock.monotonic() + most_s
        while (left := min(until, self._news_at + quiet_s) - self._clock.monotonic()) > 0:
            await self._clock.sleep(left)

    @contextmanager
    def listening(self, announcements: Sequence[str]) -> Iterator[None]:
        """To what comes on the patterns of `announcements`, and to the states of what is announced on them."""
        for topic in sorted(self._home.topics):
            self._connection.subscribe(topic, self._hear_state)
        for pattern in announcements:
            self._connection.subscribe(pattern, self._hear_announcement)
        try:
            yield
        finally:
            for pattern in announcements:
                self._connection.unsubscribe(pattern, self._hear_announcement)
            for topic in sorted(self._home.topics):
                self._connection.unsubscribe(topic, self._hear_state)

    def _hear_announcement(self, message: Published) -> None:
        self._follow(message.topic, self._home.announced(message.topic, message.payload))

    def _hear_state(self, message: Published) -> None:
        for each in self._home.told(message):
            for waiting in self._waiting.get(each, ()):
                waiting.set()
        if message.retain:
            self._news_at = self._clock.monotonic()

    def _follow(self, source: str, news: News) -> None:
        if news.refused:
            self._refuse(source, news.refused)
        for topic in sorted(news.leave):
            self._connection.unsubscribe(topic, self._hear_state)
        for topic in sorted(news.listen):
            self._connection.subscribe(topic, self._hear_state)
        if news.changed:
            self._news_at = self._clock.monotonic()
        for each in news.changed:
            if self._home.entity(each) is None:
                self._sent.pop(each, None)

    def _refuse(self, source: str, why: str) -> None:
        """A line for each reason and, while they are few, for each source."""
        if why in self._refused or len(self._refused) >= MOST_TOLD:
            log.debug("refused %r: %s", source, why)
            return
        self._refused.add(why)
        log.info("a device is not taken in, nor are others for the same reason (%r): %s", source, why)

    def _allows(self, entity: Entity) -> bool:
        allowed = self._settings.allow
        return entity.kind in allowed or (entity.kind in CLASSED and entity.device_class in allowed)

    async def _one(self, entity: Entity, change: Change, cause: str) -> Result:
        came = None
        try:
            came = await self._command(entity, change)
        finally:
            # Names and options are of the network's making: quoted, so that none can look like a line of the log.
            wished = " ".join(f"{key}={value!r}" for key, value in change.items())
            log.info("%s: %r (%r) %s: %s", cause, entity.title, entity.id, wished, came or "given up")
        return Result(entity, change, came)

    async def _command(self, entity: Entity, change: Change) -> Came:
        refused = self._refusal(entity, change)
        if refused:
            return refused
        entity = self._home.entity(entity.id) or entity
        before = self._home.condition(entity.id)
        try:
            messages = kinds.encode(entity, change, before)
        except ToolError:
            return Came.CANNOT
        self._sent[entity.id] = self._clock.monotonic()
        for message in messages:
            self._connection.publish(message)
        if not readable(entity, change):
            return Came.SENT
        return Came.DONE if await self._confirmed(entity, change, before) else Came.UNCONFIRMED

    def _refusal(self, entity: Entity, change: Change) -> Came | None:
        """Why it is not sent at all; None: it is."""
        if not self._allows(entity):
            return Came.FORBIDDEN
        if not change or any(not _can(entity, each) for each in change):
            return Came.CANNOT
        if not self._connection.connected:
            return Came.OFFLINE
        if not self._is_still(entity) or not self._home.is_available(entity.id):
            return Came.UNAVAILABLE
        if self._clock.monotonic() - self._sent.get(entity.id, -self._settings.cooldown_s) < self._settings.cooldown_s:
            return Came.TOO_SOON
        return None

    def _is_still(self, entity: Entity) -> bool:
        """Whether what is announced under its id now is what was meant, and perhaps agreed to."""
        now = self._home.entity(entity.id)
        return now is not None and (now.kind, now.device_class) == (entity.kind, entity.device_class)

    async def _confirmed(self, entity: Entity, change: Change, before: Condition) -> bool:
        """What agreed already counts: many a device tells nothing when nothing changed."""
        heard = asyncio.Event()
        waiting = self._waiting.setdefault(entity.id, [])
        waiting.append(heard)
        try:
            async with asyncio.timeout(seconds(entity, self._settings)):
                while not confirms(entity, change, before=before, now=self._home.condition(entity.id)):
                    heard.clear()
                    await heard.wait()
        except TimeoutError:
            return False
        finally:
            waiting.remove(heard)
            if not waiting:
                del self._waiting[entity.id]
        return True


def _can(entity: Entity, attribute: Attribute) -> bool:
    return attribute in entity.capabilities and entity.capabilities[attribute].settable

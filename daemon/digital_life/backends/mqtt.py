"""The MQTT broker: connected to for as long as it can be, and again whenever it was lost."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import random
import ssl
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from digital_life import config
from digital_life.backends import mqtt_login
from digital_life.backends.backoff import pause_s
from digital_life.backends.mqtt_session import Peer, Session, connect
from digital_life.backends.outbox import Outbox, Waiting
from digital_life.backends.subscriptions import Hear, Subscriptions
from digital_life.errors import BrokerError, ungrouped
from digital_life.ports import Clock, Connection
from digital_life.values import Published

log = logging.getLogger(__name__)

FIRST_S = 1.0
LONGEST_S = 5.0
"""With the time an attempt takes (it fails after 5 s at most), a broker that is back is found within 10 s."""
SETTLED_S = 10.0
"""A connection that lasts so long is a good one; whoever is hung up on sooner, again and again, comes back slowly."""
SHORT = 3
"""So many shorter ones in a row are no chance: a restart makes one, and what a hanging broker finds when it goes on."""
IN_FLIGHT = 10
"""Messages that are sent before the first of them is acknowledged: a slow acknowledgement holds up no other."""
LAST_WORDS_S = 1.0
"""For what is still to be sent when it is closed."""
TOLD = "what is told of each connection"
AWAY = {"mqtt-unreachable", "mqtt-silent", "mqtt-lost"}
"""One and the same to a person: it is not there."""


@asynccontextmanager
async def open_connection(
    settings: config.Mqtt, *, clock: Clock, will: Published | None, client_id: str
) -> AsyncGenerator[Connection]:
    """Returns at once, whether the broker is there or not. Raises ConfigError for what never can be right.

    `will` is what the broker publishes when this ends without closing; None: nothing.
    """
    mqtt_login.check(settings)
    trust = await asyncio.to_thread(mqtt_login.trust, settings)
    connection = _Connection(_Login(settings, client_id, will, trust), clock=clock)
    task = asyncio.create_task(connection.stay(), name="mqtt.connection")
    try:
        yield connection
    finally:
        # Also when all is cancelled: that it goes is said then too.
        try:
            await connection.drained(LAST_WORDS_S)
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


class _Login:
    """What is said at each attempt; the password is read anew."""

    def __init__(
        self, settings: config.Mqtt, client_id: str, will: Published | None, trust: ssl.SSLContext | None
    ) -> None:
        self._settings = settings
        self._client_id = client_id
        self._will = will
        self._trust = trust
        self._password = mqtt_login.Password(settings)

    def peer(self) -> Peer:
        """Raises BrokerError."""
        settings = self._settings
        return Peer(
            settings.host,
            settings.port,
            self._client_id,
            settings.user or None,
            self._password.read(),
            self._trust,
            self._will,
        )


class _Connection:
    """Connection."""

    def __init__(self, login: _Login, *, clock: Clock) -> None:
        self._login = login
        self._clock = clock
        self._subscriptions = Subscriptions()
        self._outbox = Outbox()
        self._sent: dict[int, Waiting] = {}
        """Without an acknowledgement so far, the oldest first."""
        self._numbers = itertools.count()
        self._news = asyncio.Event()
        """There is something to be sent or to be subscribed to."""
        self._done = asyncio.Event()
        """All is sent and acknowledged."""
        self._told: list[Callable[[], None]] = []
        self._complained: set[str] = set()
        """What was logged since the last connection that was a good one."""
        self._news_of_it = True
        """Whether the next connection is to be told: the first one, and one after a complaint."""
        self._failures = 0
        self._short = 0
        """Connections in a row that were not good ones."""
        self._connected = False

    @property
    def connected(self) -> bool:
        return self._connected

    def on_connected(self, told: Callable[[], None]) -> None:
        self._told.append(told)
        if self._connected:
            _guarded(told, TOLD)

    def publish(self, message: Published) -> None:
        self._outbox.put(message, away=not self._connected)
        self._done.clear()
        self._news.set()

    def subscribe(self, pattern: str, hear: Hear) -> None:
        """Who hears by the same pattern already is told again what is retained."""
        self._subscriptions.add(pattern, hear)
        self._news.set()

    def unsubscribe(self, pattern: str, hear: Hear) -> None:
        self._subscriptions.remove(pattern, hear)
        self._news.set()

    async def drained(self, seconds: float) -> None:
        """Return when all is sent, or so much later."""
        if self._connected and (self._outbox or self._sent):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._done.wait()

    async def stay(self) -> None:
        """Be connected until this is cancelled."""
        while True:
            try:
                await self._live()
            except BrokerError as error:
                self._complain(error, kind="away" if error.key in AWAY else error.key)
            except Exception:
                # The library is at fault, or what the broker sent: the next connection may do better.
                log.exception("the connection to the MQTT broker failed in an unknown way; it is tried again")
            pause = pause_s(self._failures, first_s=FIRST_S, longest_s=LONGEST_S, chance=random.random())  # noqa: S311
            self._failures += 1
            await self._clock.sleep(pause)

    async def _live(self) -> None:
        """From one connection to its loss, of which a BrokerError tells."""
        peer = self._login.peer()
        async with connect(peer, self._hear) as session:
            began = self._clock.monotonic()
            try:
                with ungrouped():
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(session.lost(), name="mqtt.lost")
                        await self._place(session)
                        self._arrive(peer)
                        await self._send(session, tasks)
            finally:
                self._lose(peer, lasted_s=self._clock.monotonic() - began)

    def _arrive(self, peer: Peer) -> None:
        """How things are now goes out before what happened meanwhile."""
        dropped, self._outbox.dropped = self._outbox.dropped, 0
        if self._news_of_it or dropped:
            lost = f"; {dropped} messages were dropped while it was away" if dropped else ""
            log.info("connected to the MQTT broker at %s%s", peer.address, lost)
        self._news_of_it = False
        self._connected = True
        waited = self._outbox.empty()
        for told in list(self._told):
            _guarded(told, TOLD)
        self._outbox.follow(waited)
        self._news.set()

    def _lose(self, peer: Peer, *, lasted_s: float) -> None:
        self._connected = False
        self._subscriptions.lose()
        self._outbox.give_back(self._sent.values())
        self._sent.clear()
        if lasted_s >= SETTLED_S:
            self._failures = 0
            self._complained.clear()
            self._short = 0
            return
        self._short += 1
        if self._short == SHORT:
            error = BrokerError("mqtt-hangs-up", address=peer.address, client=peer.client_id)
            self._complain(error, kind=error.key)

    def _complain(self, error: BrokerError, *, kind: str) -> None:
        """Once of each kind, until there was a good connection."""
        if kind in self._complained:
            log.debug("still: %s", error)
            return
        self._complained.add(kind)
        self._news_of_it = True
        log.warning("%s; it is tried again until it succeeds", error)

    async def _send(self, session: Session, tasks: asyncio.TaskGroup) -> None:
        window = asyncio.Semaphore(IN_FLIGHT)
        while True:
            await self._news.wait()
            self._news.clear()
            await self._place(session)
            while self._outbox:
                await window.acquire()
                # Not before there is room: what is taken here is lost if this is cancelled.
                if waiting := self._outbox.take():
                    number = next(self._numbers)
                    self._sent[number] = waiting
                    publishing = tasks.create_task(self._publish(session, number, window), name="mqtt.publish")
                    if waiting.tries:
                        # Alone, so that what makes the broker hang up takes no other with it.
                        await publishing

    async def _publish(self, session: Session, number: int, window: asyncio.Semaphore) -> None:
        message = self._sent[number].message
        try:
            await session.publish(message)
        except ValueError:
            log.error("%s is no topic that anything can be sent to", message.topic)  # noqa: TRY400
        del self._sent[number]
        window.release()
        if not self._sent and not self._outbox:
            self._done.set()

    async def _place(self, session: Session) -> None:
        """Tell the broker what is to be heard, and return when it knows."""
        async with asyncio.TaskGroup() as tasks:
            for pattern in self._subscriptions.to_remove():
                tasks.create_task(session.unsubscribe(pattern), name="mqtt.unsubscribe")
            for each in self._subscriptions.to_place():
                tasks.create_task(session.subscribe(each.pattern, each.number), name="mqtt.subscribe")

    def _hear(self, message: Published, numbers: Sequence[int]) -> None:
        for pattern, hear in self._subscriptions.hearers(message.topic, numbers):
            _guarded(partial(hear, message), f"who hears {pattern}")


def _guarded(call: Callable[[], None], who: str) -> None:
    """One that fails does not hurt the others. What failed may hold what was sent: only its kind and place are told."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - whatever it is
        *_, last = traceback.extract_tb(error.__traceback__)
        log.error("%s failed: %s at %s:%s", who, type(error).__name__, last.filename, last.lineno)  # noqa: TRY400

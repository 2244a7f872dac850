"""One connection to an MQTT broker, for as long as it lasts."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NoReturn

import aiomqtt
import paho.mqtt.client as paho
from aiomqtt.exceptions import MqttConnectError
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from digital_life.errors import BrokerError
from digital_life.values import Published

log = logging.getLogger(__name__)
library = logging.getLogger(f"{__name__}.library")
library.setLevel(logging.CRITICAL)  # what it says, it also raises

KEEP_ALIVE_S = 5
"""A broker that hangs is noticed after twice this and a second, and who asks it for something after ANSWER_S."""
ANSWER_S = 5.0
"""For whatever the broker is to acknowledge."""
REACH_S = 5.0
GOODBYE_S = 0.5
PACKET_BYTES = 4 << 20
"""The largest that the broker may send. Above what a command may hold: who refuses it wants to say so."""
UNSPECIFIED, UNSUPPORTED, REFUSED, TAKEN_OVER = 128, 132, (134, 135), 142
"""Reason codes of MQTT 5, to which the library translates those of before."""

Hear = Callable[[Published, Sequence[int]], None]
"""A message that came, and by which subscriptions."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The broker, and who one is to it."""

    host: str
    port: int
    client_id: str
    user: str | None
    password: str | None = field(repr=False)
    trust: ssl.SSLContext | None
    """None: without TLS."""
    will: Published | None

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@asynccontextmanager
async def connect(peer: Peer, hear: Hear) -> AsyncGenerator[Session]:
    """Raises BrokerError. On cancellation it says goodbye, so that the broker does not publish the will."""
    await _reach(peer)
    client, version = await _enter(peer, hear)
    try:
        yield Session(client, peer, modern=version == aiomqtt.ProtocolVersion.V5)
    except asyncio.CancelledError:
        client.timeout = GOODBYE_S
        with contextlib.suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)
        raise
    finally:
        await client.hang_up()


class Session:
    """Each method returns when the broker has acknowledged it, and raises BrokerError when it does not."""

    def __init__(self, client: aiomqtt.Client, peer: Peer, *, modern: bool) -> None:
        self._client = client
        self._peer = peer
        self._modern = modern
        """Whether it speaks MQTT 5."""

    async def publish(self, message: Published) -> None:
        """The broker gets messages in the order of the calls. Raises ValueError for what no broker takes."""
        properties = _properties(message)
        with _explained(self._peer):
            await self._client.publish(message.topic, message.payload, message.qos, message.retain, properties)

    async def subscribe(self, pattern: str, number: int) -> None:
        """`number` is told with all that comes by it. What is refused is logged; there is nothing else to do."""
        properties = Properties(PacketTypes.SUBSCRIBE)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.SubscriptionIdentifier = number
        try:
            with _explained(self._peer):
                if self._modern:
                    codes = await self._client.subscribe(
                        pattern, options=SubscribeOptions(qos=1), properties=properties
                    )
                else:
                    codes = await self._client.subscribe(pattern, qos=1)
        except ValueError:
            log.error("%s is no pattern of MQTT topics", pattern)  # noqa: TRY400 - the traceback says no more
            return
        if any(getattr(code, "value", code) >= 128 for code in codes):
            log.warning("the MQTT broker does not let this user hear %s; look at its access control list", pattern)

    async def unsubscribe(self, pattern: str) -> None:
        with _explained(self._peer):
            await self._client.unsubscribe(pattern)

    async def lost(self) -> NoReturn:
        """Raise BrokerError when the connection is lost."""
        with _explained(self._peer):
            await anext(self._client.messages)
        raise AssertionError  # what comes is heard as it is read


async def _reach(peer: Peer) -> None:
    """The library connects on a thread that nothing stops, and leaves open what fails at TLS: first see who it is."""
    try:
        async with asyncio.timeout(REACH_S):
            transport, _ = await asyncio.get_running_loop().create_connection(
                asyncio.Protocol,
                peer.host,
                peer.port,
                ssl=peer.trust,
                ssl_handshake_timeout=REACH_S if peer.trust else None,
            )
    except (socket.gaierror, UnicodeError) as error:
        raise BrokerError("mqtt-unknown-name", host=peer.host) from error
    except OSError as error:
        raise _unreached(peer, error) from error
    transport.abort()


async def _enter(peer: Peer, hear: Hear) -> tuple[_Client, aiomqtt.ProtocolVersion]:
    for version in (aiomqtt.ProtocolVersion.V5, aiomqtt.ProtocolVersion.V311):
        client = _client(peer, hear, version)
        try:
            await _connected(client)
        except MqttConnectError as error:
            await client.hang_up()
            if _code(error) != UNSUPPORTED or version != aiomqtt.ProtocolVersion.V5:
                raise _refused(peer, error) from error
            log.debug("the MQTT broker at %s knows no MQTT 5: 3.1.1 it is", peer.address)
        except aiomqtt.MqttError as error:
            await client.hang_up()
            raise _failed(peer, error) from error
        else:
            return client, version
    raise AssertionError  # the last version was returned, or raised


def _client(peer: Peer, hear: Hear, version: aiomqtt.ProtocolVersion) -> _Client:
    properties = None
    if version == aiomqtt.ProtocolVersion.V5:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's has no types
        properties.MaximumPacketSize = PACKET_BYTES
    will = peer.will
    client = _Client(
        peer.host,
        peer.port,
        username=peer.user,
        password=peer.password,
        identifier=peer.client_id,
        protocol=version,
        clean_session=None if properties else True,
        properties=properties,
        will=aiomqtt.Will(will.topic, will.payload, will.qos, will.retain) if will else None,
        tls_context=peer.trust,
        keepalive=KEEP_ALIVE_S,
        timeout=ANSWER_S,
        queue_type=_straight_to(hear),
        # Else a short message waits for the acknowledgement of the one before it, for 40 ms (measured).
        socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        logger=library,
    )
    client.pending_calls_threshold = 1 << 16  # it would warn of what is in order
    return client


class _Client(aiomqtt.Client):
    """The library's, but for what it leaves behind when a connection ends otherwise than it should."""

    @property
    def has_socket(self) -> bool:
        return self._client.socket() is not None

    async def hang_up(self) -> None:
        """The library leaves its socket open when the other end hangs, or has not let it in."""
        await asyncio.sleep(0)  # what it asked of the loop for this socket is done first
        self._client._sock_close()  # noqa: SLF001 - there is no other way
        if self._disconnected.done():
            self._disconnected.exception()  # it was told to whoever asked

    def _on_socket_register_write(self, client: paho.Client, userdata: object, sock: paho.SocketLike) -> None:  # noqa: ARG002
        """The library has the loop look after a number of a file, which may be another's by the time it does."""
        self._loop.call_soon_threadsafe(self._write_to, client, sock)

    def _write_to(self, client: paho.Client, sock: paho.SocketLike) -> None:
        if client.socket() is sock:
            self._loop.add_writer(sock.fileno(), self._write, client)

    def _write(self, client: paho.Client) -> None:
        try:
            client.loop_write()
        except Exception as error:  # noqa: BLE001 - whoever waits for the connection is told
            if not self._disconnected.done():
                self._disconnected.set_exception(error)


def _straight_to(hear: Hear) -> type[asyncio.Queue[aiomqtt.Message]]:
    class Straight(asyncio.Queue[aiomqtt.Message]):
        """Holds nothing: who hears is told as the message is read, one in each round of the loop.

        So a flood waits in the broker and not in here, and sound has its turn after each message.
        """

        def put_nowait(self, item: aiomqtt.Message) -> None:
            hear(_published(item), _numbers(item))

    return Straight


async def _connected(client: _Client) -> None:
    """On cancellation nothing of it is left."""
    entering = asyncio.create_task(client.__aenter__(), name="mqtt.connect")
    try:
        await asyncio.shield(entering)
    except asyncio.CancelledError:
        while not client.has_socket and not entering.done():  # the thread cannot be stopped, but it is soon over
            await asyncio.wait({entering}, timeout=0.02)
        entering.cancel()
        with contextlib.suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await entering
        await client.hang_up()
        raise


def _properties(message: Published) -> Properties | None:
    if not (message.answer_to or message.correlation):
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's has no types
    if message.answer_to:
        properties.ResponseTopic = message.answer_to
    if message.correlation:
        properties.CorrelationData = message.correlation
    return properties


def _published(message: aiomqtt.Message) -> Published:
    told = message.properties
    return Published(
        str(message.topic),
        message.payload,
        1 if message.qos else 0,
        message.retain,
        getattr(told, "ResponseTopic", ""),
        getattr(told, "CorrelationData", b""),
    )


def _numbers(message: aiomqtt.Message) -> Sequence[int]:
    numbers: Sequence[int] = getattr(message.properties, "SubscriptionIdentifier", ())
    return numbers


@contextlib.contextmanager
def _explained(peer: Peer) -> Iterator[None]:
    try:
        yield
    except aiomqtt.MqttError as error:
        raise _lost(peer, error) from error


def _lost(peer: Peer, error: aiomqtt.MqttError) -> BrokerError:
    cause = error if isinstance(error, aiomqtt.MqttCodeError) else error.__cause__
    if cause is None:
        return BrokerError("mqtt-silent", address=peer.address)
    if isinstance(cause, aiomqtt.MqttCodeError) and _code(cause) == TAKEN_OVER:
        return BrokerError("mqtt-taken-over", address=peer.address, client=peer.client_id)
    return BrokerError("mqtt-lost", address=peer.address, cause=_why(cause))


def _refused(peer: Peer, error: MqttConnectError) -> BrokerError:
    if _code(error) in REFUSED:
        return BrokerError("mqtt-password-refused", address=peer.address, user=peer.user or "")
    return BrokerError("mqtt-refused", address=peer.address, cause=_why(error))


def _failed(peer: Peer, error: aiomqtt.MqttError) -> BrokerError:
    """Before the broker said yes or no."""
    cause = error.__context__
    if isinstance(cause, OSError) and not isinstance(cause, TimeoutError):
        return _unreached(peer, cause)
    return BrokerError("mqtt-silent", address=peer.address)


def _unreached(peer: Peer, error: OSError) -> BrokerError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return BrokerError("mqtt-untrusted", address=peer.address, cause=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return BrokerError("mqtt-tls-failed", address=peer.address, cause=error.reason or error)
    cause = os.strerror(error.errno) if error.errno else str(error) or "no answer"
    if peer.trust and isinstance(error, (ConnectionResetError, ConnectionAbortedError)):
        return BrokerError("mqtt-tls-failed", address=peer.address, cause=cause)
    return BrokerError("mqtt-unreachable", address=peer.address, cause=cause)


def _why(error: BaseException) -> str:
    """The library calls what it does not know, and so every broken connection, an unspecified error."""
    if not isinstance(error, aiomqtt.MqttCodeError):
        return str(error) or type(error).__name__
    return "the connection broke" if _code(error) == UNSPECIFIED else str(error.rc)


def _code(error: aiomqtt.MqttCodeError) -> int:
    return error.rc.value if isinstance(error.rc, ReasonCode) else error.rc or 0

"""One connection to an ESPHome device, https://esphome.io/components/api: what it hears, and what it is told."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from aioesphomeapi.client import APIClient
from aioesphomeapi.core import (
    APIConnectionError,
    EncryptionHelloAPIError,
    EncryptionPlaintextAPIError,
    InvalidAuthAPIError,
    InvalidEncryptionKeyAPIError,
    RequiresEncryptionAPIError,
    ResolveAPIError,
    SocketAPIError,
    TimeoutAPIError,
)
from aioesphomeapi.host_resolver import async_resolve_host
from aioesphomeapi.model import (
    ConnectionClosedEvent,
    DeviceInfo,
    EntityInfo,
    MediaPlayerCommand,
    MediaPlayerEntityFeature,
    MediaPlayerFormatPurpose,
    MediaPlayerInfo,
    VoiceAssistantAnnounceFinished,
    VoiceAssistantAudioSettings,
    VoiceAssistantCommandFlag,
    VoiceAssistantConfigurationResponse,
    VoiceAssistantEventType,
    VoiceAssistantFeature,
)

from digital_life.backends.esphome import Address, Found, Hearer, WakeWord
from digital_life.errors import SoundError
from digital_life.ports import Clock
from digital_life.values import RATE, WIDTH

# What it would tell is raised here, and its errors would write out what came: sound of the room.
logging.getLogger("aioesphomeapi").setLevel(logging.CRITICAL)

CONNECTED_S: Final = 10.0
"""From the address to the first answer; a device that starts anew is asked again later."""
ANSWERED_S: Final = 5.0
ANNOUNCED_S: Final = 300.0
LAST_S: Final = 0.2
"""For what was said last to leave."""
KEEP_ALIVE_S: Final = 5.0
"""Between two pings; after four and a half unanswered ones it is lost."""
BYTES_A_SECOND: Final = 2 * RATE * WIDTH
BURST_BYTES: Final = 512 * 1024
"""After a gap of the network, all that waited comes at once."""
NAME_LENGTH: Final = 100
READ_BYTES: Final = 8_192
"""At a time: between two the others have their turn."""
EVENTS: Final = {
    "run-start": VoiceAssistantEventType.VOICE_ASSISTANT_RUN_START,
    "listening": VoiceAssistantEventType.VOICE_ASSISTANT_STT_START,
    "wake-word": VoiceAssistantEventType.VOICE_ASSISTANT_WAKE_WORD_END,
    "heard": VoiceAssistantEventType.VOICE_ASSISTANT_STT_VAD_END,
    "thinking": VoiceAssistantEventType.VOICE_ASSISTANT_INTENT_START,
    "thought": VoiceAssistantEventType.VOICE_ASSISTANT_INTENT_END,
    "speaking": VoiceAssistantEventType.VOICE_ASSISTANT_TTS_START,
    "sound": VoiceAssistantEventType.VOICE_ASSISTANT_TTS_END,
    "stream-start": VoiceAssistantEventType.VOICE_ASSISTANT_TTS_STREAM_START,
    "stream-end": VoiceAssistantEventType.VOICE_ASSISTANT_TTS_STREAM_END,
    "run-end": VoiceAssistantEventType.VOICE_ASSISTANT_RUN_END,
}


@asynccontextmanager
async def connect(address: Address, clock: Clock) -> AsyncGenerator[Link]:
    """Raises SoundError that tells why it could not be connected."""
    async with _dialled(address, clock) as wire:
        client = APIClient(
            address.host,
            address.port,
            None,
            client_info="Digital Life",
            noise_psk=address.key or None,
            keepalive=KEEP_ALIVE_S,
            provide_time=False,
        )
        link = Link(client, wire, address)
        try:
            with _understood(address):
                async with asyncio.timeout(CONNECTED_S):
                    await link.begin()
            yield link
        finally:
            await link.end()


class Link:
    """What is sent over it while it is lost goes nowhere."""

    def __init__(self, client: APIClient, wire: _Wire, address: Address) -> None:
        self._client = client
        self._wire = wire
        self._address = address
        self._leave: Callable[[], None] | None = None
        self._closed = client.add_connection_closed_callback(self._lose)
        self.lost: SoundError | None = None
        self.found = Found()
        self._player: int | None = None
        """Key of its media player, if that can be muted."""
        self._hearer: Hearer | None = None

    @property
    def here(self) -> str:
        """The address of this machine as the device knows it."""
        return self._wire.here

    @property
    def there(self) -> str:
        """The address of the device."""
        return self._wire.there

    async def begin(self) -> None:
        self._client.start_connection_from_socket(self._wire.take())
        await self._client.finish_connection(login=True)
        device, entities, _ = await self._client.device_info_and_list_entities()
        version = self._client.api_version
        assert version is not None  # noqa: S101 - it is connected
        players = [each for each in entities if isinstance(each, MediaPlayerInfo)]
        able = [
            each.key for each in players if each.feature_flags_compat(version) & MediaPlayerEntityFeature.VOLUME_MUTE
        ]
        self._player = able[0] if able else None
        self.found = _found(
            device, entities, VoiceAssistantFeature(device.voice_assistant_feature_flags_compat(version))
        )

    async def listen(self, hearer: Hearer) -> None:
        """From now on the device brings what it hears. Raises SoundError when it cannot."""
        if not self.found.hears:
            raise SoundError("esphome-no-voice", host=self._address.host, name=self.found.called)
        if not self.found.by_api:
            raise SoundError("esphome-old", host=self._address.host, name=self.found.called)
        self._hearer = hearer
        with _understood(self._address):
            self._leave = self._client.subscribe_voice_assistant(
                handle_start=self._start,
                handle_stop=self._stop,
                handle_audio=self._audio,
                handle_announcement_finished=self._finished,
            )

    async def wake_words(self) -> tuple[WakeWord, ...] | None:
        """Those that it offers; None: it says nothing of them to this subscriber. After `listen`."""
        if not self.found.announces:
            return ()  # as old devices: they are never asked
        with _understood(self._address):
            config: VoiceAssistantConfigurationResponse = await self._client.get_voice_assistant_configuration(
                ANSWERED_S
            )
        if not config.max_active_wake_words:
            return None
        active = set(config.active_wake_words)
        return tuple(
            WakeWord(each.wake_word, tuple(each.trained_languages), each.id in active)
            for each in config.available_wake_words
        )

    async def end(self) -> None:
        self._closed()
        if self._leave and not self.lost:
            with suppress(APIConnectionError):
                self._leave()
                await asyncio.sleep(0)  # so that it is written
        self._client.force_disconnect()

    def cut(self, error: SoundError) -> None:
        """It is to be heard no longer."""
        self._lose_for(error)
        self._client.force_disconnect()

    # To the device.

    def tell(self, event: str, **values: str) -> None:
        with suppress(APIConnectionError):
            self._client.send_voice_assistant_event(EVENTS[event], values)

    def sound(self, pcm: bytes) -> None:
        with suppress(APIConnectionError):
            self._client.send_voice_assistant_audio(pcm)

    async def announce(self, url: str, *, converse: bool) -> None:
        """Returns when it was heard; if `converse`, the device then listens without a wake word."""
        with suppress(APIConnectionError):
            await self._client.send_voice_assistant_announcement_await_response(
                url, ANNOUNCED_S, start_conversation=converse
            )

    def mute(self, *, on: bool) -> None:
        command = MediaPlayerCommand.MUTE if on else MediaPlayerCommand.UNMUTE
        if self._player is not None:
            with suppress(APIConnectionError):
                self._client.media_player_command(self._player, command=command)

    # From the device.

    async def _start(
        self, _conversation: str, flags: int, _settings: VoiceAssistantAudioSettings, phrase: str | None
    ) -> int:
        if self._hearer:
            self._hearer.begin(phrase or "", searched=bool(flags & VoiceAssistantCommandFlag.USE_WAKE_WORD))
        return 0  # the sound comes over this connection

    async def _stop(self, aborted: bool) -> None:  # noqa: FBT001 - as the library calls it
        if self._hearer:
            self._hearer.end(aborted=aborted)

    async def _audio(self, pcm: bytes, _other: bytes | None) -> None:
        if len(pcm) % 2:
            self.cut(SoundError("esphome-nonsense", host=self._address.host, cause="half a sample"))
        elif self._hearer:
            self._hearer.hear(pcm)

    async def _finished(self, _finished: VoiceAssistantAnnounceFinished) -> None:
        if self._hearer:
            self._hearer.finish()

    def _lose(self, event: ConnectionClosedEvent) -> None:
        if self._wire.meter.exceeded:
            self._lose_for(SoundError("esphome-flood", host=self._address.host))
        else:
            cause = event.error or "it hung up"
            self._lose_for(SoundError("esphome-lost", host=self._address.host, cause=cause))

    def _lose_for(self, error: SoundError) -> None:
        if self.lost is None:
            self.lost = error
            if self._hearer:
                self._hearer.lose()


def _found(device: DeviceInfo, entities: list[EntityInfo], flags: VoiceAssistantFeature) -> Found:
    forms = [
        (each.format, each.sample_rate, each.num_channels)
        for player in entities
        if isinstance(player, MediaPlayerInfo)
        for each in player.supported_formats
        if each.purpose is MediaPlayerFormatPurpose.ANNOUNCEMENT and each.sample_bytes in (0, 2)
    ]
    return Found(
        name=_text(device.name),
        friendly_name=_text(device.friendly_name),
        model=_text(device.model),
        version=_text(device.project_version or device.esphome_version),
        hears=VoiceAssistantFeature.VOICE_ASSISTANT in flags,
        by_api=VoiceAssistantFeature.API_AUDIO in flags,
        speaker=VoiceAssistantFeature.SPEAKER in flags,
        announces=VoiceAssistantFeature.ANNOUNCE in flags,
        converses=VoiceAssistantFeature.START_CONVERSATION in flags,
        forms=tuple(forms),
    )


def _text(told: str) -> str:
    """A name, as a device may have it: it comes into errors, the log and a terminal."""
    return "".join(each for each in told if each.isprintable())[:NAME_LENGTH]


# The connection itself: the library is handed the near end of a pair of sockets, so that a device which floods is
# stopped before the library reads it, and so that the address under which the device knows this machine is known.


class _End(socket.socket):
    """A local socket that passes for one of TCP."""

    peer = ""

    def setsockopt(self, level: int, *option: int) -> None:  # type: ignore[override]  # as far as it is used
        if level != socket.IPPROTO_TCP:
            super().setsockopt(level, *option)

    def getpeername(self) -> tuple[str, int]:
        return self.peer, 0


class _Meter:
    """How much comes: twice as much as sound needs, for long, is a flood."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left = float(BURST_BYTES)
        self._counted = clock.monotonic()
        self.exceeded = False

    def count(self, size: int) -> None:
        now = self._clock.monotonic()
        self._left = min(BURST_BYTES, self._left + (now - self._counted) * BYTES_A_SECOND) - size
        self._counted = now
        self.exceeded = self.exceeded or self._left < 0


@dataclass(slots=True)
class _Wire:
    near: socket.socket
    here: str
    there: str
    meter: _Meter

    def take(self) -> socket.socket:
        end = _End(self.near.family, self.near.type, fileno=self.near.detach())
        end.peer = self.there
        return end


@asynccontextmanager
async def _dialled(address: Address, clock: Clock) -> AsyncGenerator[_Wire]:
    with _unreached(address):
        async with asyncio.timeout(CONNECTED_S):
            reader, writer = await _open(address)
    near, far = socket.socketpair()
    far.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, READ_BYTES)
    inner_reader, inner_writer = await asyncio.open_connection(sock=far)
    inner_writer.transport.set_write_buffer_limits(READ_BYTES)
    pumps: list[asyncio.Task[None]] = []
    try:
        here, there = (writer.get_extra_info(each)[0] for each in ("sockname", "peername"))
        wire = _Wire(near, here, there, _Meter(clock))
        come = asyncio.create_task(_bring(reader, inner_writer, wire.meter), name=f"esphome.{address.host}.in")
        go = asyncio.create_task(_take(inner_reader, writer), name=f"esphome.{address.host}.out")
        pumps = [come, go]
        yield wire
        await asyncio.wait([go], timeout=LAST_S)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        near.close()
        inner_writer.transport.abort()
        writer.transport.abort()


async def _open(address: Address) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    # As its names are often told by multicast DNS alone (kitchen.local), which the system need not know of.
    found = await async_resolve_host([address.host], address.port, timeout=CONNECTED_S)
    for each in found[:-1]:
        with suppress(OSError):
            return await asyncio.open_connection(each.sockaddr.address, address.port)
    return await asyncio.open_connection(found[-1].sockaddr.address, address.port)


async def _bring(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, meter: _Meter) -> None:
    try:
        while (piece := await reader.read(READ_BYTES)) and not meter.exceeded:
            meter.count(len(piece))
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass  # it is lost, as the library will find
    finally:
        writer.transport.abort()


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while piece := await reader.read(READ_BYTES):
            writer.write(piece)
            await writer.drain()


@contextmanager
def _unreached(address: Address) -> Iterator[None]:
    try:
        yield
    except ResolveAPIError as error:
        raise SoundError("esphome-unknown-name", host=address.host, cause=error) from error
    except ConnectionRefusedError as error:
        raise SoundError("esphome-refused", host=address.host, port=address.port) from error
    except (OSError, TimeoutError) as error:
        raise SoundError("esphome-unreachable", host=address.host, cause=str(error) or "no answer") from error


@contextmanager
def _understood(address: Address) -> Iterator[None]:
    """Errors of the library become those of ours that tell what to do."""
    try:
        yield
    except (APIConnectionError, TimeoutError, OSError) as error:
        key = next((key for kind, key in _KEYS if isinstance(error, kind)), "esphome-nonsense")
        raise SoundError(key, host=address.host, port=address.port, cause=error) from error


_KEYS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (RequiresEncryptionAPIError, "esphome-key-missing"),
    (EncryptionPlaintextAPIError, "esphome-key-unwanted"),
    (EncryptionHelloAPIError, "esphome-key-unwanted"),
    (InvalidEncryptionKeyAPIError, "esphome-key-wrong"),
    (InvalidAuthAPIError, "esphome-password"),
    (SocketAPIError, "esphome-lost"),
    (TimeoutAPIError, "esphome-silent"),
    (TimeoutError, "esphome-silent"),
)

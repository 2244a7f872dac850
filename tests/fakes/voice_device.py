"""An ESPHome voice device in this process: it speaks the native API, plain or encrypted, and plays what it is told."""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

from aioesphomeapi import api_pb2
from aioesphomeapi.core import MESSAGE_TYPE_TO_PROTO
from aioesphomeapi.model import MediaPlayerEntityFeature, VoiceAssistantEventType, VoiceAssistantFeature
from google.protobuf.message import Message
from noise.connection import NoiseConnection

NUMBERS = {kind.DESCRIPTOR.name: number for number, kind in MESSAGE_TYPE_TO_PROTO.items()}
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(32)).decode()
HEARS = VoiceAssistantFeature.VOICE_ASSISTANT | VoiceAssistantFeature.API_AUDIO
ANNOUNCES = HEARS | VoiceAssistantFeature.ANNOUNCE | VoiceAssistantFeature.START_CONVERSATION
MUTES = int(MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.VOLUME_MUTE)
SPEAKER = HEARS | VoiceAssistantFeature.SPEAKER


def made(kind: str, /, **fields: object) -> Message:
    return cast("Callable[..., Message]", getattr(api_pb2, kind))(**fields)


def valued(message: Message, name: str) -> object:
    return getattr(message, name)


@dataclass
class Event:
    """Of the pipeline, as it came."""

    name: str
    values: dict[str, str]


@dataclass
class Device:
    """What it is, and what came of it."""

    features: int = int(ANNOUNCES)
    key: str = ""
    called_by_people: str = "Kitchen"
    forms: tuple[tuple[str, int, int], ...] = (("wav", 24_000, 1),)
    """Format, samples a second, channels."""
    taken: bool = False
    """Another one listens to it."""
    answers_pings: bool = True
    fetches: bool = True
    """Whether it plays what it is told to."""
    port: int = 0
    calls: list[Call] = field(default_factory=list)
    """The open connections."""
    called: int = 0
    events: list[Event] = field(default_factory=list)
    announced: list[tuple[str, bool]] = field(default_factory=list)
    """Address, and whether to listen afterwards."""
    pcm: bytearray = field(default_factory=bytearray)
    """What was sent to its bare loudspeaker."""
    played: list[bytes] = field(default_factory=list)
    """Files that it fetched, as they came."""
    fetching: bytearray = field(default_factory=bytearray)
    """Of the file that it plays just now."""
    commands: list[int] = field(default_factory=list)
    """What its media player was told."""
    phrase: str = ""
    """Of its last wake word: it names it again when it goes on listening, as ESPHome does."""
    streams: bool = False
    listens: asyncio.Event = field(default_factory=asyncio.Event)
    """Somebody is subscribed."""

    @property
    def call(self) -> Call:
        return self.calls[-1]

    @property
    def told(self) -> list[str]:
        return [each.name for each in self.events]

    def wake(self, phrase: str = "hey jarvis", *, flags: int = 0) -> None:
        self.streams, self.phrase = True, phrase
        self.call.send(made("VoiceAssistantRequest", start=True, wake_word_phrase=phrase, flags=flags))

    def give_up(self) -> None:
        self.streams = False
        self.call.send(made("VoiceAssistantRequest", start=False))

    def speak(self, pcm: bytes, *, chunk: int = 1_024) -> None:
        for begin in range(0, len(pcm), chunk):
            self.call.send(made("VoiceAssistantAudio", data=pcm[begin : begin + chunk]))


@asynccontextmanager
async def running(device: Device | None = None) -> AsyncGenerator[Device]:
    device = device or Device()
    server = await asyncio.start_server(lambda reader, writer: _serve(device, reader, writer), "127.0.0.1", device.port)
    device.port = server.sockets[0].getsockname()[1]
    try:
        yield device
    finally:
        server.close()
        for call in list(device.calls):
            call.hang_up()
        while device.calls:
            await asyncio.sleep(0.001)


async def _serve(device: Device, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    call = Call(device, reader, writer)
    device.calls.append(call)
    device.called += 1
    try:
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            await call.serve()
    finally:
        await call.end()
        device.calls.remove(call)
        writer.transport.abort()


class Call:
    """One connection."""

    def __init__(self, device: Device, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.device = device
        self.writer = writer
        self._reader = reader
        self._noise: NoiseConnection | None = None
        self._converses = False
        self._playing: set[asyncio.Task[None]] = set()
        self.subscribed = False

    async def serve(self) -> None:
        if self.device.key:
            await self._shake_hands()
        while True:
            number, body = await (self._encrypted() if self._noise else self._plain())
            kind = MESSAGE_TYPE_TO_PROTO[number]
            self._on(kind.DESCRIPTOR.name, kind.FromString(body))

    def hang_up(self) -> None:
        self.writer.transport.abort()

    async def end(self) -> None:
        playing = list(self._playing)
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)

    # The frames.

    async def _plain(self) -> tuple[int, bytes]:
        if (await self._reader.readexactly(1)) != b"\0":
            self.writer.write(b"\0Bad indicator byte")
            raise ValueError
        size, number = await self._varint(), await self._varint()
        return number, await self._reader.readexactly(size)

    async def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = (await self._reader.readexactly(1))[0]
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    async def _shake_hands(self) -> None:
        if await self._frame() != b"":
            raise ValueError
        self._put(b"\x01kitchen\x00aabbccddeeff\x00")
        noise = NoiseConnection.from_name(b"Noise_NNpsk0_25519_ChaChaPoly_SHA256")
        noise.set_as_responder()
        noise.set_psks(base64.b64decode(self.device.key))
        noise.set_prologue(b"NoiseAPIInit\x00\x00")
        noise.start_handshake()
        try:
            noise.read_message((await self._frame())[1:])
        except Exception:  # noqa: BLE001 - whatever a wrong key makes of it
            self._put(b"\x01Handshake MAC failure")
            raise ValueError from None
        self._put(b"\0" + noise.write_message())
        self._noise = noise

    async def _frame(self) -> bytes:
        indicator, size = struct.unpack(">BH", await self._reader.readexactly(3))
        if indicator != 1:
            self.writer.write(b"\x01\0\0")
            raise ValueError
        return await self._reader.readexactly(size)

    def _put(self, body: bytes) -> None:
        self.writer.write(_framed(body))

    async def _encrypted(self) -> tuple[int, bytes]:
        assert self._noise
        clear = bytes(self._noise.decrypt(await self._frame()))
        number, size = struct.unpack(">HH", clear[:4])
        return number, clear[4 : 4 + size]

    def send(self, message: Message) -> None:
        self.writer.write(self.framed(message))

    def framed(self, message: Message) -> bytes:
        number, body = NUMBERS[message.DESCRIPTOR.name], message.SerializeToString()
        if self._noise:
            return _framed(self._noise.encrypt(struct.pack(">HH", number, len(body)) + body))
        return b"\0" + _varied(len(body)) + _varied(number) + body

    # What is said to it.

    def _on(self, kind: str, message: Message) -> None:
        answer = getattr(self, f"_on_{kind}", None)
        if answer:
            answer(message)

    def _on_HelloRequest(self, _message: Message) -> None:  # noqa: N802 - as the protocol calls it
        self.send(made("HelloResponse", api_version_major=1, api_version_minor=12, name="kitchen", server_info="fake"))

    def _on_DisconnectRequest(self, _message: Message) -> None:  # noqa: N802
        self.send(made("DisconnectResponse"))

    def _on_PingRequest(self, _message: Message) -> None:  # noqa: N802
        if self.device.answers_pings:
            self.send(made("PingResponse"))

    def _on_DeviceInfoRequest(self, _message: Message) -> None:  # noqa: N802
        self.send(
            made(
                "DeviceInfoResponse",
                name="kitchen",
                friendly_name=self.device.called_by_people,
                model="Voice PE",
                project_version="25.1.0",
                voice_assistant_feature_flags=int(self.device.features),
            )
        )

    def _on_ListEntitiesRequest(self, _message: Message) -> None:  # noqa: N802
        if self.device.features & VoiceAssistantFeature.ANNOUNCE:
            forms = [
                made("MediaPlayerSupportedFormat", format=each[0], sample_rate=each[1], num_channels=each[2], purpose=1)
                for each in self.device.forms
            ]
            self.send(
                made(
                    "ListEntitiesMediaPlayerResponse",
                    object_id="player",
                    key=1,
                    supported_formats=forms,
                    feature_flags=MUTES,
                )
            )
        self.send(made("ListEntitiesDoneResponse"))

    def _on_SubscribeVoiceAssistantRequest(self, message: Message) -> None:  # noqa: N802
        self.subscribed = bool(valued(message, "subscribe"))
        if self.subscribed:
            self.device.listens.set()
        else:
            self.device.listens.clear()

    def _on_VoiceAssistantConfigurationRequest(self, _message: Message) -> None:  # noqa: N802
        if self.device.taken:
            self.send(made("VoiceAssistantConfigurationResponse"))
            return
        word = made("VoiceAssistantWakeWord", id="jarvis", wake_word="hey jarvis", trained_languages=["en"])
        other = made("VoiceAssistantWakeWord", id="nabu", wake_word="okay nabu", trained_languages=["en"])
        self.send(
            made(
                "VoiceAssistantConfigurationResponse",
                available_wake_words=[word, other],
                active_wake_words=["jarvis"],
                max_active_wake_words=1,
            )
        )

    def _on_VoiceAssistantEventResponse(self, message: Message) -> None:  # noqa: N802
        name = VoiceAssistantEventType(cast("int", valued(message, "event_type"))).name.removeprefix("VOICE_ASSISTANT_")
        pairs = cast("list[Message]", valued(message, "data"))
        values = {str(valued(each, "name")): str(valued(each, "value")) for each in pairs}
        self.device.events.append(Event(name, values))
        if name in ("STT_VAD_END", "RUN_END"):
            self.device.streams = False
        if name == "INTENT_END":
            self._converses = values.get("continue_conversation") == "1"
        if name == "TTS_END" and values["url"].startswith("http"):
            self._play(values["url"])
        if name == "TTS_STREAM_END":
            self._finish()

    def _on_VoiceAssistantAnnounceRequest(self, message: Message) -> None:  # noqa: N802
        self._converses = bool(valued(message, "start_conversation"))
        url = str(valued(message, "media_id"))
        self.device.announced.append((url, self._converses))
        self._play(url)

    def _on_MediaPlayerCommandRequest(self, message: Message) -> None:  # noqa: N802
        self.device.commands.append(cast("int", valued(message, "command")))

    def _on_VoiceAssistantAudio(self, message: Message) -> None:  # noqa: N802
        self.device.pcm += cast("bytes", valued(message, "data"))

    # What it plays.

    def _play(self, url: str) -> None:
        if self.device.fetches:
            task = asyncio.create_task(self._fetch(url), name="device.fetch")
            self._playing.add(task)
            task.add_done_callback(self._playing.discard)

    def stop_playing(self) -> None:
        for task in self._playing:
            task.cancel()

    async def _fetch(self, url: str) -> None:
        self.device.fetching = bytearray()
        _, body = await fetch(url, self.device.fetching)
        self.device.played.append(body)
        self._finish()

    def _finish(self) -> None:
        if self.device.features & VoiceAssistantFeature.ANNOUNCE:
            self.send(made("VoiceAssistantAnnounceFinished", success=True))
        if self._converses:
            self.device.streams = True
            self.send(made("VoiceAssistantRequest", start=True, wake_word_phrase=self.device.phrase))


async def fetch(url: str, coming: bytearray | None = None) -> tuple[str, bytes]:
    """The head of the answer and all of its body, in `coming` as it comes."""
    coming = bytearray() if coming is None else coming
    host, _, path = url.removeprefix("http://").partition("/")
    address, _, port = host.rpartition(":")
    reader, writer = await asyncio.open_connection(address, int(port))
    try:
        writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nRange: bytes=0-\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        while "chunked" in head and (size := int(await reader.readline(), 16)):
            coming += await reader.readexactly(size)
            await reader.readexactly(2)
        return head, bytes(coming)
    finally:
        writer.close()


def _framed(body: bytes) -> bytes:
    return struct.pack(">BH", 1, len(body)) + body


def _varied(value: int) -> bytes:
    varied = bytearray()
    while True:
        varied.append(value & 0x7F | (0x80 if value > 0x7F else 0))
        value >>= 7
        if not value:
            return bytes(varied)

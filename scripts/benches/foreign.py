"""What `scripts/bench fuzz` feeds to those who read recordings, archives, settings and wires."""

from __future__ import annotations

import asyncio
import functools
import io
import struct
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import httpx
import numpy as np
import soundfile
from aioesphomeapi.model import DeviceInfo, MediaPlayerInfo, VoiceAssistantFeature
from wyoming.event import Event

from benches import keepsakes, mutations
from benches.wrong import wrong
from digital_life import config, words
from digital_life.backends import completion, encoded, esphome_link, hub, index, livesound, wavfile, wyoming_tts
from digital_life.backends.completion import BrokenCompletionError, Completion, NoCompletionError
from digital_life.backends.download import Unavailable
from digital_life.backends.open_meteo import OpenMeteo
from digital_life.backends.openai_http import OpenAiHttp
from digital_life.backends.openai_transcription import OpenAiTranscription
from digital_life.backends.searxng import SearxNg
from digital_life.clock import SystemClock
from digital_life.devices import orders
from digital_life.devices.topics import Command, Topics
from digital_life.display import messages
from digital_life.errors import DigitalLifeError
from digital_life.memory import archive
from digital_life.tools import grammar
from digital_life.values import RATE, Language, Published, Sensed
from digital_life.web import course, watching
from digital_life.web.resource import Call
from digital_life.wire import events

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "digital-life.toml"
MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
COMPLETIONS = (
    b'data: {"choices": [{"delta": {"content": "Good"}}]}\n\n',
    'data: {"choices": [{"delta": {"content": "你好"}, "finish_reason": null}]}\n\n'.encode(),
    b'data: {"error": {"code": "busy", "message": "no"}}\n\n',
    b"data: [DONE]\n\n",
)
SHOWN = (
    b'{"type": "clock", "page": "page-1", "sent": 1795298006000.5}',
    b'{"type": "state", "state": "idle"}',
    b'{"type": "expression", "name": "happy"}',
)
WIRED = (
    b'{"type": "transcribe", "data": {"language": "en"}}',
    b'{"type": "audio-chunk", "data_length": 42, "payload_length": 1024}',
    b'{"type": "synthesize", "data": {"text": "Hello."}}',
)
COMMANDS = (
    b"ON", b"40", b"PRESS", b"Ada", b"Good morning.", b'{"text": "Hello.", "language": "en"}',
    b'{"text": "What time is it?", "id": "1"}', b'{"text": "tea", "in": 300}',
    b'{"text": "tea", "at": "2026-11-01T10:00"}',
)  # fmt: skip
PAGES = (
    b'{"type": "say", "text": "Hello.", "aloud": true}',
    b'{"type": "press", "rate": 48000}',
    b'{"type": "playing", "id": 3, "seconds": 0.5}',
    b'{"type": "open", "on": true, "rate": 16000}',
    b'{"type": "mute", "on": true}',
)
TRANSCRIBED = (
    b'{"text": "Hello.", "language": "english",'
    b' "segments": [{"text": "Hello.", "avg_logprob": -0.2, "no_speech_prob": 0.01}]}'
)
WEB = (
    b'{"results": [{"name": "Leeds", "latitude": 53.8, "longitude": -1.5}],'  # noqa: ISC004 - one answer
    b' "current": {"temperature_2m": 9.5, "weather_code": 3},'
    b' "daily": {"time": ["2026-11-01"], "weather_code": [3], "temperature_2m_max": [9], "temperature_2m_min": [2],'
    b' "precipitation_probability_max": [20], "wind_speed_10m_max": [9]}}',
    b'{"results": [{"url": "https://example.org/a", "title": "Bread", "content": "Flour."}]}',
)
INDEXES = (
    b'{"sha": "abc", "siblings": [{"rfilename": "model.bin"}]}',
    b'{"files": [{"filename": "a-1.whl", "url": "a-1.whl", "hashes": {"sha256": "00"}}]}',
    b'<a href="a-1.whl#sha256=00">a-1.whl</a>',
)


@contextmanager
def file_of(held: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(held)
        yield path


@functools.cache
def recording() -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(range(256)) * 8)
    return written.getvalue()


@functools.cache
def flac() -> bytes:
    file = io.BytesIO()
    soundfile.write(file, np.frombuffer(bytes(range(256)) * 8, np.int16), RATE, format="FLAC")
    return file.getvalue()


@functools.cache
def packed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        life, settings, target = (Path(folder) / each for each in ("life.db", "settings.toml", "all.life"))
        life.write_bytes(b"SQLite format 3\0" + bytes(500))
        settings.write_bytes(b"[persona]\nname = 'Ada'\n")
        archive.write(life, settings, target, MOMENT)
        return target.read_bytes()


@functools.cache
def written() -> bytes:
    return SETTINGS.read_bytes()


def hear(held: bytes, _random: Random) -> Iterable[str]:
    with file_of(held, "said.wav") as path:
        try:
            wavfile.open_recording(path)
        except DigitalLifeError:
            return ["refused"]
    return ["heard"]


def unpack(held: bytes, _random: Random) -> Iterable[str]:
    with file_of(held, "all.life") as path:
        try:
            archive.read(path)
        except DigitalLifeError:
            return ["refused"]
    return ["unpacked"]


def set_up(held: bytes, _random: Random) -> Iterable[str]:
    with file_of(held, "settings.toml") as path:
        try:
            config.load(path)
        except DigitalLifeError:
            return ["refused"]
    return ["set"]


def answer(held: bytes, random: Random) -> Iterable[str]:
    """In two blocks, as a network cuts it."""
    completion, cut = Completion(), random.randint(0, len(held))
    try:
        for block in (held[:cut], held[cut:]):
            completion.feed(block)
    except (NoCompletionError, BrokenCompletionError):
        return ["refused"]
    return ["read"]


def show(held: bytes, _random: Random) -> Iterable[str]:
    try:
        messages.from_json(held)
    except messages.MessageError:
        return ["refused"]
    return ["shown"]


def offer(held: bytes, random: Random) -> Iterable[str]:
    try:
        told = b'{"text": "x"}' if random.random() < 0.5 else mutations.garbled(b'{"text": "x"}', random)
        events.event(events.header(held), told, b"")
    except DigitalLifeError:
        return ["refused"]
    return ["read"]


def order(held: bytes, random: Random) -> Iterable[str]:
    """A command on any of its topics of the broker, kept or not, to be answered anywhere."""
    topics = Topics("ada")
    last = random.choice((*Command, "x", ""))
    odd = ("me/answers", "$SYS/x", "#", "homeassistant/light/x/config", f"{topics.base}/say/set")
    answer_to = random.choice(odd) if random.random() < 0.3 else ""
    message = Published(f"{topics.base}/{last}/set", held, retain=random.random() < 0.1, answer_to=answer_to)
    read = orders.read(message, topics=topics, personas=("Ada",))
    return [f"refused: {read.problem}" if isinstance(read, orders.Refusal) else "obeyed"]


def take_part(held: bytes, _random: Random) -> Iterable[str]:
    """What a page of the console sends in the talk."""
    try:
        course.from_json(held.decode(errors="surrogateescape"))
    except course.CourseError:
        return ["refused"]
    return ["taken"]


class _Looking:
    """A page, and the ears that it watches."""

    id = "page-1"
    language: Language = "en"
    notice: Callable[[Sensed], None] | None = None

    def __init__(self) -> None:
        self.refused = 0

    def send(self, message: bytes) -> None:
        self.refused += b"refused" in message

    def send_sound(self, pcm: bytes) -> None: ...
    def close(self) -> None: ...


def look_on(held: bytes, _random: Random) -> Iterable[str]:
    page = _Looking()
    watching.Watching(page, clock=SystemClock()).told(page, held.decode(errors="surrogateescape"))
    return ["refused" if page.refused else "watches"]


def request(held: bytes, random: Random) -> Iterable[str]:
    """The body of a request to the console."""
    try:
        Call(words.load("en"), body=held).read(random.choice((dict[str, str], list[int], watching.Watch)))
    except DigitalLifeError:
        return ["refused"]
    return ["read"]


def speak(held: bytes, _random: Random) -> Iterable[str]:
    """What a server of voices says is sound."""
    try:
        encoded.speech_of(held)
    except encoded.NoSoundError:
        return ["refused"]
    return ["heard"]


def sound(held: bytes, random: Random) -> Iterable[str]:
    """Events of a Wyoming voice, with sound."""
    voice = wyoming_tts._Sound()  # noqa: SLF001 - without a network
    told = {"rate": random.choice((16_000, 22_050, 0, -1, 10**9)), "width": random.choice((2, 1, 3, 9)), "channels": 1}
    try:
        for _ in range(random.randint(0, 3)):
            voice.take(Event(random.choice(("audio-start", "audio-chunk")), told, held))
        voice.speech()
    except (DigitalLifeError, encoded.NoSoundError):
        return ["refused"]
    return ["heard"]


@functools.cache
def _recogniser() -> OpenAiTranscription:
    openai = config.OpenAiTranscription(address="http://127.0.0.1:9/v1")
    return OpenAiTranscription(config.SpeechToText(openai=openai), ("en", "zh"))


def transcribe(held: bytes, _random: Random) -> Iterable[str]:
    try:
        return ["words" if _recogniser().read(held) else "nothing"]
    except DigitalLifeError:
        return ["refused"]


@functools.cache
def _server() -> OpenAiHttp:
    return OpenAiHttp(config.Llm(server=config.Server(address="http://127.0.0.1:9/v1")))


def offers(held: bytes, _random: Random) -> Iterable[str]:
    """Which models a language server has."""
    try:
        return ["models" if _server()._read_models(held) else "nothing"]  # noqa: SLF001 - without a network
    except DigitalLifeError:
        return ["refused"]


def refuse(held: bytes, _random: Random) -> Iterable[str]:
    """Why a server says that it does not answer."""
    return ["a code" if completion.code(held) else "none"]


def look_up(held: bytes, random: Random) -> Iterable[str]:
    """What a service of the web answers to a tool."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=held))

    async def asked() -> object:
        async with httpx.AsyncClient(transport=transport, trust_env=False) as web:
            if random.random() < 0.5:
                return await OpenMeteo(web, config.WeatherTool()).forecast("Leeds", "en")
            return await SearxNg(web, config.SearchTool(address="http://127.0.0.1:9")).search("bread", "en")

    try:
        return ["found" if asyncio.run(asked()) else "nothing"]
    except DigitalLifeError:
        return ["refused"]


def browse(held: bytes, random: Random) -> Iterable[str]:
    """What the hub and a package index say that they have."""
    kind = random.choice(("application/vnd.pypi.simple.v1+json", "text/html; charset=utf-8", "text/html"))
    answer = httpx.Response(
        200, content=held, headers={"Content-Type": kind}, request=httpx.Request("GET", "http://x/")
    )
    try:
        if random.random() < 0.5:
            return ["wheels" if index._offers(answer) else "nothing"]  # noqa: SLF001 - without a network
        with httpx.Client(transport=httpx.MockTransport(lambda _request: answer), trust_env=False) as client:
            hub.look_up(client, "a/b", "main")
    except Unavailable:
        return ["refused"]
    return ["files"]


def call(held: bytes, _random: Random) -> Iterable[str]:
    """What the language model writes where a call is wanted."""
    try:
        return ["called" if grammar.parsed(held.decode(errors="replace")) else "none"]
    except ValueError:
        return ["refused"]


class _Caller:
    """The other end of a connection."""

    transport: _Caller

    def __init__(self) -> None:
        self.transport = self
        self.wrote = b""

    def write(self, written: bytes) -> None:
        self.wrote += written

    def get_extra_info(self, _name: str) -> tuple[str, int]:
        return "127.0.0.1", 9

    def close(self) -> None: ...
    def abort(self) -> None: ...


def fetch(held: bytes, _random: Random) -> Iterable[str]:
    """Somebody in the network asks for the sound that an ESPHome device is meant to fetch."""

    async def served() -> bytes:
        sound = livesound.LiveSound(guest="127.0.0.1", form="wav", rate=RATE, channels=1)
        reader, writer = asyncio.StreamReader(limit=livesound.ASKED_BYTES), _Caller()
        reader.feed_data(held.replace(b"/sound.wav", sound.path.encode()))
        reader.feed_eof()
        await sound.serve(reader, writer)  # type: ignore[arg-type] # as much of it as is used
        sound.close()
        return writer.wrote

    said = asyncio.run(served())
    if said and not said.startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 404 ")):
        raise AssertionError(said)
    return [said[9:12].decode() or "no answer"]


def introduce(held: bytes, random: Random) -> Iterable[str]:
    """What an ESPHome device says of itself, and how it takes part."""
    text = held.decode(errors="replace")
    number = random.choice((0, -1, 2**31, *struct.unpack("<I", held[:4].ljust(4, b"\0"))))
    device = DeviceInfo.from_dict({"name": text, "friendly_name": text[::-1], "model": text, "esphome_version": text})
    player = MediaPlayerInfo.from_dict({"name": text, "feature_flags": number})
    found = esphome_link._found(device, [player], VoiceAssistantFeature(number & 0x7F))  # noqa: SLF001 - no network
    if any(not each.isprintable() for each in found.called):
        raise AssertionError(found.called)
    return ["hears" if found.hears else "deaf"]


READERS: dict[str, tuple[Callable[[Random], bytes], Callable[[bytes, Random], Iterable[str]]]] = {
    "recordings": (wrong(recording), hear),
    "archives": (wrong(packed), unpack),
    "settings": (wrong(written), set_up),
    "completions": (wrong(*COMPLETIONS), answer),
    "models of servers": (wrong(b'{"data": [{"id": "qwen", "owned_by": "me"}]}'), offers),
    "refusals": (wrong(b'{"error": {"code": "busy", "type": "x"}}'), refuse),
    "display messages": (wrong(*SHOWN), show),
    "Wyoming events": (wrong(*WIRED), offer),
    "Wyoming sound": (wrong(recording), sound),
    "commands of the broker": (wrong(*COMMANDS), order),
    "messages of pages": (wrong(*PAGES), take_part),
    "watching pages": (wrong(b'{"type": "watch", "on": true}'), look_on),
    "requests": (wrong(b'{"a": "b"}', b"[1, 2]", b'{"type": "watch", "on": true}'), request),
    "sound of servers": (wrong(recording, flac), speak),
    "transcriptions": (wrong(TRANSCRIBED), transcribe),
    "answers of the web": (wrong(*WEB), look_up),
    "indexes": (wrong(*INDEXES), browse),
    "calls of the model": (wrong(b'{"tool": "timer", "what": "tea"}', b"none"), call),
    "fetched sound": (wrong(b"GET /sound.wav HTTP/1.1\r\nHost: x\r\n\r\n"), fetch),
    "ESPHome devices": (wrong("Küche 厨房 Voice PE".encode()), introduce),
    **keepsakes.READERS,
}
"""What makes the bytes, and what takes them; whatever this raises is a fault."""

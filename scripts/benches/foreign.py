"""What `scripts/bench fuzz` feeds to those who read files and wires: true bytes first, then all that is wrong."""

from __future__ import annotations

import functools
import io
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from benches import mutations
from digital_life import config
from digital_life.backends import wavfile
from digital_life.backends.completion import BrokenCompletionError, Completion, NoCompletionError
from digital_life.display import messages
from digital_life.errors import DigitalLifeError
from digital_life.memory import archive
from digital_life.values import RATE
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


def wrong(*truths: Callable[[], bytes] | bytes) -> Callable[[Random], bytes]:
    """Makes true ones in one of ten, and else wrong ones."""

    def make(random: Random) -> bytes:
        truth = random.choice(truths)
        held = truth if isinstance(truth, bytes) else truth()
        kind = random.random()
        if kind < 0.1:
            return held
        return flipped(held, random) if kind < 0.6 else mutations.garbled(held, random)

    return make


def flipped(held: bytes, random: Random) -> bytes:
    """A few bytes changed, mostly in the head: what a reader believes first."""
    made = bytearray(held)
    for _ in range(random.randint(1, 6)):
        made[random.randrange(min(len(made), random.choice((64, len(made)))))] = random.choice((0, 1, 0x7F, 0x80, 0xFF))
    return bytes(made)


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
        events.event(events.header(held), mutations.garbled(b'{"text": "x"}', random), b"")
    except DigitalLifeError:
        return ["refused"]
    return ["read"]


READERS: dict[str, tuple[Callable[[Random], bytes], Callable[[bytes, Random], Iterable[str]]]] = {
    "recordings": (wrong(recording), hear),
    "archives": (wrong(packed), unpack),
    "settings": (wrong(written), set_up),
    "completions": (wrong(*COMPLETIONS), answer),
    "display messages": (wrong(*SHOWN), show),
    "Wyoming events": (wrong(*WIRED), offer),
}
"""What makes the bytes, and what takes them; whatever this raises is a fault."""

"""`scripts/bench rooms`: how much later a wake word is heard where several rooms are listened to at once."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import psutil

from benches import chains, material, report
from benches.figures import Figure, spread
from benches.material import Sound
from benches.voice import DATA, context_of, progress
from benches.waking import loudness
from digital_life import app, config
from digital_life.backends.mute import NoMute
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.broadcast import Broadcast, InRoom
from digital_life.context import Context
from digital_life.ports import Clock, RoomDevice
from digital_life.rooming import open_rooms
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech, State, WakeHeard

ROOMS = (1, 2, 4)
ROUNDS = 16
QUICK_ROUNDS = 5
TALK_S = 2.5
"""Of somebody who talks before the wake word: the networks are at work in every room."""
PAUSE_S = 0.6
TAIL_S = 3.0
"""After the wake word nobody speaks; it waits so long as ANSWER_WAIT_S for a question."""
ANSWER_WAIT_S = 1.5
HISS = 0.001
"""Of full scale: no room is quite still."""
LATE_S = 2.8
"""A wake word that is not heard within this is missed."""
LEAD_S = 1.0
"""From the opening of the rooms to the first sample of all."""
BUDGET_MS = 150.0


def main() -> int:
    return report.command("rooms", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    context = _context(profile, Path(tempfile.mkdtemp()))
    loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
    async with app.open_parts(context, loudspeaker) as parts:
        heard: dict[str, Heard] = {}
        for name, count, apart in _cases():
            progress(name)
            tracks = [_track(n, count, QUICK_ROUNDS if quick else ROUNDS, apart=apart) for n in range(count)]
            heard[name] = await _listened(parts, tracks)
    return _figures(heard)


def _cases() -> list[tuple[str, int, bool]]:
    """Rooms at once, and whether their wake words are said at different times."""
    return [
        ("1 room", 1, False),
        *((f"{each} rooms, at once", each, False) for each in ROOMS[1:]),
        *((f"{each} rooms, one after another", each, True) for each in ROOMS[1:]),
    ]


def _context(profile: str, home: Path) -> Context:
    """Of a daemon that makes no tone, and waits for a question only briefly."""
    context = context_of(profile, home)
    settings = msgspec.structs.replace(
        context.settings,
        audio=config.Audio(earcon=False),
        conversation=config.Conversation(answer_wait_s=ANSWER_WAIT_S, follow_up_s=0.0, introduction=False),
    )
    return replace(context, settings=settings)


# What is to be heard.


@dataclass(frozen=True, slots=True)
class Said:
    """A wake word in a track."""

    recording: int
    ended_s: float


@dataclass(frozen=True, slots=True)
class Track:
    """What a room's microphone brings, from the common beginning on."""

    pcm: bytes
    said: tuple[Said, ...]


def _track(room: int, rooms: int, rounds: int, *, apart: bool) -> Track:
    wakes, talk = _wakes(), [material.load(path) for path in chains.sentences(DATA).values()]
    rng = np.random.default_rng(room)
    period_s = TALK_S + PAUSE_S + TAIL_S + 1.0
    pieces = [_silence(period_s * room / rooms if apart else 0.0)]
    said: list[Said] = []
    for n in range(rounds):
        recording = (n + room) % len(wakes)
        spoken = np.resize(talk[(n + room) % len(talk)], int(TALK_S * RATE))
        wake = wakes[recording] * (loudness(spoken) / loudness(wakes[recording]))
        pieces += [spoken, _silence(PAUSE_S), wake.astype(np.float32)]
        said.append(Said(recording, sum(map(len, pieces)) / RATE))
        pieces.append(_silence(period_s - TALK_S - PAUSE_S - len(wake) / RATE))
    sound = np.concatenate(pieces)
    sound = np.clip(sound + rng.normal(0, HISS, len(sound)), -1, 1)
    return Track((sound * 32767).astype(np.int16).tobytes(), tuple(said))


def _silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)


def _wakes() -> list[Sound]:
    people = sorted((DATA / "speech" / "wake_alexa").glob("*.flac"))
    paths = [DATA / "speech" / "hey_jarvis.wav", *people[:: max(1, len(people) // 15)]]
    return [material.trimmed(material.load(each)) for each in paths]


class Device:
    """A room in which a track is heard in real time."""

    def __init__(self, track: Track, clock: Clock, begins: asyncio.Future[float]) -> None:
        self._track = track
        self._clock = clock
        self._begins = begins
        self.ended = asyncio.Event()

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        begins = await asyncio.shield(self._begins)
        size = FRAME * WIDTH
        for n in range(len(self._track.pcm) // size):
            heard = begins + (n + 1) * FRAME / RATE
            await self._clock.sleep(max(0.0, heard - self._clock.monotonic()))
            yield AudioFrame(self._track.pcm[n * size : (n + 1) * size], n * FRAME, heard)
        self.ended.set()
        await asyncio.Event().wait()  # it is silent until it is closed

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if started:
            started()
        return speech.seconds

    def stop(self) -> None: ...
    def turn(self, level: float) -> None: ...
    def show(self, state: State) -> None: ...


# How it was heard.


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of the tracks of one case."""

    waited_ms: tuple[Mapping[int, list[float]], ...]
    """Of each room: of each recording, from its end until it was listened to; those that were missed are not in it."""
    missed: int
    cores: float
    """That were busy."""
    memory_mb: float
    """More than without the rooms."""


async def _listened(parts: app.Parts, tracks: Sequence[Track]) -> Heard:
    process, clock = psutil.Process(), parts.context.clock
    begins: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    devices = {str(n): Device(each, clock, begins) for n, each in enumerate(tracks)}
    listening: dict[str, list[float]] = {each: [] for each in devices}

    def hear(event: object) -> None:
        match event:
            case InRoom(room, State.LISTENING):
                listening[room].append(clock.monotonic())

    @asynccontextmanager
    async def opened(described: config.RoomDevice, _clock: Clock) -> AsyncGenerator[RoomDevice]:
        yield devices[described.name]

    broadcast = Broadcast()
    broadcast.subscribe(hear)
    before = process.memory_info().rss
    housed = _with_rooms(parts, list(devices))
    async with open_rooms(housed, broadcast, mute=NoMute(), first=_every, open_device=opened):
        begins.set_result(clock.monotonic() + LEAD_S)
        began, busy = clock.monotonic(), _busy(process)
        for each in devices.values():
            await each.ended.wait()
        cores = (_busy(process) - busy) / (clock.monotonic() - began)
        memory = process.memory_info().rss - before
    waited = [_waited(track, begins.result(), listening[name]) for name, track in zip(devices, tracks, strict=True)]
    missed = sum(len(track.said) for track in tracks) - sum(len(each) for room in waited for each in room.values())
    return Heard(tuple(waited), missed, cores, memory / 1e6)


def _every(_room: str) -> Callable[[WakeHeard], bool]:
    """Each is to answer: their wake words are different ones."""
    return lambda _wake: True


def _with_rooms(parts: app.Parts, names: Sequence[str]) -> app.Parts:
    devices = tuple(config.RoomDevice(name=each, kind="wyoming", host="127.0.0.1") for each in names)
    settings = msgspec.structs.replace(parts.context.settings, rooms=config.Rooms(devices=devices))
    return replace(parts, context=replace(parts.context, settings=settings))


def _busy(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _waited(track: Track, begins: float, listening: Sequence[float]) -> dict[int, list[float]]:
    found: dict[int, list[float]] = {}
    for each in track.said:
        ended = begins + each.ended_s
        # It may be sure of the word before its last sound is over.
        at = next((at for at in listening if ended - 0.5 <= at <= ended + LATE_S), None)
        if at is not None:
            found.setdefault(each.recording, []).append(1000 * (at - ended))
    return found


def _figures(heard: Mapping[str, Heard]) -> list[Figure]:
    alone = heard["1 room"]
    usual = {recording: float(np.median(waits)) for recording, waits in alone.waited_ms[0].items()}
    figures: list[Figure] = []
    for name, each in heard.items():
        waits = [wait for room in each.waited_ms for all_ in room.values() for wait in all_]
        said = len(waits) + each.missed
        figures.append(spread(f"{name}: wake word to listening", waits, "ms", note=f"{each.missed} of {said} missed"))
        more = [
            wait - usual[recording]
            for room in each.waited_ms
            for recording, all_ in room.items()
            for wait in all_
            if recording in usual
        ]
        if each is not alone:
            figures.append(_more(name, more))
        rooms = len(each.waited_ms)
        figures.append(Figure(f"{name}: processor", each.cores, "cores"))
        figures.append(Figure(f"{name}: memory a room", each.memory_mb / rooms, "MB"))
    return figures


def _more(name: str, more: Sequence[float]) -> Figure:
    """Than in one room, of the same recordings."""
    figure = spread(f"{name}: later than in one room", more, "ms", budget=BUDGET_MS)
    return replace(figure, note=f"n={len(more)}, worst {max(more):.0f} ms")


if __name__ == "__main__":
    sys.exit(main())

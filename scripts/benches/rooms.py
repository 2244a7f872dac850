"""`scripts/bench rooms`: how much later a wake word is heard where several rooms are listened to at once."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Sequence
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
from digital_life.ports import Clock, RoomDevice, SpeechToText
from digital_life.rooming import open_rooms
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, Speech, State, Transcript, Utterance, WakeHeard

MOST = 4
ROUNDS = 8
QUICK_ROUNDS = 4
TALK_S = 2.5
"""Of somebody who talks before the wake word: the networks are at work in every room."""
PAUSE_S = 0.6
TAIL_S = 3.0
"""After the wake word nobody speaks; it waits so long as ANSWER_WAIT_S for a question."""
ANSWER_WAIT_S = 1.5
HISS = 0.001
"""Of full scale: no room is quite still."""
PERIOD_S = TALK_S + PAUSE_S + 1.0 + TAIL_S
"""From one wake word to the next; none lasts longer than a second."""
EARLY_S = 0.5
LATE_S = 2.8
"""A wake word that is not heard within this is missed."""
LEAD_S = 1.0
"""From the opening of the rooms to the first sample of all."""
BUDGET_MS = 150.0


def main() -> int:
    return report.command("rooms", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    """Each track is heard alone, and then beside the others: what differs is what the others cost."""
    context = _context(profile, Path(tempfile.mkdtemp()))
    loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    async with app.open_parts(context, loudspeaker) as parts:
        alone: list[Heard] = []
        for n in range(MOST):
            progress(f"room {n + 1} alone")
            alone.append(await _listened(parts, [_track(n, rounds)]))
        usual = [each.waits[0] for each in alone]
        figures = _figures("1 room", alone, usual)
        for count in (2, MOST):
            for name, shift_s in ((f"{count} rooms, at once", 0.0), (f"{count} rooms, in turn", PERIOD_S / count)):
                progress(name)
                heard = await _listened(parts, [_track(n, rounds, later_s=n * shift_s) for n in range(count)])
                figures += _figures(name, [heard], usual)
    return figures


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
class Track:
    """What a room's microphone brings, from the common beginning on."""

    pcm: bytes
    ends_s: tuple[float, ...]
    """Of its wake words."""


def _track(room: int, rounds: int, *, later_s: float = 0.0) -> Track:
    """The same for the same room, but that it begins later, by whole frames."""
    wakes, talk = _wakes(), [material.load(path) for path in chains.sentences(DATA).values()]
    pieces: list[Sound] = []
    ends: list[int] = []
    for n in range(rounds):
        spoken = np.resize(talk[(n + room) % len(talk)], int(TALK_S * RATE))
        wake = wakes[(n * MOST + room) % len(wakes)]
        wake = (wake * (loudness(spoken) / loudness(wake))).astype(np.float32)
        said = np.concatenate((spoken, _silence(PAUSE_S), wake))
        ends.append(n * int(PERIOD_S * RATE) + len(said))
        pieces += [said, _silence(PERIOD_S - len(said) / RATE)]
    sound = np.concatenate(pieces)
    sound = np.clip(sound + np.random.default_rng(room).normal(0, HISS, len(sound)), -1, 1)
    before = round(later_s * RATE / FRAME) * FRAME
    pcm = bytes(before * WIDTH) + (sound * 32767).astype(np.int16).tobytes()
    return Track(pcm, tuple((before + each) / RATE for each in ends))


def _silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)


def _wakes() -> list[Sound]:
    people = sorted((DATA / "speech" / "wake_alexa").glob("*.flac"))
    paths = [DATA / "speech" / "hey_jarvis.wav", *people[:: max(1, len(people) // 32)]]
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


class Looks:
    """SpeechToText, and how long each second look at a wake word took."""

    def __init__(self, stt: SpeechToText, clock: Clock) -> None:
        self._stt = stt
        self._clock = clock
        self.took_ms: list[float] = []

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        began = self._clock.monotonic()
        try:
            return await self._stt.transcribe(utterance, hint=hint)
        finally:
            self.took_ms.append(1000 * (self._clock.monotonic() - began))


# How it was heard.


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of the tracks of one case."""

    waits: tuple[tuple[float | None, ...], ...]
    """Of each room: milliseconds from the end of each wake word until it was listened to; None: it was missed."""
    looks_ms: tuple[float, ...]
    """How long each second look took."""
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
    looks = Looks(parts.stt, clock)
    housed = replace(_with_rooms(parts, list(devices)), stt=looks)
    async with open_rooms(housed, broadcast, mute=NoMute(), first=_every, open_device=opened):
        begins.set_result(clock.monotonic() + LEAD_S)
        began, busy = clock.monotonic(), _busy(process)
        for each in devices.values():
            await each.ended.wait()
        cores = (_busy(process) - busy) / (clock.monotonic() - began)
        memory = process.memory_info().rss - before
    waits = tuple(_waits(track, begins.result(), listening[name]) for name, track in zip(devices, tracks, strict=True))
    return Heard(waits, tuple(looks.took_ms), cores, memory / 1e6)


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


def _waits(track: Track, begins: float, listening: Sequence[float]) -> tuple[float | None, ...]:
    """It may be sure of the word a little before its last sound is over."""
    ends = [begins + each for each in track.ends_s]
    found = [next((at for at in listening if end - EARLY_S <= at <= end + LATE_S), None) for end in ends]
    return tuple(None if at is None else 1000 * (at - end) for at, end in zip(found, ends, strict=True))


def _figures(name: str, heard: Sequence[Heard], usual: Sequence[Sequence[float | None]]) -> list[Figure]:
    """`usual`: how long each track's wake words took alone."""
    rooms = [room for each in heard for room in each.waits]
    waits = [wait for room in rooms for wait in room if wait is not None]
    said = sum(map(len, rooms))
    looks = [each for case in heard for each in case.looks_ms]
    figures = [spread(f"{name}: wake word to listening", waits, "ms", note=f"{said - len(waits)} of {said} missed")]
    if len(heard) == 1:
        pairs = [pair for room, before in zip(rooms, usual, strict=False) for pair in zip(room, before, strict=True)]
        more = [wait - before for wait, before in pairs if wait is not None and before is not None]
        note = f"n={len(more)}, worst {max(more):.0f} ms"
        figures.append(spread(f"{name}: later than alone", more, "ms", budget=BUDGET_MS, note=note))
    if looks:
        figures.append(spread(f"{name}: a second look", looks, "ms"))
    memory = sum(each.memory_mb for each in heard) / len(rooms)
    cores = sum(each.cores for each in heard) / len(heard)
    return [*figures, Figure(f"{name}: processor", cores, "cores"), Figure(f"{name}: memory a room", memory, "MB")]


if __name__ == "__main__":
    sys.exit(main())

"""A real wyoming-satellite as a room: heard, spoken through, shut up, killed and found again."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from wyoming.event import Event
from wyoming.wake import Detection
from wyoming_peer import SPOKEN_RATE, wyoming_peer

from digital_life.backends.satellite_stream import UNNAMED
from digital_life.backends.wyoming_satellite import open_satellite, visit_satellite
from digital_life.clock import SystemClock
from digital_life.errors import SoundError
from digital_life.ports import RoomDevice
from digital_life.values import RATE, AudioFrame, Speech, State
from fakes.wyoming_server import Answers, Speaking, wyoming_server

WAIT_S = 20.0


def noise(seconds: float, *, rate: int, seed: int) -> bytes:
    """Sound in which every piece is found again."""
    return np.random.default_rng(seed).normal(0, 3_000, round(seconds * rate)).astype("<i2").tobytes()


SAID = noise(60, rate=RATE, seed=1)
SPEECH = Speech(noise(2, rate=SPOKEN_RATE, seed=2), SPOKEN_RATE)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not holds():
            await asyncio.sleep(0.01)


@dataclass
class Listening:
    """As a room's session does: asked again when it was lost, here after 0.1 s."""

    heard: list[AudioFrame] = field(default_factory=list)
    errors: list[tuple[float, SoundError]] = field(default_factory=list)
    """And when (monotonic seconds)."""

    @property
    def loud(self) -> bool:
        """Whether it hears something just now."""
        return any(any(each.pcm) for each in self.heard[-3:])

    async def listen(self, room: RoomDevice) -> None:
        while True:
            try:
                async with aclosing(room.frames()) as frames:
                    async for frame in frames:
                        self.heard.append(frame)
            except SoundError as error:
                self.errors.append((time.monotonic(), error))
                await asyncio.sleep(0.1)


def found_again(heard: list[AudioFrame], frames: int = 13) -> int:
    """How many stretches of so many frames are just as they were said."""
    stretches = (heard[start : start + frames] for start in range(0, len(heard) - frames + 1, frames))
    return sum(SAID.find(b"".join(each.pcm for each in stretch)) >= 0 for stretch in stretches)


@asynccontextmanager
async def listening(port: int) -> AsyncGenerator[tuple[RoomDevice, Listening]]:
    ears = Listening()
    async with open_satellite("127.0.0.1", port, clock=SystemClock()) as room, asyncio.TaskGroup() as tasks:
        task = tasks.create_task(ears.listen(room), name="test.listen")
        try:
            yield room, ears
        finally:
            task.cancel()


async def test_it_is_heard_and_speaks(tmp_path: Path) -> None:
    async with wyoming_peer(tmp_path, SAID) as peer, listening(peer.port) as (room, ears):
        found = await visit_satellite("127.0.0.1", peer.port)
        assert (found.name, found.area) == ("Kitchen satellite", "Kitchen")
        await until(lambda: bool(found_again(ears.heard)))  # a second of it, bit by bit

        begun: list[float] = []
        assert await room.play(SPEECH, started=lambda: begun.append(time.monotonic())) == 2.0
        returned = time.monotonic()
        await until(lambda: len(peer.heard) >= len(SPEECH.pcm))
        assert peer.heard == SPEECH.pcm
        assert abs(peer.loud[-1][0] - returned) < 0.5, "it returns when it was heard"
        assert peer.loud[0][0] - begun[0] < 0.5
        assert ears.errors == []


async def test_stopped_it_is_soon_silent_and_what_was_heard_is_known(tmp_path: Path) -> None:
    async with wyoming_peer(tmp_path, SAID) as peer, listening(peer.port) as (room, ears):
        await until(lambda: bool(ears.heard))
        playing = asyncio.ensure_future(room.play(SPEECH))
        await asyncio.sleep(1.0)
        stopped = time.monotonic()
        room.stop()
        heard_s = await playing
        await asyncio.sleep(0.5)
        assert len(peer.heard) / 2 / SPOKEN_RATE == pytest.approx(heard_s, abs=0.001)
        assert heard_s < 1.6
        assert max(when for when, peak in peer.loud if peak) - stopped < 1.0


async def test_it_shows_what_goes_on(tmp_path: Path) -> None:
    shown = tmp_path / "shown"
    lamp = [
        (f"--{each}-command", f"sh -c 'echo {each} >> {shown}'") for each in ("detection", "stt-stop", "transcript")
    ]
    options = [each for pair in lamp for each in pair]
    async with wyoming_peer(tmp_path, SAID, *options) as peer, listening(peer.port) as (room, ears):
        await until(lambda: bool(ears.heard))
        for state in (State.LISTENING, State.THINKING, State.SPEAKING, State.IDLE):
            room.show(state)
            await asyncio.sleep(0.2)
        await until(lambda: shown.exists() and shown.read_text().split() == ["detection", "stt-stop", "transcript"])


async def test_one_that_talks_with_another_says_so(tmp_path: Path) -> None:
    async with wyoming_peer(tmp_path, SAID) as peer, listening(peer.port) as (_, ears):
        await until(lambda: bool(ears.heard))
        async with open_satellite("127.0.0.1", peer.port, clock=SystemClock()) as second:
            with pytest.raises(SoundError, match="talks with another program"):
                await anext(second.frames())
        assert ears.errors == []


async def test_killed_and_started_again_it_is_heard_again(tmp_path: Path) -> None:
    async with wyoming_peer(tmp_path, SAID) as peer, listening(peer.port) as (room, ears):
        await until(lambda: ears.loud)
        killed = time.monotonic()
        await peer.kill()
        await until(lambda: bool(ears.errors))
        assert ears.errors[0][0] - killed < 1
        assert ears.errors[0][1].key == "satellite-lost"
        with pytest.raises(SoundError):
            await room.play(SPEECH)
        count = len(ears.heard)
        await peer.start()
        await until(lambda: len(ears.heard) > count)
        await until(lambda: ears.loud)
        assert await room.play(Speech(SPEECH.pcm[:SPOKEN_RATE], SPOKEN_RATE)) == 0.5


async def test_one_that_hangs_is_noticed_within_ten_seconds(tmp_path: Path) -> None:
    async with wyoming_peer(tmp_path, SAID) as peer, listening(peer.port) as (_, ears):
        await until(lambda: ears.loud)
        assert peer.process
        hung = time.monotonic()
        os.killpg(peer.process.pid, signal.SIGSTOP)
        await until(lambda: bool(ears.errors))
        when, error = ears.errors[0]
        assert when - hung < 10
        assert error.key == "satellite-silent"


def hearing_loud() -> Answers:
    """A wake word is whatever is loud."""

    async def answer(told: Event, speaking: Speaking) -> None:
        if told.type == "audio-chunk" and any(told.payload or b""):
            await speaking.say(Detection(name="ok_nabu"))

    return answer


async def test_its_own_wake_word_opens_it_and_the_end_of_the_talk_closes_it(tmp_path: Path) -> None:
    said = bytes(RATE * 4) + noise(1, rate=RATE, seed=3) + bytes(RATE * 4) + noise(60, rate=RATE, seed=4)
    async with (
        wyoming_server(hearing_loud()) as wakes,
        wyoming_peer(tmp_path, said, "--wake-uri", f"tcp://127.0.0.1:{wakes.port}") as peer,
        listening(peer.port) as (room, ears),
    ):
        await until(lambda: any(each.woken for each in ears.heard))
        assert [each.woken for each in ears.heard if each.woken] == [UNNAMED], "it is too old to tell which"
        assert not any(any(each.pcm) for each in ears.heard[:-12]), "before, it sent nothing"
        for state in (State.LISTENING, State.THINKING, State.SPEAKING, State.LISTENING):
            room.show(state)
            await asyncio.sleep(0.3)
        streamed = len(peer.log)
        assert "Waiting for wake word" in peer.log
        room.show(State.IDLE)
        await until(lambda: "Waiting for wake word" in peer.log[streamed:])
        await until(lambda: sum(1 for each in ears.heard if each.woken) == 2)

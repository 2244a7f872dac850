"""The talk is heard and spoken at one place: in the room, or for a while at a guest's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from digital_life.backends.terminals import Terminals
from digital_life.clock import SystemClock
from digital_life.errors import SoundError
from digital_life.values import FRAME, AudioFrame, Speech

SPEECH = Speech(b"\0\0" * 800, 16_000)
ROOM, GUEST = b"\1\0" * FRAME, b"\2\0" * FRAME


@dataclass
class Mouth:
    """Notes what it is to do."""

    fails: bool = False
    played: int = 0
    stopped: int = 0
    levels: list[float] = field(default_factory=list)

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if self.fails:
            raise SoundError("page-silent")
        self.played += 1
        if started:
            started()
        return speech.seconds

    def stop(self) -> None:
        self.stopped += 1

    def turn(self, level: float) -> None:
        self.levels.append(level)


@dataclass
class Room:
    """A microphone that brings a frame every 5 ms, or is not there."""

    missing: bool = False
    lasts: int = 1_000_000
    opened: int = 0
    closed: int = 0

    async def frames(self) -> AsyncGenerator[AudioFrame]:
        self.opened += 1
        if self.missing:
            raise SoundError("microphone-missing", device="fake", cause="none")
        try:
            for number in range(self.lasts):
                await asyncio.sleep(0.005)
                yield AudioFrame(ROOM, number * FRAME, SystemClock().monotonic())
        finally:
            self.closed += 1


class World:
    def __init__(self, room: Room) -> None:
        self.room, self.mouth, self.guest, self.other = room, Mouth(), Mouth(), Mouth()
        self.terminals = Terminals(room, self.mouth, clock=SystemClock())
        self.heard: list[AudioFrame] = []
        self.error: SoundError | None = None

    async def listen(self) -> None:
        try:
            async with aclosing(self.terminals.frames()) as frames:
                async for frame in frames:
                    self.heard.append(frame)
        except SoundError as error:
            self.error = error

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0.001)

    @property
    def sounds(self) -> list[bytes]:
        return [frame.pcm for frame in self.heard]


@asynccontextmanager
async def world(room: Room | None = None) -> AsyncGenerator[World]:
    it = World(room or Room())
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(it.listen())
        await asyncio.sleep(0)
        yield it
        listening.cancel()


async def test_the_guest_is_heard_instead_of_the_room_and_then_the_room_again() -> None:
    async with world() as it:
        await it.until(lambda: ROOM in it.sounds)
        assert it.terminals.take(it.guest)
        await it.until(lambda: it.room.closed == 1)
        await it.until(lambda: it.terminals.position > it.heard[-1].position)
        heard = len(it.heard)
        it.terminals.hear(it.guest, GUEST + GUEST[:100])
        it.terminals.hear(it.guest, GUEST[100:])
        await it.until(lambda: it.sounds.count(GUEST) == 2)
        assert ROOM not in it.sounds[heard:]
        assert all(frame.echo_free for frame in it.heard[heard:])
        it.terminals.release(it.guest)
        await it.until(lambda: it.sounds[-1] == ROOM)
        assert not it.heard[-1].echo_free
    assert [frame.position for frame in it.heard] == [number * FRAME for number in range(len(it.heard))]
    captured = [frame.captured for frame in it.heard]
    assert captured == sorted(captured)


async def test_a_guest_that_says_nothing_is_silent_in_real_time() -> None:
    async with world() as it:
        it.terminals.take(it.guest)
        await it.until(lambda: it.room.closed == 1)
        before = len(it.heard)
        await asyncio.sleep(0.5)
        assert 3 <= len(it.heard) - before <= 6
        assert set(it.sounds[before:]) == {bytes(FRAME * 2)}


async def test_the_last_frame_comes_at_once_and_says_so() -> None:
    async with world() as it:
        it.terminals.take(it.guest)
        await it.until(lambda: it.room.closed == 1)
        it.terminals.hear(it.guest, GUEST[:640])
        it.terminals.finish(it.guest)
        await it.until(lambda: bool(it.heard) and it.heard[-1].final)
        assert it.heard[-1].pcm.startswith(GUEST[:640])


async def test_two_guests_at_once_are_refused() -> None:
    async with world() as it:
        assert it.terminals.take(it.guest)
        assert it.terminals.take(it.guest)
        assert not it.terminals.take(it.other)
        await it.until(lambda: it.room.closed == 1)
        it.terminals.hear(it.other, GUEST)
        it.terminals.finish(it.other)
        it.terminals.release(it.other)
        await asyncio.sleep(0.25)
        assert GUEST not in it.sounds
        assert not any(frame.final for frame in it.heard)
        it.terminals.release(it.guest)
        assert it.terminals.take(it.other)


async def test_without_a_microphone_of_its_own_a_guest_is_heard_all_the_same() -> None:
    it = World(Room(missing=True))
    await it.listen()
    assert it.error is not None
    assert it.terminals.take(it.guest)
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(it.listen())
        await asyncio.sleep(0)
        it.terminals.hear(it.guest, GUEST)
        await it.until(lambda: GUEST in it.sounds)
        it.error = None
        it.terminals.release(it.guest)
        await asyncio.wait_for(listening, 5)
        assert it.error is not None


async def test_what_a_guest_brings_while_nobody_listens_is_never_heard() -> None:
    it = World(Room())
    it.terminals.take(it.guest)
    it.terminals.hear(it.guest, GUEST * 10)
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(it.listen())
        await it.until(lambda: len(it.heard) > 2)
        listening.cancel()
    assert GUEST not in it.sounds
    assert it.room.opened == 0


async def test_a_recording_ends() -> None:
    it = World(Room(lasts=3))
    await asyncio.wait_for(it.listen(), 5)
    assert len(it.heard) == 3
    assert it.error is None


async def test_sound_is_played_where_the_talk_is_and_as_loud_as_it_was() -> None:
    it = World(Room())
    it.terminals.turn(0.5)
    assert await it.terminals.play(SPEECH) == pytest.approx(0.05)
    it.terminals.take(it.guest)
    await it.terminals.play(SPEECH)
    it.terminals.turn(0.25)
    it.terminals.stop()
    assert (it.mouth.played, it.guest.played) == (1, 1)
    assert (it.mouth.levels, it.guest.levels) == ([0.5, 0.25], [0.5, 0.25])
    assert it.guest.stopped == 1
    it.terminals.release(it.guest)
    await it.terminals.play(SPEECH)
    assert it.mouth.played == 2


async def test_a_guest_that_is_lost_while_it_plays_is_told_and_the_room_takes_over() -> None:
    it = World(Room())
    it.guest.fails = True
    it.terminals.take(it.guest)
    with pytest.raises(SoundError):
        await it.terminals.play(SPEECH)
    it.terminals.release(it.guest)
    await it.terminals.play(SPEECH)
    assert it.mouth.played == 1


async def test_it_knows_whether_who_speaks_is_heard() -> None:
    async with world() as it:
        assert not it.terminals.hears
        await it.until(lambda: it.terminals.hears)
        assert it.terminals.take(it.guest)  # only to play there what is said
        await it.until(lambda: it.room.closed == 1)
        it.room.missing = True
        it.terminals.release(it.guest)
        await it.until(lambda: it.error is not None)
        assert not it.terminals.hears
    async with _at_a_guest_alone() as it:
        assert not it.terminals.hears
        it.terminals.hear(it.guest, GUEST)
        assert it.terminals.hears
        it.terminals.finish(it.guest)
        assert not it.terminals.hears


@asynccontextmanager
async def _at_a_guest_alone() -> AsyncGenerator[World]:
    """There is no microphone in the room."""
    it = World(Room(missing=True))
    it.terminals.take(it.guest)
    async with asyncio.TaskGroup() as tasks:
        listening = tasks.create_task(it.listen())
        await it.until(lambda: bool(it.heard))
        yield it
        listening.cancel()

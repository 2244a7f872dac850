"""The mouth moves with the sound, waits and stops with it, and never delays it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from itertools import pairwise

import numpy as np
import pytest

from digital_life.display.lipsync import AHEAD_MS, LipSync
from digital_life.display.messages import Mouth
from digital_life.display.mouth import PER_SECOND, Lips
from digital_life.errors import SoundError
from digital_life.values import Speech
from digital_life.worker import Worker
from fakes.clock import HandClock

RATE = 24_000
LATENCY_S = 0.06
BLOCK_S = 0.01


class FineClock(HandClock):
    async def let_pass(self, seconds: float) -> None:
        until = self.passed + seconds - 1e-9
        while self.passed < until:
            self.passed += BLOCK_S
            self._moved.set()
            self._moved.clear()
            for _ in range(12):
                await asyncio.sleep(0)

    @property
    def ms(self) -> float:
        return self.now().timestamp() * 1000


class Room:
    """A Loudspeaker that takes a block of sound after the other; at level 0 it waits."""

    def __init__(self, clock: FineClock) -> None:
        self._clock = clock
        self.level = 1.0
        self.begins = asyncio.Event()
        self.begins.set()
        self.lost = False
        self._stopped = False
        self.began_ms: list[float] = []

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        self._stopped, played = False, 0.0
        await self.begins.wait()
        while not self._stopped and played < speech.seconds - 1e-9:
            if self.lost:
                raise SoundError("loudspeaker-lost", device="x")
            taken = BLOCK_S if self.level else 0
            if taken and not played:
                self.began_ms.append(self._clock.ms)
                if started:
                    started()
            await self._clock.sleep(BLOCK_S)
            played += taken
        return played

    def stop(self) -> None:
        self._stopped = True

    def turn(self, level: float) -> None:
        self.level = level


def voice(seconds: float = 1.0) -> Speech:
    moments = np.arange(int(RATE * seconds)) / RATE
    sound = sum(np.sin(2 * np.pi * hertz * moments) / place for place, hertz in enumerate((220, 700, 1250, 2600), 1))
    return Speech((np.asarray(sound) * 6_000).astype("<i2").tobytes(), RATE)


class Scene:
    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self.clock = FineClock()
        self.room = Room(self.clock)
        self.told: list[tuple[float, Mouth]] = []
        self.watched = True
        self.tone = voice(0.2)
        self.lips = LipSync(
            self.room,
            tell=lambda mouth: self.told.append((self.clock.ms, mouth)),
            watched=lambda: self.watched,
            clock=self.clock,
            worker=worker,
            latency_s=lambda: LATENCY_S,
            tones=(self.tone,),
        )

    async def plays(self, speech: Speech, *, for_s: float = 5.0) -> asyncio.Task[float]:
        playing = asyncio.create_task(self.lips.play(speech), name="test.play")
        await self.known()
        await self.clock.let_pass(for_s)
        return playing

    async def known(self) -> None:
        """When the shapes are read, on their own thread."""
        for _ in range(10):
            await asyncio.sleep(0)
        await self._worker.run(lambda: None)  # one job after another: what was read before it is known then
        for _ in range(10):
            await asyncio.sleep(0)

    @property
    def mouths(self) -> list[Mouth]:
        return [mouth for _, mouth in self.told]


@pytest.fixture
async def scene() -> AsyncGenerator[Scene]:
    async with Worker("display") as worker:
        yield Scene(worker)


async def test_each_mouth_is_told_before_its_sound_and_names_the_moment(scene: Scene) -> None:
    heard = await (await scene.plays(voice(1.0)))
    assert heard == pytest.approx(1.0)
    assert len(scene.mouths) == PER_SECOND + 1
    starts = scene.room.began_ms[0] + LATENCY_S * 1000
    for place, (when, mouth) in enumerate(scene.told):
        assert mouth.at == pytest.approx(starts + (place + 0.5) * 1000 / PER_SECOND, abs=1)
        assert mouth.at - when <= AHEAD_MS + 1
    assert all(mouth.at - when > AHEAD_MS - 40 for when, mouth in scene.told[8:-1])
    assert max(each.open for each in scene.mouths) > 0.3
    assert scene.mouths[-1].open == 0


async def test_nobody_looks_and_nothing_is_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.watched = False
    monkeypatch.setattr(Lips, "read", lambda *_: pytest.fail("it was read"))
    assert await (await scene.plays(voice())) == pytest.approx(1.0)
    assert scene.told == []


async def test_a_tone_comes_from_no_mouth(scene: Scene) -> None:
    await (await scene.plays(voice(0.2)))  # as long and as loud as the tone: the same
    assert scene.told == []


async def test_when_it_is_stopped_the_mouth_shuts_at_once(scene: Scene) -> None:
    playing = await scene.plays(voice(2.0), for_s=0.5)
    scene.lips.stop()
    when, last = scene.told[-1]
    assert (last.open, last.at) == (0, round(scene.clock.ms))
    assert when == scene.clock.ms
    told = len(scene.told)
    await scene.clock.let_pass(1)
    assert await playing < 0.6
    assert len(scene.told) == told


async def test_while_it_is_held_the_mouth_is_shut_and_then_goes_on_where_the_sound_does(scene: Scene) -> None:
    playing = await scene.plays(voice(1.0), for_s=0.5)
    scene.lips.turn(0)
    told = len(scene.told)
    assert scene.told[-1][1].open == 0
    assert scene.told[-1][1].at == round(scene.clock.ms)
    await scene.clock.let_pass(3)
    assert len(scene.told) == told
    scene.lips.turn(1)
    await scene.clock.let_pass(2)
    assert await playing == pytest.approx(1.0)
    starts = scene.room.began_ms[0] + LATENCY_S * 1000
    again = scene.mouths[told:]
    # Half a second was taken before it was held, and 60 ms less of it heard.
    assert again[0].at == pytest.approx(starts + 3_000 + 500, abs=35)
    assert again[-1].at == pytest.approx(starts + 3_000 + 1_000 + 17, abs=35)
    assert all(other.at > one.at for one, other in pairwise(again))


async def test_it_is_held_before_it_begins(scene: Scene) -> None:
    scene.lips.turn(0)
    playing = await scene.plays(voice(0.5), for_s=1)
    assert scene.told == []
    scene.lips.turn(1)
    await scene.clock.let_pass(1)
    assert await playing == pytest.approx(0.5)
    assert scene.mouths[0].at > scene.room.began_ms[0]


async def test_lowered_it_speaks_on(scene: Scene) -> None:
    playing = await scene.plays(voice(0.6), for_s=0.2)
    scene.lips.turn(0.25)
    await scene.clock.let_pass(1)
    await playing
    assert len(scene.mouths) == round(0.6 * PER_SECOND) + 1


async def test_given_up_it_leaves_no_open_mouth(scene: Scene) -> None:
    playing = await scene.plays(voice(2.0), for_s=0.5)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert scene.mouths[-1].open == 0
    assert scene.mouths[-1].at == round(scene.clock.ms)


async def test_a_lost_loudspeaker_is_told_as_it_is(scene: Scene) -> None:
    playing = await scene.plays(voice(2.0), for_s=0.3)
    scene.room.lost = True
    await scene.clock.let_pass(0.1)
    with pytest.raises(SoundError):
        await playing
    assert scene.mouths[-1].open == 0


async def test_what_goes_wrong_with_the_mouth_is_no_silence(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Lips, "read", broken)
    assert await (await scene.plays(voice())) == pytest.approx(1.0)
    assert "is heard all the same" in caplog.text


async def test_one_after_another_they_do_not_mix(scene: Scene) -> None:
    await (await scene.plays(voice(0.5), for_s=1))
    first = len(scene.told)
    await (await scene.plays(voice(0.5), for_s=1))
    assert scene.mouths[first].at > scene.mouths[first - 1].at
    assert len(scene.told) == 2 * first


async def test_stopping_nothing_says_nothing(scene: Scene) -> None:
    scene.lips.stop()
    scene.lips.turn(0)
    scene.lips.turn(1)
    assert scene.told == []

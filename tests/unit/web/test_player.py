"""A page plays what is said, and what was heard of it is known; one that is lost keeps nobody waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from digital_life.errors import SoundError
from digital_life.values import Speech
from digital_life.web.player import PIECE_BYTES, PagePlayer
from fakes.pages import FakePage

SPEECH = Speech(bytes(range(256)) * 250, 16_000)  # 2 s


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.001)


async def test_the_sound_is_sent_whole_and_its_end_is_told() -> None:
    page = FakePage()
    player = PagePlayer(page)
    told: list[str] = []
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(player.play(SPEECH, started=lambda: told.append("!")))
        await until(lambda: bool(page.sounds))
        assert page.of("speech") == [{"type": "speech", "id": 1, "rate": 16_000, "samples": 32_000}]
        assert b"".join(page.sounds) == SPEECH.pcm
        assert max(map(len, page.sounds)) <= PIECE_BYTES
        assert told == []
        player.playing(1, 0.0)
        await until(lambda: told == ["!"])
        player.played(1, 2.5)
    assert playing.result() == 2.0
    assert told == ["!"]


async def test_stopped_it_is_silent_and_tells_what_was_heard() -> None:
    page = FakePage()
    player = PagePlayer(page)
    player.stop()
    assert page.told == []
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(player.play(SPEECH))
        await until(lambda: bool(page.sounds))
        player.playing(1, 0.3)
        player.stop()
        await until(lambda: bool(page.of("silence")))
        player.played(1, 0.4)
    assert playing.result() == pytest.approx(0.4)


async def test_stopped_a_page_that_does_not_answer_keeps_nobody_waiting() -> None:
    player = PagePlayer(FakePage())
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(player.play(SPEECH))
        await asyncio.sleep(0)
        player.playing(1, 0.7)
        await asyncio.sleep(0.01)
        began = time.monotonic()
        player.stop()
    assert time.monotonic() - began < 0.6
    assert playing.result() == pytest.approx(0.7)


async def test_a_page_that_dies_is_told_within_two_seconds() -> None:
    player = PagePlayer(FakePage())
    began = time.monotonic()
    with pytest.raises(SoundError):
        await player.play(SPEECH)
    assert time.monotonic() - began < 2


async def test_a_page_that_is_closed_is_told_at_once() -> None:
    player = PagePlayer(FakePage())
    asyncio.get_running_loop().call_later(0.05, player.lose)
    began = time.monotonic()
    with pytest.raises(SoundError):
        await player.play(SPEECH)
    assert time.monotonic() - began < 0.5


async def test_held_it_waits_as_long_as_it_must() -> None:
    page = FakePage()
    player = PagePlayer(page)
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(player.play(SPEECH))
        await asyncio.sleep(0)
        player.turn(0.0)
        await asyncio.sleep(2.0)
        assert not playing.done()
        player.turn(1.0)
        player.played(1, 2.0)
    assert [each["value"] for each in page.of("level")] == [0.0, 1.0]


async def test_news_of_another_sound_are_none() -> None:
    page = FakePage()
    player = PagePlayer(page)
    player.playing(1, 0.0)
    player.played(1, 0.0)
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(player.play(SPEECH))
        await asyncio.sleep(0)
        player.played(7, 1.0)
        await asyncio.sleep(0.01)
        assert not playing.done()
        player.played(1, 1.0)
    assert playing.result() == 1.0


async def test_cancelled_it_is_silent() -> None:
    page = FakePage()
    playing = asyncio.ensure_future(PagePlayer(page).play(SPEECH))
    await asyncio.sleep(0)
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert page.of("silence")

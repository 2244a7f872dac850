"""A satellite in another room is heard, speaks and shows what goes on; one that is lost is told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from digital_life.backends import satellite_link, satellite_stream
from digital_life.backends.paced import PIECE_S
from digital_life.backends.wyoming_satellite import AHEAD_S, open_satellite, visit_satellite
from digital_life.clock import SystemClock
from digital_life.errors import SoundError
from digital_life.ports import RoomDevice
from digital_life.values import FRAME, WIDTH, AudioFrame, Speech, State
from fakes.satellite import FakeSatellite, loud, serving
from fakes.wyoming_server import closing, wyoming_server

SPEECH = Speech(np.arange(1, 22_051, dtype="<i2").tobytes(), 22_050)  # 1 s


@dataclass
class Listening:
    """Somebody who takes all frames of a room."""

    room: RoomDevice
    heard: list[AudioFrame] = field(default_factory=list)
    error: SoundError | None = None

    @property
    def pcm(self) -> bytes:
        return b"".join(each.pcm for each in self.heard)

    @property
    def words(self) -> list[str]:
        """The wake words that it heard by itself."""
        return [each.woken for each in self.heard if each.woken]

    async def listen(self) -> None:
        try:
            async with aclosing(self.room.frames()) as frames:
                async for frame in frames:
                    self.heard.append(frame)
        except SoundError as error:
            self.error = error


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.002)


async def showing(room: RoomDevice, state: State, it: FakeSatellite, last: str) -> None:
    """Return when `last` is what it was told last of what goes on."""
    room.show(state)
    await asyncio.sleep(0.05)
    await until(lambda: it.kinds()[-1] == last)


@asynccontextmanager
async def opened(it: FakeSatellite) -> AsyncGenerator[RoomDevice]:
    async with serving(it), open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
        yield room


@asynccontextmanager
async def listening(it: FakeSatellite) -> AsyncGenerator[Listening]:
    async with opened(it) as room, asyncio.TaskGroup() as tasks:
        listens = Listening(room)
        task = tasks.create_task(listens.listen(), name="test.listen")
        try:
            await until(lambda: it.connected)
            await until(lambda: "run-satellite" in it.kinds())
            yield listens
        finally:
            task.cancel()


# The microphone.


@pytest.mark.parametrize("modern", [False, True])
async def test_what_it_hears_is_heard_without_a_gap(*, modern: bool) -> None:
    it = FakeSatellite(modern=modern)
    async with listening(it) as ears:
        await until(lambda: len(ears.heard) >= 8)
    assert bytes(it.sent).startswith(loud(ears.pcm))
    assert len(loud(ears.pcm)) > FRAME
    assert [each.position for each in ears.heard] == [FRAME * index for index in range(len(ears.heard))]
    assert not any(each.echo_free or each.final or each.woken for each in ears.heard)
    captured = [each.captured for each in ears.heard]
    assert captured == sorted(captured)


async def test_who_listens_no_more_is_not_connected() -> None:
    it = FakeSatellite()
    async with opened(it) as room:
        async with aclosing(room.frames()) as frames:
            await anext(frames)
        await it.left()
        async with aclosing(room.frames()) as frames:
            assert (await anext(frames)).position == 0
    assert it.connections == 2


async def test_one_that_is_lost_is_found_again() -> None:
    it = FakeSatellite()
    async with opened(it) as room, asyncio.TaskGroup() as tasks:
        for count in range(1, 4):
            ears = Listening(room)
            listens = tasks.create_task(ears.listen(), name="test.listen")
            await until(lambda: bool(ears.heard))  # noqa: B023 - asked at once
            it.drop()
            await listens
            assert ears.error
            assert ears.error.key == "satellite-lost"
            await it.left()
            assert it.connections == count


# Its own wake word.


@pytest.mark.parametrize(("modern", "word"), [(False, satellite_stream.UNNAMED), (True, "OK Nabu")])
async def test_its_own_wake_word_is_told_and_it_streams_until_the_talk_rests(*, modern: bool, word: str) -> None:
    it = FakeSatellite(modern=modern, hears_wake_words=True)
    async with listening(it) as ears:
        await until(lambda: len(ears.heard) >= 2)
        assert ears.words == []
        await it.wake("ok_nabu_v1")
        await until(lambda: ears.words == [word])
        for state, shown in [
            (State.LISTENING, "run-satellite"),
            (State.THINKING, "voice-stopped"),
            (State.SPEAKING, "voice-stopped"),
            (State.LISTENING, "detection"),
        ]:
            await showing(ears.room, state, it, shown)
        assert it.streaming, "it is to be answered without a wake word"
        assert it.kinds() == ["run-satellite", "voice-stopped", "detection"]
        ears.room.show(State.IDLE)
        await until(lambda: not it.streaming)
        assert it.kinds()[-1] == "transcript"
        count = len(ears.heard)
        await until(lambda: len(ears.heard) > count + 3)
        assert ears.heard[-1].pcm == bytes(FRAME * WIDTH), "time goes on"


async def test_a_wake_word_that_nobody_follows_ends_its_streaming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite_link, "BEAT_S", 0.05)
    monkeypatch.setattr(satellite_stream, "UNHEARD_S", 0.1)
    it = FakeSatellite(hears_wake_words=True)
    async with listening(it) as ears:
        await it.wake("ok_nabu_v1")
        await until(lambda: bool(ears.words))
        await until(lambda: not it.streaming)
        assert it.kinds() == ["run-satellite", "transcript"]


async def test_what_was_said_just_before_it_noticed_a_voice_is_heard() -> None:
    it = FakeSatellite(modern=True, hears_wake_words=True)  # sends nothing by itself
    kept = bytes(8_000) + b"\7\0" * FRAME * 3
    async with listening(it) as ears:
        await it.speak_up(kept)
        await until(lambda: kept.lstrip(b"\0")[:100] in ears.pcm)
        await it.end_stream()
    assert ears.pcm.count(b"\7\0") == FRAME * 3


# The loudspeaker.


async def test_what_is_said_is_played_there_as_it_is_and_in_time() -> None:
    it = FakeSatellite()
    begun: list[int] = []
    async with listening(it) as ears:
        began = time.monotonic()
        playing = asyncio.ensure_future(ears.room.play(SPEECH, started=lambda: begun.append(len(it.heard))))
        await until(lambda: bool(it.heard))
        await asyncio.sleep(0.2)
        ahead_s = len(it.heard) / 2 / SPEECH.rate - (time.monotonic() - began)
        assert ahead_s <= AHEAD_S + PIECE_S
        assert await playing == 1.0
        assert time.monotonic() - began >= 1.0
    assert bytes(it.heard) == SPEECH.pcm
    assert [each for each in it.kinds() if each.startswith("audio")] == ["audio-start", "audio-stop"]
    assert len(begun) == 1
    assert begun[0] < len(SPEECH.pcm)


async def test_one_that_tells_when_it_has_played_is_waited_for() -> None:
    it = FakeSatellite(modern=True, playing_s=0.5)
    short = Speech(SPEECH.pcm[:4410], 22_050)  # 0.1 s
    async with listening(it) as ears:
        await until(lambda: bool(ears.heard))
        await ears.room.play(short)  # it is not known yet that it tells
        await asyncio.sleep(0.7)
        for _ in range(2):
            began = time.monotonic()
            await ears.room.play(short)
            assert time.monotonic() - began >= 0.5
    assert len(it.heard) == pytest.approx(3 * 0.1 * 16_000 * 2, rel=0.05), "in the rate of its loudspeaker"


async def test_stopped_it_is_sent_no_more() -> None:
    it = FakeSatellite()
    async with listening(it) as ears:
        playing = asyncio.ensure_future(ears.room.play(SPEECH))
        await until(lambda: len(it.heard) > 0.4 * SPEECH.rate * 2)
        ears.room.stop()
        heard_s = await playing
        assert heard_s < 1.0
        await until(lambda: it.kinds()[-1] == "audio-stop")
        assert len(it.heard) / 2 / SPEECH.rate == pytest.approx(heard_s)
        last = np.frombuffer(bytes(it.heard[-20:]), dtype="<i2")
        assert last[-1] == 0, "it is faded"
        assert await ears.room.play(Speech(SPEECH.pcm[:882], 22_050)) == pytest.approx(0.02)


async def test_cancelled_it_is_silent_before_that_is_known() -> None:
    it = FakeSatellite()
    async with listening(it) as ears:
        playing = asyncio.ensure_future(ears.room.play(SPEECH))
        await until(lambda: bool(it.heard))
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        assert it.kinds()[-1] == "audio-stop"
        assert len(it.heard) < len(SPEECH.pcm)


async def test_lowered_it_is_quieter_and_at_zero_it_waits() -> None:
    it = FakeSatellite()
    loud = Speech(np.full(22_050, 8_000, dtype="<i2").tobytes(), 22_050)
    async with listening(it) as ears:
        ears.room.turn(0.5)
        playing = asyncio.ensure_future(ears.room.play(loud))
        await until(lambda: bool(it.heard))
        ears.room.turn(0.0)
        await asyncio.sleep(0.4)
        waits_at = len(it.heard)
        await asyncio.sleep(0.3)
        assert len(it.heard) == waits_at < len(loud.pcm)
        assert not playing.done()
        ears.room.turn(1.0)
        assert await playing == 1.0
    samples = np.frombuffer(bytes(it.heard), dtype="<i2")
    assert (samples[0], samples[-1]) == (4_000, 8_000)
    assert len(samples) == 22_050


async def test_it_speaks_also_while_nobody_listens() -> None:
    it = FakeSatellite()
    async with opened(it) as room:
        assert await room.play(Speech(SPEECH.pcm[:4410], 22_050)) == pytest.approx(0.1)
        await it.left()
    assert it.kinds() == ["audio-start", "audio-stop"]


async def test_one_that_is_lost_while_it_speaks_is_told() -> None:
    it = FakeSatellite()
    async with opened(it) as room:
        playing = asyncio.ensure_future(room.play(SPEECH))
        await until(lambda: bool(it.heard))
        it.drop()
        with pytest.raises(SoundError):
            await playing


async def test_one_without_a_loudspeaker_says_so() -> None:
    it = FakeSatellite(has_loudspeaker=False)
    async with listening(it) as ears:
        await until(lambda: bool(ears.heard))
        with pytest.raises(SoundError, match="--snd-command"):
            await ears.room.play(SPEECH)
        assert ears.error is None, "it is heard nevertheless"


# The lamp.


async def test_it_is_told_what_goes_on() -> None:
    it = FakeSatellite()
    async with listening(it) as ears:
        for state, shown in [
            (State.LISTENING, "detection"),
            (State.THINKING, "voice-stopped"),
            (State.SPEAKING, "voice-stopped"),
            (State.IDLE, "transcript"),
        ]:
            await showing(ears.room, state, it, shown)
        assert it.kinds() == ["run-satellite", "detection", "voice-stopped", "transcript"]


async def test_what_goes_on_is_kept_for_one_that_is_away() -> None:
    it = FakeSatellite()
    async with opened(it) as room:
        room.show(State.LISTENING)
        async with aclosing(room.frames()) as frames:
            await anext(frames)
            await until(lambda: "detection" in it.kinds())


# Who is there.


async def test_it_answers_when_it_is_asked_whether_we_are_there() -> None:
    it = FakeSatellite(modern=True)
    async with listening(it):
        await it.say(b'{"type": "ping", "data": {"text": "well?"}}\n')
        await until(lambda: any(each.type == "pong" and each.data == {"text": "well?"} for each in it.told))


@pytest.mark.parametrize(("modern", "version", "words"), [(False, "", ()), (True, "1.4.1", ("OK Nabu",))])
async def test_a_visit_tells_who_is_there(*, modern: bool, version: str, words: tuple[str, ...]) -> None:
    it = FakeSatellite(modern=modern, hears_wake_words=True)
    async with listening(it):  # also while it talks with somebody
        found = await visit_satellite("127.0.0.1", it.port)
    assert (found.name, found.area, found.version, found.wake_words) == ("Kitchen satellite", "Kitchen", version, words)


async def test_where_nobody_is_that_is_said() -> None:
    async with serving(FakeSatellite()) as it:
        pass
    with pytest.raises(SoundError, match="cannot be reached"):
        await visit_satellite("127.0.0.1", it.port)
    async with open_satellite("127.0.0.1", it.port, clock=SystemClock()) as room:
        room.show(State.IDLE)
        room.turn(0.5)
        room.stop()
        for _ in range(2):
            with pytest.raises(SoundError, match=f"port {it.port} cannot be reached"):
                await anext(room.frames())
        with pytest.raises(SoundError, match="cannot be reached"):
            await room.play(SPEECH)


async def test_a_server_that_is_no_satellite_says_so() -> None:
    async with opened(FakeSatellite(is_satellite=False)) as room:
        with pytest.raises(SoundError, match="is no wyoming-satellite"):
            await anext(room.frames())
    async with wyoming_server(closing(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as other:
        with pytest.raises(SoundError, match="is no wyoming-satellite"):
            await visit_satellite("127.0.0.1", other.port)


async def test_one_that_talks_with_another_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite_link, "ANSWER_S", 0.2)
    it = FakeSatellite()
    async with listening(it) as ears, open_satellite("127.0.0.1", it.port, clock=SystemClock()) as second:
        with pytest.raises(SoundError, match="talks with another program"):
            await anext(second.frames())
        count = len(ears.heard)
        await until(lambda: len(ears.heard) > count)


@pytest.mark.parametrize("modern", [False, True])
async def test_one_that_answers_no_more_is_lost_and_one_that_is_only_quiet_is_not(
    monkeypatch: pytest.MonkeyPatch, *, modern: bool
) -> None:
    monkeypatch.setattr(satellite_link, "BEAT_S", 0.05)
    it = FakeSatellite(modern=modern, hears_wake_words=True)
    async with listening(it) as ears:
        await asyncio.sleep(0.6)
        assert ears.error is None
        it.hangs = True
        await until(lambda: ears.error is not None)
        assert ears.error
        assert ears.error.key == "satellite-silent"


async def test_one_whose_microphone_is_lost_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(satellite_link, "BEAT_S", 0.05)
    monkeypatch.setattr(satellite_stream, "DEAF_S", 0.6)
    it = FakeSatellite()
    async with listening(it) as ears:
        await until(lambda: len(ears.heard) > 5)
        assert ears.error is None
        it.silent = True
        await until(lambda: ears.error is not None)
        assert ears.error
        assert "--mic-command" in str(ears.error)

"""Microphone and loudspeaker on a sound card: what is said arrives, what is stopped is silent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from daemon_process import load
from soundcard import RATE, SoundCard

from digital_life.backends import sound
from digital_life.backends.sound import SoundLoudspeaker, SoundMicrophone, SoundSystem
from digital_life.backends.volume import KeptVolume
from digital_life.errors import SoundError
from digital_life.values import AudioFrame, Speech
from digital_life.worker import Worker

LOUD = 0.05


def tone(seconds: float, hertz: float = 440, rate: int = 22_050) -> Speech:
    wave = np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate) * 0.5
    return Speech((wave * 32767).astype(np.int16).tobytes(), rate)


@pytest.fixture
async def system(soundcard: SoundCard, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[SoundSystem]:
    """PortAudio in this process, on the sound card."""
    for name, value in soundcard.environment.items():
        monkeypatch.setenv(name, value)
    async with Worker("sound") as worker:
        system = SoundSystem(worker)
        await system.renew()
        yield system


def loud(wav: Path) -> npt.NDArray[np.intp]:
    """Where in the recording there is sound, in samples of 48 kHz."""
    heard, rate = soundfile.read(wav, dtype="float32")
    assert rate == RATE
    return np.flatnonzero(np.abs(heard) > LOUD)


async def test_what_is_said_into_the_microphone_arrives(
    system: SoundSystem, soundcard: SoundCard, data_dir: Path, tmp_path: Path
) -> None:
    said = load(data_dir / "speech" / "sentences" / "spk1_snt1.wav")
    soundfile.write(tmp_path / "said.wav", said, 16_000)
    heard: list[bytes] = []

    async def hear() -> None:
        async for frame in SoundMicrophone(system, "").frames():
            assert frame.position == len(heard) * 1280
            heard.append(frame.pcm)

    async with asyncio.TaskGroup() as tasks:
        hearing = tasks.create_task(hear())
        while not heard:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(soundcard.play, tmp_path / "said.wav")
        await asyncio.sleep(0.5)
        hearing.cancel()
    sound = np.frombuffer(b"".join(heard), np.int16).astype(np.float32) / 32768
    likeness = np.correlate(sound, said, "valid") / (np.linalg.norm(said) ** 2)
    assert likeness.max() > 0.9


async def test_an_answer_is_played_whole_and_the_next_follows_at_once(
    system: SoundSystem, soundcard: SoundCard, tmp_path: Path
) -> None:
    started: list[float] = []
    async with SoundLoudspeaker(system, "") as loudspeaker:
        await loudspeaker.play(tone(0.1))  # the device wakes up
        await asyncio.sleep(0.5)
        with soundcard.record(tmp_path / "played.wav") as played:
            assert await loudspeaker.play(tone(0.5), started=lambda: started.append(1)) == pytest.approx(0.5, abs=0.01)
            assert await loudspeaker.play(tone(0.5, hertz=660)) == pytest.approx(0.5, abs=0.01)
            await asyncio.sleep(0.5)
    where = loud(played)
    assert (where[-1] - where[0]) / RATE == pytest.approx(1.0, abs=0.08)
    assert np.diff(where).max() / RATE < 0.06
    assert started == [1]


async def test_stop_is_silence_and_tells_what_was_heard(
    system: SoundSystem, soundcard: SoundCard, tmp_path: Path
) -> None:
    async with SoundLoudspeaker(system, "") as loudspeaker:
        await loudspeaker.play(tone(0.1))
        await asyncio.sleep(0.5)
        with soundcard.record(tmp_path / "stopped.wav") as played:
            async with asyncio.TaskGroup() as tasks:
                playing = tasks.create_task(loudspeaker.play(tone(5)))
                await asyncio.sleep(0.6)
                began = time.monotonic()
                loudspeaker.stop()
            assert time.monotonic() - began < 0.5
            await asyncio.sleep(0.5)
    where = loud(played)
    assert 0.3 < playing.result() < 1.0
    assert (where[-1] - where[0]) / RATE == pytest.approx(playing.result(), abs=0.1)


async def test_at_half_the_volume_an_answer_is_ten_decibels_softer(
    system: SoundSystem, soundcard: SoundCard, tmp_path: Path
) -> None:
    peaks = []
    async with SoundLoudspeaker(system, "") as loudspeaker:
        volume = KeptVolume(loudspeaker, tmp_path / "life")
        await volume.play(tone(0.1))
        await asyncio.sleep(0.5)
        for level in (1.0, 0.5):
            volume.level = level
            with soundcard.record(tmp_path / f"{level}.wav") as played:
                await volume.play(tone(0.5))
                await asyncio.sleep(0.5)
            heard, _ = soundfile.read(played, dtype="float32")
            peaks.append(float(np.sort(np.abs(heard))[-RATE // 10]))
    assert 20 * np.log10(peaks[0] / peaks[1]) == pytest.approx(10, abs=1)


async def test_a_cancelled_answer_is_silent(system: SoundSystem) -> None:
    async with SoundLoudspeaker(system, "") as loudspeaker:
        await loudspeaker.play(tone(0.1))
        playing = asyncio.ensure_future(loudspeaker.play(tone(5)))
        await asyncio.sleep(0.3)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        assert await loudspeaker.play(tone(0.1)) == pytest.approx(0.1, abs=0.01)


async def test_devices_are_listed_and_one_that_is_not_there_is_told(system: SoundSystem) -> None:
    assert any(each.default_input for each in sound.list_devices())
    with pytest.raises(SoundError, match="no-such-device"):
        async for _ in SoundMicrophone(system, "no-such-device").frames():
            pass
    async with SoundLoudspeaker(system, "no-such-device") as loudspeaker:
        with pytest.raises(SoundError, match="no-such-device"):
            await loudspeaker.play(tone(0.1))


async def test_frames_are_free_of_echo_where_the_system_takes_it_out(system: SoundSystem) -> None:
    for echo_free in (False, True):
        frames = SoundMicrophone(system, "", echo_free=echo_free).frames()
        assert (await anext(frames)).echo_free is echo_free
        await frames.aclose()


async def to_the_end(frames: AsyncGenerator[AudioFrame]) -> None:
    async for _ in frames:
        pass


async def test_devices_that_are_pulled_out_are_told_and_found_again(system: SoundSystem, soundcard: SoundCard) -> None:
    microphone = SoundMicrophone(system, "")
    async with SoundLoudspeaker(system, "") as loudspeaker:
        frames = microphone.frames()
        await anext(frames)
        await asyncio.to_thread(soundcard.unplug)
        with pytest.raises(SoundError):
            await asyncio.wait_for(to_the_end(frames), 10)
        await asyncio.to_thread(soundcard.plug)
        again = microphone.frames()
        assert (await anext(again)).position == 0
        await again.aclose()
        assert await loudspeaker.play(tone(0.2)) == pytest.approx(0.2, abs=0.01)

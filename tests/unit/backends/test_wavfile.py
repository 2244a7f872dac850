"""Files that hold what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from digital_life.backends.earcon import muted, thinking, unmuted, woken
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.clock import SystemClock
from digital_life.values import Speech


def tone(seconds: float, rate: int) -> Speech:
    return Speech((np.ones(int(seconds * rate)) * 1000).astype(np.int16).tobytes(), rate)


async def test_what_was_played_between_begin_and_finish_is_one_file(tmp_path: Path) -> None:
    loudspeaker = WavLoudspeaker(tmp_path / "answers", clock=SystemClock(), realtime=False)
    told: list[str] = []
    loudspeaker.begin("one")
    assert await loudspeaker.play(tone(0.5, 22_050), started=lambda: told.append("!")) == 0.5
    await loudspeaker.play(tone(0.25, 24_000))
    file = loudspeaker.finish()
    assert file == tmp_path / "answers" / "one.wav"
    assert soundfile.info(file).duration == pytest.approx(0.75, abs=0.01)
    assert soundfile.info(file).samplerate == 24_000
    assert told == ["!"]


async def test_without_a_folder_or_a_sound_there_is_no_file(tmp_path: Path) -> None:
    nowhere = WavLoudspeaker(None, clock=SystemClock(), realtime=False)
    await nowhere.play(tone(0.1, 16_000))
    assert nowhere.finish() is None
    assert WavLoudspeaker(tmp_path, clock=SystemClock(), realtime=False).finish() is None
    assert list(tmp_path.iterdir()) == []


async def test_a_stopped_answer_holds_what_was_heard_of_it(tmp_path: Path) -> None:
    loudspeaker = WavLoudspeaker(tmp_path, clock=SystemClock(), realtime=True)
    loudspeaker.begin("cut")
    started = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(loudspeaker.play(tone(30, 16_000), started=started.set))
        await started.wait()
        await asyncio.sleep(0.05)
        loudspeaker.stop()
    assert 0.04 < playing.result() < 5
    file = loudspeaker.finish()
    assert file
    assert soundfile.info(file).duration == pytest.approx(playing.result(), abs=0.01)


@pytest.mark.parametrize("tone", [woken, thinking, muted, unmuted])
def test_a_tone_is_short_soft_and_ends_in_silence(tone: Callable[[], Speech]) -> None:
    speech = tone()
    sound = np.frombuffer(speech.pcm, np.int16)
    assert speech.seconds <= 0.17
    assert 1_000 < np.abs(sound.astype(np.int32)).max() < 8_000
    assert abs(int(sound[0])) < 100
    assert abs(int(sound[-1])) < 400

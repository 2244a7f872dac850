"""The real voices, understood by the real recogniser."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import soxr
from hearing import error_rate, utterance

from digital_life.backends import espeak
from digital_life.backends.espeak import Espeak
from digital_life.backends.kokoro import Kokoro
from digital_life.backends.piper import Piper
from digital_life.backends.voices import Voices
from digital_life.backends.whisper import Whisper
from digital_life.catalogue import Voice
from digital_life.config import SpeechToText
from digital_life.errors import ModelError
from digital_life.ports import TextToSpeech
from digital_life.values import RATE, Language, Speech
from digital_life.worker import Worker

SAID: dict[Language, tuple[str, ...]] = {
    "en": (
        "The capital of France is Paris.",
        "It is a lovely day, and I would like to go for a walk in the park.",
        "Good morning, did you sleep well?",
        "There are seven days in a week.",
        "I am sorry, I do not know that.",
        "The train leaves from the second platform this evening.",
        "Please call me when you are home again.",
        "Please close the window before it rains.",
        "My sister told me a story about a sailor and a whale.",
        "You could cook some rice with vegetables tonight.",
    ),
    "zh": (
        "法国的首都是巴黎。",
        "今天是星期六，天气很好。",
        "你好，我是你的朋友。",
        "我们可以一起去公园走一走。",
        "对不起，这个我不知道。",
    ),
}
MOST_ERRORS: dict[Language, float] = {"en": 0.1, "zh": 0.3}
"""The mean; Kokoro's only voice at hand speaks Mandarin with an accent, and Whisper base writes homophones."""


@pytest.fixture
async def voices(models_dir: Path) -> AsyncGenerator[dict[Language, TextToSpeech]]:
    onnxruntime.set_seed(1)  # Piper never says a sentence twice in the same way
    async with Worker("voice-en") as one, Worker("voice-zh") as other:
        yield {
            "en": await Piper.open(models_dir / "en_US-joe-medium", worker=one, speed=1.0, threads=2),
            "zh": await Kokoro.open(models_dir / "kokoro-82m", worker=other, speed=1.0, threads=2),
        }


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_it_says_is_understood(
    voices: dict[Language, TextToSpeech], models_dir: Path, language: Language
) -> None:
    async with Worker("recogniser") as worker:
        whisper = await Whisper.open(
            models_dir / "whisper-base", worker=worker, settings=SpeechToText(), languages=("en", "zh")
        )
        rates = []
        for said in SAID[language]:
            heard = await whisper.transcribe(utterance(samples(await voices[language].synthesize(said, language))))
            rates.append(error_rate(said, heard.text if heard else ""))
    assert sum(rates) / len(rates) <= MOST_ERRORS[language], rates


def samples(speech: Speech) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    sound = np.frombuffer(speech.pcm, np.int16).astype(np.float32) / 32768
    heard: np.ndarray[tuple[int], np.dtype[np.float32]] = soxr.resample(sound, speech.rate, RATE)
    return heard


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_speech_begins_at_once_and_is_not_clipped(
    voices: dict[Language, TextToSpeech], language: Language
) -> None:
    speech = await voices[language].synthesize(SAID[language][0], language)
    sound = np.abs(np.frombuffer(speech.pcm, np.int16).astype(np.int32))
    assert np.flatnonzero(sound > 0.02 * sound.max())[0] / speech.rate < 0.06
    assert np.mean(sound >= 32_767) < 0.0005
    assert 1.0 < speech.seconds < 4.0


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_nothing_to_say_is_no_sound(voices: dict[Language, TextToSpeech], language: Language) -> None:
    assert (await voices[language].synthesize("", language)).pcm == b""


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_sentence_that_nobody_wants_any_more_does_not_harm_the_next(
    voices: dict[Language, TextToSpeech], language: Language
) -> None:
    unwanted = asyncio.ensure_future(voices[language].synthesize(SAID[language][1], language))
    await asyncio.sleep(0.02)
    unwanted.cancel()
    assert (await voices[language].synthesize(SAID[language][0], language)).seconds > 1


async def test_a_long_chinese_text_is_spoken_to_its_end_without_more_memory(
    voices: dict[Language, TextToSpeech],
) -> None:
    one = await voices["zh"].synthesize(SAID["zh"][1] * 2, "zh")
    before = resident_mb()
    many = await voices["zh"].synthesize(SAID["zh"][1] * 8, "zh")
    assert many.seconds > 3 * one.seconds
    assert resident_mb() - before < 60


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


async def test_a_folder_without_a_voice_is_told(tmp_path: Path) -> None:
    async with Worker("voice") as worker:
        with pytest.raises(ModelError, match="models fetch"):
            await Piper.open(tmp_path, worker=worker, speed=1.0, threads=1)
        with pytest.raises(ModelError, match="models fetch"):
            await Kokoro.open(tmp_path, worker=worker, speed=1.0, threads=1)


class Broken:
    async def synthesize(self, text: str, language: Language) -> Speech:
        raise ModelError("voice-failed", cause=f"{language}: {len(text)}")


async def test_another_engine_speaks_for_a_voice_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_voice: Voice, _worker: Worker) -> TextToSpeech:
        return Broken()

    async with Voices.open({"en": Voice("piper", Path(), "broken")}, broken, spare=Espeak(speed=1.0)) as voices:
        assert (await voices.synthesize("Hello there.", "en")).seconds > 0.3
        assert (await voices.synthesize("你好。", "zh")).seconds > 0.3
    assert "another one speaks" in caplog.text
    assert "Hello" not in caplog.text


async def test_a_program_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "PROGRAM", "no-such-voice")
    with pytest.raises(ModelError, match="apt-get install no-such-voice"):
        await Espeak(speed=1.0).synthesize("Hello.", "en")

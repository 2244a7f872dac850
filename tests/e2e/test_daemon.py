"""The installed daemon: spoken to through its microphone, heard through its loudspeaker."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import numpy as np
import pytest
from daemon_process import DEAF, IDLE, LISTENING, PROGRAM, SPEAKING, THINKING, daemon, load, say, spoken
from soundcard import SoundCard

from digital_life import config
from digital_life.backends.whisper import Whisper
from digital_life.values import Language, Utterance
from digital_life.worker import Worker


async def transcript(wav: Path, models: Path, language: Language = "en") -> str:
    """What a person who expects `language` would have heard in `wav`."""
    sound = (load(wav) * 32767).astype(np.int16)
    async with Worker("recogniser") as worker:
        settings = config.SpeechToText(beam=5)
        whisper = await Whisper.open(models / "whisper-base", worker=worker, settings=settings, languages=(language,))
        heard = await whisper.transcribe(Utterance(sound.tobytes(), 0, len(sound), len(sound), 0.0))
    return heard.text if heard else ""


async def test_it_answers_aloud_in_english_and_in_chinese(
    soundcard: SoundCard, english: Path, chinese: Path, models_dir: Path, tmp_path: Path
) -> None:
    async with daemon(soundcard.environment, tmp_path / "home", "conversation.follow_up_s=2") as it:
        line = await it.until(IDLE)
        questions: tuple[tuple[Path, Language, str], ...] = ((english, "en", "Paris"), (chinese, "zh", "巴黎"))
        for question, language, expected in questions:
            with soundcard.record(tmp_path / f"{expected}.wav") as answer:
                await asyncio.to_thread(soundcard.play, question)
                line = await it.until(SPEAKING, after=line)
                line = await it.until(LISTENING, after=line)
            assert expected in await transcript(answer, models_dir, language)
            line = await it.until(IDLE, after=line)
        assert await it.stop() < 5


async def test_the_wake_word_interrupts_a_long_answer(
    soundcard: SoundCard, english: Path, data_dir: Path, tmp_path: Path
) -> None:
    wake = spoken(tmp_path / "wake.wav", data_dir / "speech" / "hey_jarvis.wav", 0.2)
    async with daemon(soundcard.environment, tmp_path / "home") as it:
        await it.until(IDLE)
        it.type("Explain how a bicycle works, in ten sentences.")
        line = await it.until(SPEAKING)
        await asyncio.to_thread(soundcard.play, wake)
        line = await it.until(LISTENING, after=line, wait_s=3)
        await asyncio.to_thread(soundcard.play, english)
        await it.until(SPEAKING, after=line)
        assert await it.stop() < 5


async def test_without_sound_it_takes_typed_text_and_finds_its_devices_again(
    soundcard: SoundCard, english: Path, models_dir: Path, tmp_path: Path
) -> None:
    async with daemon(soundcard.environment, tmp_path / "home") as it:
        line = await it.until(IDLE)
        soundcard.unplug()
        line = await it.until(DEAF, after=line)
        it.type("What is the capital of France?")
        line = await it.until(THINKING, after=line)
        line = await it.until(DEAF, after=line)
        soundcard.plug()
        line = await it.until(IDLE, after=line)
        with soundcard.record(tmp_path / "again.wav") as answer:
            await asyncio.to_thread(soundcard.play, english)
            line = await it.until(SPEAKING, after=line)
            await it.until(LISTENING, after=line)
        assert "Paris" in await transcript(answer, models_dir)
        assert await it.stop() < 5


async def test_it_starts_without_any_sound_device(soundcard: SoundCard, tmp_path: Path) -> None:
    soundcard.unplug()
    async with daemon(soundcard.environment, tmp_path / "home") as it:
        await it.until(DEAF)
        soundcard.plug()
        await it.until(IDLE)
        assert await it.stop() < 5


async def test_what_is_said_over_its_voice_is_answered_and_its_own_voice_is_not(
    soundcard: SoundCard, tmp_path: Path
) -> None:
    """Microphone and loudspeaker share the air: it hears itself as loudly as it speaks."""
    question = say("What is the capital of France?", tmp_path / "question.wav")
    soundcard.share_the_air()
    async with daemon(soundcard.environment, tmp_path / "home", "conversation.follow_up_s=2") as it:
        line = await it.until(IDLE)
        it.type("Explain how a bicycle works, in ten sentences.")
        line = await it.until(SPEAKING, after=line)
        alone = await it.until(IDLE, after=line)
        assert THINKING not in [text for _, text in it.lines[line:alone]]
        for _ in range(
            6
        ):  # as a person who was not heard, or misheard, while both spoke: on a busy machine half of the time
            it.type("Write a long poem about the sea with twelve lines.")
            line = await it.until(SPEAKING, after=alone)
            await asyncio.sleep(2.5)
            await asyncio.to_thread(soundcard.play, question)
            await asyncio.sleep(3)
            noticed = it.has(THINKING, after=line)
            alone = await it.until(IDLE, after=noticed or line)
            if noticed and "Paris" in await remembered(tmp_path / "home", "What is the capital of France?"):
                break
        else:
            pytest.fail("it was never noticed and understood")
        assert await it.stop() < 5


async def remembered(home: Path, question: str) -> str:
    command = (str(PROGRAM), "--home", str(home), "memory", "search", question)
    found = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    return str(found.stdout.decode())

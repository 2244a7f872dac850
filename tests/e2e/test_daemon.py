"""The installed daemon as a process: spoken to through its microphone, heard through its loudspeaker."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile
from daemon_process import Daemon, question
from soundcard import SoundCard


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "What is the capital of France?", "paris"),
        ("zh", "法国的首都是哪里？", "巴黎"),
    ],
)
async def test_it_answers_a_spoken_question_aloud(
    soundcard: SoundCard,
    daemon: Daemon,
    data_dir: Path,
    models_dir: Path,
    tmp_path: Path,
    language: str,
    text: str,
    expected: str,
) -> None:
    spoken = await question(text, wake=data_dir / "speech" / "hey_jarvis.wav", models=models_dir, folder=tmp_path)
    await daemon.until_state("waiting for its wake word")
    with soundcard.record(tmp_path / "answer.wav") as answer:
        soundcard.play(spoken)
        await daemon.until_state("speaking")
        await daemon.until_state("listening")
    assert expected in daemon.transcribe(answer, language).lower()

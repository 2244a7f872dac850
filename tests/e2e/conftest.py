"""A sound card, and what is said into it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_process import say, spoken
from soundcard import SoundCard


@pytest.fixture
def soundcard() -> Iterator[SoundCard]:
    with SoundCard() as card:
        yield card


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """ "Hey Jarvis", and after a moment: what is the capital of France?"""
    folder = tmp_path_factory.mktemp("said")
    question = say("What is the capital of France?", folder / "question-en.wav")
    return spoken(folder / "english.wav", data_dir / "speech" / "hey_jarvis.wav", 0.6, question, 0.5)


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """ "Hey Jarvis", and after a moment: 法国的首都是哪里？"""
    folder = tmp_path_factory.mktemp("said")
    question = say("法国的首都是哪里？", folder / "question-zh.wav")
    return spoken(folder / "chinese.wav", data_dir / "speech" / "hey_jarvis.wav", 0.6, question, 0.5)

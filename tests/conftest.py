"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from daemon_process import say, spoken
from soundcard import SoundCard

ROOT = Path(__file__).resolve().parent.parent

# How fast something is, the benches tell: on a busy machine one example of many takes long.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Speech to measure against; it lies beside the checkout and is not part of it."""
    return Path(os.environ.get("DIGITAL_LIFE_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where `scripts/test` fetched the models to."""
    return Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))


@pytest.fixture
def soundcard() -> Iterator[SoundCard]:
    with SoundCard() as card:
        yield card


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """The wake word, and after a moment: what is the capital of France?"""
    folder = tmp_path_factory.mktemp("said")
    question = say("What is the capital of France?", folder / "question-en.wav")
    return spoken(folder / "english.wav", data_dir / "speech" / "hey_jarvis.wav", 0.6, question, 0.5)


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory, data_dir: Path) -> Path:
    """The wake word, and after a moment: 法国的首都是哪里？"""
    folder = tmp_path_factory.mktemp("said")
    question = say("法国的首都是哪里？", folder / "question-zh.wav")
    return spoken(folder / "chinese.wav", data_dir / "speech" / "hey_jarvis.wav", 0.6, question, 0.5)

"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from browser import open_browser
from daemon_process import say, spoken
from soundcard import SoundCard

if TYPE_CHECKING:
    from playwright.async_api import Browser

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


@pytest.fixture
async def browser() -> AsyncGenerator[Browser]:
    async with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are written, to be looked at."""
    folder = os.environ.get("DIGITAL_LIFE_SHOTS")
    path = Path(folder) if folder else tmp_path_factory.mktemp("screenshots")
    path.mkdir(parents=True, exist_ok=True)
    return path

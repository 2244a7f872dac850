"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Speech to measure against; it lies beside the checkout and is not part of it."""
    return Path(os.environ.get("DIGITAL_LIFE_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Where `scripts/test` fetched the models to."""
    return Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))

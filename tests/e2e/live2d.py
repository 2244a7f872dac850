"""A real Live2D model."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import avatars, words
from digital_life.backends.avatars import Avatars, Installer
from digital_life.backends.download import open_client
from digital_life.backends.progress import Meter
from digital_life.errors import FetchError


def installed(home: Path, name: str) -> Path:
    """That avatar of the catalogue; the test is skipped where the registry is out of reach."""
    avatar = avatars.load().find(name)
    assert avatar
    kept = Avatars(home)
    with open_client() as client:
        try:
            Installer(kept, avatars.load(), client, Meter(words.load("en"))).fetch(avatar)
        except FetchError as error:
            if error.key in ("avatar-unreachable", "avatar-refused"):
                pytest.skip(f"no Live2D model here: {error}")
            raise
    kept.choose(name)
    folder = kept.folder()
    assert folder
    return folder

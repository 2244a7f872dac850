"""What the doctor says of the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from digital_life import config, sealed, words
from digital_life.context import Context
from fakes.clock import FakeClock
from fakes.sealed import NOON, key_in, tell


def context(home: Path, key: Path | str) -> Context:
    settings = config.load(None, [f"memory.key_file={key}"])
    return Context(settings, home, home, FakeClock(NOON), words.load("en"), debug=False)


def test_a_life_that_is_not_sealed_is_well(tmp_path: Path) -> None:
    tell(tmp_path, "My cat is black.")
    assert sealed.told(context(tmp_path, "")).state == "well"


def test_one_that_is_sealed_tells_its_key(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    tell(tmp_path / "home", "My cat is black.", key)
    told = sealed.told(context(tmp_path / "home", key.path))
    assert told == sealed.Told("well", f"sealed with the key in {key.path}")


def test_a_missing_or_another_key_is_broken(tmp_path: Path) -> None:
    tell(tmp_path / "home", "My cat is black.", key_in(tmp_path))
    for key in ("", key_in(tmp_path, "other").path, tmp_path / "none"):
        assert sealed.told(context(tmp_path / "home", key)).state == "broken"


def test_what_was_not_sealed_with_the_rest_is_told(tmp_path: Path) -> None:
    tell(tmp_path / "home", "My cat is black.")
    told = sealed.told(context(tmp_path / "home", key_in(tmp_path).path))
    assert told.state == "weak"
    assert "1 files" in told.found
    assert "memory seal" in told.advice


def test_a_key_that_others_may_read_is_told(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    tell(tmp_path / "home", "My cat is black.", key)
    key.path.chmod(0o640)
    assert "chmod 600" in sealed.told(context(tmp_path / "home", key.path)).advice


def test_a_key_of_the_service_is_not_missed_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    tell(tmp_path / "home", "My cat is black.", key_in(tmp_path))
    told = sealed.told(context(tmp_path / "home", "credential:life_key"))
    assert told.state == "well"
    assert "systemd" in told.found

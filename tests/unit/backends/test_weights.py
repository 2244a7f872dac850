"""Whether a model's file is still what was loaded, and whether there is room for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digital_life.backends import granted
from digital_life.backends.weights import Weights, see_that_it_fits
from digital_life.errors import ModelError, TooLargeError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(bytes(1000))
    os.utime(path, (1, 1))
    return path


def test_a_file_that_is_cut_off_or_overwritten_is_changed(file: Path) -> None:
    loaded = Weights(file)
    loaded.check()
    with file.open("r+b") as written:
        written.write(b"x")
    assert loaded.changed
    again = Weights(file)
    os.truncate(file, 10)
    with pytest.raises(ModelError, match="models fetch"):
        again.check()


def test_a_file_that_is_deleted_or_whose_name_another_takes_is_the_one_that_was_loaded(file: Path) -> None:
    loaded = Weights(file)
    file.unlink()
    loaded.check()
    file.write_bytes(b"another")
    loaded.check()


def test_a_model_larger_than_what_a_control_group_allows_is_told_with_what_to_do(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    see_that_it_fits(file)
    monkeypatch.setattr(granted, "memory_bytes", lambda: 100_000_000)
    with pytest.raises(TooLargeError, match="150 MB"):
        see_that_it_fits(file)


def test_a_model_for_which_the_system_has_no_address_is_too_large(file: Path) -> None:
    os.truncate(file, 1 << 43)  # of nothing: it takes no room on the disk
    with pytest.raises(TooLargeError):
        see_that_it_fits(file)

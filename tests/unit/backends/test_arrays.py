"""Arrays that can be made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digital_life.backends import arrays, resembling


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "models" / "some.npz"
    arrays.write(file, numbers=np.arange(3), name=np.array("a"))
    assert arrays.read(file)["numbers"].tolist() == [0, 1, 2]
    assert [each.name for each in file.parent.iterdir()] == ["some.npz"]


def test_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert arrays.read(tmp_path / "some.npz") == {}


@pytest.mark.parametrize("left", [0, 1, 60, 300])
def test_a_file_that_was_cut_short_is_nothing(tmp_path: Path, left: int) -> None:
    file = tmp_path / "some.npz"
    arrays.write(file, numbers=np.arange(100))
    file.write_bytes(file.read_bytes()[:left])
    assert arrays.read(file) == {}


def test_what_was_learned_is_found_under_its_key_alone(tmp_path: Path) -> None:
    file, weights = tmp_path / "care.npz", np.ones((2, 1), dtype=np.float32)
    resembling.save(file, "one", [b"ab", b"cd"], weights)
    kept = resembling.load(file, "one")
    assert kept
    assert kept[0] == [b"ab", b"cd"]
    assert kept[1].tolist() == weights.tolist()
    assert resembling.load(file, "other") is None

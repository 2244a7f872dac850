"""What was read is kept over a restart, for the same model with the same adapters alone."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest

from digital_life.backends.kept import Kept, Read

READ = Read([1, 2, 3], np.arange(4, dtype=np.uint8), "glad=0.5")


def test_what_is_kept_is_found_after_a_restart(tmp_path: Path) -> None:
    kept = Kept(tmp_path, key="model")
    kept.save("en", READ)
    for one in (kept, Kept(tmp_path, key="model")):
        (found,) = one.load()
        assert (found.tokens, found.state.tolist(), found.adapters) == ([1, 2, 3], [0, 1, 2, 3], "glad=0.5")
        assert one.holds("en", [1, 2, 3], adapters="glad=0.5")


def test_other_tokens_other_adapters_or_another_name_are_not_held(tmp_path: Path) -> None:
    kept = Kept(tmp_path, key="model")
    kept.save("en", READ)
    assert not kept.holds("en", [1, 2], adapters="glad=0.5")
    assert not kept.holds("en", [1, 2, 3], adapters="")
    assert not kept.holds("zh", [1, 2, 3], adapters="glad=0.5")
    (tmp_path / "en.npz").unlink()
    assert not kept.holds("en", [1, 2, 3], adapters="glad=0.5")


def test_what_another_model_read_is_deleted(tmp_path: Path) -> None:
    Kept(tmp_path, key="model").save("en", READ)
    assert Kept(tmp_path, key="another").load() == []
    assert not list(tmp_path.iterdir())


def test_a_full_disk_costs_nothing_but_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_arrays: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(np, "savez", full)
    kept = Kept(tmp_path, key="model")
    kept.save("en", READ)
    assert not kept.holds("en", [1, 2, 3], adapters="glad=0.5")
    assert not list(tmp_path.iterdir())

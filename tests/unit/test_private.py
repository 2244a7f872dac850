from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from digital_life import private


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_made_is_for_its_owner_alone_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    assert umask in (0o000, 0o022, 0o077)
    private.from_now_on()
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "note").touch()
    assert [mode(tmp_path / each) for each in ("a", "a/b", "a/b/note")] == [0o700, 0o700, 0o600]


def test_a_home_of_before_is_shut(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / private.MARK).touch()
    private.close(tmp_path)
    assert mode(tmp_path) == 0o700


@pytest.mark.parametrize(("permissions", "mark"), [(0o755, "other"), (0o1777, private.MARK)])
def test_a_folder_that_is_no_home_stays_as_it_is(tmp_path: Path, permissions: int, mark: str) -> None:
    (tmp_path / mark).touch()
    tmp_path.chmod(permissions)
    private.close(tmp_path)
    assert mode(tmp_path) == permissions


def test_a_home_that_is_not_there_yet_is_no_trouble(tmp_path: Path) -> None:
    private.close(tmp_path / "none")
    assert not (tmp_path / "none").exists()

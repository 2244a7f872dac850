"""What stands beside a life, and when it is made."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import lifefile, schema
from digital_life.memory.copies import before, open_life, put_aside_files
from fakes.embedder import FakeEmbedder

LIVES = Path(__file__).parent / "lives"
NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)


def settle(home: Path, version: int) -> Path:
    life = home / "life.db"
    life.write_bytes((LIVES / f"schema-{version}.db").read_bytes())
    return life


@pytest.mark.parametrize("version", range(1, schema.NEWEST))
def test_a_life_of_an_older_version_is_copied_as_it_was_before_it_is_brought_to_this_one(
    tmp_path: Path, version: int
) -> None:
    life = settle(tmp_path, version)
    open_life(tmp_path, FakeEmbedder(), NOW).store.close()
    kept = before(tmp_path, NOW)
    assert (lifefile.version_of(kept), lifefile.version_of(life)) == (version, schema.NEWEST)
    with apsw.Connection(str(kept)) as connection:
        assert connection.execute("SELECT heard FROM turn ORDER BY id").get[0] == "My cat is black."
    assert put_aside_files(tmp_path) == [kept], "who forgets is told of it"


def test_a_life_of_this_version_is_not_copied(tmp_path: Path) -> None:
    settle(tmp_path, schema.NEWEST)
    open_life(tmp_path, FakeEmbedder(), NOW).store.close()
    assert put_aside_files(tmp_path) == []


def test_a_life_that_cannot_be_copied_stays_as_it_was(tmp_path: Path) -> None:
    life = settle(tmp_path, 1)
    was = life.read_bytes()
    before(tmp_path, NOW).with_suffix(".part").mkdir()
    with pytest.raises(MemoryFileError):
        open_life(tmp_path, FakeEmbedder(), NOW)
    assert life.read_bytes() == was

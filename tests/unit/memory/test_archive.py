"""A life in one archive."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import archive, copies
from digital_life.memory.store import Store
from digital_life.values import Reply, Timings, Transcript, Turn
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def tell(home: Path, heard: str) -> None:
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        told = Turn(1, NOON, None, Transcript(heard, "en", 1.0), Reply("I see."), Timings())
        store.add_turn(store.begin_conversation(NOON).id, told)


def heard(home: Path) -> list[str]:
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        return [each.heard for each in store.all_turns()]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    (home / "digital-life.toml").write_text('[persona]\nname = "Ada"\n', encoding="utf-8")
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        archive.write(store, home / "digital-life.toml", tmp_path / "ada.life", NOON)
    return tmp_path / "ada.life"


def unpack(path: Path, home: Path, passphrase: str = "") -> list[Path]:
    return archive.unpack(archive.read(path, passphrase=passphrase), home, FakeEmbedder(), NOON, path)


def test_a_life_goes_to_another_machine_with_its_settings(packed: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert unpack(packed, new) == []
    assert heard(new) == ["My cat is black."]
    assert "Ada" in (new / "digital-life.toml").read_text(encoding="utf-8")


def test_the_life_that_was_there_is_put_aside(packed: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    tell(new, "My dog is brown.")
    aside = unpack(packed, new)
    assert heard(new) == ["My cat is black."]
    assert any(b"My dog is brown." in path.read_bytes() for path in aside)


def test_with_a_pass_phrase_nobody_else_reads_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    secret = tmp_path / "secret.life"
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        archive.write(store, home / "none.toml", secret, NOON, passphrase="open sesame")  # noqa: S106 - of a test
    assert archive.is_encrypted(secret)
    assert b"cat" not in secret.read_bytes()
    with pytest.raises(MemoryFileError, match="does not open"):
        archive.read(secret, passphrase="open barley")  # noqa: S106 - of a test
    unpack(secret, tmp_path / "new", "open sesame")
    assert heard(tmp_path / "new") == ["My cat is black."]


def test_a_damaged_or_truncated_archive_is_refused_and_the_life_untouched(packed: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    tell(new, "My dog is brown.")
    whole = packed.read_bytes()
    for broken in (whole[: len(whole) // 2], whole[:-30], flipped(whole), b"PK", b""):
        packed.write_bytes(broken)
        with pytest.raises(MemoryFileError):
            unpack(packed, new)
    assert heard(new) == ["My dog is brown."]
    assert [path.name for path in new.iterdir()] == ["life.db"]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def change(packed: Path, **changes: object) -> None:
    with zipfile.ZipFile(packed) as old:
        contents = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(contents[archive.MANIFEST]) | changes
    with zipfile.ZipFile(packed, "w") as new:
        for name, data in (contents | {archive.MANIFEST: json.dumps(manifest).encode()}).items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"version": 99}, "newer"),
        ({"schema": 99}, "newer"),
        ({"format": "recipes"}, "neither"),
        ({"files": {}}, "neither"),
        ({"files": {"life.db": {"size": 3, "sha256": "00"}}}, "damaged"),
        ({"more": 1}, "damaged"),
    ],
)
def test_a_foreign_or_newer_archive_is_refused(packed: Path, changes: dict[str, object], told: str) -> None:
    change(packed, **changes)
    with pytest.raises(MemoryFileError, match=told):
        archive.read(packed)


def test_an_archive_with_another_database_in_it_is_refused(packed: Path, tmp_path: Path) -> None:
    contents = archive.read(packed) | {"life.db": b"no database" * 100}
    with pytest.raises(MemoryFileError):
        archive.unpack(contents, tmp_path / "new", FakeEmbedder(), NOON, packed)
    assert [path.name for path in (tmp_path / "new").iterdir()] == [copies.LOCK]


def test_a_life_that_is_in_use_is_not_replaced(packed: Path, tmp_path: Path) -> None:
    with copies.used(tmp_path / "new"), copies.used(tmp_path / "new"), pytest.raises(MemoryFileError, match="in use"):
        unpack(packed, tmp_path / "new")

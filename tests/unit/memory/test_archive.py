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


def copied(home: Path) -> Path:
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        store.copy(home / "copy.db")
    return home / "copy.db"


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    (home / "digital-life.toml").write_text('[persona]\nname = "Ada"\n', encoding="utf-8")
    archive.write(copied(home), home / "digital-life.toml", tmp_path / "ada.life", NOON)
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
    archive.write(copied(home), home / "none.toml", secret, NOON, passphrase="open sesame")  # noqa: S106 - of a test
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


def test_a_small_archive_of_something_huge_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(archive.MANIFEST, b" " * (archive.LARGEST[archive.MANIFEST] + 1))
    with pytest.raises(MemoryFileError) as told:
        archive.read(path)
    assert told.value.key == "archive-damaged"


def test_an_archive_that_no_archiver_of_ours_packed_is_refused(packed: Path) -> None:
    whole = packed.read_bytes()
    local, central = whole.index(b"PK\3\4"), whole.index(b"PK\1\2")
    content = local + 30 + len(archive.MANIFEST)
    for places, value in (
        ({local + 6, central + 8}, 1),
        ({local + 8, central + 10}, 97),
        ({content, content + 1}, 0xFF),
    ):
        strange = bytearray(whole)
        for place in places:  # locked, packed in an unknown way, and with a stream that is none
            strange[place] = value
        packed.write_bytes(strange)
        with pytest.raises(MemoryFileError, match="damaged"):
            archive.read(packed)


def test_a_memory_without_a_bottom_is_refused_and_half_an_emoji_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    path.write_text("[" * 200_000, encoding="ascii")
    with pytest.raises(MemoryFileError, match="neither"):
        archive.json_of(path)
    path.write_text('{"Ann": "well \\ud83d"}', encoding="ascii")
    assert archive.json_of(path) == {"Ann": "well ?"}


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

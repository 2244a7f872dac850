"""Backups when everything goes wrong: the newest that is whole always stays."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.backends.folder_shelf import FolderShelf
from digital_life.errors import BackupError, DigitalLifeError, MemoryFileError
from digital_life.memory import rotation
from digital_life.memory.backup import Backup
from digital_life.memory.store import Store
from digital_life.ports import Shelf
from digital_life.values import Reply, Timings, Transcript, Turn
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.shelf import FakeShelf

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY_S = 86_400.0
SMALL_DISK = "size=3m"


def tell(home: Path, heard: str) -> None:
    home.mkdir(exist_ok=True)
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        told = Turn(1, NOON, None, Transcript(heard, "en", 1.0), Reply("I see."), Timings())
        store.add_turn(store.begin_conversation(NOON).id, told)


def heard(home: Path) -> list[str]:
    with Store.open(home / "life.db", FakeEmbedder()) as store:
        return [each.heard for each in store.all_turns()]


def backup(home: Path, shelf: Shelf, clock: FakeClock | None = None, *, days: int = 1) -> Backup:
    return Backup(shelf, home=home, small={}, clock=clock or FakeClock(NOON), passphrase=lambda: "", days=days, weeks=0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    tell(tmp_path / "home", "My cat is black.")
    return tmp_path / "home"


@contextmanager
def small_disk(at: Path) -> Iterator[Path]:
    """A disk of its own that is soon full."""
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", SMALL_DISK, "none", str(at)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield at
    finally:
        subprocess.run(["umount", str(at)], check=True)


def fill(disk: Path) -> None:
    with (disk / "full").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


async def test_a_full_target_keeps_the_backup_that_is_there(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        clock, shelf = FakeClock(NOON), FolderShelf(disk)
        first = await backup(home, shelf, clock).make()
        fill(disk)
        clock.passed += DAY_S
        with pytest.raises(BackupError, match="No space"):
            await backup(home, shelf, clock).make()
        assert [each.name for each in await backup(home, shelf).shelved()] == [first.name]
        assert not list(disk.glob("*.part"))
        (disk / "full").unlink()
        await backup(tmp_path / "new", shelf).restore(FakeEmbedder)
    assert heard(tmp_path / "new") == ["My cat is black."]


async def test_a_full_disk_at_home_costs_the_backup_and_nothing_else(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        tell(disk / "home", "My cat is black.")
        fill(disk)
        shelf = FakeShelf()
        with pytest.raises(DigitalLifeError):
            await backup(disk / "home", shelf).make()
        assert shelf.held == {}
        assert not list((disk / "home").glob(".backup-*"))
        (disk / "full").unlink()
        assert heard(disk / "home") == ["My cat is black."]
        await backup(disk / "home", shelf).make()
        assert len(shelf.held) == 1


async def test_a_full_disk_while_it_is_restored_changes_nothing(home: Path, tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "usb")
    await backup(home, shelf).make()
    with small_disk(tmp_path / "disk") as disk:
        tell(disk / "home", "My dog is brown.")
        fill(disk)
        with pytest.raises(DigitalLifeError):
            await backup(disk / "home", shelf).restore(FakeEmbedder, over=True)
        (disk / "full").unlink()
        assert heard(disk / "home") == ["My dog is brown."]


async def test_an_upload_that_was_cut_deletes_nothing_and_is_made_again(home: Path, tmp_path: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    first = await backup(home, shelf, clock).make()
    clock.passed += DAY_S
    shelf.cuts = True
    with pytest.raises(BackupError, match="whole"):
        await backup(home, shelf, clock).make()
    assert first.name in shelf.held
    restored = await backup(tmp_path / "new", shelf).restore(FakeEmbedder)
    assert restored.name == first.name
    assert len(restored.damaged) == 1


async def test_a_storage_that_goes_away_in_the_middle_keeps_what_it_has(home: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    first = await backup(home, shelf, clock).make()
    clock.passed += DAY_S
    shelf.away = True
    with pytest.raises(BackupError, match="cannot be reached"):
        await backup(home, shelf, clock).make()
    assert list(shelf.held) == [first.name]


async def test_a_crash_between_upload_and_rotation_leaves_both_and_the_next_one_tidies(home: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    await backup(home, shelf, clock).make()
    clock.passed += DAY_S
    shelf.keeps_all = True
    with pytest.raises(BackupError):
        await backup(home, shelf, clock).make()
    assert len(shelf.held) == 2
    shelf.keeps_all = False
    clock.passed += DAY_S
    newest = await backup(home, shelf, clock).make()
    assert list(shelf.held) == [newest.name]


async def test_any_byte_that_is_wrong_is_noticed(home: Path, tmp_path: Path) -> None:
    shelf = FakeShelf()
    made = await backup(home, shelf).make()
    whole = shelf.held[made.name]
    for at in range(0, len(whole), len(whole) // 40):
        shelf.held[made.name] = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        new = tmp_path / f"new-{at}"
        try:
            await backup(new, shelf).restore(FakeEmbedder)
        except (BackupError, MemoryFileError):
            assert not (new / "life.db").exists()
        else:  # a byte that means nothing, such as the date of a file in the archive
            assert heard(new) == ["My cat is black."]


async def test_a_damaged_life_is_not_laid_over_whole_backups(home: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    first = await backup(home, shelf, clock).make()
    life = home / "life.db"
    content = bytearray(life.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    life.write_bytes(content)
    clock.passed += DAY_S
    with pytest.raises(MemoryFileError):
        await backup(home, shelf, clock).make()
    assert list(shelf.held) == [first.name]


async def test_a_disk_that_is_not_there_is_not_made(home: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot be laid"):
        await backup(home, FolderShelf(tmp_path / "media" / "usb" / "ada")).make()
    assert not (tmp_path / "media").exists()


async def test_half_a_backup_in_a_folder_is_none(home: Path, tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path / "usb")
    made = await backup(home, shelf).make()
    (tmp_path / "usb" / f"{rotation.name_at(datetime.now(UTC), sealed=False)}.part").write_bytes(b"PK")
    assert [each.name for each in await backup(home, shelf).shelved()] == [made.name]

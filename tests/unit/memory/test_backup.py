"""Backups of a home, and what is brought back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.errors import BackupError, MemoryFileError
from digital_life.memory import rotation
from digital_life.memory.backup import Backup
from digital_life.memory.copies import used
from digital_life.memory.lifefile import version_of
from digital_life.memory.store import Store
from digital_life.values import Reply, Timings, Transcript, Turn
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.shelf import FakeShelf

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRET = "open sesame"  # noqa: S105 - of a test


def tell(life: Path, heard: str) -> None:
    life.parent.mkdir(parents=True, exist_ok=True)
    with Store.open(life, FakeEmbedder()) as store:
        told = Turn(1, NOON, None, Transcript(heard, "en", 1.0), Reply("I see."), Timings())
        store.add_turn(store.begin_conversation(NOON).id, told)


def heard(life: Path) -> list[str]:
    with Store.open(life, FakeEmbedder()) as store:
        return [each.heard for each in store.all_turns()]


def backup(home: Path, shelf: FakeShelf, *, secret: str = SECRET, clock: FakeClock | None = None) -> Backup:
    return Backup(
        shelf,
        home=home,
        small={"digital-life.toml": home / "digital-life.toml", "devices.toml": home / "devices.toml"},
        clock=clock or FakeClock(NOON),
        passphrase=lambda: secret,
        days=2,
        weeks=0,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    tell(folder / "life.db", "My cat is black.")
    tell(folder / "lives" / "小雅" / "life.db", "My dog is brown.")
    (folder / "digital-life.toml").write_text('[persona]\nname = "Ada"\n', encoding="utf-8")
    return folder


async def test_all_lives_and_the_settings_come_back_on_another_machine(home: Path, tmp_path: Path) -> None:
    shelf, new = FakeShelf(), tmp_path / "new"
    made = await backup(home, shelf).make()
    restored = await backup(new, shelf).restore(FakeEmbedder)
    assert (restored.name, list(restored.aside)) == (made.name, [])
    assert heard(new / "life.db") == ["My cat is black."]
    assert heard(new / "lives" / "小雅" / "life.db") == ["My dog is brown."]
    assert "Ada" in (new / "digital-life.toml").read_text(encoding="utf-8")
    assert not list(new.glob(".backup-*"))
    assert not list(home.glob(".backup-*"))


async def test_what_is_said_while_it_is_made_is_no_matter(home: Path, tmp_path: Path) -> None:
    shelf = FakeShelf()
    with used(home), Store.open(home / "life.db", FakeEmbedder()) as store, store.whole:
        store.begin_conversation(NOON)
        await backup(home, shelf).make()
    await backup(tmp_path / "new", shelf).restore(FakeEmbedder)
    assert heard(tmp_path / "new" / "life.db") == ["My cat is black."]


async def test_sealed_it_tells_nothing_and_opens_with_its_pass_phrase_alone(home: Path, tmp_path: Path) -> None:
    shelf = FakeShelf()
    made = await backup(home, shelf).make()
    assert made.name.endswith(".age")
    assert b"cat" not in shelf.held[made.name]
    assert b"Ada" not in shelf.held[made.name]
    with pytest.raises(MemoryFileError, match="does not open"):
        await backup(tmp_path / "new", shelf, secret="open barley").restore(FakeEmbedder)  # noqa: S106 - of a test
    assert not (tmp_path / "new" / "life.db").exists()


async def test_without_a_pass_phrase_it_is_a_plain_zip_file(home: Path) -> None:
    shelf = FakeShelf()
    made = await backup(home, shelf, secret="").make()
    assert made.name.endswith(".zip")
    assert shelf.held[made.name].startswith(b"PK")


async def test_a_life_that_is_there_is_replaced_only_when_asked_and_kept_beside(home: Path) -> None:
    shelf = FakeShelf()
    await backup(home, shelf).make()
    tell(home / "life.db", "My cat is grey now.")
    with pytest.raises(BackupError, match="--force"):
        await backup(home, shelf).restore(FakeEmbedder)
    restored = await backup(home, shelf).restore(FakeEmbedder, over=True)
    assert heard(home / "life.db") == ["My cat is black."]
    before = next(each for each in restored.aside if each.name.startswith("life-before") and each.suffix == ".db")
    assert heard(before) == ["My cat is black.", "My cat is grey now."]


async def test_a_life_that_is_lived_is_not_replaced(home: Path) -> None:
    shelf = FakeShelf()
    await backup(home, shelf).make()
    with used(home), pytest.raises(MemoryFileError, match="in use"):
        await backup(home, shelf).restore(FakeEmbedder, over=True)


async def test_older_ones_go_and_what_is_not_ours_stays(home: Path) -> None:
    shelf, clock = FakeShelf({"holiday.jpg": b"sea"}), FakeClock(NOON)
    for _ in range(4):
        await backup(home, shelf, clock=clock).make()
        clock.passed += 86_400
    assert len(rotation.backups(shelf.held)) == 2
    assert "holiday.jpg" in shelf.held
    assert [each.name for each in await backup(home, shelf).shelved()] == rotation.backups(shelf.held)


async def test_an_older_one_is_taken_by_its_name(home: Path, tmp_path: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    first = await backup(home, shelf, clock=clock).make()
    clock.passed += 86_400
    tell(home / "life.db", "My cat is grey now.")
    await backup(home, shelf, clock=clock).make()
    await backup(tmp_path / "new", shelf).restore(FakeEmbedder, name=first.name)
    assert heard(tmp_path / "new" / "life.db") == ["My cat is black."]


async def test_one_is_due_each_day(home: Path) -> None:
    shelf, clock = FakeShelf(), FakeClock(NOON)
    kept = backup(home, shelf, clock=clock)
    assert await kept.is_due()
    await kept.make()
    assert not await kept.is_due()
    clock.passed += 86_400
    assert await kept.is_due()


async def test_where_there_is_nothing_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackupError, match="no life"):
        await backup(tmp_path / "empty", FakeShelf()).make()
    with pytest.raises(BackupError, match="no backup there"):
        await backup(tmp_path / "new", FakeShelf()).restore(FakeEmbedder)


def test_the_version_of_a_file_is_told_without_changing_it(home: Path) -> None:
    before = (home / "life.db").read_bytes()
    assert version_of(home / "life.db") > 0
    assert (home / "life.db").read_bytes() == before

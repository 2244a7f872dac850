"""The file of a sealed life."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import archive, cipher, copies, lifefile, schema
from digital_life.memory.lifefile import turns_left
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder
from fakes.sealed import NOON, heard, key_in, tell, turn


def files(home: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in home.rglob("*.db*") if each.is_file()}


def test_a_sealed_life_is_searched_as_any_other_and_tells_nobody_else(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as life:
        conversation = life.begin_conversation(NOON).id
        for each in ("My cat is black.", "My dog is brown.", "I live in Ulm."):
            life.add_turn(conversation, turn(each))
        assert life.index.search("cat")[0].text.startswith("My cat is black.")
        assert life.is_sound()
        for name, content in files(home).items():  # also the journal, while it is open
            assert b"black" not in content, name
    assert heard(home, key) == ["My cat is black.", "My dog is brown.", "I live in Ulm."]


@pytest.mark.parametrize("missing", [True, False])
def test_without_its_key_it_is_never_taken_for_damaged(missing: bool, tmp_path: Path) -> None:  # noqa: FBT001 - pytest gives it
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as life:
        copies.copy_daily(life, home, NOON.date(), 7)
    before = files(home)
    other = None if missing else key_in(tmp_path, "other")
    with pytest.raises(MemoryFileError, match=r"memory\.key_file") as error:
        copies.open_life(home, FakeEmbedder(), NOON, seal=other)
    assert error.value.key == ("life-sealed" if missing else "life-key-wrong")
    assert files(home) == before


def test_a_damaged_sealed_life_is_restored_from_its_sealed_copy(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as life:
        copies.copy_daily(life, home, NOON.date(), 7)
    spoilt = bytearray((home / "life.db").read_bytes())
    spoilt[5_000:] = b"\x55" * (len(spoilt) - 5_000)
    (home / "life.db").write_bytes(spoilt)
    opened = copies.open_life(home, FakeEmbedder(), NOON, seal=key)
    assert opened.restored == "2026-11-21"
    assert opened.store.sealed_with == key
    opened.store.close()
    assert heard(home, key) == ["My cat is black."]


def test_a_life_without_its_first_page_is_not_replaced_by_an_empty_one_while_the_key_is_missing(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as life:
        copies.copy_daily(life, home, NOON.date(), 7)
    spoilt = bytearray((home / "life.db").read_bytes())
    spoilt[:4096] = b"\x55" * 4096
    (home / "life.db").write_bytes(spoilt)
    with pytest.raises(MemoryFileError, match="is sealed"):
        copies.open_life(home, FakeEmbedder(), NOON)
    assert (home / "life.db").read_bytes() == bytes(spoilt)
    copies.open_life(home, FakeEmbedder(), NOON, seal=key).store.close()
    assert heard(home, key) == ["My cat is black."]


def test_what_is_left_of_a_damaged_sealed_life_is_read(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    assert [each.heard.text for each in turns_left(home / "life.db", after=0, seal=key)] == ["My cat is black."]
    assert turns_left(home / "life.db", after=0) == []


def test_an_older_sealed_life_becomes_a_newer_one(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    path = tmp_path / "life.db"
    connection = cipher.connect(path, key)
    connection.register_fts5_tokenizer("life", lifefile._tokenizer)  # type: ignore[arg-type] # see there
    connection.execute(schema.VERSION_1)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    assert lifefile.version_of(path, seal=key) == 1
    with Store.open(path, FakeEmbedder(), seal=key):
        pass
    assert lifefile.version_of(path, seal=key) == schema.NEWEST
    with pytest.raises(MemoryFileError, match="is sealed"):
        lifefile.version_of(path)


def test_a_snapshot_of_a_sealed_life_is_sealed(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    (tmp_path / "copy").mkdir()
    lifefile.snapshot(home / "life.db", tmp_path / "copy" / "life.db", seal=key)
    assert cipher.is_sealed(tmp_path / "copy" / "life.db")
    assert heard(tmp_path / "copy", key) == ["My cat is black."]


def test_in_plain_bytes_it_is_a_life_like_any_other_and_back(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    content = lifefile.plain(home / "life.db", seal=key)
    assert content.startswith(cipher.PLAIN)
    (tmp_path / "plain").mkdir()
    lifefile.write(content, tmp_path / "plain" / "life.db")
    assert heard(tmp_path / "plain") == ["My cat is black."]
    (tmp_path / "back").mkdir()
    lifefile.write(lifefile.plain(tmp_path / "plain" / "life.db"), tmp_path / "back" / "life.db", seal=key)
    assert cipher.is_sealed(tmp_path / "back" / "life.db")
    assert heard(tmp_path / "back", key) == ["My cat is black."]


def test_an_error_does_not_tell_the_key(tmp_path: Path) -> None:
    key = key_in(tmp_path)
    tell(tmp_path / "home", "My cat is black.")
    connection = apsw.Connection(str(tmp_path / "home" / "life.db"), flags=cipher.WRITABLE)
    with pytest.raises(MemoryFileError) as error:
        cipher.copy_to(connection, tmp_path / "not there" / "life.db", key)
    connection.close()
    assert key.derived(cipher.KEY).hex() not in str(error.value)
    assert error.value.__cause__ is None


def test_an_export_of_a_sealed_life_is_what_it_was_and_an_import_is_sealed(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "My cat is black.", key)
    archive.write(home / "life.db", home / "none.toml", tmp_path / "ada.life", NOON, seal=key)
    contents = archive.read(tmp_path / "ada.life")
    archive.unpack(contents, tmp_path / "plain", FakeEmbedder(), NOON, tmp_path)
    assert heard(tmp_path / "plain") == ["My cat is black."]
    archive.unpack(contents, tmp_path / "other", FakeEmbedder(), NOON + timedelta(1), tmp_path, seal=key)
    assert cipher.is_sealed(tmp_path / "other" / "life.db")
    assert heard(tmp_path / "other", key) == ["My cat is black."]


def test_with_a_library_that_cannot_encrypt_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(apsw, "mc_version")
    with pytest.raises(MemoryFileError, match="pip install apsw-sqlite3mc"):
        tell(tmp_path / "home", "My cat is black.", key_in(tmp_path))
    assert not (tmp_path / "home" / "life.db").exists()

"""A whole home is sealed, opened, or goes to another key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, copies, resealing
from digital_life.memory.store import Store
from digital_life.memory.waiting import Waiting
from digital_life.people.file import PeopleFile
from digital_life.seal import Seal
from fakes.embedder import FakeEmbedder
from fakes.sealed import heard, key_in, tell, telling, told_home


def resealed(home: Path, seal: Seal | None, to: Seal | None) -> resealing.Resealed:
    with copies.used(home, alone=True):
        return resealing.reseal(home, seal=seal, to=to)


def waits(home: Path, key: Seal | None) -> list[str]:
    waiting = Waiting(home, key)
    try:
        return [each.heard.text for each in waiting.load()]
    except MemoryFileError:
        waiting.keep([])  # as it is done at the end: what cannot be opened is left alone
        raise
    finally:
        waiting.close()


def all_is_there(home: Path, key: Seal | None) -> None:
    assert heard(home, key) == ["I am allergic to ragwort."]
    assert heard(home / "lives" / "Jarvis", key) == ["My aunt is called Wilhelmina."]
    assert waits(home, key) == ["There is quicklime in the shed."]
    assert [each.name for each in PeopleFile(home, key).prints()] == ["Wilhelmina"]
    with Store.open(home / "copies" / "life-2026-11-20.db", FakeEmbedder(), seal=key) as store:
        assert store.agenda.lists() == {"shopping": ("tarragon",)}
        assert [each.what for each in store.agenda.entries()] == ["buy marzipan"]


def test_no_word_that_was_said_can_be_read_afterwards_and_all_is_there_with_the_key(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    told_home(home)
    assert {"life.db", "waiting.json", "people.json", "readings/a.json", "read/a.npz"} <= telling(home)
    done = resealed(home, None, key)
    assert telling(home) == set()
    assert done.left == []
    assert "life-damaged-20261102-120000.db" in done.done
    assert (home / "wakes" / "a.wav.age").exists()
    assert not (home / "tmpabc" / "life.db").exists()
    assert resealing.unsealed(home) == []
    all_is_there(home, key)


def test_what_is_opened_again_is_as_it_was(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    told_home(home)
    damaged = (home / "life-damaged-20261102-120000.db").read_bytes()
    resealed(home, None, key)
    resealed(home, key, None)
    assert (home / "life-damaged-20261102-120000.db").read_bytes() == damaged
    assert (home / "wakes" / "a.wav").read_bytes() == b"RIFF ragwort"
    assert not list(home.rglob("*.age"))
    all_is_there(home, None)


def test_with_another_key_the_former_one_opens_nothing(tmp_path: Path) -> None:
    home, key, new = tmp_path / "home", key_in(tmp_path), key_in(tmp_path, "new")
    told_home(home, key)
    resealed(home, key, new)
    all_is_there(home, new)
    with pytest.raises(MemoryFileError, match="another one"):
        heard(home, key)
    with pytest.raises(MemoryFileError, match="another one"):
        waits(home, key)
    assert waits(home, new) == ["There is quicklime in the shed."]


def test_with_a_wrong_key_nothing_is_changed(tmp_path: Path) -> None:
    home, key, wrong = tmp_path / "home", key_in(tmp_path), key_in(tmp_path, "wrong")
    told_home(home, key)
    for seal, to in ((None, None), (wrong, None), (None, wrong), (wrong, key)):
        with pytest.raises(MemoryFileError, match=r"memory\.key_file"):
            resealed(home, seal, to)
    assert not resealing.is_under_way(home)
    all_is_there(home, key)


def test_it_can_be_done_twice(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    told_home(home)
    resealed(home, None, key)
    resealed(home, key, key)
    all_is_there(home, key)


def test_what_is_none_of_ours_is_left_and_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    (home / ".life.db-litestream").mkdir()
    (home / ".life.db-litestream" / "generation").write_text("black")
    assert resealed(home, None, key_in(tmp_path)).left == [".life.db-litestream/generation"]
    assert (home / ".life.db-litestream" / "generation").read_text() == "black"


def test_a_former_file_that_is_damaged_in_its_middle_keeps_its_bytes_sealed(tmp_path: Path) -> None:
    home, key, aside = tmp_path / "home", key_in(tmp_path), "life-damaged-20261103-120000.db"
    told_home(home)
    spoilt = bytearray((home / "life.db").read_bytes())
    for page in range(2, len(spoilt) // 4096):
        spoilt[page * 4096 : page * 4096 + 64] = b"ragwort " * 8
    (home / aside).write_bytes(spoilt)
    resealed(home, None, key)
    assert telling(home) == set()
    assert key.open((home / f"{aside}.age").read_bytes(), home) == bytes(spoilt)
    all_is_there(home, key)


def test_a_life_that_is_in_use_is_not_touched(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    with copies.used(home), pytest.raises(MemoryFileError, match="in use"):
        resealed(home, None, key_in(tmp_path))
    assert heard(home) == ["My cat is black."]


def test_a_damaged_life_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tell(home, "My cat is black.")
    (home / "life.db").write_bytes((home / "life.db").read_bytes()[:6_000])
    before = (home / "life.db").read_bytes()
    with pytest.raises(MemoryFileError, match="damaged"):
        resealed(home, None, key_in(tmp_path))
    assert (home / "life.db").read_bytes() == before


def test_the_bytes_that_were_there_are_overwritten_unless_they_have_a_second_name(tmp_path: Path) -> None:
    home = tmp_path / "home"
    told_home(home)
    with (home / "waiting.json").open("rb") as held:
        os.link(home / "life.db", tmp_path / "second.db")
        resealed(home, None, key_in(tmp_path))
        assert set(held.read()) == {0}
    assert (tmp_path / "second.db").read_bytes().startswith(cipher.PLAIN)


def test_a_home_with_nothing_in_it_is_sealed_from_its_first_word(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    assert resealed(home, None, key).done == []
    tell(home, "My cat is black.", key)
    assert cipher.is_sealed(home / "life.db")

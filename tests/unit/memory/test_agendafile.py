"""The agenda and the lists in the life's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.memory import archive, sql
from digital_life.memory.agendafile import AgendaTables
from digital_life.memory.store import Store
from digital_life.values import Entry, EntryKind, EntryState, Unasked
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PILLS = Entry(EntryKind.REMINDER, NOON, "zh", "吃药", repeat="FREQ=DAILY")
EGG = Entry(EntryKind.TIMER, NOON, "en", "egg", lasts=timedelta(minutes=4))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as opened:
        yield opened


@pytest.fixture
def tables(store: Store) -> AgendaTables:
    return store.agenda


def test_what_is_kept_is_there_after_the_file_was_closed(tmp_path: Path) -> None:
    rung = replace(EGG, state=EntryState.RINGING, rung=2, again=NOON + timedelta(minutes=1))
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        numbers = store.agenda.keep([PILLS, rung])
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        assert store.agenda.entries() == (replace(PILLS, number=numbers[0]), replace(rung, number=numbers[1]))


def test_one_with_the_number_of_another_takes_its_place(tables: AgendaTables) -> None:
    (number,) = tables.keep([PILLS])
    changed = replace(PILLS, number=number, state=EntryState.RINGING)
    assert tables.keep([changed]) == (number,)
    assert tables.entries() == (changed,)


def test_all_are_kept_or_none(tables: AgendaTables) -> None:
    broken = replace(EGG, rung="often")  # type: ignore[arg-type] # what the file refuses
    with pytest.raises(apsw.ConstraintError):
        tables.keep([PILLS, broken])
    assert tables.entries() == ()


def test_what_was_dropped_does_not_come_back_when_it_changes(tables: AgendaTables) -> None:
    (number,) = tables.keep([PILLS])
    tables.drop([number])
    tables.keep([replace(PILLS, number=number, rung=1)])
    assert tables.entries() == ()


def test_nothing_of_what_was_dropped_stays_in_the_file(store: Store) -> None:
    (number,) = store.agenda.keep([replace(EGG, what="a secret meeting")])
    store.agenda.drop([number])
    store.scrub()
    assert b"secret meeting" not in store.path.read_bytes()


def test_a_list_is_what_was_kept_last(tables: AgendaTables) -> None:
    tables.keep_list("shopping", ["milk", "eggs", "bread"])
    tables.keep_list("购物", ["牛奶"])
    tables.keep_list("shopping", ["bread", "milk"])
    assert tables.lists() == {"shopping": ("bread", "milk"), "购物": ("牛奶",)}
    tables.keep_list("shopping", [])
    assert tables.lists() == {"购物": ("牛奶",)}


def test_what_was_said_unasked_is_counted_over_a_restart(tmp_path: Path) -> None:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        store.agenda.note_unasked(Unasked(NOON, 7))
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        assert store.agenda.unasked() == (Unasked(NOON, 7),)


def test_a_transaction_is_on_the_disk_when_it_ends(store: Store) -> None:
    full = 2
    assert sql.one(store.connection, "PRAGMA synchronous") == (full,)


def test_the_agenda_goes_with_the_life(store: Store, tmp_path: Path) -> None:
    store.agenda.keep([PILLS])
    store.agenda.keep_list("shopping", ["milk"])
    packed = tmp_path / "it.life"
    store.copy(tmp_path / "copy.db")
    archive.write(tmp_path / "copy.db", tmp_path / "none.toml", packed, NOON)
    archive.unpack(archive.read(packed), tmp_path / "new", FakeEmbedder(), NOON, packed)
    with Store.open(tmp_path / "new" / "life.db", FakeEmbedder()) as carried:
        assert [each.what for each in carried.agenda.entries()] == ["吃药"]
        assert carried.agenda.lists() == {"shopping": ("milk",)}

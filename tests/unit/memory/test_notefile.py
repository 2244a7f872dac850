"""What policies write for themselves: kept, read back and forgotten with the turns it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life.memory.notefile import NoteTables
from digital_life.memory.records import Sentence
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[NoteTables]:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        yield store.notes


def left(sentence: Sentence, gone: Collection[int]) -> Sentence | None:
    others = tuple(turn for turn in sentence.sources if turn not in gone)
    return Sentence(f"Of {others}.", others) if others else None


def test_one_kind_is_replaced_and_the_others_stay(notes: NoteTables) -> None:
    notes.add("working", NOW, Sentence("Likes tea.", (1,)))
    notes.replace("recursive", NOW, [Sentence("Has a cat.", (2, 1))])
    notes.replace("recursive", NOW, [Sentence("Has a dog.", (3,))])
    assert [each.sentence for each in notes.notes("recursive")] == [Sentence("Has a dog.", (3,))]
    assert [each.text for each in notes.notes("working")] == ["Likes tea."]


def test_what_is_left_of_a_note_keeps_its_place_and_loses_its_meaning(notes: NoteTables) -> None:
    notes.add("archive", NOW, Sentence("Of both.", (1, 2)), meaning=b"\x01", embedder="words")
    notes.add("archive", NOW, Sentence("Of one.", (1,)))
    notes.add("archive", NOW, Sentence("Of another.", (3,)), meaning=b"\x02", embedder="words")
    notes.forget({1}, left)
    first, last = notes.notes("archive")
    assert (first.sentence, first.meaning) == (Sentence("Of (2,).", (2,)), None)
    assert (last.text, last.meaning) == ("Of another.", b"\x02")


def test_what_would_be_lost_is_told_kind_by_kind_and_nothing_is_changed(notes: NoteTables) -> None:
    notes.add("archive", NOW, Sentence("Of both.", (1, 2)))
    notes.add("recursive", NOW, Sentence("Of one.", (1,)))
    notes.add("recursive", NOW, Sentence("Of another.", (3,)))
    archive, recursive = notes.losses({1}, left)
    assert (archive.owner, archive.what, archive.after) == ("note", "archive", (Sentence("Of (2,).", (2,)),))
    assert (recursive.what, recursive.before, recursive.after) == ("recursive", (Sentence("Of one.", (1,)),), ())
    assert len(notes.notes("recursive")) == 2
    assert notes.losses({4}, left) == []

"""The life's file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import schema
from digital_life.memory.dates import Span
from digital_life.memory.records import Concept, Sentence
from digital_life.memory.sentences import what_is_left
from digital_life.memory.store import Store
from digital_life.values import Call, Recall, Reply, Timings, Transcript, Turn
from fakes.embedder import FakeEmbedder
from fakes.kept import NOON, page, turn


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as opened:
        yield opened


def test_a_turn_is_there_after_the_file_was_closed(tmp_path: Path) -> None:
    found = Recall("diary", 7, NOON, "", 1.0)
    told = Turn(
        1,
        NOON,
        None,
        Transcript("My cat is black.", "en", 0.9),
        Reply("So is", unsaid=" mine.", interrupted=True),
        Timings(),
        (Call("recall_by_need", "cat", (found,)),),
    )
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        number = store.add_turn(store.begin_conversation(NOON).id, told)
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as store:
        (kept,) = store.all_turns()
    assert (kept.id, kept.heard, kept.said, kept.began) == (number, "My cat is black.", "So is", NOON)
    rows = list(apsw.Connection(str(tmp_path / "life.db")).execute("SELECT unsaid, interrupted, found FROM turn, call"))
    assert rows == [(" mine.", 1, '[["diary", 7]]')]


def test_a_conversation_needs_one_diary(store: Store) -> None:
    first = store.begin_conversation(NOON).id
    store.add_turn(first, turn("Hello."))
    assert store.unwritten() == []
    second = store.begin_conversation(NOON + timedelta(days=1)).id
    assert [each.id for each in store.unwritten()] == [first]
    store.add_diary(page(first, Sentence("The user said hello.", (1,))), NOON)
    store.add_diary(page(first, Sentence("The user greeted me.", (1,))), NOON)
    assert store.unwritten() == []
    (kept,) = store.diaries()
    assert [each.text for each in kept.sentences] == ["The user greeted me."]
    store.end_conversation(second)
    assert store.unwritten() == []


def test_diaries_are_read_by_their_days(store: Store) -> None:
    for days in (0, 1, 5):
        when = NOON - timedelta(days=days)
        store.add_diary(page(store.begin_conversation(when).id, Sentence(f"Day {days}.", ()), when=when), NOON)
    span = Span(date(2026, 11, 16), date(2026, 11, 20))
    assert [each.sentences[0].text for each in store.diaries(span)] == ["Day 5.", "Day 1."]


def test_every_version_of_a_concept_is_kept(store: Store) -> None:
    for text in ("The user has a cat.", "The user has two cats."):
        store.add_concept(Concept("user", NOON, (Sentence(text, (1,)),)))
    assert [each.sentences[0].text for each in store.versions("user")] == [
        "The user has a cat.",
        "The user has two cats.",
    ]
    assert store.concept("user") == store.versions("user")[-1]
    assert store.concept("self") is None


def test_forgetting_leaves_no_byte(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    with Store.open(path, FakeEmbedder()) as store:
        conversation = store.begin_conversation(NOON).id
        secret = store.add_turn(conversation, turn("My password is xylophone.", "Xylophone, I see."))
        other = store.add_turn(conversation, turn("My cat is black."))
        for n in range(50):
            store.add_turn(conversation, turn(f"Word number {n}."))
        mixed = Sentence("The user's password is xylophone and the cat is black.", (secret, other))
        store.set_summary(conversation, [mixed], to=other)
        store.add_diary(page(conversation, Sentence("The password is xylophone.", (secret,)), mixed), NOON)
        store.add_concept(Concept("user", NOON, (mixed,)))
        vector = FakeEmbedder().passage("My password is xylophone.\nXylophone, I see.")
        assert b"xylophone" in everything(path)
        assert vector in everything(path)
        heard = {each.id: each.heard for each in store.all_turns()}
        store.forget({secret}, lambda each, gone: what_is_left(each, gone, heard.get))
        assert b"xylophon" not in everything(path).lower()
        assert vector not in everything(path)
        assert [each.text for each in store.summary(conversation)] == ["My cat is black."]
        (diary,) = store.diaries()
        assert [each.text for each in diary.sentences] == ["My cat is black."]
        assert not any("xylophone" in hit.text for hit in store.index.search("password xylophone"))
        assert store.is_sound()


def everything(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob("life.db*"))


def test_a_diary_of_which_nothing_is_left_goes(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    number = store.add_turn(conversation, turn("A secret."))
    store.add_diary(page(conversation, Sentence("A secret.", (number,))), NOON)
    store.end_conversation(conversation)
    store.forget({number}, lambda _each, _gone: None)
    assert store.diaries() == []
    assert store.latest_conversation() is None


def test_a_file_of_every_earlier_schema_opens(tmp_path: Path) -> None:
    for version in range(1, schema.NEWEST + 1):
        path = tmp_path / f"life-{version}.db"
        path.write_bytes((Path(__file__).parent / "lives" / f"schema-{version}.db").read_bytes())
        with Store.open(path, FakeEmbedder()) as store:
            assert [each.heard for each in store.all_turns()] == ["My cat is black.", "我妹妹在北京读大学。"]
            assert max(store.index.search("妹妹"), key=lambda hit: hit.matched).ref == 2
            assert store.diaries()[0].title == "A title"
            assert [each.what for each in store.agenda.entries()] == (["water the plants"] if version >= 2 else [])
            assert store.is_sound()


def test_a_file_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    Store.open(path, FakeEmbedder()).close()
    apsw.Connection(str(path)).execute("PRAGMA user_version = 999")
    with pytest.raises(MemoryFileError, match="newer Digital Life"):
        Store.open(path, FakeEmbedder())


def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()
    with pytest.raises(MemoryFileError, match="not the memory"):
        Store.open(path, FakeEmbedder())
    assert list(apsw.Connection(str(path)).execute("SELECT name FROM sqlite_schema")) == [("recipe",)]


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "life.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(MemoryFileError, match="damaged"):
        Store.open(tmp_path / "life.db", FakeEmbedder())

"""The life's file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from digital_life.errors import MemoryFileError
from digital_life.memory import schema
from digital_life.memory.dates import Span
from digital_life.memory.records import Concept, Diary, Sentence
from digital_life.memory.sentences import what_is_left
from digital_life.memory.store import COMMON, Store
from digital_life.values import Call, Language, Recall, Reply, Timings, Transcript, Turn
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def turn(heard: str, said: str = "I see.", when: datetime = NOON, language: Language = "en") -> Turn:
    return Turn(1, when, None, Transcript(heard, language, 0.9), Reply(said), Timings())


def page(conversation: int, *sentences: Sentence, when: datetime = NOON) -> Diary:
    return Diary(0, conversation, when, when, "en", "A title", "calm", sentences, extract=False)


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


def test_what_is_found_is_near_in_words_or_in_meaning(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    cat = store.add_turn(conversation, turn("My cat is black."))
    store.add_turn(conversation, turn("It rained the whole week."))
    chinese = store.add_turn(conversation, turn("我妹妹在北京读大学。", "真好。", language="zh"))
    best = max(store.search("Which colour has my cat?"), key=lambda hit: hit.matched)
    assert best.ref == cat
    assert best.cosine == max(hit.cosine for hit in store.search("Which colour has my cat?"))
    best = max(store.search("我妹妹在哪里读书？"), key=lambda hit: hit.matched)
    assert best.ref == chinese


def test_what_lies_near_to_everything_has_its_nearness_in_common_with_every_question(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    for n in range(9):
        store.add_turn(conversation, turn(f"Rain and wind, number {n}."))
    cat = store.add_turn(conversation, turn("My cat is black."))
    common = {hit.ref: hit.common for hit in store.search("Which colour has my cat?")}
    assert common.pop(cat) < min(common.values()) < COMMON


def test_what_is_forgotten_has_no_part_in_the_middle_of_all_texts(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    rain = {store.add_turn(conversation, turn(f"Rain and wind, number {n}.")) for n in range(9)}
    store.add_turn(conversation, turn("My cat is black."))
    (before,) = (hit.common for hit in store.search("cat") if hit.ref not in rain)
    store.forget(rain, lambda _sentence, _gone: None)
    (left,) = store.search("cat")
    assert before < COMMON / 2
    assert left.common == pytest.approx(COMMON, abs=0.02)  # it is the middle itself


def test_what_was_said_on_a_day_is_found_by_the_day(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    old = store.add_turn(conversation, turn("Nothing special.", when=NOON - timedelta(days=30)))
    for n in range(100):
        store.add_turn(conversation, turn(f"Word number {n}."))
    day = (NOON - timedelta(days=30)).date()
    assert old in {hit.ref for hit in store.search("What happened?", Span(day, day))}


def test_a_recall_strengthens(store: Store) -> None:
    number = store.add_turn(store.begin_conversation(NOON).id, turn("My cat is black."))
    store.strengthen([("turn", number)], NOON + timedelta(days=2))
    (hit,) = store.search("cat")
    assert hit.strength > 1
    assert hit.recalled == NOON + timedelta(days=2)


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
        assert not any("xylophone" in hit.text for hit in store.search("password xylophone"))
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


def test_a_new_embedder_takes_over_when_it_has_read_everything(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    old, new = FakeEmbedder("old"), FakeEmbedder("new", dimension=48)
    with Store.open(path, old) as store:
        conversation = store.begin_conversation(NOON).id
        cat = store.add_turn(conversation, turn("My cat is black."))
        store.add_turn(conversation, turn("It rained."))
    with Store.open(path, new, former=[old]) as store:
        late = store.add_turn(conversation, turn("The dog is brown."))
        asked = old.embedded
        assert max(store.search("cat black"), key=lambda hit: hit.cosine).ref == cat
        assert old.embedded > asked  # the old one still serves
        assert store.fill_meanings(1)
        while store.fill_meanings(1):
            pass
        asked = old.embedded
        assert max(store.search("dog brown"), key=lambda hit: hit.cosine).ref == late
        assert old.embedded == asked
    with Store.open(path, new) as store:
        assert max(store.search("cat black"), key=lambda hit: hit.cosine).ref == cat


def test_words_serve_while_nobody_can_read_the_old_meanings(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    with Store.open(path, FakeEmbedder("old")) as store:
        number = store.add_turn(store.begin_conversation(NOON).id, turn("My cat is black."))
    with Store.open(path, FakeEmbedder("new")) as store:
        assert [hit.ref for hit in store.search("cat")] == [number]


def test_a_file_of_every_earlier_schema_opens(tmp_path: Path) -> None:
    for version in range(1, schema.NEWEST + 1):
        path = tmp_path / f"life-{version}.db"
        path.write_bytes((Path(__file__).parent / "lives" / f"schema-{version}.db").read_bytes())
        with Store.open(path, FakeEmbedder()) as store:
            assert [each.heard for each in store.all_turns()] == ["My cat is black.", "我妹妹在北京读大学。"]
            assert max(store.search("妹妹"), key=lambda hit: hit.matched).ref == 2
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


def test_what_was_said_around_it_is_found_with_it_and_other_talk_is_not(store: Store) -> None:
    numbers = []
    for n in range(60):
        conversation = store.begin_conversation(NOON).id
        said = (f"Opening{n} words", f"Question{n} about zebra{n}", f"Answer{n}", f"Ending{n}")
        numbers.append({store.add_turn(conversation, turn(heard, "")) for heard in said})
    found = {hit.ref: hit for hit in store.search("zebra7")}
    assert numbers[7] <= found.keys()
    assert len({found[number].conversation for number in numbers[7]}) == 1


def test_words_that_stand_together_are_told_from_words_apart(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    together = store.add_turn(conversation, turn("She loves working out.", ""))
    apart = store.add_turn(conversation, turn("Out of work again.", ""))
    found = {hit.ref: hit for hit in store.search("working out")}
    assert found[together].phrased > found[apart].phrased == 0


def test_what_shares_rare_words_with_the_likeliest_is_found_and_linked(store: Store) -> None:
    for n in range(90):
        store.add_turn(store.begin_conversation(NOON).id, turn(f"Filler{n} sentence{n}", ""))
    old = store.add_turn(store.begin_conversation(NOON).id, turn("My dog is called Rex.", ""))
    new = store.add_turn(store.begin_conversation(NOON).id, turn("Rex passed away; we adopted Luna.", ""))
    found = {hit.ref: hit for hit in store.search("What is my dog's name?")}
    assert found[old].shares[found[new].id] > 0.2


def test_what_has_one_of_the_other_words_is_found_and_marked(store: Store) -> None:
    for n in range(90):
        store.add_turn(store.begin_conversation(NOON).id, turn(f"Filler{n} sentence{n}", ""))
    moved = store.add_turn(store.begin_conversation(NOON).id, turn("We moved to Denver.", ""))
    found = {hit.ref: hit for hit in store.search("Where do I live?", also=("moved",))}
    assert found[moved].of_change
    assert not any(hit.of_change for hit in store.search("Where do I live?"))

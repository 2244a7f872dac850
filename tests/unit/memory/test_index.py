"""What is found of a life: by words, by days, by what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from digital_life.memory.dates import Span
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder
from fakes.kept import NOON, turn


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as opened:
        yield opened


def test_what_is_found_is_near_in_words_or_in_meaning(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    cat = store.add_turn(conversation, turn("My cat is black."))
    store.add_turn(conversation, turn("It rained the whole week."))
    chinese = store.add_turn(conversation, turn("我妹妹在北京读大学。", "真好。", language="zh"))
    best = max(store.index.search("Which colour has my cat?"), key=lambda hit: hit.matched)
    assert best.ref == cat
    assert best.cosine == max(hit.cosine for hit in store.index.search("Which colour has my cat?"))
    best = max(store.index.search("我妹妹在哪里读书？"), key=lambda hit: hit.matched)
    assert best.ref == chinese


def test_what_was_said_on_a_day_is_found_by_the_day(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    old = store.add_turn(conversation, turn("Nothing special.", when=NOON - timedelta(days=30)))
    for n in range(100):
        store.add_turn(conversation, turn(f"Word number {n}."))
    day = (NOON - timedelta(days=30)).date()
    assert old in {hit.ref for hit in store.index.search("What happened?", Span(day, day))}


def test_a_recall_strengthens(store: Store) -> None:
    number = store.add_turn(store.begin_conversation(NOON).id, turn("My cat is black."))
    store.index.strengthen([("turn", number)], NOON + timedelta(days=2))
    (hit,) = store.index.search("cat")
    assert hit.strength > 1
    assert hit.recalled == NOON + timedelta(days=2)


def test_what_was_said_around_it_is_found_with_it_and_other_talk_is_not(store: Store) -> None:
    numbers = []
    for n in range(60):
        conversation = store.begin_conversation(NOON).id
        said = (f"Opening{n} words", f"Question{n} about zebra{n}", f"Answer{n}", f"Ending{n}")
        numbers.append({store.add_turn(conversation, turn(heard, "")) for heard in said})
    found = {hit.ref: hit for hit in store.index.search("zebra7")}
    assert numbers[7] <= found.keys()
    assert len({found[number].conversation for number in numbers[7]}) == 1


def test_words_that_stand_together_are_told_from_words_apart(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    together = store.add_turn(conversation, turn("She loves working out.", ""))
    apart = store.add_turn(conversation, turn("Out of work again.", ""))
    found = {hit.ref: hit for hit in store.index.search("working out")}
    assert found[together].phrased > found[apart].phrased == 0


def test_what_shares_rare_words_with_the_likeliest_is_found_and_linked(store: Store) -> None:
    for n in range(90):
        store.add_turn(store.begin_conversation(NOON).id, turn(f"Filler{n} sentence{n}", ""))
    old = store.add_turn(store.begin_conversation(NOON).id, turn("My dog is called Rex.", ""))
    new = store.add_turn(store.begin_conversation(NOON).id, turn("Rex passed away; we adopted Luna.", ""))
    found = {hit.ref: hit for hit in store.index.search("What is my dog's name?")}
    assert found[old].shares[found[new].id] > 0.2


def test_what_has_one_of_the_other_words_is_found_and_marked(store: Store) -> None:
    for n in range(90):
        store.add_turn(store.begin_conversation(NOON).id, turn(f"Filler{n} sentence{n}", ""))
    moved = store.add_turn(store.begin_conversation(NOON).id, turn("We moved to Denver.", ""))
    found = {hit.ref: hit for hit in store.index.search("Where do I live?", also=("moved",))}
    assert found[moved].of_change
    assert not any(hit.of_change for hit in store.index.search("Where do I live?"))


@pytest.mark.parametrize("word", ["horse", "nurse", "cheese", "course"])
def test_a_word_whose_stem_has_another_stem_is_found_by_itself(store: Store, word: str) -> None:
    conversation = store.begin_conversation(NOON).id
    number = store.add_turn(conversation, turn(f"My {word} was fine."))
    store.add_turn(conversation, turn("It rained all day."))
    found = {hit.ref: hit.matched for hit in store.index.search(f"How was my {word}?")}
    assert found[number] > 0.0

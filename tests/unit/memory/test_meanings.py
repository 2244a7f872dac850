"""What is found by its meaning, and by whose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from digital_life.memory.meanings import COMMON
from digital_life.memory.store import Store
from fakes.embedder import FakeEmbedder
from fakes.kept import NOON, turn


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "life.db", FakeEmbedder()) as opened:
        yield opened


def test_what_lies_near_to_everything_has_its_nearness_in_common_with_every_question(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    for n in range(9):
        store.add_turn(conversation, turn(f"Rain and wind, number {n}."))
    cat = store.add_turn(conversation, turn("My cat is black."))
    common = {hit.ref: hit.common for hit in store.index.search("Which colour has my cat?")}
    assert common.pop(cat) < min(common.values()) < COMMON


def test_what_is_forgotten_has_no_part_in_the_middle_of_all_texts(store: Store) -> None:
    conversation = store.begin_conversation(NOON).id
    rain = {store.add_turn(conversation, turn(f"Rain and wind, number {n}.")) for n in range(9)}
    store.add_turn(conversation, turn("My cat is black."))
    (before,) = (hit.common for hit in store.index.search("cat") if hit.ref not in rain)
    store.forget(rain, lambda _sentence, _gone: None)
    (left,) = store.index.search("cat")
    assert before < COMMON / 2
    assert left.common == pytest.approx(COMMON, abs=0.02)  # it is the middle itself


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
        assert max(store.index.search("cat black"), key=lambda hit: hit.cosine).ref == cat
        assert old.embedded > asked  # the old one still serves
        assert store.meanings.fill(1)
        while store.meanings.fill(1):
            pass
        asked = old.embedded
        assert max(store.index.search("dog brown"), key=lambda hit: hit.cosine).ref == late
        assert old.embedded == asked
    with Store.open(path, new) as store:
        assert max(store.index.search("cat black"), key=lambda hit: hit.cosine).ref == cat


def test_words_serve_while_nobody_can_read_the_old_meanings(tmp_path: Path) -> None:
    path = tmp_path / "life.db"
    with Store.open(path, FakeEmbedder("old")) as store:
        number = store.add_turn(store.begin_conversation(NOON).id, turn("My cat is black."))
    with Store.open(path, FakeEmbedder("new")) as store:
        assert [hit.ref for hit in store.index.search("cat")] == [number]

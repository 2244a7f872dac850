"""Names that sound alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.backends.pinyin import sound
from digital_life.memory import names
from digital_life.memory.store import Store
from digital_life.values import Reply, Timings, Transcript, Turn
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Catherine", "Kathryn"),
        ("Stephen", "Steven"),
        ("Geoffrey", "Jeffrey"),
        ("Philip", "Filip"),
        ("Michael", "Mikael"),
        ("Christine", "Kristin"),
        ("John", "Jon"),
        ("Clare", "Claire"),
    ],
)
def test_one_name_may_be_spelled_in_several_ways(one: str, other: str) -> None:
    assert names.sound_alike(one, other)


@pytest.mark.parametrize(("one", "other"), [("Anna", "Peter"), ("Carol", "Karin"), ("Maria", "Rita")])
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert not names.sound_alike(one, other)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=20))
def test_every_name_sounds_like_itself_in_capitals_too(name: str) -> None:
    assert names.key(name) == names.key(name.upper())


def store_with(path: Path, *told: str) -> Store:
    store = Store.open(path, FakeEmbedder())
    store.index.sound = sound
    clock = FakeClock()
    conversation = store.begin_conversation(clock.now()).id
    for text in told:
        heard = Transcript(text, "en" if text.isascii() else "zh", 1.0)
        store.add_turn(conversation, Turn(1, clock.now(), None, heard, Reply("I see."), Timings()))
    return store


def best(store: Store, question: str) -> str:
    hit = max(store.index.search(question), key=lambda each: each.matched)
    return hit.text.partition("\n")[0] if hit.matched else ""


def test_a_name_that_was_heard_otherwise_is_found(tmp_path: Path) -> None:
    told = ("My cousin Catherine sails.", "My cousin Peter bakes.", "我的表妹小慧在北京。", "我的表哥大林在上海。")
    with store_with(tmp_path / "life.db", *told) as store:
        assert best(store, "What about Kathryn?") == told[0]
        assert best(store, "小惠怎么样？") == told[2]
        assert best(store, "我跟你说过小惠什么？") == told[2]


def test_the_name_itself_goes_before_one_that_sounds_like_it(tmp_path: Path) -> None:
    told = ("My cousin Catherine sails.", "My aunt Kathryn bakes.")
    with store_with(tmp_path / "life.db", *told) as store:
        assert best(store, "What about Kathryn?") == told[1]
        assert [hit.matched for hit in store.index.search("What about Kathryn?") if "Catherine" in hit.text] == [0.0]


def test_an_ordinary_word_is_no_name_though_it_sounds_like_one(tmp_path: Path) -> None:
    with store_with(tmp_path / "life.db", "It is time to mark the tests.") as store:
        assert best(store, "What about Marc?") == ""


def test_a_name_that_was_told_since_is_known(tmp_path: Path) -> None:
    with store_with(tmp_path / "life.db", "My cousin Peter bakes.") as store:
        assert best(store, "What about Kathryn?") == ""
        clock = FakeClock()
        heard = Transcript("My cousin Catherine sails.", "en", 1.0)
        store.add_turn(1, Turn(1, clock.now(), None, heard, Reply("I see."), Timings()))
        assert best(store, "What about Kathryn?") == "My cousin Catherine sails."

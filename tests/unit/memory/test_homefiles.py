"""What becomes of each file when a home is sealed."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.memory import archive
from digital_life.memory.homefiles import Fate, fate_of

NAMES = st.text(min_size=1).filter(lambda text: "/" not in text and text not in {".", ".."} and "\0" not in text)


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("life.db", Fate.DATABASE),
        ("lives/Jarvis/life.db", Fate.DATABASE),
        ("copies/life-2026-11-20.db", Fate.DATABASE),
        ("life-before-20261101-120000.db", Fate.DATABASE),
        ("life.db-wal", Fate.GONE),
        ("waiting.json", Fate.CONTENT),
        ("lives/Jarvis/waiting.json", Fate.CONTENT),
        ("people.json", Fate.CONTENT),
        ("people.json.damaged", Fate.CONTENT),
        ("readings/0a.json", Fate.CONTENT),
        ("wakes/a.wav", Fate.NAMED),
        ("life-damaged-20261101-120000.db.age", Fate.NAMED),
        ("read/0.npz", Fate.GONE),
        ("tmpx/life.db", Fate.GONE),
        (".backup-x/lives/life.db", Fate.GONE),
        ("carried/arrived-0", Fate.GONE),
        ("copies/life-2026-11-20.part", Fate.GONE),
        ("life.lock", Fate.OPEN),
        ("wakes.jsonl", Fate.OPEN),
        ("web-token", Fate.OPEN),
        ("avatars/Mao/avatar.json", Fate.OPEN),
        (".life.db-litestream/ltx/0", Fate.UNKNOWN),
        ("notes.txt", Fate.UNKNOWN),
    ],
)
def test_each_file_has_its_fate(name: str, fate: Fate) -> None:
    assert fate_of(PurePosixPath(name)) is fate


def test_every_file_that_a_person_would_miss_is_known() -> None:
    assert {name for name in archive.SMALL if fate_of(PurePosixPath(name)) is Fate.UNKNOWN} == set()
    assert {name for name in archive.SMALL if fate_of(PurePosixPath(name)) is Fate.CONTENT} == archive.SEALED


@given(NAMES, NAMES)
def test_what_is_put_aside_is_never_left_open(name: str, ending: str) -> None:
    assert fate_of(PurePosixPath(f"life-before-{name}.db")) is not Fate.OPEN
    assert fate_of(PurePosixPath(f"copies/{name}.{ending}")) is not Fate.OPEN
    assert fate_of(PurePosixPath(f"readings/{name}.{ending}")) is not Fate.OPEN

"""Homes that tell a secret, for who looks whether it is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from digital_life import seal
from digital_life.memory.store import Store
from digital_life.memory.waiting import Waiting
from digital_life.people.file import PeopleFile
from digital_life.people.voices import VoicePrint
from digital_life.seal import Seal
from digital_life.values import Entry, EntryKind, Reply, Timings, Transcript, Turn
from fakes.embedder import FakeEmbedder

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECRETS = ("ragwort", "Wilhelmina", "marzipan", "tarragon", "quicklime")
"""Words that stand in every kind of file of `told_home`."""


def key_in(folder: Path, name: str = "key") -> Seal:
    return seal.made(folder / name)


def turn(heard: str) -> Turn:
    return Turn(1, NOON, None, Transcript(heard, "en", 1.0), Reply("I see."), Timings())


def tell(home: Path, heard: str, key: Seal | None = None) -> None:
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as store:
        store.add_turn(store.begin_conversation(NOON).id, turn(heard))


def heard(home: Path, key: Seal | None = None) -> list[str]:
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as store:
        return [each.heard for each in store.all_turns()]


def told_home(home: Path, key: Seal | None = None) -> None:
    """Every kind of file that a life writes, with a secret in it."""
    tell(home, "I am allergic to ragwort.", key)
    tell(home / "lives" / "Jarvis", "My aunt is called Wilhelmina.", key)
    with Store.open(home / "life.db", FakeEmbedder(), seal=key) as store:
        entry = Entry(EntryKind.REMINDER, NOON, "en", "buy marzipan")
        store.agenda.keep([entry])
        store.agenda.keep_list("shopping", ["tarragon"])
        (home / "copies").mkdir(exist_ok=True)
        store.copy(home / "copies" / "life-2026-11-20.db")
        store.copy(home / "life-before-20261101-120000.db")
    (home / "life-damaged-20261102-120000.db").write_bytes(b"half of a page of quicklime")
    waiting = Waiting(home, key)
    waiting.load()
    waiting.keep([turn("There is quicklime in the shed.")])
    waiting.close()
    PeopleFile(home, key).keep(VoicePrint("Wilhelmina", "m", NOON, (b"\0\0\0\0",)))
    (home / "readings").mkdir(exist_ok=True)
    (home / "readings" / "a.json").write_bytes(seal.shut(b'[{"first":0,"last":0,"gist":"tarragon"}]', key))
    (home / "wakes").mkdir(exist_ok=True)
    (home / "wakes" / "a.wav").write_bytes(b"RIFF ragwort")
    (home / "read").mkdir(exist_ok=True)
    (home / "read" / "a.npz").write_bytes(b"what the model read of marzipan")
    (home / "tmpabc").mkdir(exist_ok=True)
    (home / "tmpabc" / "life.db").write_bytes(b"SQLite format 3\x00 ragwort, of an export that was killed")
    (home / "digital-life.toml").write_text('[persona]\nname = "Ada"\n', encoding="utf-8")


def telling(home: Path) -> set[str]:
    """The files, by their paths within the home, in which a secret can be read."""
    files = [each for each in home.rglob("*") if each.is_file()]
    return {
        each.relative_to(home).as_posix()
        for each in files
        if any(secret.encode() in each.read_bytes() for secret in SECRETS)
    }

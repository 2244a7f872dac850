"""A sealed life does all that any other does, and none of it reaches the disk in plain."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from digital_life.config import Memory as Settings
from digital_life.errors import MemoryFileError
from digital_life.memory import archive, backup, cipher
from digital_life.memory.life import Life
from digital_life.seal import Seal
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.sealed import NOON, heard, key_in, tell, telling, turn


@asynccontextmanager
async def alive(home: Path, key: Seal | None) -> AsyncGenerator[Life]:
    settings, clock = Settings(), FakeClock(NOON)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=settings, seal=key) as life,
    ):
        yield life


async def test_it_takes_up_forgets_and_copies_and_tells_nobody(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    async with alive(home, key) as life:
        number = await life.remember(turn("I am allergic to ragwort."))
        await life.remember(turn("I like marzipan."))
        await life.tidy()
        assert telling(home) == set()
        await life.forget([number])
    assert heard(home, key) == ["I like marzipan."]
    assert telling(home) == set()


async def test_it_becomes_another_life_and_nothing_and_is_sealed_throughout(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(tmp_path / "other", "My aunt is called Wilhelmina.")
    arrived = (tmp_path / "other" / "life.db").read_bytes()
    async with alive(home, key) as life:
        await life.remember(turn("I am allergic to ragwort."))
        before = await life.replace(arrived)
        assert cipher.is_sealed(before)
        assert [each.heard for each in await life.all_turns()] == ["My aunt is called Wilhelmina."]
        assert telling(home) == set()
        await life.wipe()
        assert await life.all_turns() == []
    assert cipher.is_sealed(home / "life.db")


async def test_one_that_is_not_sealed_yet_goes_on_as_it_is_though_there_is_a_key(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "I am allergic to ragwort.")
    tell(tmp_path / "other", "My aunt is called Wilhelmina.")
    arrived = (tmp_path / "other" / "life.db").read_bytes()
    async with alive(home, key) as life:
        await life.tidy()
        await life.replace(arrived)
        await life.wipe()
    assert heard(home) == []


async def test_an_export_can_be_read_anywhere(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    async with alive(home, key) as life:
        await life.remember(turn("I am allergic to ragwort."))
        await life.export(tmp_path / "ada.life", home / "none.toml", passphrase="")
    archive.unpack(archive.read(tmp_path / "ada.life"), tmp_path / "new", FakeEmbedder(), NOON, tmp_path)
    assert heard(tmp_path / "new") == ["I am allergic to ragwort."]


async def test_a_life_of_a_persona_is_sealed_with_the_same_key(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    async with alive(home, key) as life, life.beside(home / "lives" / "Jarvis") as other:
        await other.remember(turn("My aunt is called Wilhelmina."))
        assert telling(home) == set()
    assert heard(home / "lives" / "Jarvis", key) == ["My aunt is called Wilhelmina."]


async def test_with_a_wrong_key_what_waits_is_not_lost(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    async with alive(home, key):
        pass
    (home / "life.db").unlink()
    (home / "waiting.json").write_bytes(key.shut(b"[]"))
    before = (home / "waiting.json").read_bytes()
    with pytest.raises(MemoryFileError, match="another one"):
        async with alive(home, key_in(tmp_path, "other")):
            pass
    assert (home / "waiting.json").read_bytes() == before


def test_a_backup_that_was_shut_with_a_key_opens_with_it_alone(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "I am allergic to ragwort.", key)
    (tmp_path / "work").mkdir()
    files, packed = backup.snapshot(home, tmp_path / "work", key), tmp_path / "packed.age"
    archive.write_files(files, packed, NOON, seal=key, shut_with=key)
    assert not archive.asks_passphrase(packed)
    for other in (None, key_in(tmp_path, "other")):
        with pytest.raises(MemoryFileError, match=r"memory\.key_file"):
            archive.read(packed, seal=other)
    archive.unpack(archive.read(packed, seal=key), tmp_path / "new", FakeEmbedder(), NOON, packed, seal=key)
    assert heard(tmp_path / "new", key) == ["I am allergic to ragwort."]
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(MemoryFileError, match="damaged"):
        archive.read(packed, seal=key)


def test_with_a_pass_phrase_a_backup_opens_where_the_key_is_lost(tmp_path: Path) -> None:
    home, key = tmp_path / "home", key_in(tmp_path)
    tell(home, "I am allergic to ragwort.", key)
    packed, secret = tmp_path / "packed.age", "open sesame"
    archive.write_files({"life.db": home / "life.db"}, packed, NOON, passphrase=secret, seal=key, shut_with=key)
    assert archive.asks_passphrase(packed)
    archive.unpack(archive.read(packed, passphrase=secret), tmp_path / "new", FakeEmbedder(), NOON, packed)
    assert heard(tmp_path / "new") == ["I am allergic to ragwort."]

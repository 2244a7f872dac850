"""The first run: whether it begins, and what comes of what was learnt."""

from __future__ import annotations

import tomllib
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from digital_life import config, words
from digital_life.beginning import NOTE, STARTS_MOST, Beginning, HeededNotes, open_beginning
from digital_life.catalogue import Catalogue, Store, Voice
from digital_life.config import Companion, Settings
from digital_life.context import Context
from digital_life.errors import ConfigError
from digital_life.memory.life import Life
from digital_life.talking.introduction import Topic
from digital_life.values import Language, WakeHeard, WakeMissed, Waking
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.ears import FakeWakeNotes
from fakes.embedder import FakeEmbedder

JOE: Mapping[Language, Voice] = {"en": Voice("piper", Path("joe"), "joe")}


@asynccontextmanager
async def begun(
    home: Path, settings: Settings | None = None, *, file: Path | None = None
) -> AsyncGenerator[tuple[Beginning, list[Companion]]]:
    clock, voices = FakeClock(), list[Companion]()
    context = Context(settings or Settings(), home, home / "models", clock, words.load("en"), False, file)

    async def speak_as(persona: Companion) -> None:
        voices.append(persona)

    store = Store(home / "models", Catalogue(profiles={}, models=()))
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=config.Memory()) as life,
        open_beginning(context, life, FakeWakeNotes(clock), store, JOE, speak_as=speak_as) as beginning,
    ):
        yield beginning, voices


async def test_at_the_very_first_start_it_begins(tmp_path: Path) -> None:
    async with begun(tmp_path) as (it, _):
        assert it.introducing.state.topic is Topic.LANGUAGE


async def test_where_there_are_settings_it_does_not(tmp_path: Path) -> None:
    async with begun(tmp_path, file=tmp_path / "digital-life.toml") as (it, _):
        assert it.introducing.state.topic is None


async def test_it_does_not_where_nobody_wants_it(tmp_path: Path) -> None:
    unwanted = Settings(conversation=config.Conversation(introduction=False))
    async with begun(tmp_path, unwanted) as (it, _):
        assert it.introducing.state.topic is None


async def test_it_goes_on_after_a_restart_and_does_not_nag(tmp_path: Path) -> None:
    async with begun(tmp_path) as (it, _):
        await it.introducing.done_elsewhere(Topic.LANGUAGE, {Topic.LANGUAGE: "en"})
    settings = tmp_path / "digital-life.toml"
    assert settings.exists()
    for _ in range(STARTS_MOST - 1):
        async with begun(tmp_path, file=settings) as (it, _voices):
            assert it.introducing.state.topic is Topic.USER
            await it.introducing.done_elsewhere(Topic.VOICE, {})
    async with begun(tmp_path, file=settings) as (it, _voices):
        assert it.introducing.state.topic is None


async def test_what_was_ended_stays_ended(tmp_path: Path) -> None:
    async with begun(tmp_path) as (it, _):
        it.introducing.over()
    async with begun(tmp_path) as (it, _):
        assert it.introducing.state.topic is None


async def test_a_damaged_note_does_not_begin_it_again(tmp_path: Path) -> None:
    (tmp_path / NOTE).write_text("{", encoding="utf-8")
    async with begun(tmp_path) as (it, _):
        assert it.introducing.state.topic is None


async def test_what_was_learnt_is_written_and_spoken(tmp_path: Path) -> None:
    async with begun(tmp_path) as (it, voices):
        learnt: list[dict[Topic, str]] = [
            {Topic.LANGUAGE: "en"}, {Topic.USER: "Anna"}, {Topic.NAME: "Ada"}, {Topic.VOICE: "kokoro-82m"}
        ]  # fmt: skip
        for each in learnt:
            await it.introducing.done_elsewhere(next(iter(each)), each)
    written = tomllib.loads((tmp_path / "digital-life.toml").read_text(encoding="utf-8"))
    assert written["persona"] == {"language": "en", "user": "Anna", "name": "Ada"}
    assert written["models"]["voices"] == {"en": "kokoro-82m"}
    assert [(each.name, dict(each.voices)) for each in voices] == [("Ada", {"en": "kokoro-82m"})]


async def test_a_settings_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "digital-life.toml"
    async with begun(tmp_path) as (it, _):
        broken.write_text("[persona", encoding="utf-8")
        with pytest.raises(ConfigError):
            await it.introducing.done_elsewhere(Topic.USER, {Topic.USER: "Anna"})
        assert it.introducing.state.user == "Anna"


def test_tries_of_the_wake_word_are_known_at_once() -> None:
    told: list[Waking] = []
    notes = HeededNotes(FakeWakeNotes(FakeClock()), lambda _wake, waking: told.append(waking))
    woken = WakeHeard("hey_jarvis", 0.9, 0, 0.6)
    notes.note(WakeMissed("hey_jarvis", 0.4, 0, 0.6), Waking.NEAR)
    notes.hear(woken)
    notes.note(woken, Waking.ANSWERED)
    assert told == [Waking.NEAR]
    assert [(each.number, each.woke) for each in notes.tries] == [(1, False), (2, True)]
    assert msgspec.json.encode(tuple(notes.tries))

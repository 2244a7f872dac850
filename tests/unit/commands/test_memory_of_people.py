"""`digital-life memory … --person NAME`: whose it is, and to forget a person."""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life import words
from digital_life.commands import looking, memory
from digital_life.config import Memory, Persona, Settings
from digital_life.context import Context
from digital_life.errors import UsageError
from digital_life.memory.life import Life
from digital_life.values import GUEST, USER, Language, Person, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder

BEGAN = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
ANNA = Person("Anna")
TOLD = {USER: "My parrot is called Whisker.", ANNA: "My parrot is called Blitz.", GUEST: "My parrot is called Zorro."}


@pytest.fixture
async def life(tmp_path: Path) -> AsyncGenerator[Life]:
    clock = FakeClock(BEGAN)
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Memory()) as life,
    ):
        for person, text in TOLD.items():
            heard = Transcript(text, "en", 0.9, person=person)
            await life.remember(Turn(1, clock.now(), None, heard, Reply("I see."), Timings()))
        yield life


def context(home: Path, language: Language = "en") -> Context:
    settings = Settings(persona=Persona(user="Ada"))
    return Context(settings, home, home, FakeClock(BEGAN), words.load(language), debug=False)


def options(**given: object) -> argparse.Namespace:
    return argparse.Namespace(
        **{"text": "parrot", "query": "", "person": None, "guests": False, "json": False, "yes": True, **given}
    )


@pytest.mark.parametrize(("language", "guest"), [("en", "[visitor]"), ("zh", "[客人]")])
async def test_a_search_shows_whose_it_is(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path, language: Language, guest: str
) -> None:
    await memory._search(options(), context(tmp_path, language), life)
    lines = capsys.readouterr().out.splitlines()
    whose = {word: next(each for each in lines if word in each) for word in ("Whisker", "Blitz", "Zorro")}
    assert "[" not in whose["Whisker"]
    assert "[Anna]" in whose["Blitz"]
    assert guest in whose["Zorro"]


async def test_a_search_for_one_person_finds_what_they_may_hear(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path
) -> None:
    for name, word in (("anna", "Blitz"), ("Ada", "Whisker")):
        await memory._search(options(person=name, json=True), context(tmp_path), life)
        (found,) = map(json.loads, capsys.readouterr().out.splitlines())
        assert word in found["text"]


async def test_facts_are_the_users_unless_somebody_is_named(
    capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path
) -> None:
    for text, at in (("I drive a red Honda.", 3), ("I sold the Honda and have a Tesla now.", 4)):
        heard = Transcript(text, "en", 0.9, person=ANNA)
        await life.remember(Turn(1, BEGAN.replace(day=at), None, heard, Reply("I see."), Timings()))
    asked = {"question": "What car do I drive?"}
    await looking.facts(options(**asked), context(tmp_path), life)
    assert "Honda" not in capsys.readouterr().out
    await looking.facts(options(person="Anna", **asked), context(tmp_path), life)
    assert "Honda" in capsys.readouterr().out


async def test_a_person_is_forgotten(capsys: pytest.CaptureFixture[str], life: Life, tmp_path: Path) -> None:
    assert await memory._forget(options(person="Anna"), context(tmp_path), life) == 0
    assert "[Anna] My parrot is called Blitz." in capsys.readouterr().out
    assert [each.person for each in await life.all_turns()] == [USER, GUEST]


async def test_visitors_are_forgotten(life: Life, tmp_path: Path) -> None:
    assert await memory._forget(options(guests=True), context(tmp_path), life) == 0
    assert [each.person for each in await life.all_turns()] == [USER, ANNA]


async def test_of_a_person_what_is_about_something_is_forgotten(life: Life, tmp_path: Path) -> None:
    assert await memory._forget(options(person="Anna", query="parrot"), context(tmp_path), life) == 0
    assert [each.person for each in await life.all_turns()] == [USER, GUEST]


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({}, "memory-forget-what"),
        ({"person": "Ada"}, "memory-forget-user"),
        ({"person": "Bob"}, "memory-person-unknown"),
    ],
)
async def test_what_is_not_clear_is_not_forgotten(
    life: Life, tmp_path: Path, given: dict[str, object], key: str
) -> None:
    with pytest.raises(UsageError) as raised:
        await memory._forget(options(**given), context(tmp_path), life)
    assert raised.value.key == key
    assert len(await life.all_turns()) == len(TOLD)

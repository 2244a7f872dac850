"""What a guest may use: of all tools those that tell nothing of the people who live here."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digital_life import words
from digital_life.agenda import tools as agenda_tools
from digital_life.agenda.agenda import Agenda
from digital_life.config import Agenda as AgendaSettings
from digital_life.config import Memory as Settings
from digital_life.memory import tools as memory_tools
from digital_life.memory.life import Life
from digital_life.memory.wishes import MemoryWishes
from digital_life.tool import Arguments, Tool, ToolCall
from digital_life.tools import read, search, time, volume, weather
from digital_life.tools.permission import Permission
from digital_life.tools.toolbox import Toolbox
from digital_life.values import GUEST, USER, Entry, EntryKind, Language, Person, Transcript
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.outside import FakeConsents, FakeDocuments, FakeVolume, FakeWeather
from fakes.writer import FakeWriter

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PILLS = Entry(EntryKind.REMINDER, NOON.replace(hour=18), "en", "pills")
ANNA = Person("Anna")
OPEN = {"time", "timer", "weather", "search", "volume"}


class Meanings:
    """Of a FakeEmbedder."""

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        return [FakeEmbedder().query(each) for each in texts]


@pytest.fixture
async def tools(tmp_path: Path) -> AsyncGenerator[dict[str, Tool]]:
    """All of them, where there is a letter, a reminder and a list."""
    clock = FakeClock(NOON)
    async with (
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
    ):
        agenda = Agenda(life, clock=clock, settings=AgendaSettings(), quiet=lambda _now: False)
        await agenda.add(PILLS)
        await life.keep_list("shopping", ["marzipan"])
        permission = Permission(FakeConsents(), clock)
        every = (
            *agenda_tools.tools(agenda, life, clock),
            *memory_tools.tools(life, MemoryWishes(life)),
            *read.tools(FakeDocuments({"letter.txt": "Dear Ada"})),
            *search.tools(None, permission),
            *time.tools(clock),
            *volume.tools(FakeVolume()),
            *weather.tools(FakeWeather({}), permission, place=""),
        )
        yield {each.name: each for each in every}


async def test_these_are_for_everybody(tools: dict[str, Tool]) -> None:
    assert {name for name, tool in tools.items() if tool.guests} == OPEN


PRIVATE: tuple[tuple[str, Arguments, str], ...] = (
    ("read", {"path": "letter.txt"}, "Dear Ada"),
    ("list", {"action": "show"}, "marzipan"),
    ("reminder", {"action": "show"}, "pills"),
)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("name", "arguments", "private"), PRIVATE, ids=[name for name, *_ in PRIVATE])
@pytest.mark.parametrize(("asks", "told"), [(USER, True), (ANNA, True), (GUEST, False)], ids=["user", "anna", "guest"])
async def test_what_the_household_shares_is_not_told_to_a_guest(
    tools: dict[str, Tool],
    asks: Person,
    told: bool,  # noqa: FBT001 - a parameter of the test
    name: str,
    arguments: Arguments,
    private: str,
    language: Language,
) -> None:
    box = Toolbox(tuple(tools.values()), meanings=Meanings(), writer=FakeWriter(lambda _rule, _asked: None))
    outcome = await box.run(ToolCall(tools[name], arguments), Transcript("Show it", language, 1.0, person=asks))
    assert (private in outcome.said) is told
    assert (outcome.said == words.load(language).text("tools.not-for-guests")) is not told

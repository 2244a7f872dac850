"""The agenda on the page: added in the person's words, shown in theirs, taken away for good."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from digital_life import words
from digital_life.agenda.agenda import Agenda
from digital_life.config import Agenda as Settings
from digital_life.errors import DigitalLifeError, MemoryFileError, RequestError
from digital_life.values import Entry, EntryKind, EntryState, Language
from digital_life.views.now.agenda import Board, resources
from digital_life.web.resource import Call
from fakes.agenda import FakeAgendaFile
from fakes.clock import FakeClock

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)


class Page:
    """What a page can ask, over a real agenda."""

    def __init__(self, *entries: Entry) -> None:
        self.file = FakeAgendaFile(*entries)
        clock = FakeClock(NOW)
        self.agenda = Agenda(self.file, clock=clock, settings=Settings(), quiet=lambda _now: False)
        board = Board(self.agenda, file=self.file, clock=clock)
        self._answers = {(each.method, each.path): each.answer for each in resources(board)}

    async def asks(
        self, method: str, path: str, body: object = None, *, language: Language = "en", **places: str
    ) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = await self._answers[method, path](Call(words.load(language), places, body=sent))  # type: ignore[index]
        return msgspec.json.decode(msgspec.json.encode(answer))

    async def shows(self, language: Language = "en") -> Any:
        return await self.asks("GET", "/api/now/agenda", language=language)


def alarm(**how: Any) -> Entry:
    return Entry(EntryKind.ALARM, NOW + timedelta(hours=2), "en", **how)


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("remind me in ten minutes to call my brother", "reminder", "A reminder in 10 minutes: call your brother"),
        ("water the plants tomorrow at nine", "reminder", "A reminder tomorrow at 9 am: water the plants"),
        ("wake me at seven tomorrow morning", "alarm", "An alarm tomorrow at 7 am"),
        ("set a ten minute timer for the eggs", "timer", "The eggs timer, 10 minutes left"),
        ("十分钟后提醒我关火", "reminder", "A reminder in 10 minutes: 关火"),
    ],
)
async def test_it_is_added_as_it_was_written(text: str, kind: str, line: str) -> None:
    page = Page()
    told = await page.asks("POST", "/api/now/agenda", {"text": text})
    (entry,) = (await page.shows())["entries"]
    assert told["said"]
    assert (entry["kind"], entry["line"], entry["number"]) == (kind, line, told["number"])


@pytest.mark.parametrize("text", ["water the plants", "remind me tomorrow", " ", "", "x" * 301])
async def test_what_names_no_time_is_refused_and_nothing_is_kept(text: str) -> None:
    page = Page()
    with pytest.raises(DigitalLifeError):
        await page.asks("POST", "/api/now/agenda", {"text": text})
    assert not page.file.kept


async def test_a_full_disk_is_told() -> None:
    page = Page()
    page.file.broken = True
    with pytest.raises(MemoryFileError):
        await page.asks("POST", "/api/now/agenda", {"text": "water the plants tomorrow at nine"})


async def test_what_is_deleted_never_rings() -> None:
    page = Page(alarm(), alarm(what="bread"))
    await page.asks("DELETE", "/api/now/agenda/{number}", number="1")
    assert [each["number"] for each in (await page.shows())["entries"]] == [2]
    await page.asks("DELETE", "/api/now/agenda/{number}", number="1")


async def test_what_was_missed_stands_first() -> None:
    page = Page(alarm(), Entry(EntryKind.REMINDER, NOW - timedelta(hours=1), "en", "bread", state=EntryState.MISSED))
    assert [(each["state"], each["number"]) for each in (await page.shows())["entries"]] == [
        ("missed", 2),
        ("waiting", 1),
    ]


async def test_an_entry_is_told_in_the_language_of_the_page() -> None:
    page = Page(alarm(repeat="FREQ=DAILY"))
    (entry,) = (await page.shows("zh"))["entries"]
    assert "闹钟" in entry["line"]
    assert entry["repeats"] is True


async def test_where_nothing_rings_nothing_is_put_off() -> None:
    page = Page(alarm())
    assert (await page.shows())["can_snooze"] is False
    with pytest.raises(RequestError):
        await page.asks("POST", "/api/now/agenda/snooze", {"minutes": 5})


@pytest.mark.parametrize("minutes", [0, -1, 100_000, "five", 1.5])
async def test_no_absurd_time_is_put_off(minutes: object) -> None:
    with pytest.raises(RequestError):
        await Page().asks("POST", "/api/now/agenda/snooze", {"minutes": minutes})


async def test_things_come_onto_a_list_and_off_it() -> None:
    page = Page()
    told = await page.asks("POST", "/api/now/lists", {"action": "add", "what": "milk, the eggs and bread"})
    assert told["said"] == "On the shopping list now: milk, eggs and bread."
    await page.asks("POST", "/api/now/lists", {"action": "remove", "what": "eggs", "name": "shopping"})
    await page.asks("POST", "/api/now/lists", {"action": "remove", "what": "wine", "name": "shopping"})
    assert (await page.shows())["lists"] == [{"name": "shopping", "title": "Shopping list", "items": ["milk", "bread"]}]
    assert (await page.shows("zh"))["lists"][0]["title"] == "购物清单"


@pytest.mark.parametrize(
    "note", [{"action": "burn", "what": "milk"}, {"action": "add"}, {"action": "add", "what": ","}]
)
async def test_what_is_no_note_is_refused(note: dict[str, str]) -> None:
    with pytest.raises(DigitalLifeError):
        await Page().asks("POST", "/api/now/lists", note)

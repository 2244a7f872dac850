"""What will ring, and the lists: seen, added to in the person's words, taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal, Protocol

import msgspec

from digital_life.agenda import saying
from digital_life.agenda.entries import in_order, rings_at
from digital_life.agenda.lists import Lists, known_as
from digital_life.agenda.telling import length
from digital_life.agenda.written import entry_of
from digital_life.errors import RequestError
from digital_life.ports import AgendaFile, ListsFile
from digital_life.talking.spoken.languages import language_of
from digital_life.values import EntryState, Transcript
from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.agenda.agenda import Agenda
    from digital_life.ports import Clock
    from digital_life.values import Entry, EntryKind, Language
    from digital_life.words import Words

LONGEST_SNOOZE_MIN = 24 * 60


class File(AgendaFile, ListsFile, Protocol):
    """Where both are kept."""


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]


class Snooze(msgspec.Struct, forbid_unknown_fields=True):
    minutes: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SNOOZE_MIN)] | None = None
    """None: as long as the settings say."""


class Note(msgspec.Struct, forbid_unknown_fields=True):
    action: Literal["add", "remove"]
    what: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """Of the list; empty: the shopping list."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the page shows it."""

    number: int
    kind: EntryKind
    state: EntryState
    rings: datetime
    line: str
    """In the language of the page."""
    repeats: bool
    lasts_s: float | None


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    title: str
    items: tuple[str, ...]


def row(entry: Entry, now: datetime, language: Language) -> Row:
    line = saying.line(entry, now, language)
    lasts_s = entry.lasts.total_seconds() if entry.lasts else None
    rings = rings_at(entry, now)
    return Row(entry.number, entry.kind, entry.state, rings, capital(line, language), bool(entry.repeat), lasts_s)


def capital(line: str, language: Language) -> str:
    """As a line of its own begins."""
    return line[:1].upper() + line[1:] if language == "en" else line


def title(name: str, words: Words) -> str:
    """As a person calls the list."""
    known = dict(words.pairs("agenda.list-names"))
    return capital(known.get(name) or words.text("agenda.list-name", name=name), words.language)


class Board:
    """The agenda and the lists, for pages."""

    def __init__(self, agenda: Agenda, *, file: File, clock: Clock) -> None:
        self._agenda = agenda
        self._file = file
        self._lists = Lists(file)
        self._clock = clock

    async def show(self, call: Call) -> dict[str, object]:
        now, language = self._clock.now(), call.words.language
        entries = await self._file.entries()
        missed = [each for each in entries if each.state is EntryState.MISSED]
        lists = (await self._file.lists()).items()
        return {
            "now": now,
            "entries": [row(each, now, language) for each in (*missed, *in_order(entries, now))],
            "lists": [Listed(name, title(name, call.words), tuple(items)) for name, items in sorted(lists)],
            "can_snooze": self._agenda.can_snooze,
        }

    async def add(self, call: Call) -> dict[str, object]:
        """In the words of the person, as by voice. Raises ToolError where they name no time to come."""
        text, now = call.read(Wish).text.strip(), self._clock.now()
        kept = await self._agenda.add(entry_of(text, language_of(text, call.words.language), now))
        return {"said": saying.confirmed(kept, now, call.words.language), "number": kept.number}

    async def cancel(self, call: Call) -> None:
        """It never rings again; gone already is gone too."""
        number = call.number("number")
        await self._agenda.cancel([each for each in await self._file.entries() if each.number == number])

    async def snooze(self, call: Call) -> dict[str, object]:
        minutes = call.read(Snooze).minutes
        wait = await self._agenda.snooze(timedelta(minutes=minutes) if minutes else None)
        if wait is None:
            raise RequestError("console-nothing-rings", status=404)
        return {"said": call.words.text("agenda.snoozed", span=length(wait, call.words.language))}

    async def note(self, call: Call) -> dict[str, object]:
        """Add what is written to a list, or take that very item off it."""
        wish = call.read(Note)
        if wish.action == "remove":
            await self._take_off(known_as(wish.name, call.words.language), wish.what)
            return {"said": ""}
        heard = Transcript(wish.what, call.words.language, confidence=1.0)
        outcome = await self._lists.change(heard, action="add", what=wish.what, name=wish.name)
        return {"said": outcome.said}

    async def _take_off(self, name: str, item: str) -> None:
        items = (await self._file.lists()).get(name, ())
        left = [each for each in items if each != item]
        if len(left) < len(items):
            await self._file.keep_list(name, left)


def resources(board: Board) -> tuple[Resource, ...]:
    return (
        Resource("GET", "/api/now/agenda", board.show),
        Resource("POST", "/api/now/agenda", board.add),
        Resource("DELETE", "/api/now/agenda/{number}", board.cancel),
        Resource("POST", "/api/now/agenda/snooze", board.snooze),
        Resource("POST", "/api/now/lists", board.note),
    )

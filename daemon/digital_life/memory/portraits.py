"""MemoryBank's stand-alone summariser: daily summaries and portraits in a memory.json, made where they are missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from digital_life.memory import concepts, diary, foreign
from digital_life.memory.records import PastTurn, Sentence
from digital_life.memory.scribe import Scribe
from digital_life.memory.sentences import most_telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from digital_life.ports import Writer

OVERALL = 20
"""Sentences of the whole history, and of the whole portrait."""
TURNS = "turns"
"""Beside a summary: of how many turns it tells. One of fewer than the day has by now is made again."""


async def summarise(table: dict[str, Any], writer: Writer, *, done: Callable[[str, str], None]) -> dict[str, Any]:
    """The same memory with all its summaries and portraits; `done` is told the name and day of each as it is made."""
    return {name: await _person(name, person, writer, done=done) for name, person in table.items()}


async def _person(
    name: str, person: dict[str, Any], writer: Writer, *, done: Callable[[str, str], None]
) -> dict[str, Any]:
    summaries, portraits = dict(_table(person.get("summary"))), dict(_table(person.get("personality")))
    history: list[Sentence] = []
    portrait: list[Sentence] = []
    scribe = None
    for day, entries in sorted(person["history"].items()):
        turns = _turns(day, entries)
        if not turns:
            continue
        scribe = Scribe(writer, diary.language_of(turns), names=[name.strip()])
        if not (_is_fresh(summaries.get(day), turns) and _is_fresh(portraits.get(day), turns)):
            page = await diary.write(turns, scribe)
            told = " ".join(each.text for each in page.sentences)
            known = await concepts.rewrite("user", (), page, scribe)
            felt = " ".join(each.text for each in known)
            summaries[day] = {"content": told, TURNS: len(turns)}
            portraits[day] = {"content": f"{page.mood}. {felt}".strip(". "), TURNS: len(turns)}
            done(name.strip(), day)
        history += [Sentence(each, ()) for each in foreign.sentences(summaries[day])]
        portrait += [Sentence(each, ()) for each in foreign.sentences(portraits[day])]
    return {
        **person,
        "summary": summaries,
        "personality": portraits,
        "overall_history": " ".join(each.text for each in most_telling(history, OVERALL)),
        "overall_personality": " ".join(each.text for each in most_telling(portrait, OVERALL)),
    }


def _table(entry: Any) -> dict[str, Any]:
    return entry if isinstance(entry, dict) else {}


def _is_fresh(entry: Any, turns: list[PastTurn]) -> bool:
    """Whether it tells of the whole day; one of MemoryBank's own has no count and is believed."""
    if not entry:
        return False
    return not isinstance(entry, dict) or int(entry.get(TURNS, len(turns))) >= len(turns)


def _turns(day: str, entries: list[Any]) -> list[PastTurn]:
    when = datetime.fromisoformat(day[:10]).replace(tzinfo=UTC)
    said = [foreign.exchange(each) for each in entries]
    return [
        PastTurn(number, 1, when, foreign.language_of(heard), heard, answered)
        for number, (heard, answered) in enumerate(said, 1)
    ]

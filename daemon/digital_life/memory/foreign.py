"""Memories of other programs: DigitalLife's exported JSON, MemoryBank's memory.json (read and written). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from digital_life.memory.records import ConceptKind, Diary, PastTurn
from digital_life.memory.sentences import language_fits, split
from digital_life.values import Language

MORNING = time(9)
"""MemoryBank knows the days of its talks and not the hours; a minute is taken for each turn."""
GAP = timedelta(hours=6)
"""DigitalLife's turns that belong to no memory: a longer silence parts conversations."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as another program kept it."""

    began: datetime
    ended: datetime
    turns: tuple[tuple[datetime, str, str], ...]
    """When, what the user said, what was answered."""
    title: str = ""
    summary: str = ""
    """What was written about it; empty: nothing yet."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A whole memory, as far as there is room for it in a life."""

    talks: tuple[Talk, ...]
    concepts: dict[ConceptKind, str] = field(default_factory=dict)
    names: tuple[str, str] = ("", "")
    """Of the companion and of its user, where they are known."""


class NotKnownError(ValueError):
    """It is nobody's memory that is known here."""


def read(table: Any, zone: tzinfo | None, *, user: str = "") -> Foreign:
    """Understand what another program wrote; `user` names one of several.

    Raises NotKnownError, and LookupError with the users' names where one must be chosen.
    """
    if isinstance(table, dict) and "shortTermMemory" in table:
        return _digital_life(table, zone)
    if isinstance(table, dict) and table and all(isinstance(each, dict) for each in table.values()):
        return _memory_bank(_chosen(table, user), zone)
    raise NotKnownError


def users(table: Any) -> list[str]:
    """Of a MemoryBank file."""
    return [each.strip() for each in table] if isinstance(table, dict) and "shortTermMemory" not in table else []


def same_name(one: str, other: str) -> bool:
    """MemoryBank writes a name with spaces around it, or with underscores for spaces."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def _chosen(table: dict[str, Any], user: str) -> dict[str, Any]:
    if user:
        found = [each for name, each in table.items() if same_name(name, user)]
        if not found:
            raise LookupError(", ".join(users(table)))
        return dict(found[0])
    if len(table) != 1:
        raise LookupError(", ".join(users(table)))
    return dict(next(iter(table.values())))


# MemoryBank.


def _memory_bank(person: dict[str, Any], zone: tzinfo | None) -> Foreign:
    history = person.get("history")
    if not isinstance(history, dict) or not all(isinstance(turns, list) for turns in history.values()):
        raise NotKnownError
    summaries = person.get("summary") or {}
    talks = [_day(day, turns, _content(summaries, day), zone) for day, turns in sorted(history.items())]
    portrait = _text(person.get("overall_personality"))
    return Foreign(tuple(talks), {"user": portrait} if portrait else {}, ("", str(person.get("name", "")).strip()))


def _day(day: str, turns: Iterable[Any], summary: str, zone: tzinfo | None) -> Talk:
    try:
        began = datetime.combine(date.fromisoformat(day[:10]), MORNING, zone)
        told = tuple((began + n * timedelta(minutes=1), *exchange(turn)) for n, turn in enumerate(turns))
    except (ValueError, OverflowError) as error:
        raise NotKnownError from error
    return Talk(began, told[-1][0] if told else began, told, "", summary)


def exchange(turn: Any) -> tuple[str, str]:
    """What was said and answered: {"query", "response"}, or a pair. Raises NotKnownError."""
    if isinstance(turn, dict) and "query" in turn:
        return str(turn["query"]), str(turn.get("response", ""))
    if isinstance(turn, list | tuple) and len(turn) >= 2:
        return str(turn[0]), str(turn[1])
    raise NotKnownError


def _content(table: Any, day: str) -> str:
    return _text(table.get(day)) if isinstance(table, dict) else ""


def _text(entry: Any) -> str:
    return str(entry.get("content", "")) if isinstance(entry, dict) else str(entry or "")


def to_memory_bank(
    name: str, turns: Sequence[PastTurn], diaries: Sequence[Diary], love: Sequence[str]
) -> dict[str, Any]:
    """As MemoryBank keeps it, a day at a time."""
    history: dict[str, list[dict[str, str]]] = {}
    for turn in turns:
        day = turn.began.date().isoformat()
        history.setdefault(day, []).append({"query": turn.heard, "response": turn.said})
    summary: dict[str, dict[str, str]] = {}
    for page in diaries:
        day = page.day.isoformat()
        told = " ".join(each.text for each in page.sentences)
        before = summary.get(day, {}).get("content", "")
        summary[day] = {"content": f"{before} {told}".strip()}
    whole = " ".join(each["content"] for each in summary.values())
    return {
        name: {
            "name": name,
            "summary": summary,
            "personality": {},
            "overall_history": whole,
            "overall_personality": " ".join(love),
            "history": history,
        }
    }


# DigitalLife.


def _digital_life(table: dict[str, Any], zone: tzinfo | None) -> Foreign:
    try:
        archived, short = list(table.get("archivedMemory") or []), list(table["shortTermMemory"] or [])
        memories = sorted(table.get("longTermMemory") or [], key=lambda each: float(each["startTime"]))
        talks = [_of_memory(each, archived, zone) for each in memories]
        known = {each["uuid"] for each in memories}
        loose = sorted((each for each in archived if each.get("belongTo") not in known), key=_when)
        talks += _parted(_turns(loose, zone))
        if short:
            turns = _turns(short, zone)
            talks += [Talk(turns[0][0], turns[-1][0], turns)] if turns else []
        concepts: dict[ConceptKind, str] = {
            "self": str(table.get("memoryAboutSelf") or ""),
            "user": str(table.get("memoryAboutUser") or ""),
        }
        names = str(table.get("selfName") or ""), str(table.get("userName") or "")
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise NotKnownError from error
    ordered = tuple(sorted(talks, key=lambda each: each.began))
    return Foreign(ordered, {kind: text for kind, text in concepts.items() if text}, names)


def _of_memory(memory: dict[str, Any], archived: list[dict[str, Any]], zone: tzinfo | None) -> Talk:
    mine = sorted((each for each in archived if each.get("belongTo") == memory["uuid"]), key=_when)
    return Talk(
        _moment(memory["startTime"], zone),
        _moment(memory["endTime"], zone),
        _turns(mine, zone),
        str(memory.get("title") or ""),
        str(memory["summary"]),
    )


def _turns(messages: Iterable[dict[str, Any]], zone: tzinfo | None) -> tuple[tuple[datetime, str, str], ...]:
    """Each thing the user said with the answers up to the next; calls of tools and their results left out."""
    turns: list[tuple[datetime, str, str]] = []
    for message in messages:
        text = str(message["content"] or "").strip()
        if message["role"] == "user":
            turns.append((_moment(message["timestamp"], zone), text, ""))
        elif message["role"] == "assistant" and text and turns:
            when, said, answered = turns[-1]
            turns[-1] = (when, said, f"{answered}\n{text}".strip())
    return tuple(turns)


def _parted(turns: Sequence[tuple[datetime, str, str]]) -> list[Talk]:
    parts: list[list[tuple[datetime, str, str]]] = []
    for turn in turns:
        if not parts or turn[0] - parts[-1][-1][0] >= GAP:
            parts.append([])
        parts[-1].append(turn)
    return [Talk(part[0][0], part[-1][0], tuple(part)) for part in parts]


def _when(message: dict[str, Any]) -> float:
    return float(message["timestamp"])


def _moment(milliseconds: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, zone).astimezone(zone)


def language_of(text: str) -> Language:
    return "zh" if language_fits(text, "zh") else "en"


def sentences(entry: Any) -> list[str]:
    """Of a summary or portrait of MemoryBank's."""
    return split(_text(entry))

"""What is told to a life and asked of it: MemoryBank's users and LoCoMo's conversations, as they were published."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benches import answered
from benches.answered import Gold
from digital_life.memory import foreign
from digital_life.memory.foreign import Talk
from digital_life.values import Language

LANGUAGES: dict[str, Language] = {"cn": "zh", "en": "en"}
"""As MemoryBank's files are named."""
MULTI_HOP = 1
ADVERSARIAL = 5
"""LoCoMo's categories: the answer lies in several turns; there is none."""
_LABEL = re.compile(r"D:?(\d+):0*(\d+)")
_SESSION = re.compile(r"session_(\d+)")
BETWEEN_TURNS = timedelta(minutes=1)
ANSWERS = Path(__file__).with_name("recall_answers.json")
"""What is right to answer to MemoryBank's questions, which were published without: by language and question."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    language: Language
    evidence: frozenset[str]
    """Labels of the turns that hold the answer."""
    multi_hop: bool = False
    gold: Gold | None = None
    """None where nobody said what is right to answer."""

    @property
    def sessions(self) -> frozenset[str]:
        return frozenset(session_of(each) for each in self.evidence)


@dataclass(frozen=True, slots=True)
class Told:
    """All that one life is told, and what it is asked."""

    source: str
    """The set it belongs to."""
    name: str
    language: Language
    talks: tuple[Talk, ...]
    labels: tuple[str, ...]
    """Of every turn, in order."""
    questions: tuple[Question, ...]
    others: tuple[Question, ...] = ()
    """The same, asked in the other language; empty where the files have no parallel."""
    answered: tuple[Question, ...] = ()
    """Those with a right answer, and those to which it is right that nothing was told."""

    @property
    def asked(self) -> datetime:
        """When it is asked: at noon on the day after the last talk."""
        return self.talks[-1].ended.replace(hour=12, minute=0) + timedelta(days=1)


def session_of(label: str) -> str:
    """Of "D3:12" or "2023-05-01_3"."""
    return re.split("[:_]", label)[0]


def read(folder: Path) -> list[Told]:
    """Every life that the files in `folder` tell."""
    return [*memory_bank(folder), *locomo(folder)]


# MemoryBank.


def memory_bank(folder: Path) -> list[Told]:
    evidence: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*evidence*.json")):
        evidence |= _json(path)
    told = {
        (language, n): _user(language, n, name, _json(path), evidence.get(language, []))
        for language in LANGUAGES
        for path in sorted(folder.glob(f"memory_bank_{language}.json"))
        for n, name in enumerate(_json(path))
    }
    return [
        _with_other(each, told.get(("en" if language == "cn" else "cn", n))) for (language, n), each in told.items()
    ]


def _user(code: str, number: int, name: str, people: dict[str, Any], evidence: list[dict[str, Any]]) -> Told:
    talks = foreign.read(people, UTC, user=name).talks
    labels = tuple(f"{talk.began.date()}_{n}" for talk in talks for n, _ in enumerate(talk.turns))
    language = LANGUAGES[code]
    questions = tuple(
        Question(
            each["question"], language, frozenset(each["evidence"]) & frozenset(labels), gold=_gold(language, each)
        )
        for each in evidence
        if each["user_idx"] == number
    )
    spoken = tuple(each for each in questions if each.gold)
    return Told("memorybank", name, language, talks, labels, questions, answered=spoken)


def _gold(language: Language, labelled: dict[str, Any]) -> Gold | None:
    if not labelled.get("answerable", True):
        return Gold("not told")
    if labelled.get("type") == "false_premise":
        return Gold("false premise")
    if "answer" in labelled:
        return answered.published(labelled["question"], str(labelled["answer"]))
    facts = _answers().get(language, {}).get(labelled["question"])
    return answered.labelled(facts) if facts else None


@functools.cache
def _answers() -> dict[str, dict[str, list[str]]]:
    return dict(_json(ANSWERS))


def _with_other(told: Told, parallel: Told | None) -> Told:
    """The questions of the parallel user, answered by the turns of this one, where both were labelled alike."""
    if parallel is None or len(parallel.questions) != len(told.questions):
        return _answerable(told)
    others = tuple(
        replace(theirs, evidence=ours.evidence) for ours, theirs in zip(told.questions, parallel.questions, strict=True)
    )
    return _answerable(replace(told, others=others))


def _answerable(told: Told) -> Told:
    """Without the questions to which there is no answer."""
    return replace(
        told,
        questions=tuple(each for each in told.questions if each.evidence),
        others=tuple(each for each in told.others if each.evidence),
    )


# LoCoMo.


def locomo(folder: Path) -> list[Told]:
    return [
        _conversation(each, f"{path.stem} {n}")
        for path in sorted(folder.glob("*locomo*.json"))
        for n, each in enumerate(_json(path))
    ]


def _conversation(table: dict[str, Any], name: str) -> Told:
    sessions = sorted((int(number[1]), key) for key in table["conversation"] if (number := _SESSION.fullmatch(key)))
    talks, labels = [], []
    for _, key in sessions:
        said = table["conversation"][key]
        if said:
            talks.append(_talk(said, table["conversation"][f"{key}_date_time"]))
            labels += [each["dia_id"] for each in said]
    known = frozenset(labels)
    every = [(each, _question(each, known)) for each in table["qa"]]
    return Told(
        "locomo",
        str(table.get("sample_id", name)),
        "en",
        tuple(talks),
        tuple(labels),
        tuple(asked for each, asked in every if each.get("category") != ADVERSARIAL and asked.evidence),
        answered=tuple(asked for _, asked in every if asked.gold),
    )


def _question(table: dict[str, Any], known: frozenset[str]) -> Question:
    text, category = str(table["question"]), table.get("category")
    evidence = frozenset(_labels(table["evidence"])) & known
    if category == ADVERSARIAL:
        return Question(text, "en", evidence, gold=Gold("not told"))
    gold = answered.published(text, str(table["answer"])) if "answer" in table else None
    return Question(text, "en", evidence, category == MULTI_HOP, gold)


def _talk(said: list[dict[str, Any]], when: str) -> Talk:
    """Each of the two says a turn of its own; a picture that was shown is told as LoCoMo's own retrieval tells it."""
    began = datetime.strptime(when, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
    turns = []
    for n, each in enumerate(said):
        shown = f" [shows {each['blip_caption']}]" if each.get("blip_caption") else ""
        turns.append((began + n * BETWEEN_TURNS, f"{each['speaker']}: {each['text']}{shown}", ""))
    return Talk(began, turns[-1][0], tuple(turns))


def _labels(evidence: list[str]) -> Iterator[str]:
    """Some are written together, or with a slip."""
    for each in evidence:
        yield from (f"D{session}:{turn}" for session, turn in _LABEL.findall(each))


# Dates and changes.


@dataclass(frozen=True, slots=True)
class DateCase:
    text: str
    language: Language
    today: date
    first: date | None
    """None where the text names no day."""
    last: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """A fact and the one that took its place."""

    language: Language
    old: str
    new: str
    now: str
    """Asks what holds."""
    past: str
    """Asks what held before."""


def date_cases(folder: Path) -> list[DateCase]:
    return [
        DateCase(
            each["text"],
            each["lang"],
            datetime.fromisoformat(each["now"]).date(),
            date.fromisoformat(each["start"]) if each.get("start") else None,
            date.fromisoformat(each["end"]) if each.get("end") else None,
        )
        for path in sorted(folder.glob("date_cases*.json"))
        for each in _json(path)
    ]


def changes(folder: Path) -> list[Change]:
    return [
        Change(each["lang"], each["old"], each["new"], each["q_now"], each["q_past"])
        for path in sorted(folder.glob("update_cases*.json"))
        for each in _json(path)
    ]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))

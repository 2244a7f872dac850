"""What the language model reads: the longest unchanged part first, the time and the question last."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.values import GUEST, USER, Message, Person, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from digital_life.config import Persona
    from digital_life.values import Event, Recall, Standing
    from digital_life.words import Words


MIXED = 4
"""Examples of calling in each language that stand in turn."""


def system(persona: Persona, standing: Standing, text: Words, *, calls: str = "", person: Person = USER) -> Message:
    """Who it is, how it speaks, what it knows of itself and of whom it talks with.

    `calls`: the words in which the rule stands by which it may call functions; empty: it calls none.
    """
    character = persona.character or text.text("persona.character")
    manner = text.text("persona.manner")
    parts = [
        text.text(
            "persona.prompt", name=persona.name, character=character, user=_whom(persona, person, text), manner=manner
        ),
        _of("persona.soul", standing.soul, text),
        _of("persona.love", standing.love, text),
        text.text("persona.met", day=text.day(standing.met)) if standing.met and person != GUEST else "",
        text.text(f"{calls}.rule") if calls else "",
    ]
    return Message(Role.SYSTEM, "\n".join(part for part in parts if part))


def _whom(persona: Persona, person: Person, text: Words) -> str:
    """With whom it talks."""
    if person == GUEST:
        return text.text("persona.guest")
    user = person or persona.user
    return text.text("persona.user", user=user) if user else ""


def says(persona: Persona, person: Person, text: Words) -> str:
    """Whose words follow, where several people speak."""
    if person == GUEST:
        return text.text("persona.says-guest")
    user = person or persona.user
    return text.text("persona.says", user=user) if user else text.text("persona.says-user")


def examples(text: Words, *, calls: str) -> tuple[Message, ...]:
    """All the lessons, one after the other."""
    return tuple(itertools.chain.from_iterable(lessons(text, calls=calls)))


def lessons(text: Words, *, calls: str) -> tuple[tuple[Message, ...], ...]:
    """How it recalls and how it uses what it recalled: a small model learns that from examples alone.

    Those of the other languages stand among them, so that it calls whatever is spoken; the last ones are in its own.
    `calls` as in `system`.
    """
    use = text.talks("recall.use")
    if not calls:
        return tuple(map(_lesson, use))
    call = text.talks(f"{calls}.call")
    others = [words.load(each).talks(f"{calls}.call") for each in words.LANGUAGES if each != text.language]
    mixed = [talk for each in zip(*others, call, strict=True) for talk in each][: MIXED * (len(others) + 1)]
    return tuple(map(_lesson, (*mixed, *use, *call[MIXED:])))


def admission(text: Words) -> tuple[Message, ...]:
    """How it says that it does not remember: stands before a question for which nothing was found."""
    return tuple(itertools.chain.from_iterable(map(_lesson, text.talks("recall.forgotten"))))


def _lesson(talk: Sequence[str]) -> tuple[Message, ...]:
    return tuple(Message(role, text) for role, text in zip(itertools.cycle((Role.USER, Role.ASSISTANT)), talk))


def so_far(standing: Standing, text: Words) -> str:
    """When this conversation began and what was said in it that is not before the model's eyes any more."""
    began = text.text("recall.began", moment=text.moment(standing.began)) if standing.began else ""
    summary = text.text("recall.summary", summary=" ".join(standing.summary)) if standing.summary else ""
    return began + summary


def recalled(found: Sequence[Recall], text: Words, *, asked: bool = False) -> str:
    """What came back to mind, with its dates; where the model `asked` for it, also that there is nothing."""
    if not found:
        return text.text("recall.nothing") + "\n" if asked else ""
    return text.text("recall.found", items=" ".join(_items(found, text))) + "\n"


def _items(found: Sequence[Recall], text: Words) -> Iterator[str]:
    """What took the place of something is told with it, as one; last what is asked for: a small model says that."""
    left = list(found)
    while left:
        each = left.pop(0)
        other = next((it for it in left if _took_its_place(each, it) or _took_its_place(it, each)), None)
        if other is None:
            yield _item(each, text)
            continue
        left.remove(other)
        if _took_its_place(each, other):
            yield text.text("recall.holds", old=_line(other), new=_line(each), since=text.day(each.when))
        else:
            yield text.text("recall.held", old=_line(each), new=_line(other), since=text.day(other.when))


def _took_its_place(new: Recall, old: Recall) -> bool:
    return new.kind == "turn" and old.superseded_by == new.ref


def _item(each: Recall, text: Words) -> str:
    if each.valid_to:
        return text.text("recall.until", until=text.day(each.valid_to), text=_line(each))
    return text.text(f"recall.{each.kind}", day=text.day(each.when), text=_line(each))


def _line(each: Recall) -> str:
    return " ".join(each.text.split())


def event(told: Event, text: Words, *, calls: str) -> str:
    """What came of a call; `calls` as in `system`."""
    items = " ".join(_items(told.found, text))
    sentence = text.text(f"{calls}.{told.outcome}", page=told.page, pages=told.pages, items=items)
    return text.text(f"{calls}.event", told=sentence)


def learned(found: str, text: Words) -> str:
    """What a tool found out."""
    return text.text("tools.found", found=found) + "\n" if found else ""


def _of(key: str, sentences: Sequence[str], text: Words) -> str:
    return text.text(key, sentences=" ".join(sentences)) if sentences else ""


def note(now: datetime, text: Words) -> str:
    """The day and the time, as it stands before what the user says."""
    return text.text("time.note", moment=text.moment(now))


def opening(before: Sequence[Message], note: str) -> tuple[Message, ...]:
    """All that is known before the user has spoken: it can be read in advance. What is said goes on from `note`."""
    return (*before, Message(Role.USER, note))

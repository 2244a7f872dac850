"""What the language model reads: the longest unchanged part first, the time and the question last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.values import Message, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from digital_life.config import Persona
    from digital_life.values import Recall, Standing
    from digital_life.words import Words


def system(persona: Persona, standing: Standing, words: Words) -> Message:
    """Who it is, how it speaks, what it knows of itself and of its user."""
    character = persona.character or words.text("persona.character")
    user = words.text("persona.user", user=persona.user) if persona.user else ""
    manner = words.text("persona.manner")
    parts = [
        words.text("persona.prompt", name=persona.name, character=character, user=user, manner=manner),
        _of("persona.soul", standing.soul, words),
        _of("persona.love", standing.love, words),
        words.text("persona.met", day=words.day(standing.met)) if standing.met else "",
    ]
    return Message(Role.SYSTEM, "\n".join(part for part in parts if part))


def examples(words: Words, *, calls: bool) -> tuple[Message, ...]:
    """How it recalls and how it uses what it recalled: a small model learns that from examples alone."""
    pairs = words.pairs("recall.use") + (words.pairs("recall.call") if calls else ())
    return tuple(
        Message(role, text) for pair in pairs for role, text in zip((Role.USER, Role.ASSISTANT), pair, strict=True)
    )


def so_far(standing: Standing, words: Words) -> str:
    """When this conversation began and what was said in it that is not before the model's eyes any more."""
    began = words.text("recall.began", moment=words.moment(standing.began)) if standing.began else ""
    summary = words.text("recall.summary", summary=" ".join(standing.summary)) if standing.summary else ""
    return began + summary


def recalled(found: Sequence[Recall], words: Words, *, asked: bool = False) -> str:
    """What came back to mind, with its dates; where the model `asked` for it, also that there is nothing."""
    if not found:
        return words.text("recall.nothing") + "\n" if asked else ""
    items = (
        words.text(f"recall.{each.kind}", day=words.day(each.when), text=" ".join(each.text.split())) for each in found
    )
    return words.text("recall.found", items=" ".join(items)) + "\n"


def latest(sentences: Sequence[str], tokens: int, count: Callable[[str], int]) -> tuple[str, ...]:
    """The last of them that take at most `tokens` tokens."""
    kept: list[str] = []
    for each in reversed(sentences):
        tokens -= count(each)
        if tokens < 0:
            break
        kept.insert(0, each)
    return tuple(kept)


def _of(key: str, sentences: Sequence[str], words: Words) -> str:
    return words.text(key, sentences=" ".join(sentences)) if sentences else ""


def note(now: datetime, words: Words) -> str:
    """The day and the time, as it stands before what the user says."""
    return words.text("time.note", moment=words.moment(now))


def opening(before: Sequence[Message], note: str) -> tuple[Message, ...]:
    """All that is known before the user has spoken: it can be read in advance. What is said goes on from `note`."""
    return (*before, Message(Role.USER, note))

"""What of all that was found is what the person meant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory import answers, coming, lasting
from digital_life.memory.foreign import language_of
from digital_life.memory.sentences import split
from digital_life.memory.terms import telling
from digital_life.values import Language, Recall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digital_life.memory.dates import Span
    from digital_life.memory.reasons import Reasons
    from digital_life.memory.records import Hit

UNRELATED = 0.75
ALIKE = 0.90
"""Cosines of multilingual-e5-small: of texts that have nothing in common, and of a question and its answer."""
WORDS = 0.5
"""Of the score; the meaning makes the rest. 0.4 to 0.6 were as good on MemoryBank's probing questions."""
SAME_DAY = 0.2
"""For what was said on a day that the question names: a boost, never a filter. 0 to 1 tried."""
FRESH = 0.03
"""For what is not forgotten: it decides between equals."""
SURE = 0.5
"""From this score on it is put before the model unasked; nine tenths of the answers to probing questions lay above."""
NEAR = 0.25
"""From this score on something said in the talk that goes on may be meant; what is unrelated lies lower."""
EXCERPT: dict[Language, int] = {"en": 320, "zh": 200}
"""Characters of one memory that stand in the prompt: each costs time. See docs/benchmarks.md for fewer and more."""


@dataclass(frozen=True, slots=True)
class Superseded:
    """That something does not hold any more."""

    by: int
    """The turn that tells what holds instead."""
    on: datetime
    """Since when it does not."""


@dataclass(frozen=True, slots=True)
class Judged:
    hit: Hit
    score: float
    """0 to 1: by itself."""
    fresh: float = 0.0
    """0 to 1: how little of it is forgotten."""
    certain: float = 0.0
    """0 to 1: with what was said before it."""
    superseded: Superseded | None = None
    """By what else was found."""
    reasons: Reasons | None = None
    """Why it stands where it does; None where a policy does not tell."""


def judged(hits: Iterable[Hit], span: Span | None, now: datetime) -> list[Judged]:
    """The likeliest first."""
    judged = [_judged(hit, span, lasting.left(hit, now)) for hit in hits]
    return sorted(judged, key=lambda each: (-each.score, -each.hit.id))


def _judged(hit: Hit, span: Span | None, fresh: float) -> Judged:
    if hit.kind == "turn" and answers.is_in_vain(hit.text):
        return Judged(hit, 0.0, fresh)
    score = WORDS * hit.matched + (1 - WORDS) * alike(hit.cosine)
    score += SAME_DAY if span and hit.when.date() in span else 0.0
    score = min(1.0, (score + FRESH * fresh) / (1 + FRESH))
    return Judged(hit, score, fresh, score)


def alike(cosine: float) -> float:
    """How near two meanings are, 0 to 1."""
    return min(1.0, max(0.0, (cosine - UNRELATED) / (ALIKE - UNRELATED)))


def is_about_something(question: str, span: Span | None) -> bool:
    """Whether there is anything to look for: a greeting brings nothing back."""
    return span is not None or bool(telling(question))


def recalls(found: Sequence[Judged], question: str) -> tuple[Recall, ...]:
    """As they are put before the model: what bears on the question, once."""
    made: dict[str, Recall] = {}
    for each in found:
        text = dated(each.hit.text, each.hit.when, question)
        made.setdefault(text, _recall(each, text))
    return tuple(made.values())


def _recall(each: Judged, text: str) -> Recall:
    hit, old = each.hit, each.superseded
    return Recall(
        hit.kind, hit.ref, hit.when, text, round(each.score, 3), old.on if old else None, old.by if old else None
    )


def dated(text: str, when: datetime, question: str) -> str:
    """The excerpt, and behind "next Friday" the day that was meant when it was said."""
    written = words.load(language_of(text)).day
    return coming.resolved(excerpt(text, question), when.date(), lambda day: written(datetime.combine(day, time())))


def excerpt(text: str, question: str, limit: int | None = None) -> str:
    """The sentences of `text` with most of the question's words, in their order, and as many more as there is room.

    What the text itself asks comes last: an answer does not stand there. Without a limit there is room for EXCERPT.
    """
    sentences = split(text)
    spaced = not sentences or sentences[0].isascii()
    most = limit or EXCERPT["en" if spaced else "zh"]
    asked = telling(question)

    def order(n: int) -> tuple[bool, int, int]:
        return sentences[n].endswith(("?", "？")), -sum(word in asked for word in telling(sentences[n])), n

    kept: set[int] = set()
    room = most
    for n in sorted(range(len(sentences)), key=order):
        if not kept or len(sentences[n]) <= room:
            kept.add(n)
            room -= len(sentences[n])
    return (" " if spaced else "").join(sentences[n][:most] for n in sorted(kept))

"""Why what was found for a question was found, so that a person can see it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.memory import lasting, recall
from digital_life.memory.terms import telling, terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.memory.dates import Span
    from digital_life.memory.reasons import Reasons
    from digital_life.memory.recall import Judged, Superseded

EXCERPT = 120
"""Characters of each memory."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One thing that was found, and what speaks for it."""

    kind: str
    ref: int
    """Number of the turn or diary."""
    when: datetime
    text: str
    words: tuple[str, ...]
    """Of the question, as they stand in it."""
    matched: float
    """Share of the question's words, weighed by how rare they are, 0 to 1."""
    cosine: float
    """Of the two meanings, -1 to 1."""
    alike: float
    """The same between what is unrelated and what answers, 0 to 1."""
    strength: float
    """In days."""
    fresh: float
    """How little of it is forgotten, 0 to 1."""
    lasting: bool
    """It does not fade."""
    superseded: Superseded | None
    supersedes: tuple[int, ...]
    """Turns found for the same question whose place it took."""
    score: float
    certain: float
    """0 to 1, by itself and with what was said before it."""
    reasons: Reasons | None
    """Why it stands where it does; None where the policy does not tell."""


@dataclass(frozen=True, slots=True)
class Explanation:
    span: Span | None
    """The days that the question names."""
    hits: tuple[Explained, ...]
    """The likeliest first."""


def explained(found: Sequence[Judged], question: str, span: Span | None, *, most: int) -> Explanation:
    took: dict[int, list[int]] = {}
    for each in found:
        if each.superseded:
            took.setdefault(each.superseded.by, []).append(each.hit.ref)
    return Explanation(span, tuple(_explained(each, question, took) for each in found[:most]))


def common_words(question: str, text: str) -> tuple[str, ...]:
    """The telling words of the question that `text` has too, as they are written there, each once."""
    asked = telling(question)
    found = {term.text: text[term.start : term.end] for term in reversed(list(terms(text))) if term.text in asked}
    return tuple(found[word] for word in asked if word in found)


def _explained(each: Judged, question: str, took: dict[int, list[int]]) -> Explained:
    hit = each.hit
    return Explained(
        kind=hit.kind,
        ref=hit.ref,
        when=hit.when,
        text=" ".join(recall.excerpt(hit.text, question, EXCERPT).split()),
        words=common_words(question, hit.text),
        matched=hit.matched,
        cosine=hit.cosine,
        alike=recall.alike(hit.cosine),
        strength=hit.strength,
        fresh=each.fresh,
        lasting=lasting.of_text(hit.kind, hit.text),
        superseded=each.superseded,
        supersedes=tuple(took.get(hit.ref, ())) if hit.kind == "turn" else (),
        score=each.score,
        certain=each.certain,
        reasons=each.reasons,
    )

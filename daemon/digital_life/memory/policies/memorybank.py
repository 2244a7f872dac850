"""MemoryBank: dated turns and daily summaries found by meaning, neighbours together, faded by Ebbinghaus's curve.

Zhong et al., "MemoryBank: Enhancing Large Language Models with Long-Term Memory", AAAI 2024 (arXiv:2305.10250):
R = exp(-t / S); t days since the last recall, S starts at 1; a recall makes S one larger and t zero. The published
code computes exp(-t / 5 * S), by which every recall makes a memory die sooner, and deletes at random; here it is as the
paper says, and what faded comes later and is never gone. The curve itself is the life's own (see `forgetting`); the
daily summaries are its diaries, the portrait of the user is what it knows of its user.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from digital_life.memory import calibration, lasting
from digital_life.memory.policies.own import Own
from digital_life.memory.recall import Judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.memory.calibration import Scale
    from digital_life.memory.dates import Span
    from digital_life.memory.policies.own import Held
    from digital_life.memory.records import Hit

FADING = 0.1
"""Of the score; how near it is in meaning makes the rest."""
MERGED = 6
"""Memories that are put before the model, as many as the published code takes."""


class MemoryBank(Own):
    unasked_most = MERGED

    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:  # noqa: ARG002 - by meaning alone
        return ranked(
            held.store.index.search(question), held.now, calibration.scale(held.store.meanings.searched_by, question)
        )

    def unasked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        """The best, however little they bear on it; what is said just now is before the model anyway."""
        current = held.current.id if held.current else None
        return [each for each in self.ranked(held, question, span) if each.hit.conversation != current][:MERGED]


def ranked(hits: Sequence[Hit], now: datetime, scale: Scale) -> list[Judged]:
    """The likeliest first; those of one passage stand together."""
    found = [_judged(hit, now, scale) for hit in hits]
    low, high = min((hit.cosine for hit in hits), default=0.0), max((hit.cosine for hit in hits), default=0.0)

    def worth(each: Judged) -> float:
        near = (each.hit.cosine - low) / (high - low) if high > low else 0.0
        return (1 - FADING) * near + FADING * each.fresh

    found.sort(key=lambda each: (-worth(each), -each.hit.id))
    return [*itertools.chain.from_iterable(merged(found[:MERGED])), *found[MERGED:]]


def merged(best: Sequence[Judged]) -> list[list[Judged]]:
    """Turns that follow each other are one passage, at the place of its best; a diary is one by itself."""
    place = {each.hit.id: n for n, each in enumerate(best)}
    passages: list[list[Judged]] = []
    for each in sorted(best, key=lambda each: (each.hit.kind, each.hit.conversation, each.hit.ref)):
        if passages and _follows(passages[-1][-1].hit, each.hit):
            passages[-1].append(each)
        else:
            passages.append([each])
    return sorted(passages, key=lambda passage: min(place[each.hit.id] for each in passage))


def _judged(hit: Hit, now: datetime, scale: Scale) -> Judged:
    fresh = lasting.left(hit, now)
    score = (1 - FADING) * scale.relevance(hit.cosine) + FADING * fresh
    return Judged(hit, score, fresh, score)


def _follows(before: Hit, after: Hit) -> bool:
    both = (before.kind, after.kind) == ("turn", "turn")
    return both and (before.conversation, before.ref + 1) == (after.conversation, after.ref)

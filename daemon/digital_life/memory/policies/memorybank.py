"""MemoryBank: dated turns found by meaning, neighbours merged, faded by Ebbinghaus's curve.

Zhong et al., "MemoryBank: Enhancing Large Language Models with Long-Term Memory", AAAI 2024 (arXiv:2305.10250):
R = exp(-t / S); t days since the last recall, S starts at 1; a recall makes S one larger and t zero. The published
code computes exp(-t / 5 * S), by which every recall makes a memory die sooner, and deletes at random; here it is as the
paper says, and what faded comes later and is never gone. The curve itself is the life's own (see `forgetting`).
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from digital_life.memory import lasting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from digital_life.memory.records import Hit

FADING = 0.1
"""Of the score; how near it is in meaning makes the rest."""
MERGED = 6
"""Passages that are put before the model, as many as the published code takes."""


def ranked(hits: Sequence[Hit], now: datetime) -> list[int]:
    """Numbers of turns, the likeliest first; those of one passage stand together."""
    cosines = [hit.cosine for hit in hits]
    low, high = min(cosines, default=0.0), max(cosines, default=0.0)

    def score(hit: Hit) -> float:
        near = (hit.cosine - low) / (high - low) if high > low else 0.0
        return (1 - FADING) * near + FADING * lasting.left(hit, now)

    turns = sorted((hit for hit in hits if hit.kind == "turn"), key=lambda hit: (-score(hit), -hit.ref))
    passages = merged(turns[:MERGED])
    return list(dict.fromkeys([*itertools.chain.from_iterable(passages), *(hit.ref for hit in turns)]))


def merged(best: Sequence[Hit]) -> list[list[int]]:
    """Turns that follow each other are one passage, at the place of its best."""
    place = {(hit.conversation, hit.ref): n for n, hit in enumerate(best)}
    passages: list[list[tuple[int, int]]] = []
    for turn in sorted(place):
        if passages and passages[-1][-1] == (turn[0], turn[1] - 1):
            passages[-1].append(turn)
        else:
            passages.append([turn])
    passages.sort(key=lambda passage: min(place[turn] for turn in passage))
    return [[number for _, number in passage] for passage in passages]

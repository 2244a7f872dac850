"""Recursive memory: after each conversation the memory is written anew from the old one and what was said.

Wang et al., "Recursively Summarizing Enables Long-Term Dialogue Memory in Large Language Models" (arXiv:2308.15022):
M_i = LLM(M_(i-1), S_i), answers from M alone. Nothing is looked up: what the memory lost is gone. The model's writing
is the part that needs a model; its stand-in here keeps the sentences that tell most, so that what is measured is how
much of a life a memory of bounded length can hold.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from digital_life.memory.records import Sentence
from digital_life.memory.sentences import most_telling
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digital_life.memory.records import PastTurn

MOST_SENTENCES = 20
"""Of the memory: as many as this life's concepts have."""


def memory(turns: Iterable[PastTurn], *, most: int = MOST_SENTENCES) -> tuple[Sentence, ...]:
    """The memory after all of these conversations."""
    kept: tuple[Sentence, ...] = ()
    for _, talk in itertools.groupby(turns, key=lambda turn: turn.conversation):
        kept = rewritten(kept, [Sentence(f"{turn.heard}\n{turn.said}".strip(), (turn.id,)) for turn in talk], most=most)
    return kept


def rewritten(old: Sequence[Sentence], told: Sequence[Sentence], *, most: int) -> tuple[Sentence, ...]:
    """The stand-in for the model: the old memory and what was told, the most telling of it."""
    return most_telling([*old, *told], most)


def ranked(kept: Sequence[Sentence], question: str) -> list[int]:
    """The turns that the memory still tells of; first those with most of the question's words, then the latest."""
    asked = telling(question).keys()
    order = sorted(kept, key=lambda each: (-len(asked & telling(each.text).keys()), -max(each.sources, default=0)))
    return list(dict.fromkeys(turn for sentence in order for turn in sentence.sources))

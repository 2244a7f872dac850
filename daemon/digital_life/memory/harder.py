"""What else is looked for when somebody asks to think harder, and what several searches find together."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.errors import ModelError
from digital_life.memory.foreign import language_of
from digital_life.memory.terms import HAN
from digital_life.values import Message, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from digital_life.memory.recall import Judged
    from digital_life.memory.records import Hit
    from digital_life.ports import Writer

MOST = 3
"""Sentences that are imagined for one question: each costs the model its words, and the memory two searches."""
TOKENS = 90
"""Of all that the model writes for them."""
FORM = r"""root ::= line "\n" line "\n" line
line ::= [^\x00-\x1f]{8,80}
"""
"""GBNF: a sentence a line."""
# Both chosen on every second conversation of LoCoMo, and as good on the others, see docs/benchmarks.md.
EARLY = 20
"""Added to every rank: the smaller, the more the first ones of each search count (60 in Cormack et al. 2009)."""
FURTHER = 0.4
"""Of what its place in the first search lends to a hit, each further search lends to it."""
PUT_FORWARD = 5
"""Recalls that are put before the model when it was asked to think harder."""
LIKELY = 0.35
"""From this score on it is put before the model; what comes to mind unasked must be surer."""
_SAYS = re.compile(r"^\w{1,20}[:：]\s*")
"""Who says it."""
_BOTH = re.compile(rf"\b(?:both )?([A-Z]\w+) (?:and|or) ([A-Z]\w+)\b|([{HAN}]{{2,3}})[和跟与]([{HAN}]{{2,3}})(?=都)")
"""Two names."""


async def imagined(writer: Writer, question: str) -> tuple[str, ...]:
    """What may have been said then, as the model imagines it; nothing when it fails.

    What is likely to stand in an answer is nearer to it than the question is: HyDE (Gao et al. 2022), for several
    answers at once. That none of it is true does not matter, for it is only searched with.
    """
    text = words.load(language_of(question))
    shots = [
        Message(role, said)
        for pair in text.pairs("harder.write")
        for role, said in zip((Role.USER, Role.ASSISTANT), pair, strict=True)
    ]
    messages = (Message(Role.SYSTEM, text.text("harder.rule")), *shots, Message(Role.USER, question))
    try:
        written = await writer.compose(messages, grammar=FORM, tokens=TOKENS)
    except ModelError:
        return ()
    return tuple(dict.fromkeys(filter(None, map(str.strip, written.splitlines()))))[:MOST]


def searches(question: str, imagined: Sequence[str]) -> tuple[str, ...]:
    """All that is searched for after the question: each imagined sentence by itself and beside the question.

    Without any, the question about each of two persons alone, where it is about both.
    """
    if not imagined:
        return _apart(question)
    return (*(_SAYS.sub("", each) for each in imagined), *(f"{question} {each}" for each in imagined))


def _apart(question: str) -> tuple[str, ...]:
    both = _BOTH.search(question)
    if both is None:
        return ()
    one, other = (each for each in both.groups() if each)
    return tuple(f"{question[: both.start()]}{each}{question[both.end() :]}" for each in (one, other))


def joined(first: Sequence[Judged], further: Sequence[Sequence[Judged]]) -> list[Judged]:
    """The likeliest first, by reciprocal rank (Cormack et al. 2009); each as sure as the surest search is of it."""
    worth: dict[int, float] = {}
    best: dict[int, Judged] = {}
    for weight, found in ((1.0, first), *((FURTHER, each) for each in further)):
        for rank, each in enumerate(found, 1):
            number = each.hit.id
            worth[number] = worth.get(number, 0.0) + weight / (EARLY + rank)
            if number not in best or each.certain > best[number].certain:
                best[number] = each
    return [best[number] for number in sorted(worth, key=lambda number: (-worth[number], -number))]


def awake(hits: Iterable[Hit], now: datetime) -> list[Hit]:
    """The same, as if nothing of it had faded."""
    return [replace(each, recalled=now) for each in hits]


def question_within(said: str) -> str | None:
    """The question, where this asks to think harder: empty when it is the one before; None when it asks nothing so."""
    found = words.load(language_of(said)).match("harder.asks", said)
    return None if found is None else (found["what"] or "").strip()

"""In which order what was found is likely to be what the person meant: each thing, what was said around it, its day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life.memory import answers, changes
from digital_life.memory.reasons import Reasons
from digital_life.memory.recall import FRESH, Judged
from digital_life.memory.sentences import speaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from digital_life.memory.dates import Span
    from digital_life.memory.records import Hit

# Chosen on MemoryBank's users and LoCoMo's conversations, see docs/benchmarks.md; near these values it matters little.
NEIGHBOURS = 40
"""So many of the nearest tell how near a memory comes to this question anyway, whatever it is about."""
OFF = 0.04
SPREAD = 0.14
"""Cosine: what lies OFF below the mean of the NEIGHBOURS counts nothing, SPREAD above that one whole."""
PHRASE = 0.3
"""Of a pair of words that stands in the question as it stands in the text, to what a single word counts."""
SPEAKER = 0.5
"""For what was said by somebody whom the question names."""
ANSWER = 0.3
"""For what has a moment, a number or a name where one is asked for."""
ASKING = 0.15
"""Taken from what ends with a question itself: it tells less."""
VAIN = 2.0
"""Taken from what was asked in vain: the same question asked again is nearest to it."""
BEFORE = 0.15
ASKED = 0.4
AFTER = 0.2
NEARBY = 0.1
"""Of what it counts by itself, each turn lends to the next one; more where it ended with a question, for the answer
comes after it; to the one before; to those two away."""
TALK = 0.2
"""Of the best of a conversation, to all of it."""
DAY = 2.0
"""For the one day that the question names; a span of more days is worth less, as it tells less."""
SLACK = 0.3
"""Of that, for the days around: people are a day wrong about days."""
VAGUE = 0.2
"""Of that, where the days are named only roughly."""
LENT = 0.6
LENT_ASKED = 0.9
"""Share of the certainty of a turn that the next one has too, the second where that answers a question."""
_ENDS_ASKING = re.compile(r"[?？][^?？]{0,40}$")

_Said = dict[tuple[int, int], Judged]
"""What was found of each conversation, by the numbers of its turns."""


def ranked(found: Sequence[Judged], question: str, span: Span | None) -> list[Judged]:
    """The likeliest first; what was said beside something certain is certain with it."""
    said = {(each.hit.conversation, each.hit.ref): each for each in found if each.hit.kind == "turn"}
    alone = _alone(found, question)
    worth = {number: sum(parts) for number, parts in alone.items()}
    lent = {each.hit.id: _lent(each.hit, said, worth) for each in found}
    joined = {number: worth[number] + sum(parts) for number, parts in lent.items()}
    best: dict[int, float] = {}
    for each in found:
        best[each.hit.conversation] = max(best.get(each.hit.conversation, 0.0), joined[each.hit.id])

    kinds = answers.asked(question)

    def reasons(hit: Hit) -> Reasons:
        of_talk, of_day = TALK * best[hit.conversation], DAY * _of_day(hit.when.date(), span)
        return Reasons(*alone[hit.id], *lent[hit.id], of_talk, of_day, _of_form(hit.text, kinds))

    why = {each.hit.id: reasons(each.hit) for each in found}
    order = sorted(found, key=lambda each: (-why[each.hit.id].total, -each.hit.id))
    certain = [
        Judged(each.hit, each.score, each.fresh, _certainty(each, said), reasons=why[each.hit.id]) for each in order
    ]
    # What was said on one day is what happened.
    return certain if span and span.days == 1 else changes.ordered(certain, question)


def _alone(found: Sequence[Judged], question: str) -> dict[int, tuple[float, float, float, float]]:
    """Of each by itself: words and meaning, each measured by what the best and the usual of this question have.

    The first four of its Reasons.
    """
    most = max((_words(each.hit) for each in found), default=0.0) or 1.0
    nearest = sorted((_near(each.hit) for each in found), reverse=True)[:NEIGHBOURS]
    zero = sum(nearest) / max(1, len(nearest)) - OFF
    asked = question.casefold()
    return {
        each.hit.id: (
            _words(each.hit) / most,
            min(1.0, max(-1.0, (_near(each.hit) - zero) / SPREAD)),
            SPEAKER if _is_named(speaker(each.hit.text), asked) else 0.0,
            FRESH * each.fresh,
        )
        for each in found
    }


def _near(hit: Hit) -> float:
    return hit.cosine - hit.common


def _words(hit: Hit) -> float:
    return hit.matched + PHRASE * hit.phrased


def _is_named(name: str, asked: str) -> bool:
    return bool(name) and re.search(rf"\b{re.escape(name)}\b", asked) is not None


def _beside(hit: Hit, said: _Said, turns: int) -> Judged | None:
    return said.get((hit.conversation, hit.ref + turns)) if hit.kind == "turn" else None


def _lent(hit: Hit, said: _Said, worth: dict[int, float]) -> tuple[float, float, float]:
    """By the turn before, the one after, those two away."""

    def of(turns: int) -> float:
        beside = _beside(hit, said, turns)
        return worth[beside.hit.id] if beside else 0.0

    before = BEFORE + (ASKED if _answers(_beside(hit, said, -1)) else 0.0)
    return before * of(-1), AFTER * of(1), NEARBY * (of(-2) + of(2))


def _answers(before: Judged | None) -> bool:
    """Whether what comes after `before` answers it."""
    return before is not None and _ENDS_ASKING.search(before.hit.text) is not None


def _of_form(text: str, kinds: tuple[str, ...]) -> float:
    asking = (ASKING if _ENDS_ASKING.search(text) else 0.0) + (VAIN if answers.is_in_vain(text) else 0.0)
    return ANSWER * answers.told(text, kinds) - asking


def _of_day(day: date, span: Span | None) -> float:
    if span is None:
        return 0.0
    near = 1.0 if day in span else SLACK if day in span.wider(1) else 0.0
    return near * (VAGUE if span.vague else 1.0) / span.days.bit_length()


def _certainty(each: Judged, said: _Said) -> float:
    before = _beside(each.hit, said, -1)
    lent = before.score * (LENT_ASKED if _answers(before) else LENT) if before else 0.0
    return max(each.score, lent)

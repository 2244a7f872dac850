"""What is known to have changed: what was told, from when to when it held, and what took its place. Pure.

Nothing is kept of it: it is read out of the turns, so what is forgotten leaves no trace (see `changes` for the rules).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life.memory import changes
from digital_life.memory.recall import alike
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from digital_life.memory.recall import Judged
    from digital_life.memory.records import Hit, PastTurn

RARE = 0.03
LEAST_RARE, MOST_RARE = 3, 40
"""Share of the turns that may have a word which tells what two of them are about, and in short and in long lives so
many turns."""
_ASKING = ("?", "？")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the user told, while it held."""

    text: str
    sources: tuple[int, ...]
    """Numbers of the turns that told it."""
    valid_from: datetime
    """When it was told first."""
    valid_to: datetime | None = None
    """When something took its place; None: it holds still."""
    superseded_by: int | None = None
    """The turn that did."""


def of_life(turns: Iterable[PastTurn]) -> list[Fact]:
    """All that took the place of something, or whose place was taken, the oldest first.

    Without a question to tell what two turns are about, only such are seen that share rare words and say that
    something changed.
    """
    told = [_Told(turn, frozenset(telling(turn.heard))) for turn in turns]
    life = _Life(told)
    facts: dict[int, Fact] = {}
    for new in (each for each in told if each.may_be_fact):
        for old in life.superseded(new):
            facts[old] = replace(life.fact(old), valid_to=new.turn.began, superseded_by=new.turn.id)
            facts.setdefault(new.turn.id, life.fact(new.turn.id))
        life.add(new)
    return [replace(facts[number], sources=life.sources(number)) for number in sorted(facts)]


def of_found(found: Sequence[Judged]) -> list[Fact]:
    """The same of what was found for a question and bears on it."""
    turns = {each.hit.ref: each.hit for each in found if each.hit.kind == "turn"}
    facts: dict[int, Fact] = {}
    for each in found:
        old = each.superseded
        if old and (_bears(each.hit) or _bears(turns[old.by])):
            facts[each.hit.ref] = replace(_of_hit(each.hit), valid_to=old.on, superseded_by=old.by)
            facts.setdefault(old.by, _of_hit(turns[old.by]))
    return sorted(facts.values(), key=lambda fact: (fact.valid_from, fact.sources))


def _bears(hit: Hit) -> bool:
    return hit.matched > 0 or alike(hit.cosine) >= changes.BEARS


def _of_hit(hit: Hit) -> Fact:
    return Fact(hit.text.partition("\n")[0], (hit.ref,), hit.when)


@dataclass(frozen=True, slots=True)
class _Told:
    turn: PastTurn
    words: frozenset[str]

    @property
    def may_be_fact(self) -> bool:
        heard = self.turn.heard.strip()
        return bool(self.words) and changes.is_bare(heard) and not heard.endswith(_ASKING)


class _Life:
    """What holds as the turns are gone through."""

    def __init__(self, told: Sequence[_Told]) -> None:
        counts = Counter(word for each in told for word in each.words)
        self._rarity = {word: math.log(1 + len(told) / (1 + count)) for word, count in counts.items()}
        most = min(MOST_RARE, max(LEAST_RARE, RARE * len(told)))
        self._rare = {word for word, count in counts.items() if 1 < count <= most}
        self._holding: dict[int, _Told] = {}
        self._having: dict[str, list[int]] = defaultdict(list)
        self._turns = {each.turn.id: each.turn for each in told}
        self._again: dict[int, list[int]] = defaultdict(list)
        """Turns that told the same once more."""

    def add(self, told: _Told) -> None:
        same = next((old for old in self._near(told) if self._holding[old].words == told.words), None)
        if same is not None:
            self._again[same].append(told.turn.id)
            return
        self._holding[told.turn.id] = told
        for word in told.words & self._rare:
            self._having[word].append(told.turn.id)

    def superseded(self, new: _Told) -> list[int]:
        """The turns whose place it takes: the most alike, and all that surely are about the same."""
        if not changes.tells_of_change(new.turn.heard):
            return []
        likeness = {old: share for old, share in self._likenesses(new) if share >= changes.SHARED}
        if not likeness:
            return []
        most = max(likeness.values())
        gone = [old for old, share in likeness.items() if share == most or share >= changes.SAME]
        for old in gone:
            del self._holding[old]
        return gone

    def fact(self, number: int) -> Fact:
        turn = self._turns[number]
        return Fact(turn.heard, (number,), turn.began)

    def sources(self, number: int) -> tuple[int, ...]:
        return (number, *self._again[number])

    def _near(self, told: _Told) -> Mapping[int, float]:
        """What holds and has rare words of it, with the rarity of those words."""
        near: dict[int, float] = {}
        for word in told.words & self._rare:
            for old in self._having[word]:
                if old in self._holding:
                    near[old] = near.get(old, 0.0) + self._rarity[word]
        return near

    def _likenesses(self, new: _Told) -> Iterator[tuple[int, float]]:
        for old, shared in self._near(new).items():
            turn = self._turns[old]
            if turn.conversation != new.turn.conversation and changes.may_take_its_place(turn.heard, new.turn.heard):
                yield old, shared / max(1e-9, self._weight(self._holding[old]))

    def _weight(self, told: _Told) -> float:
        return sum(self._rarity[word] for word in told.words)

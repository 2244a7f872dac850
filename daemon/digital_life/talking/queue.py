"""Who wrote and waits for an answer: they are served in turn, one line of each, whoever wrote how many."""

from __future__ import annotations

import itertools
from bisect import insort
from collections.abc import Container
from dataclasses import dataclass

from digital_life.errors import CrowdedError
from digital_life.values import Place

MOST = 64
"""Lines that wait: at five seconds each the last is answered after five minutes. Full: the next is refused."""


@dataclass(frozen=True, slots=True, order=True)
class _Line:
    """Sorted as they are served."""

    round: int
    """In each round everybody has one line at most."""
    place: Place
    who: str


class FairQueue:
    """The first is served until it leaves; nobody comes before it."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._lines: list[_Line] = []
        self._served: dict[str, int] = {}
        """The last round of who was served in this round; who was served earlier begins anew."""
        self._places = itertools.count(1)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def first(self) -> Place | None:
        """Whose turn it is; None when nobody waits."""
        return self._lines[0].place if self._lines else None

    def __contains__(self, place: object) -> bool:
        return any(each.place == place for each in self._lines)

    def first_but(self, passed_over: Container[Place]) -> Place | None:
        """Whose turn it is while it cannot be theirs."""
        return next((each.place for each in self._lines if each.place not in passed_over), None)

    @property
    def _round(self) -> int:
        return self._lines[0].round if self._lines else 0

    def join(self, who: str) -> Place:
        """Behind the lines that `who` has here, and behind one of each other's for each of those.

        Raises CrowdedError when it is full.
        """
        if len(self._lines) >= self._most:
            raise CrowdedError("crowded")
        own = [each.round for each in self._lines if each.who == who]
        before = max(own, default=self._served.get(who, -1))
        place = Place(next(self._places))
        insort(self._lines, _Line(max(self._round, before + 1), place, who))
        return place

    def return_first(self, who: str) -> Place:
        """To the very front: it was served, and is to be again. It had a place, so there is one for it."""
        place = Place(-next(self._places))
        self._lines.insert(0, _Line(self._round, place, who))
        return place

    def leave(self, place: Place) -> None:
        """Served, or tired of waiting; nothing happens the second time."""
        line = next((each for each in self._lines if each.place == place), None)
        if line is None:
            return
        if place == self.first:
            self._served[line.who] = line.round
        self._lines.remove(line)
        self._served = {who: last for who, last in self._served.items() if self._lines and last >= self._round}

    def before(self, place: Place) -> int:
        """How many are served before it, the one that is served just now among them."""
        return next(n for n, each in enumerate(self._lines) if each.place == place)

    def is_alone(self, who: str) -> bool:
        """Whether nobody else is here."""
        return all(each.who == who for each in self._lines)

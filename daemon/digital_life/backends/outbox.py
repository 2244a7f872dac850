"""What is to be sent, and what of it waits while there is nobody to send it to: bounded in number and in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from digital_life.values import Published

MOST = 1_000
"""Messages of each of the two sorts; a house of 300 devices has about as many retained topics."""
MOST_BYTES = 8 << 20
"""Of the payloads of each sort."""
CROWDED = 100
"""From so many retained messages on, of each topic only the latest waits: nobody sees those between in time."""
MOST_TRIES = 5
"""A message on which the broker hung up so often is why it hangs up."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message, and how often it was sent in vain."""

    message: Published
    tries: int = 0


class Outbox:
    """First in, first out. Two sorts of messages never push each other out: those to be retained, and all others."""

    def __init__(self, *, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self.dropped = 0
        """Messages that were to wait and for which there was no room, or which the broker never takes."""
        self._others = _Shelf(most, most_bytes)
        self._retained = _Shelf(most, most_bytes)
        self._latest: dict[str, int] = {}
        """Number of the newest retained message of each topic."""
        self._number = 0

    def __len__(self) -> int:
        return len(self._others) + len(self._retained)

    def put(self, message: Published, *, away: bool) -> None:
        """`away`: nobody is there to send it to, and it waits as one that is due must."""
        self._add(Waiting(message), away=away)

    def take(self) -> Waiting | None:
        """The oldest; None when there is none."""
        first, second = self._others.oldest, self._retained.oldest
        shelf = self._others if second is None or (first is not None and first < second) else self._retained
        if not shelf:
            return None
        number, taken = shelf.pop()
        self._forget(taken.message, number)
        return taken

    def give_back(self, unsent: Iterable[Waiting]) -> None:
        """The connection is lost, and these were sent in vain: they wait before all others, as what is due must."""
        again = [replace(each, tries=each.tries + 1) for each in unsent]
        kept = [each for each in again if each.tries < MOST_TRIES]
        self.dropped += len(again) - len(kept)
        for each in [*kept, *self.empty()]:
            self._add(each, away=True)

    def empty(self) -> list[Waiting]:
        """Take all."""
        taken = []
        while (each := self.take()) is not None:
            taken.append(each)
        return taken

    def follow(self, older: Iterable[Waiting]) -> None:
        """These wait behind what is here, but for those that something here makes old news."""
        for each in older:
            if not (each.message.retain and each.message.topic in self._latest):
                self._add(each, away=False)

    def _add(self, waiting: Waiting, *, away: bool) -> None:
        message = waiting.message
        if away and not (message.retain or message.qos):
            return  # late, it would be wrong
        shelf = self._retained if message.retain else self._others
        if message.retain and (away or len(shelf) >= CROWDED):
            shelf.remove(self._latest.get(message.topic))
        self._number += 1
        if message.retain:
            self._latest[message.topic] = self._number
        for number, dropped in shelf.add(self._number, waiting):
            self.dropped += 1
            self._forget(dropped.message, number)

    def _forget(self, message: Published, number: int) -> None:
        if self._latest.get(message.topic) == number:
            del self._latest[message.topic]


class _Shelf:
    """Messages of one sort by number, the oldest first."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._waiting: OrderedDict[int, Waiting] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def oldest(self) -> int | None:
        return next(iter(self._waiting), None)

    def add(self, number: int, waiting: Waiting) -> list[tuple[int, Waiting]]:
        """What was dropped for it: the oldest, or itself where it alone is too much."""
        self._waiting[number] = waiting
        self._bytes += len(waiting.message.payload)
        dropped = []
        while len(self._waiting) > self._most or self._bytes > self._most_bytes:
            dropped.append(self.pop())
        return dropped

    def pop(self) -> tuple[int, Waiting]:
        number, waiting = self._waiting.popitem(last=False)
        self._bytes -= len(waiting.message.payload)
        return number, waiting

    def remove(self, number: int | None) -> None:
        if number is not None and (waiting := self._waiting.pop(number, None)):
            self._bytes -= len(waiting.message.payload)

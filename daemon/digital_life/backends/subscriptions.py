"""Who hears what: the patterns that are subscribed to, and what the broker still has to be told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from paho.mqtt.matcher import MQTTMatcher

from digital_life.values import Published

Hear = Callable[[Published], None]


@dataclass(slots=True)
class Subscription:
    """A pattern and all who hear what comes by it."""

    pattern: str
    number: int
    """Subscription identifier of MQTT 5: the broker says with it by which pattern a message comes."""
    hearers: list[Hear] = field(default_factory=list)
    placed: bool = False
    """Whether the broker knows of all of them."""


class Subscriptions:
    def __init__(self) -> None:
        self._by_pattern: dict[str, Subscription] = {}
        self._by_number: dict[int, Subscription] = {}
        self._matcher = MQTTMatcher()  # type: ignore[no-untyped-call]  # paho's has no types
        self._gone: set[str] = set()
        """What the broker sends and nobody hears any more."""
        self._number = 0

    def add(self, pattern: str, hear: Hear) -> None:
        if pattern not in self._by_pattern:
            self._number += 1
            made = Subscription(pattern, self._number)
            self._by_pattern[pattern] = self._by_number[made.number] = self._matcher[pattern] = made
        subscription = self._by_pattern[pattern]
        subscription.hearers.append(hear)
        # Also where the broker has it: it tells again what is retained, and the new hearer does not know that yet.
        subscription.placed = False
        self._gone.discard(pattern)

    def remove(self, pattern: str, hear: Hear) -> None:
        """Nothing happens when it does not hear that."""
        subscription = self._by_pattern.get(pattern)
        if subscription is None or hear not in subscription.hearers:
            return
        subscription.hearers.remove(hear)
        if not subscription.hearers:
            del self._by_pattern[pattern], self._by_number[subscription.number]
            del self._matcher[pattern]  # type: ignore[no-untyped-call]
            self._gone.add(pattern)

    def lose(self) -> None:
        """The broker knows of none any more."""
        self._gone.clear()
        for each in self._by_pattern.values():
            each.placed = False

    def to_place(self) -> list[Subscription]:
        """What the broker is to be told now; it counts as told from here on."""
        found = [each for each in self._by_pattern.values() if not each.placed]
        for each in found:
            each.placed = True
        return found

    def to_remove(self) -> list[str]:
        found, self._gone = sorted(self._gone), set()
        return found

    def hearers(self, topic: str, numbers: Sequence[int]) -> Iterator[tuple[str, Hear]]:
        """Whom a message is for, each with the pattern that brought it.

        A broker sends a message once for each pattern that matches, and says with `numbers` which that is. One of
        before MQTT 5 says nothing: then all hear it whose pattern matches.
        """
        if numbers:
            found = [self._by_number[number] for number in numbers if number in self._by_number]
        else:
            found = list(self._matcher.iter_match(topic))  # type: ignore[no-untyped-call]
        for subscription in found:
            for hear in list(subscription.hearers):
                yield subscription.pattern, hear

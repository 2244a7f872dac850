"""A broker in memory, that answers at once."""

from __future__ import annotations

from collections.abc import Callable

from digital_life.values import Published

Hear = Callable[[Published], None]


class FakeBroker:
    """Keeps what is retained; `sent` is all that was published while it was there."""

    def __init__(self) -> None:
        self.connected = True
        self.sent: list[Published] = []
        self._kept: dict[str, Published] = {}
        self._hearers: list[tuple[str, Hear]] = []
        self._waiting: list[Published] = []
        self._told: list[Callable[[], None]] = []

    def publish(self, message: Published) -> None:
        if not self.connected:
            self._wait(message)
            return
        self.sent.append(message)
        if message.retain:
            self._kept[message.topic] = message
            if not message.payload:
                del self._kept[message.topic]
        for pattern, hear in list(self._hearers):
            if matches(pattern, message.topic):
                hear(
                    Published(
                        message.topic,
                        message.payload,
                        message.qos,
                        answer_to=message.answer_to,
                        correlation=message.correlation,
                    )
                )

    def subscribe(self, pattern: str, hear: Hear) -> None:
        self._hearers.append((pattern, hear))
        if self.connected:
            self._tell_kept(pattern, hear)

    def unsubscribe(self, pattern: str, hear: Hear) -> None:
        if (pattern, hear) in self._hearers:
            self._hearers.remove((pattern, hear))

    def on_connected(self, told: Callable[[], None]) -> None:
        self._told.append(told)
        if self.connected:
            told()

    def kept(self, topic: str) -> bytes | None:
        """What is retained there."""
        message = self._kept.get(topic)
        return message.payload if message else None

    def lose(self) -> None:
        self.connected = False

    def come_back(self, *, empty: bool = False) -> None:
        """`empty`: it has forgotten what it kept."""
        if empty:
            self._kept.clear()
        self.connected = True
        for pattern, hear in list(self._hearers):
            self._tell_kept(pattern, hear)
        before = len(self.sent)
        for told in list(self._told):
            told()
        news = {each.topic for each in self.sent[before:] if each.retain}
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            if not (message.retain and message.topic in news):
                self.publish(message)

    def _wait(self, message: Published) -> None:
        if message.retain:
            self._waiting = [each for each in self._waiting if not (each.retain and each.topic == message.topic)]
        if message.qos or message.retain:
            self._waiting.append(message)

    def _tell_kept(self, pattern: str, hear: Hear) -> None:
        for topic, message in list(self._kept.items()):
            if matches(pattern, topic):
                hear(message)


def matches(pattern: str, topic: str) -> bool:
    """Whether a topic matches a subscription, as MQTT says (4.7)."""
    wanted, given = pattern.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for place, part in enumerate(wanted):
        if part == "#":
            return True
        if place >= len(given) or part not in ("+", given[place]):
            return False
    return len(wanted) == len(given)

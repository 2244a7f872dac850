"""The displays on the MQTT broker: told there, and heard."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from digital_life.display.messages import (
    ROOT,
    Clock,
    Message,
    MessageError,
    Motion,
    Status,
    Subtitle,
    from_json,
    kept,
    to_json,
    topic_of,
)
from digital_life.display.stage import TAP, Stage
from digital_life.ports import Connection
from digital_life.values import Published, State

log = logging.getLogger(__name__)

ASKED: Final = ("clock", "motion")
"""What displays send."""


class Station:
    """An Audience: within `on_air` the displays of the broker are driven."""

    def __init__(self, broker: Connection, *, topic: str, stage: Stage, subtitles: bool) -> None:
        """`topic` is the companion's own. `subtitles`: whether what is said may go to the broker."""
        self._broker = broker
        self._topic = topic
        self._stage = stage
        self._subtitles = subtitles
        self._refused = 0

    @contextmanager
    def on_air(self) -> Iterator[None]:
        patterns = [f"{self._topic}/{ROOT}/{each}" for each in ASKED]
        for each in patterns:
            self._broker.subscribe(each, self._hear)
        self._stage.join(self)
        self._broker.on_connected(self._greet)
        try:
            yield
        finally:
            self._stage.leave(self)
            gone = Status(state=State.STOPPING)
            self.tell(gone, to_json(gone))
            for each in patterns:
                self._broker.unsubscribe(each, self._hear)

    @property
    def watching(self) -> bool:
        """A broker does not say who listens: there may always be somebody while it is there."""
        return self._broker.connected

    def tell(self, message: Message, payload: bytes) -> None:
        if self._subtitles or not isinstance(message, Subtitle):
            self._broker.publish(Published(f"{self._topic}/{topic_of(message)}", payload, retain=kept(message)))

    def _greet(self) -> None:
        for message in self._stage.present:
            self.tell(message, to_json(message))

    def _hear(self, message: Published) -> None:
        if message.retain:
            return  # old news
        try:
            said = from_json(message.payload)
        except MessageError as error:
            self._refuse(error)
            return
        match said:
            case Clock(at=None):
                answer = self._stage.answered(said)
                self.tell(answer, to_json(answer))
            case Motion() if said == TAP:
                self._stage.tapped()
            case _:
                pass  # its own, come back

    def _refuse(self, error: MessageError) -> None:
        """Said once: whoever may write there may do so without end."""
        log.debug("refused of a display on the broker: %s", error)
        self._refused += 1
        if self._refused == 1:
            log.warning("on %s/%s something came that is no message, and is ignored", self._topic, ROOT)

"""What waits to be sent to a page that is slower than what happens."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Literal

MESSAGES: Final = 512
"""17 s of a display driven 30 times a second."""
BYTES: Final = 4 << 20
"""Two minutes of sound at 16 kHz."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    content: bytes
    kind: Literal["text", "sound", "pong"]


class Outbox:
    def __init__(self, *, messages: int = MESSAGES, size: int = BYTES) -> None:
        self._messages = messages
        self._room = size
        self._waiting: deque[Outgoing] = deque()

    def put(self, message: Outgoing) -> bool:
        """Whether it had room. Full: nothing was put; a page that is so late is better closed, and opened anew."""
        if len(self._waiting) >= self._messages or len(message.content) > self._room:
            return False
        self._waiting.append(message)
        self._room -= len(message.content)
        return True

    def take(self) -> Outgoing | None:
        """The oldest; None when nothing waits."""
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._room += len(message.content)
        return message

    def clear(self) -> None:
        while self.take():
            pass

"""Which of several rooms answers a wake word that all of them heard."""

from __future__ import annotations

from dataclasses import dataclass

TOGETHER_S = 0.7
"""The same wake word in two rooms so soon after each other was said once."""


@dataclass(frozen=True, slots=True)
class _Woken:
    room: str
    phrase: str
    at: float


class FirstWake:
    """The first that heard it; the others are silent. Times are monotonic seconds, told by who asks."""

    def __init__(self) -> None:
        self._last: _Woken | None = None

    def is_first(self, room: str, phrase: str, at: float) -> bool:
        """Whether `room`, which heard `phrase` just now, is to answer."""
        last = self._last
        if last and last.phrase == phrase and last.room != room and at - last.at <= TOGETHER_S:
            return False
        self._last = _Woken(room, phrase, at)
        return True

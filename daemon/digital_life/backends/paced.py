"""A speech that is sent to a loudspeaker elsewhere, piece by piece: a little ahead of the time at which it is heard."""

from __future__ import annotations

import numpy as np

from digital_life.values import Speech

PIECE_S = 0.04
FADE_S = 0.006
"""A sound that is stopped is faded, or it would click."""


class Paced:
    """All times are monotonic seconds, told by who asks.

    What was sent is heard without a pause after what was sent before, or at once where nothing is left of that.
    """

    def __init__(self, speech: Speech, *, ahead_s: float) -> None:
        """`ahead_s`: so much is sent before it is heard; so long it is heard on after it was stopped."""
        self._sound = np.frombuffer(speech.pcm, dtype="<i2")
        self._rate = speech.rate
        self._ahead_s = ahead_s
        self._at = 0
        """Samples that were sent."""
        self._silent_at = 0.0
        """When the last of them is heard."""
        self._level: float | None = None
        """How loud the last piece ended; None before the first."""

    @property
    def over(self) -> bool:
        """Whether all of it was sent."""
        return self._at >= len(self._sound)

    @property
    def sent_s(self) -> float:
        """Of sound, also that which is not heard yet."""
        return self._at / self._rate

    def left_s(self, now: float) -> float:
        """Until what was sent is heard."""
        return max(0.0, self._silent_at - now)

    def due_s(self, now: float) -> float:
        """Until it is time for the next piece."""
        return max(0.0, self.left_s(now) - self._ahead_s)

    def take(self, now: float, level: float) -> bytes:
        """The next piece, as loud as that, 0 to 1; empty where it is not yet time for one.

        Also where it waits: at level 0, once the piece that becomes silent was sent.
        """
        before = level if self._level is None else self._level
        if self.over or self.due_s(now) > 0 or not (level or before):
            return b""
        return self._next(now, round(PIECE_S * self._rate), before, level)

    def end(self, now: float) -> bytes:
        """What ends it without a click where it is; empty where it makes no sound. Nothing may be taken after it."""
        if self.over or not self._level or not self.left_s(now):
            return b""
        return self._next(now, round(FADE_S * self._rate), self._level, 0.0)

    def _next(self, now: float, samples: int, before: float, level: float) -> bytes:
        piece = self._sound[self._at : self._at + samples]
        self._at += len(piece)
        self._level = level
        self._silent_at = max(self._silent_at, now) + len(piece) / self._rate
        if before != 1.0 or level != 1.0:
            piece = (piece * np.linspace(before, level, len(piece))).astype("<i2")
        return piece.tobytes()

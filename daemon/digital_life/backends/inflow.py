"""Sound that comes over a network in pieces, made into even frames: silence where none came, never late for long."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from digital_life.values import FRAME, RATE, WIDTH

LATE_S = 0.1
"""A frame that is so late is taken for silence; the pieces of a good network are 0.02 s apart."""
AHEAD_S = 1.0
"""Sound may come so much faster than time: a burst after a gap that was taken for silence."""
WAITING_S = 4.0
"""Sound that nobody has taken; the oldest goes, for late audio is worse than lost."""
SIZE = FRAME * WIDTH


@dataclass(frozen=True, slots=True)
class Piece:
    """One frame, as it came."""

    pcm: bytes = field(repr=False)
    final: bool = False
    """Whether who sent it has shown that this was all."""


class Inflow:
    """All times are monotonic seconds, told by who asks."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._given = 0
        """Samples that were taken, or whose time has passed."""
        self._frames: deque[Piece] = deque()
        self._rest = bytearray()
        """Less than a frame."""

    @property
    def waiting(self) -> int:
        """Samples of the whole frames that nobody has taken."""
        return len(self._frames) * FRAME

    def add(self, pcm: bytes, now: float) -> None:
        self._rest += pcm
        while len(self._rest) >= SIZE:
            self._frames.append(Piece(bytes(self._rest[:SIZE])))
            del self._rest[:SIZE]
        while self.waiting > WAITING_S * RATE:
            self._frames.popleft()
            self._given += FRAME
        while self._frames and self.waiting - self._behind(now) > AHEAD_S * RATE:
            self._frames.popleft()

    def finish(self) -> None:
        """That was all: what is there of a frame is one, and the last."""
        self._frames.append(Piece(bytes(self._rest.ljust(SIZE, b"\0")), final=True))
        self._rest.clear()

    def take(self, now: float) -> Piece | None:
        """The next frame; None where it is not yet time for one."""
        if self._frames:
            self._given += FRAME
            return self._frames.popleft()
        if self.due_s(now) > 0:
            return None
        # Nobody asked for long: what has passed is not made up for.
        self._given = max(self._given, self._given + self._behind(now) - int(WAITING_S * RATE)) + FRAME
        silent = bytes(self._rest.ljust(SIZE, b"\0"))
        self._rest.clear()
        return Piece(silent)

    def due_s(self, now: float) -> float:
        """Until a frame that does not come is taken for silence."""
        return self._began + (self._given + FRAME) / RATE + LATE_S - now

    def _behind(self, now: float) -> int:
        """Samples that have passed and were not taken."""
        return int((now - self._began) * RATE) - self._given

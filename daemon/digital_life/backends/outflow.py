"""Sound that goes over a network as it is made: even blocks a little ahead of time, silence where there is none."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BLOCK_S = 0.032


@dataclass(frozen=True, slots=True)
class Ahead:
    """How much earlier than it is heard sound is sent, in seconds."""

    most_s: float
    """And so much is sent at once to begin with."""
    silence_s: float
    """Where nothing is said: what is said next comes after it."""


Samples = npt.NDArray[np.int16]


@dataclass(slots=True, eq=False)
class Part:
    """One sentence within it."""

    samples: Samples = field(repr=False)
    sent: int = 0

    @property
    def over(self) -> bool:
        return self.sent >= len(self.samples)


class Outflow:
    """All times are monotonic seconds, told by who asks."""

    def __init__(self, rate: int, ahead: Ahead) -> None:
        self.rate = rate
        self._ahead = ahead
        self._size = int(BLOCK_S * rate)
        self._parts: deque[Part] = deque()
        self._began: float | None = None
        """When the device took the first block; None before that."""
        self._blocks = 0

    @property
    def waiting(self) -> bool:
        """Whether there is something to be heard that was not sent."""
        return bool(self._parts)

    def add(self, samples: Samples) -> Part:
        part = Part(samples)
        if not part.over:
            self._parts.append(part)
        return part

    def drop(self) -> None:
        """What was not sent will not be."""
        self._parts.clear()

    def block(self, level: float, now: float) -> tuple[bytes, list[Part]]:
        """The next block, so loud (0: all waits and there is silence), and the parts that are heard in it."""
        if self._began is None:
            self._began = now
        self._blocks += 1
        filled, heard = np.zeros(self._size, dtype=np.int16), []
        begin = 0
        while level > 0 and self._parts and begin < self._size:
            part = self._parts[0]
            piece = part.samples[part.sent : part.sent + self._size - begin]
            filled[begin : begin + len(piece)] = (piece * level).astype(np.int16)
            part.sent += len(piece)
            begin += len(piece)
            heard.append(part)
            if part.over:
                self._parts.popleft()
        return filled.tobytes(), heard

    def due_s(self, now: float) -> float:
        """Until the next block is to be sent; not above 0: now."""
        if self._began is None:
            return 0.0
        begins = self._blocks * self._size < self._ahead.most_s * self.rate
        return self._ahead_s(now) - (self._ahead.most_s if self._parts or begins else self._ahead.silence_s)

    def heard_s(self, part: Part, now: float) -> float:
        """How much of it was heard: the last that was sent is still on its way."""
        return max(0.0, part.sent / self.rate - max(0.0, self._ahead_s(now)))

    def _ahead_s(self, now: float) -> float:
        sent_s = self._blocks * self._size / self.rate
        return sent_s - (now - self._began) if self._began is not None else 0.0


def stereo(pcm: bytes) -> bytes:
    """The same on both sides."""
    return np.repeat(np.frombuffer(pcm, dtype=np.int16), 2).tobytes()

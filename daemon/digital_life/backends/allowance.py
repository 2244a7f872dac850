"""How much sound a device may send: as much as it can have heard, and some more after a gap in the network."""

from __future__ import annotations

TIMES = 2.0
"""So much faster than time it may come for long."""
BURST_S = 10.0
"""So much more at once: what a network held back."""
LEAST_S = 0.01
"""What an event costs, whatever is in it: else many small ones would cost nothing."""


class Allowance:
    """All times are monotonic seconds, told by who asks."""

    def __init__(self, now: float) -> None:
        self._at = now
        self._spent_s = 0.0

    def spend(self, seconds: float, now: float) -> bool:
        """Whether one more event with so much sound may come."""
        self._spent_s = max(0.0, self._spent_s - TIMES * (now - self._at)) + max(seconds, LEAST_S)
        self._at = now
        return self._spent_s <= BURST_S

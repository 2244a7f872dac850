"""How often something may happen: so many times at once, and then one in a while."""

from __future__ import annotations


class Bucket:
    def __init__(self, *, most: float, each_s: float) -> None:
        """`most` at once; one more after every `each_s` seconds."""
        self._most = most
        self._each_s = each_s
        self._left = most
        self._at: float | None = None
        """Monotonic seconds when `_left` was so."""

    def take(self, now: float) -> bool:
        """Whether it may happen now; then it has."""
        self._fill(now)
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def give_back(self) -> None:
        """It did not happen after all."""
        self._left = min(self._most, self._left + 1)

    def wait_s(self, now: float) -> float:
        """After how many seconds it may happen again."""
        self._fill(now)
        return max(0.0, (1 - self._left) * self._each_s)

    def full(self, now: float) -> bool:
        """Whether it is as if nothing had ever happened."""
        self._fill(now)
        return self._left >= self._most

    def _fill(self, now: float) -> None:
        if self._at is not None:
            self._left = min(self._most, self._left + max(0.0, now - self._at) / self._each_s)
        self._at = now

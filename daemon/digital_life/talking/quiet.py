"""The hours in which it speaks softly and begins nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `begins` to `ends`, over midnight where that is earlier; never when they are the same."""

    begins: time = time()
    ends: time = time()
    volume: float = 1.0
    """Loudness of its voice meanwhile, 0 to 1."""

    @classmethod
    def parse(cls, written: str, *, volume: float) -> Self:
        """As the settings have it, "22:00-07:00"; "" for never."""
        if not written:
            return cls()
        begins, ends = (time.fromisoformat(each) for each in written.split("-"))
        return cls(begins, ends, volume)

    def include(self, now: datetime) -> bool:
        at = now.time()
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def volume_at(self, now: datetime) -> float:
        return self.volume if self.include(now) else 1.0

"""What this program costs the machine."""

from __future__ import annotations

import psutil

from digital_life.ports import Clock

LOOK_S = 2.0
"""Over less than this a share says little."""


class OwnProcess:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._process = psutil.Process()
        self._cores = psutil.cpu_count() or 1
        self._at, self._spent = clock.monotonic(), self._processor_s()
        self._share = 0.0

    @property
    def share(self) -> float:
        """Of all cores, 0 to 1, since it was looked at last, or a little longer."""
        passed = self._clock.monotonic() - self._at
        if passed >= LOOK_S:
            spent = self._processor_s()
            self._share = (spent - self._spent) / passed / self._cores
            self._at, self._spent = self._at + passed, spent
        return self._share

    @property
    def memory_bytes(self) -> int:
        """In the machine's memory just now, model files that were read into it included."""
        return int(self._process.memory_info().rss)

    def _processor_s(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system

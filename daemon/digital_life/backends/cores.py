"""How many cores other programs leave to us.

llama.cpp's threads wait for each other after every operation; when one of them is not scheduled all stand still. Beside
one busy program on two cores, two threads read 75 tokens a second, one reads 118.
"""

from __future__ import annotations

import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from digital_life.backends import granted

if TYPE_CHECKING:
    from collections.abc import Callable

LOOK_S = 0.3
"""Between two looks; the share of a shorter time is chance."""
TOLERATED = 0.4
"""Of a core, used by others, that costs us no thread."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Seconds of processor time since the machine was started."""

    machine: float
    """Of all programs on all cores."""
    own: float
    """Of this process."""


def spare(cores: int, others: float) -> int:
    """Threads worth starting where `others` use so many of the cores."""
    return max(1, math.ceil(cores - others - TOLERATED))


def available(own_group: Path = granted.OWN_GROUP, groups: Path = granted.GROUPS) -> int:
    """Cores that this process may use: those it is bound to, or fewer where it is granted less."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    # Part of a core more would make all threads wait for the one that has to pause.
    return max(1, int(min(bound, granted.cores(own_group, groups))))


def measured() -> Usage:
    """As the system counts it."""
    machine, own = psutil.cpu_times(), psutil.Process().cpu_times()
    idle = machine.idle + getattr(machine, "iowait", 0.0)
    # A guest's time is in `user` already.
    guests = getattr(machine, "guest", 0.0) + getattr(machine, "guest_nice", 0.0)
    return Usage(sum(machine) - idle - guests, own.user + own.system)


class SpareCores:
    """Looks again from time to time what other programs use. It never says more than `most`; 0: than are available."""

    def __init__(
        self,
        most: int = 0,
        *,
        cores: int | None = None,
        usage: Callable[[], Usage] = measured,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cores = cores or os.cpu_count() or 1
        """Of the whole machine, as the use by others is."""
        self._most = most or available()
        self._usage = usage
        self._monotonic = monotonic
        self._looked = monotonic()
        self._used = usage()
        self._spare = self._most

    @property
    def count(self) -> int:
        """For now; asking is cheap."""
        passed = self._monotonic() - self._looked
        if passed >= LOOK_S:
            used, before = self._usage(), self._used
            others = (used.machine - before.machine) - (used.own - before.own)
            self._looked, self._used = self._looked + passed, used
            self._spare = min(self._most, spare(self._cores, others / passed))
        return self._spare

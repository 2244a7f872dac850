"""What a container, or a service with limits, is granted of the machine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

OWN_GROUP = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
"""Where Linux tells it (version 2 of its control groups)."""


def cores(own_group: Path = OWN_GROUP, groups: Path = GROUPS) -> float:
    """Infinite where nothing limits them; half a core is possible."""
    return min((_cores(each) for each in _around(own_group, groups)), default=math.inf)


def memory_bytes(own_group: Path = OWN_GROUP, groups: Path = GROUPS) -> float:
    """Infinite where nothing limits it."""
    return min((_memory_bytes(each) for each in _around(own_group, groups)), default=math.inf)


def _around(own_group: Path, groups: Path) -> Iterator[Path]:
    """Our own group and those around it: each can grant less than the next."""
    try:
        own = PurePosixPath(own_group.read_text(encoding="ascii").rpartition("0::/")[2].strip())
    except OSError:  # not Linux
        return
    yield from (groups / each for each in (own, *own.parents))


def _cores(group: Path) -> float:
    try:
        quota, period = (group / "cpu.max").read_text(encoding="ascii").split()
        return int(quota) / int(period)
    except (OSError, ValueError):  # the root of all has none; "max" is no limit
        return math.inf


def _memory_bytes(group: Path) -> float:
    try:
        return int((group / "memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):  # as above
        return math.inf

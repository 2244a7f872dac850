"""Keep the process as small as what it holds: it runs all day on a small machine."""

from __future__ import annotations

import ctypes
import math
from contextlib import suppress
from pathlib import Path

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
"""mallopt's names, from malloc.h."""
LARGE = 1 << 20
"""Bytes from which a block comes from the system and goes back to it at once.

glibc otherwise raises this limit to the largest block it ever freed, and the models' buffers then stay in its
heaps: 100 MB after a few answers, with no gain in speed.
"""
CONTROL_GROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def limit_bytes(membership: Path = MEMBERSHIP, groups: Path = CONTROL_GROUPS) -> float:
    """What a control group lets this process have: MemoryMax= of a unit, or a container's; infinite without one."""
    with suppress(OSError):
        lines = (each.split(":", 2) for each in membership.read_text().splitlines())
        group = next((path for number, _, path in lines if number == "0"), "")
        folders = (groups / group.lstrip("/"), *(groups / group.lstrip("/")).parents)
        limits = (each / "memory.max" for each in folders if each.is_relative_to(groups))
        return min(map(_bytes_in, limits), default=math.inf)
    return math.inf


def _bytes_in(file: Path) -> float:
    with suppress(OSError, ValueError):
        return int(file.read_text())
    return math.inf


def return_large_blocks() -> None:
    """To be called before the models are loaded. Only glibc has such a limit."""
    with suppress(OSError, AttributeError):  # musl, macOS
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)
        libc.mallopt(M_TRIM_THRESHOLD, LARGE)


def give_back() -> None:
    """Hand free pages to the system: 100 MB after all models are loaded. Only glibc can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)

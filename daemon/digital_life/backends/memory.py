"""Keep the process as small as what it holds: it runs all day on a small machine."""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
"""mallopt's names, from malloc.h."""
LARGE = 1 << 20
"""Bytes from which a block comes from the system and goes back to it at once.

glibc otherwise raises this limit to the largest block it ever freed, and the models' buffers then stay in its
heaps: 100 MB after a few answers, with no gain in speed.
"""


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

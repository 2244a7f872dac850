"""Beginning again in the same process: what starts and watches the daemon keeps it, and changed settings count."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import NoReturn

INHERITED = 3
"""Standard input, output and error: what the next one needs."""
MOST_FILES = 65_536
Again = Callable[[], NoReturn]


class Restart:
    def __init__(self, stopping: asyncio.Event) -> None:
        """`stopping` ends the daemon, as the signal does."""
        self._stopping = stopping
        self.wanted = False
        """Whether it is to begin again once it has ended."""

    def ask(self) -> None:
        self.wanted = True
        self._stopping.set()


@contextlib.contextmanager
def again() -> Iterator[Again]:
    """What begins this program anew, by its own command line. Standard input is kept for it from here on."""
    # asyncio closes what is typed into when nobody reads it any more.
    typed = _duplicate(0)

    def begin() -> NoReturn:
        if typed is not None:
            os.dup2(typed, 0)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        # What a sound or a graphics library left open would keep its device busy.
        os.closerange(INHERITED, MOST_FILES)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - no shell is wanted

    try:
        yield begin
    finally:
        if typed is not None:
            os.close(typed)


def _duplicate(descriptor: int) -> int | None:
    try:
        return os.dup(descriptor)
    except OSError:  # started without one
        return None

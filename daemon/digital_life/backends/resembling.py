"""What resembles what people in a crisis say: learned once and kept, for to learn it takes a small machine a minute."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digital_life.backends import arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

FILE = "care.npz"
"""In the folder of the models."""


def key(embedder: str, version: str, texts: Sequence[str]) -> str:
    """All on which the weights depend."""
    return hashlib.sha256("\n".join((embedder, version, *texts)).encode()).hexdigest()


def load(file: Path, wanted: str) -> tuple[list[bytes], npt.NDArray[np.float32]] | None:
    """Meanings and weights that are kept under this key; None where there are none."""
    kept = arrays.read(file)
    if not {"key", "meanings", "weights"} <= kept.keys() or str(kept["key"]) != wanted:
        return None
    return [bytes(each) for each in kept["meanings"]], kept["weights"]


def save(file: Path, wanted: str, meanings: Sequence[bytes], weights: npt.NDArray[np.float32]) -> None:
    rows = np.array([np.frombuffer(each, dtype=np.int8) for each in meanings])
    arrays.write(file, key=np.array(wanted), meanings=rows, weights=weights)

"""What resembles what people in a crisis say: learned once and kept, for to learn it takes a small machine a minute."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

log = logging.getLogger(__name__)

FILE = "care.npz"
"""In the folder of the models."""


def key(embedder: str, version: str, texts: Sequence[str]) -> str:
    """All on which the weights depend."""
    return hashlib.sha256("\n".join((embedder, version, *texts)).encode()).hexdigest()


def load(file: Path, wanted: str) -> tuple[list[bytes], npt.NDArray[np.float32]] | None:
    """Meanings and weights that are kept under this key; None where there are none."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            if str(kept["key"]) == wanted:
                return [bytes(each) for each in kept["meanings"]], kept["weights"]
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError) as error:
        log.debug("%s is not used: %s", file, error)
    return None


def save(file: Path, wanted: str, meanings: Sequence[bytes], weights: npt.NDArray[np.float32]) -> None:
    """A file that cannot be written costs only the time."""
    new = file.with_suffix(".new.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        rows = np.array([np.frombuffer(each, dtype=np.int8) for each in meanings])
        np.savez(new, key=np.array(wanted), meanings=rows, weights=weights)
        new.replace(file)
    except OSError as error:
        log.debug("%s was not written: %s", file, error)

"""Arrays kept in a file that can be made again: what is wrong with the file costs only the time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from digital_life.malformed import PACKED

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

log = logging.getLogger(__name__)


def read(file: Path) -> dict[str, npt.NDArray[Any]]:
    """All of them by name; none where the file is not there or damaged."""
    try:
        with file.open("rb") as source, np.load(source, allow_pickle=False) as kept:
            return dict(kept)
    except FileNotFoundError:
        return {}
    except PACKED as error:
        log.debug("%s is not used: %s", file, error)
        return {}


def write(file: Path, **arrays: npt.NDArray[Any]) -> None:
    """Whole or not at all."""
    new = file.with_suffix(".new.npz")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with new.open("wb") as target:
            np.savez(target, **arrays)  # type: ignore[arg-type] # no name of ours is one of its options
        new.replace(file)
    except OSError as error:
        log.debug("%s was not written: %s", file, error)

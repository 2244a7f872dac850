"""Prompts that were read, kept over a restart: llama.cpp's own bytes in the home folder."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digital_life.backends import arrays

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

log = logging.getLogger(__name__)

ENDING = ".npz"


@dataclass(frozen=True, slots=True)
class Read:
    """A prompt that was read."""

    tokens: list[int]
    state: npt.NDArray[np.uint8]
    """llama.cpp's own bytes of the sequence."""
    adapters: str = ""
    """Those with which it was read; with others it means nothing."""


class Kept:
    """A folder of them. `key` names all that must be the same for the bytes to mean anything."""

    def __init__(self, folder: Path, *, key: str) -> None:
        self._folder = folder
        self._key = key
        self._names: dict[str, tuple[str, list[int]]] = {}
        """Adapters and tokens of what is kept."""

    def load(self) -> list[Read]:
        """All that are of this key; the others are of no use any more, and deleted."""
        return [read for path in sorted(self._folder.glob(f"*{ENDING}")) if (read := self._load(path))]

    def _load(self, path: Path) -> Read | None:
        kept = arrays.read(path)
        if {"key", "tokens", "state", "adapters"} <= kept.keys() and str(kept["key"]) == self._key:
            read = Read(kept["tokens"].tolist(), kept["state"], str(kept["adapters"]))
            self._names[path.stem] = (read.adapters, read.tokens)
            return read
        path.unlink(missing_ok=True)
        return None

    def holds(self, name: str, tokens: list[int], *, adapters: str) -> bool:
        """Whether these are kept under that name already: a disk is not written to after every talk."""
        return self._names.get(name) == (adapters, tokens) and (self._folder / f"{name}{ENDING}").exists()

    def save(self, name: str, read: Read) -> None:
        """In the place of the one of that name; a disk that is full costs only the time to read it again."""
        path = self._folder / f"{name}{ENDING}"
        part = path.with_suffix(".part")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.touch(mode=0o600)
            with part.open("wb") as file:
                np.savez(
                    file,
                    key=np.array(self._key),
                    tokens=np.array(read.tokens, np.intc),
                    state=read.state,
                    adapters=np.array(read.adapters),
                )
            part.replace(path)
            self._names[name] = (read.adapters, read.tokens)
        except OSError as error:
            log.warning("the prompt is not kept for the next start: %s", error)
            part.unlink(missing_ok=True)

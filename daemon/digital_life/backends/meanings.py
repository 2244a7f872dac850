"""Meanings of texts that are the same at every start, kept in a file: to find 1,300 takes a small machine 20 s."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from digital_life.backends import arrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.ports import Embedder, Meanings

EXAMPLES = "examples.npz"
"""In the folder of the models: the meanings of the examples that tools are chosen by."""
AT_ONCE = 8
"""Texts in one go, 0.15 s; between two of them who owns the embedder does something else."""


class Embedded:
    """Meanings, found on the thread that asks."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        return [self._embedder.query(each) for each in texts]


async def gently(source: Meanings, texts: Sequence[str]) -> list[bytes]:
    """The meanings of many, a few at a time."""
    found: list[bytes] = []
    for start in range(0, len(texts), AT_ONCE):
        found += await source.meanings(texts[start : start + AT_ONCE])
        await asyncio.sleep(0)
    return found


class KeptMeanings:
    """Meanings. A file that cannot be written costs only the time."""

    def __init__(self, file: Path, source: Meanings, *, embedder: str) -> None:
        self._file = file
        self._source = source
        self._embedder = embedder

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        known = self._load()
        missing = [each for each in dict.fromkeys(texts) if self._key(each) not in known]
        found = await gently(self._source, missing)
        known |= {self._key(text): meaning for text, meaning in zip(missing, found, strict=True)}
        wanted = {self._key(each): known[self._key(each)] for each in texts}
        if missing:
            self._save(wanted)
        return [wanted[self._key(each)] for each in texts]

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._embedder}\n{text}".encode()).hexdigest()[:24]

    def _load(self) -> dict[str, bytes]:
        kept = arrays.read(self._file)
        if not {"keys", "meanings"} <= kept.keys():
            return {}
        return dict(zip(kept["keys"].tolist(), map(bytes, kept["meanings"]), strict=True))

    def _save(self, known: dict[str, bytes]) -> None:
        rows = np.array([np.frombuffer(each, dtype=np.int8) for each in known.values()])
        arrays.write(self._file, keys=np.array(list(known)), meanings=rows)

"""Meanings that are mere bags of words: texts with the same words are near."""

from __future__ import annotations

import hashlib

import numpy as np

from digital_life.memory.terms import telling

UNIT = 100.0


class FakeEmbedder:
    unit = UNIT

    def __init__(self, name: str = "words", dimension: int = 64) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded = 0

    def passage(self, text: str) -> bytes:
        self.embedded += 1
        vector = np.zeros(self.dimension)
        for word in telling(text):
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        length = float(np.linalg.norm(vector)) or 1.0
        return bytes(np.rint(vector / length * UNIT).astype(np.int8).tobytes())

    def query(self, text: str) -> bytes:
        return self.passage(text)

"""What the cosines of an embedder mean: each has a range of its own between what is unrelated and what is alike.

A published threshold means nothing for another embedder: unrelated talk lies at 0.82 by one and at 0.24 by another.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from digital_life.ports import Embedder


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of one embedder."""

    unrelated: float
    """The lowest cosine of a question and the answer to another one."""
    alike: float
    """The highest of a question and its answer."""

    def relevance(self, cosine: float) -> float:
        """0 to 1."""
        return min(1.0, max(0.0, (cosine - self.unrelated) / (self.alike - self.unrelated)))


_measured: dict[str, Scale] = {}
"""By the embedder's name, which says its version too."""


def scale(embedder: Embedder) -> Scale:
    """Measured once, which takes a second with a slow one. Blocking."""
    if embedder.name not in _measured:
        _measured[embedder.name] = measured(embedder)
    return _measured[embedder.name]


def measured(embedder: Embedder) -> Scale:
    """On the questions and answers in `words`, in every language."""
    unrelated: list[float] = []
    alike: list[float] = []
    for language in words.LANGUAGES:
        pairs = words.load(language).pairs("calibration.pairs")
        asked = [embedder.query(question) for question, _ in pairs]
        told = [embedder.passage(answer) for _, answer in pairs]
        for n, question in enumerate(asked):
            for m, answer in enumerate(told):
                (alike if n == m else unrelated).append(_dot(question, answer) / embedder.unit**2)
    return Scale(min(unrelated), max(alike))


def _dot(one: bytes, other: bytes) -> int:
    return sum(map(mul, array("b", one), array("b", other)))

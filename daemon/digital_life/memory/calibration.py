"""What the cosines of an embedder mean: each has a range of its own between what is unrelated and what is alike.

A published threshold means nothing for another embedder: unrelated talk lies at 0.82 by one and at 0.24 by another. The
range differs from language to language too.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory.foreign import language_of

if TYPE_CHECKING:
    from digital_life.ports import Embedder
    from digital_life.values import Language


@dataclass(frozen=True, slots=True)
class Scale:
    """The range of one embedder in one language."""

    unrelated: float
    """The lowest cosine of a question and the answer to another one."""
    alike: float
    """The highest of a question and its answer."""

    def relevance(self, cosine: float) -> float:
        """0 to 1."""
        return min(1.0, max(0.0, (cosine - self.unrelated) / (self.alike - self.unrelated)))


_measured: dict[tuple[str, Language], Scale] = {}
"""By the embedder's name, which says its version too, and the language of the question."""


def scale(embedder: Embedder, question: str) -> Scale:
    """For questions in the language of this one. Measured once, which takes a moment. Blocking."""
    key = (embedder.name, language_of(question))
    if key not in _measured:
        _measured[key] = measured(embedder, key[1])
    return _measured[key]


def measured(embedder: Embedder, language: Language) -> Scale:
    """On the questions and answers in `words`."""
    pairs = words.load(language).pairs("calibration.pairs")
    asked = [embedder.query(question) for question, _ in pairs]
    told = [embedder.passage(answer) for _, answer in pairs]
    cosines = {
        (n, m): _dot(one, other) / embedder.unit**2 for n, one in enumerate(asked) for m, other in enumerate(told)
    }
    return Scale(
        unrelated=min(cosine for (n, m), cosine in cosines.items() if n != m),
        alike=max(cosine for (n, m), cosine in cosines.items() if n == m),
    )


def _dot(one: bytes, other: bytes) -> int:
    return sum(map(mul, array("b", one), array("b", other)))

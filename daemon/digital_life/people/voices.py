"""The voices that are known, and whose voice something was said with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt

MARGIN = 0.05
"""A voice is nobody's when the second nearest is so near as well: two people who sound alike are not guessed at."""
Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """Somebody's voice, as it was learnt."""

    name: str
    model: str
    """Of the network that made the vectors: those of another cannot be compared."""
    enrolled: datetime
    vectors: tuple[bytes, ...] = field(repr=False)
    """One a sentence: float32, little-endian, of unit length."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whose voice it was, as far as can be told."""

    name: str
    """Empty: nobody's who is known."""
    score: float
    """Cosine with the nearest voice, -1 to 1; -1 where none is known."""


def recognise(embedding: bytes, prints: Iterable[VoicePrint], *, threshold: float) -> Recognised:
    """Whose of the `prints` the voice is; nobody's below the threshold, or where two are as near."""
    voice = vector_of(embedding)
    ranked = sorted(((float(voice @ vector_of(centre(each.vectors))), each.name) for each in prints), reverse=True)
    if not ranked:
        return Recognised("", -1.0)
    score, name = ranked[0]
    doubtful = any(score - other < MARGIN for other, _ in ranked[1:])
    return Recognised("" if score < threshold or doubtful else name, score)


def centre(vectors: Sequence[bytes]) -> bytes:
    """The direction in which all of them lie."""
    mean = np.mean([vector_of(each) for each in vectors], axis=0)
    unit: bytes = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype("<f4").tobytes()
    return unit


def likeness(one: bytes, other: bytes) -> float:
    """Cosine, -1 to 1."""
    return float(vector_of(one) @ vector_of(other))


def spread(vectors: Sequence[bytes]) -> float:
    """The likeness of the two that are least alike: 1 for one alone."""
    return min((likeness(*pair) for pair in combinations(vectors, 2)), default=1.0)


def vector_of(embedding: bytes) -> Vector:
    return np.frombuffer(embedding, dtype="<f4")

"""Kernel ridge regression with a Gaussian kernel: what is like what was learned has a like value.

Saunders, Gammerman and Vovk 1998; with values of 1 and -1 it is the least squares support vector machine of Suykens
and Vandewalle 1999. It learns 2,000 examples in half a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Regression:
    """What was learned."""

    points: Matrix = field(repr=False)
    """One a row."""
    weights: Matrix = field(repr=False)
    """Of each point, one a column for each value."""
    width: float
    """Of the kernel exp(-width d²)."""

    @classmethod
    def learned(cls, points: Matrix, wanted: npt.NDArray[np.float64], *, width: float, ridge: float) -> Self:
        """From points and the values that are wanted there, one row a point."""
        weights = np.linalg.solve(_kernel(points, points, width) + ridge * np.eye(len(points)), wanted)
        return cls(points, weights.astype(np.float32), width)

    def values(self, point: Matrix) -> Matrix:
        """At a point: one for each column of what was wanted."""
        found: Matrix = _kernel(point[None, :], self.points, self.width)[0] @ self.weights
        return found


def vector(meaning: bytes) -> Matrix:
    """A meaning, signed bytes, with the length 1."""
    return unit(np.frombuffer(meaning, dtype=np.int8).astype(np.float32))


def vectors(meanings: Sequence[bytes]) -> Matrix:
    """The same of many, one a row."""
    return np.stack([vector(each) for each in meanings])


def unit(some: Matrix) -> Matrix:
    """With the length 1; nothing stays nothing."""
    return some / np.float32(np.linalg.norm(some) or 1.0)


def _kernel(some: Matrix, others: Matrix, width: float) -> Matrix:
    squares = (some**2).sum(1)[:, None] + (others**2).sum(1)[None, :] - 2 * some @ others.T
    kernel: Matrix = np.exp(-width * np.maximum(squares, 0))
    return kernel

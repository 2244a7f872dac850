"""What resembles what people in a crisis say, where no rule knows the words: compared by meaning with known lines."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Self

import numpy as np

from digital_life import words
from digital_life.kernel import Regression, unit, vector, vectors
from digital_life.values import Concern, Sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.kernel import Matrix

VERSION = "resemblance-2026-11-21"
ALARM = 0.5
"""Value, of about -1 to 1, from which there is cause for concern: 2 of 3,917 ordinary lines had a higher one."""
GRAVEST = 2
"""Its concerns are no graver: only where a rule knows why is an emergency number called for, and the contact told."""
NAME = "resembles"
WIDTH = 1.0
RIDGE = 0.1


@dataclass(frozen=True, slots=True)
class Line:
    """Something people say, and how much cause for concern it gives."""

    text: str
    level: int
    """0 to 3."""


@functools.cache
def lines() -> tuple[Line, ...]:
    """The known lines, and the ordinary talk that the tools are told from."""
    written = resources.files(__package__).joinpath("cases.jsonl").read_text(encoding="utf-8").splitlines()
    known = [Line(case["text"], int(case["level"])) for case in map(json.loads, written)]
    talk = [text for each in words.LANGUAGES for text in words.load(each).table["examples"]["none"]]
    return (*known, *(Line(text, 0) for text in talk))


class Resemblance:
    """Learned from lines and their meanings."""

    def __init__(self, learnt: Sequence[Line], middle: Matrix, regression: Regression) -> None:
        self._lines = learnt
        self._middle = middle
        self.regression = regression

    @classmethod
    def learned(cls, learnt: Sequence[Line], meanings: Sequence[bytes]) -> Self:
        """From lines and the meaning of each, signed bytes."""
        middle, points = _points(meanings)
        wanted = np.array([[1.0 if each.level else -1.0] for each in learnt])
        return cls(learnt, middle, Regression.learned(points, wanted, width=WIDTH, ridge=RIDGE))

    @classmethod
    def of(cls, learnt: Sequence[Line], meanings: Sequence[bytes], weights: Matrix) -> Self:
        """The same, where the weights were learned before."""
        middle, points = _points(meanings)
        return cls(learnt, middle, Regression(points, weights, WIDTH))

    def concern(self, meaning: bytes) -> Concern:
        """How much what has this meaning gives cause for concern; the reason is the known line that is nearest."""
        point = unit(vector(meaning) - self._middle)
        value = float(self.regression.values(point)[0])
        if value < ALARM:
            return Concern(0, (), VERSION)
        nearness = self.regression.points @ point
        grave = [n for n, each in enumerate(self._lines) if each.level]
        nearest = self._lines[max(grave, key=lambda n: float(nearness[n]))]
        sign = Sign(NAME, min(nearest.level, GRAVEST), f"{value:.2f}, {nearest.text}")
        return Concern(sign.level, (sign,), VERSION)


def together(by_rules: Concern, by_resemblance: Concern) -> Concern:
    """What the two ways to look at a line tell."""
    return Concern(
        max(by_rules.level, by_resemblance.level),
        (*by_rules.signs, *by_resemblance.signs),
        f"{by_rules.version}+{by_resemblance.version}",
    )


def _points(meanings: Sequence[bytes]) -> tuple[Matrix, Matrix]:
    found = vectors(meanings)
    middle: Matrix = found.mean(axis=0)
    return middle, np.stack([unit(each - middle) for each in found])

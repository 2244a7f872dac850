"""Which tool a sentence is for: compared with examples of each, by meaning and by signs in its words."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from digital_life import words
from digital_life.kernel import Regression, unit, vector, vectors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from digital_life.kernel import Matrix
    from digital_life.values import Language

NONE = "none"
"""The name of no tool."""
CUE = 0.25
"""Weight of a sign; the meaning has length 1."""
WIDTH = 0.6
"""Of the kernel exp(-WIDTH d²)."""
RIDGE = 0.02


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody said, and the tool it is for."""

    text: str
    language: Language
    tool: str


def examples(tools: Collection[str], described: Mapping[str, str]) -> tuple[Example, ...]:
    """Those of the plain text files, and what a foreign tool does, as it is `described`.

    What is said for a tool that is not at hand is for none, rather than for the one that is most like it.
    """
    written = [
        Example(text, language, tool if tool in tools else NONE)
        for language in words.LANGUAGES
        for tool, texts in words.load(language).table["examples"].items()
        for text in texts
    ]
    return (*written, *(Example(about, "en", tool) for tool, about in described.items()))


def every_text() -> tuple[str, ...]:
    """What is said in all the examples."""
    return tuple(each.text for each in examples((), {}))


class Chooser:
    """Learned from examples."""

    def __init__(self, names: tuple[str, ...], middle: Matrix, regression: Regression) -> None:
        self._names = names
        self._middle = middle
        self._regression = regression

    @classmethod
    def learned(cls, learnt: Sequence[Example], meanings: Sequence[bytes]) -> Self:
        """From examples and the meaning of each, signed bytes: one tool against all others."""
        names = tuple(sorted({each.tool for each in learnt}))
        found = vectors(meanings)
        middle = found.mean(axis=0)
        points = np.stack(
            [_point(each.text, each.language, row - middle) for each, row in zip(learnt, found, strict=True)]
        )
        wanted = np.where([[each.tool == name for name in names] for each in learnt], 1.0, -1.0)
        return cls(names, middle, Regression.learned(points, wanted, width=WIDTH, ridge=RIDGE))

    def scores(self, text: str, language: Language, meaning: bytes) -> dict[str, float]:
        """Of each tool and of none: about 1 where it is surely meant, about -1 where it is surely not."""
        point = _point(text, language, vector(meaning) - self._middle)
        return dict(zip(self._names, self._regression.values(point).tolist(), strict=True))


def _point(text: str, language: Language, meaning: Matrix) -> Matrix:
    """Where a sentence lies: its meaning, of length 1, and a place for each sign."""
    plain = text.casefold()
    signs = np.array([CUE if each.search(plain) else 0.0 for each in _cues(language)], dtype=np.float32)
    return np.concatenate([unit(meaning), signs])


@functools.cache
def _cues(language: Language) -> tuple[re.Pattern[str], ...]:
    """In the same order in every language."""
    table = words.load(language).table["cues"]
    return tuple(re.compile("|".join(table[name])) for name in sorted(table))

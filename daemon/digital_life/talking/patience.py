"""Whether the next answer will take long, foreseen from the last ones."""

from __future__ import annotations

import statistics
from collections import defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digital_life.values import Language, Timings

LONG_MS = 1000.0
"""From the last word to the first of the answer: who waits longer wonders whether it was understood."""
ANSWERS = 5
"""The last of a language, which are like the next one."""


class Patience:
    def __init__(self) -> None:
        self._lately: defaultdict[Language, deque[float]] = defaultdict(lambda: deque(maxlen=ANSWERS))

    def learn(self, language: Language, timings: Timings) -> None:
        if timings.first_audio is not None:
            self._lately[language].append(timings.first_audio)

    def is_tried(self, language: Language) -> bool:
        """Whether the next answer will probably be so late that a sign of life is due before it."""
        lately = self._lately[language]
        return bool(lately) and statistics.median(lately) > LONG_MS

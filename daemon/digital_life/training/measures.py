"""How good a head is: what it misses, how often something else wakes it, and where its threshold belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digital_life.values import FRAME, RATE

Scores = npt.NDArray[np.float32]
"""One a frame."""
RESTS_FRAMES = 19
"""After it woke it does not wake again so soon: 1.5 s."""
MARGIN = 0.05
"""Over the highest score of other speech: a day holds more of it than was measured."""
LOWEST, HIGHEST = 0.5, 0.9
"""Of the thresholds that are advised: below the first it was rather not the phrase.

Over the second most examples of "hey computer" were missed for the sake of one sentence by one computed voice.
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured with voices, sentences and recordings that had no part in the training."""

    threshold: float
    missed_quiet: float
    """Percent."""
    missed_noise: float
    """Percent, in noise 10 dB below the voice."""
    missed_own: float | None
    """Percent of the person's own recordings, in quiet and in noise. None: there were none."""
    examples: int
    alarms: int
    hours: float
    """Of other speech."""

    @property
    def alarms_an_hour(self) -> float:
        return self.alarms / self.hours if self.hours else 0.0


def missed(examples: Sequence[Scores], threshold: float) -> float:
    """Percent of the examples that reach `threshold` nowhere."""
    return 100 * float(np.mean([scores.max(initial=0) < threshold for scores in examples])) if examples else 0.0


def alarms(streams: Iterable[Scores], threshold: float) -> int:
    """How often it would wake."""
    count = 0
    for scores in streams:
        rests_until = 0
        for frame in map(int, np.flatnonzero(scores >= threshold)):
            if frame >= rests_until:
                count += 1
                rests_until = frame + RESTS_FRAMES
    return count


def hours(streams: Iterable[Scores]) -> float:
    return sum(len(scores) for scores in streams) * FRAME / RATE / 3600


def advised(others: Sequence[Scores]) -> float:
    """The lowest threshold at which no other speech wakes it, within reason."""
    highest = max((float(scores.max(initial=0)) for scores in others), default=0.0)
    return float(np.clip(np.ceil((highest + MARGIN) * 100) / 100, LOWEST, HIGHEST))

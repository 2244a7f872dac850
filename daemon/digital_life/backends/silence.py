"""Cut the silence that voices put around a sentence, so that it begins at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

QUIET = 0.01
"""Of the loudest sample: what is below is silence."""
LEAD_S = 0.03
TAIL_S = 0.15
"""Silence that stays before the first sound, and after the last: the pause between two sentences."""


def trimmed(sound: npt.NDArray[np.int16], rate: int) -> npt.NDArray[np.int16]:
    """`sound` with at most LEAD_S of silence before it and TAIL_S after it."""
    level = np.abs(sound.astype(np.int32))
    loud = np.flatnonzero(level > QUIET * level.max(initial=1))
    if not len(loud):
        return sound[:0]
    first = max(0, loud[0] - int(LEAD_S * rate))
    last = loud[-1] + int(TAIL_S * rate)
    return sound[first:last]

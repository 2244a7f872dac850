"""Speech at the rate that a device, a file or a recogniser wants."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from digital_life.values import Speech


def at_rate(speech: Speech, rate: int) -> npt.NDArray[np.int16]:
    """The samples of `speech` at `rate` samples a second."""
    sound = np.frombuffer(speech.pcm, dtype=np.int16)
    if speech.rate == rate:
        return sound
    resampled: npt.NDArray[np.int16] = soxr.resample(sound, speech.rate, rate)
    return resampled

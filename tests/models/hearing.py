"""What the tests of hearing share with the benches, and an utterance of it."""

from __future__ import annotations

import numpy as np

from benches.figures import error_rate
from benches.material import Sound, load
from benches.waking import Wakes, in_noise, in_quiet, in_room
from digital_life.values import RATE, Utterance

__all__ = ["Sound", "Wakes", "error_rate", "in_noise", "in_quiet", "in_room", "load", "silence", "utterance"]


def utterance(sound: Sound) -> Utterance:
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
    return Utterance(pcm, 0, len(sound), len(sound), 0.0)


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)

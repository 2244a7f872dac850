"""Short tones made here, so that none has to be fetched."""

from __future__ import annotations

import numpy as np

from digital_life.values import Speech

RATE = 24_000
NOTES_HZ = (659.3, 987.8)
"""E and B: a rising fifth."""
NOTE_S = 0.055
FADE_S = 0.008
LOUDNESS = 0.18


def wake_tone() -> Speech:
    """What is played when the wake word was heard, 110 ms."""
    sound = np.concatenate([_note(hertz) for hertz in NOTES_HZ])
    return Speech((sound * LOUDNESS * 32767).astype(np.int16).tobytes(), RATE)


def _note(hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(int(NOTE_S * RATE)) / RATE
    fade = np.minimum(1.0, np.minimum(time, NOTE_S - time) / FADE_S)
    return np.sin(2 * np.pi * hertz * time) * fade

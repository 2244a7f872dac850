"""Let the networks rest while nobody and nothing makes a sound."""

from __future__ import annotations

from collections import deque

import numpy as np

from digital_life.values import AudioFrame

LOUDER = 1.5
"""Times the noise of the room, from which a frame is more than that."""
LOWEST = 4.0
"""Of 32767: what is quieter than this is silence whatever the room."""
RISING = 1.01
"""The noise may be this much louder with each frame, 1 dB a second; quieter it may be at once."""
BEFORE = 6
"""Frames that are let through from before a sound, 0.5 s: a word begins softly."""
AFTER = 13
"""Frames that are let through after it, 1 s: a wake word is recognised up to 0.4 s after its end."""


class Gate:
    """Passes frames on while there is sound; a network that is fed them never notices the silence that was left out."""

    def __init__(self) -> None:
        self.loudness = 0.0
        """Of the latest frame: root mean square, of 32767."""
        self._noise: float | None = None
        self._held = 0
        self._before: deque[AudioFrame] = deque(maxlen=BEFORE)

    def feed(self, frame: AudioFrame) -> tuple[AudioFrame, ...]:
        """The frames to be looked at now: none, this one, or with the first sound those before it too."""
        if self._sounds(frame.pcm):
            self._held = AFTER
        elif self._held:
            self._held -= 1
        if not self._held:
            self._before.append(frame)
            return ()
        passed = (*self._before, frame)
        self._before.clear()
        return passed

    def _sounds(self, pcm: bytes) -> bool:
        loudness = self.loudness = _loudness(pcm)
        noise = loudness if self._noise is None else min(loudness, max(self._noise, LOWEST) * RISING)
        sounds = loudness > LOUDER * max(noise, LOWEST)
        self._noise = noise
        return sounds


def _loudness(pcm: bytes) -> float:
    """Root mean square, of 32767."""
    return float(np.sqrt(np.mean(np.frombuffer(pcm, dtype=np.int16).astype(np.float32) ** 2)))

"""Music that nobody wrote: chords, a melody and drums, the same for the same number."""

from __future__ import annotations

import numpy as np

from benches.material import Sound
from digital_life.values import RATE

CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14), (2, 5, 9), (4, 7, 11))
"""Of a major key, in semitones over its root."""
SCALE = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)
ROOT_HZ = 110.0
OVERTONES = 6
VIBRATO_HZ = 5.5


def music(number: int, seconds: float) -> Sound:
    """Four beats a bar: a chord and a bass note each bar, notes of a melody, a drum on every half beat."""
    random = np.random.default_rng((7, number))
    beat_s, root = 60 / random.uniform(70, 140), ROOT_HZ * 2 ** (random.integers(0, 12) / 12)
    bright = random.uniform(0.4, 0.8)
    whole = np.zeros(int(seconds * RATE), np.float32)
    for bar in range(int(seconds / (4 * beat_s)) + 1):
        chord = CHORDS[random.integers(len(CHORDS))]
        for step in (chord[0] - 12, *chord):
            _add(whole, 4 * bar * beat_s, 0.15 * _note(root * 2 ** (step / 12), 4 * beat_s, bright))
        for half in range(8):
            at_s = (4 * bar + half / 2) * beat_s
            _add(whole, at_s, 0.3 * (_kick() if half % 4 == 0 else _snare(random, 0.2 if half % 4 == 2 else 0.05)))
            if random.random() < 0.6:
                step = SCALE[random.integers(len(SCALE))] + 12
                length = beat_s * random.choice((0.5, 1.0, 1.5))
                _add(whole, at_s, 0.25 * _note(root * 2 ** (step / 12), length, bright, vibrato=0.006))
    return np.asarray(whole / max(1e-6, np.abs(whole).max()), np.float32)


def _note(hertz: float, seconds: float, bright: float, *, vibrato: float = 0.0) -> Sound:
    """A string that is plucked: overtones that grow weaker, and die away."""
    t = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * hertz * (t + vibrato * np.sin(2 * np.pi * VIBRATO_HZ * t) / (2 * np.pi * VIBRATO_HZ))
    tone = sum(bright**n * np.sin((n + 1) * phase) for n in range(OVERTONES))
    return np.asarray(tone * np.exp(-1.5 * t / seconds) * np.minimum(1, t / 0.02), np.float32)


def _kick() -> Sound:
    t = np.arange(int(0.25 * RATE)) / RATE
    return np.asarray(np.sin(2 * np.pi * (50 * t - 8 * np.exp(-30 * t))) * np.exp(-14 * t), np.float32)


def _snare(random: np.random.Generator, seconds: float) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(random.standard_normal(len(t)) * np.exp(-5 * t / seconds), np.float32)


def _add(whole: Sound, at_s: float, sound: Sound) -> None:
    start = int(at_s * RATE)
    part = whole[start : start + len(sound)]
    part += sound[: len(part)]

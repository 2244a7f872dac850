"""Short tones made here, so that none has to be fetched."""

from __future__ import annotations

import numpy as np

from digital_life.values import Speech

RATE = 24_000
E5, B5, A4 = 659.3, 987.8, 440.0
"""Hertz; E to B is a fifth."""
NOTE_S = 0.055
FADE_S = 0.008
LOUDNESS = 0.18
BELL_S = 0.5
BELL_FADE_S = 0.15
"""After so long a struck bell has lost two thirds of its loudness."""


def woken() -> Speech:
    """It heard its wake word: up."""
    return _tones(E5, B5)


def thinking() -> Speech:
    """It has understood: once, and low."""
    return _tones(A4)


def muted() -> Speech:
    """It hears no more: down, and down again."""
    return _tones(B5, E5, A4)


def unmuted() -> Speech:
    """It hears again: up, and up again."""
    return _tones(A4, E5, B5)


def ringing() -> Speech:
    """Something is due: three soft strokes of a bell, each higher, and that three times."""
    return _speech(np.concatenate([_bell(each) for each in (A4, E5, B5) * 3]))


def _tones(*hertz: float) -> Speech:
    return _speech(np.concatenate([_note(each) for each in hertz]))


def _speech(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Speech:
    return Speech((sound * LOUDNESS * 32767).astype(np.int16).tobytes(), RATE)


def _bell(hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(int(BELL_S * RATE)) / RATE
    fade: np.ndarray[tuple[int], np.dtype[np.float64]] = np.exp(-time / BELL_FADE_S)
    return np.sin(2 * np.pi * hertz * time) * fade * np.minimum(1.0, np.minimum(time, BELL_S - time) / FADE_S)


def _note(hertz: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    time = np.arange(int(NOTE_S * RATE)) / RATE
    fade = np.minimum(1.0, np.minimum(time, NOTE_S - time) / FADE_S)
    return np.sin(2 * np.pi * hertz * time) * fade

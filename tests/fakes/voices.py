"""Voices that are mere pitches: sounds of the same pitches are alike."""

from __future__ import annotations

import numpy as np

from digital_life.errors import ModelError
from digital_life.values import RATE, WIDTH, Utterance

PIECE = 320
LOUD = 200
LEAST_S = 0.3


class FakeSpeakerEmbedding:
    name = "pitches"
    dimension = 160

    def seconds(self, pcm: bytes) -> float:
        return len(_loud(pcm)) * PIECE / RATE

    def embed(self, pcm: bytes) -> bytes:
        if self.seconds(pcm) < LEAST_S:
            raise ModelError("speaker-short")
        spectrum = np.abs(np.fft.rfft(_loud(pcm), axis=1)).mean(axis=0)[1:]
        unit: bytes = (spectrum / np.linalg.norm(spectrum)).astype("<f4").tobytes()
        return unit


def _loud(pcm: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    sound = np.frombuffer(pcm, "<i2").astype(np.float64)
    pieces = sound[: len(sound) // PIECE * PIECE].reshape(-1, PIECE)
    loud: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = pieces[np.abs(pieces).max(axis=1, initial=0) > LOUD]
    return loud


def hum(hertz: float, seconds: float, *, loudness: float = 8000) -> bytes:
    """Somebody with a voice of this pitch."""
    at = np.arange(int(seconds * RATE)) / RATE
    return (loudness * np.sin(2 * np.pi * hertz * at)).astype("<i2").tobytes()


def uttered(pcm: bytes) -> Utterance:
    length = len(pcm) // WIDTH
    return Utterance(pcm, 0, length, length, 0.0)

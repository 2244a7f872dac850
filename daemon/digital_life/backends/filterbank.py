"""How loud each band of a voice is, every 10 ms: the logarithmic mel filter bank, computed as Kaldi does."""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from digital_life.values import RATE

BANDS = 80
WINDOW, STEP = 400, 160
"""Samples: 25 ms every 10 ms."""
FFT = 512
LOWEST_HZ = 20.0
EMPHASIS = 0.97
FLOOR = float(np.finfo(np.float32).eps)
"""Of a band's energy, full scale being 1: silence has no logarithm."""
Array = npt.NDArray[np.float32]


def filterbank(sound: Array) -> Array:
    """A row of BANDS for every STEP of `sound` (full scale 1) where a whole WINDOW fits."""
    if len(sound) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::STEP].astype(np.float32)
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate((frames[:, :1], frames[:, :-1]), axis=1)
    power = np.abs(np.fft.rfft((frames - EMPHASIS * before) * _window(), FFT)) ** 2
    energy = power[:, : FFT // 2].astype(np.float32) @ _bands()
    bands: Array = np.log(np.maximum(energy, FLOOR)).astype(np.float32)
    return bands


@functools.cache
def _window() -> Array:
    """Povey's: a Hann window to the power of 0.85."""
    angle = 2 * np.pi * np.arange(WINDOW) / (WINDOW - 1)
    window: Array = ((0.5 - 0.5 * np.cos(angle)) ** 0.85).astype(np.float32)
    return window


@functools.cache
def _bands() -> Array:
    """The share of each line of the spectrum in each band: triangles, evenly spaced in mel."""
    edges = np.linspace(_mel(LOWEST_HZ), _mel(RATE / 2), BANDS + 2)
    lines = _mel(np.arange(FFT // 2) * RATE / FFT)[:, None]
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (lines - low) / (middle - low), (high - lines) / (high - middle)
    bands: Array = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return bands


def _mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    mel: npt.NDArray[np.float64] = 1127 * np.log1p(np.asarray(hertz, np.float64) / 700)
    return mel

"""What rooms, microphones and bystanders do to a voice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from digital_life.values import RATE

Sound = npt.NDArray[np.float32]
"""16 kHz mono, full scale at 1."""
QUIET = 0.03
"""Of the loudest moment: below it a phrase is over."""
SMOOTHED_S = 0.02
FULL_SCALE = 32767


def trimmed(sound: Sound) -> Sound:
    """Without the silence around it; nothing, where there is only silence."""
    window = int(SMOOTHED_S * RATE)
    if len(sound) < window:
        return sound[:0]
    level = np.convolve(np.abs(sound), np.ones(window, np.float32) / window, mode="same")
    loud = np.flatnonzero(level > QUIET * level.max(initial=1e-6))
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound[:0]


def repitched(sound: Sound, factor: float) -> Sound:
    """Higher and faster by `factor`, or lower and slower below 1: another throat."""
    length = max(1, round(len(sound) / factor))
    spectrum = np.fft.rfft(sound)
    kept = np.zeros(length // 2 + 1, dtype=spectrum.dtype)
    kept[: len(spectrum)] = spectrum[: len(kept)]
    return (np.fft.irfft(kept, length) * (length / max(1, len(sound)))).astype(np.float32)


def convolved(sound: Sound, response: Sound) -> Sound:
    """`sound` through a room or a microphone, as long as before."""
    length = 1 << (len(sound) + len(response)).bit_length()
    spectrum = np.fft.rfft(sound, length) * np.fft.rfft(response, length)
    wet: Sound = np.fft.irfft(spectrum, length)[: len(sound)].astype(np.float32)
    return wet


def room(rng: np.random.Generator) -> Sound:
    """The response of a room that does not exist: one direct sound, then echoes that die away."""
    reverberation = rng.uniform(0.1, 0.7)  # s until an echo is 60 dB down
    seconds = np.arange(int(reverberation * RATE)) / RATE
    tail = rng.normal(size=len(seconds)) * np.exp(-6.9 * seconds / reverberation)
    tail[: int(rng.uniform(0.002, 0.01) * RATE)] = 0
    loudness = 10 ** (rng.uniform(-18, 3) / 20)  # of all echoes together, beside the direct sound
    tail *= loudness / np.sqrt(np.sum(np.square(tail)) + 1e-9)
    tail[0] = 1
    return tail.astype(np.float32)


def coloured(sound: Sound, rng: np.random.Generator) -> Sound:
    """As a microphone hears it that is good at some pitches and bad at others."""
    spectrum = np.fft.rfft(sound)
    corners = np.array([0, 200, 800, 2000, 4000, RATE / 2])
    decibels = rng.uniform(-6, 6, len(corners))
    curve = np.interp(np.linspace(0, RATE / 2, len(spectrum)), corners, decibels)
    return np.fft.irfft(spectrum * 10 ** (curve / 20), len(sound)).astype(np.float32)


def noise(rng: np.random.Generator, length: int) -> Sound:
    """Hiss, rumble or hum of `length` samples: each time another colour and another unrest."""
    spectrum = np.fft.rfft(rng.normal(size=length))
    pitches = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20)
    sound = np.fft.irfft(spectrum * pitches ** -rng.uniform(0, 1.2), length)
    unrest = np.interp(np.arange(length), np.linspace(0, length, 6), rng.uniform(0.3, 1.0, 6))
    return _evened(sound * unrest)


def music(rng: np.random.Generator, length: int) -> Sound:
    """Chords of `length` samples that change."""
    time = np.arange(length) / RATE
    sound = np.zeros(length)
    beat = rng.uniform(0.15, 0.6)  # s
    for start in np.arange(0, length / RATE, beat):
        struck = time - start
        ringing = np.where(struck >= 0, np.exp(-np.maximum(struck, 0) * rng.uniform(2, 8)), 0)
        for tone in rng.integers(36, 84, 3):
            pitch = 440 * 2 ** ((tone - 69) / 12)
            sound += ringing * sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 5))
    return _evened(sound)


def mixed(sound: Sound, other: Sound, decibels: float, *, loudness: float) -> Sound:
    """`sound` with `other` so many decibels below `loudness`."""
    return (sound + np.resize(other, len(sound)) * (loudness / max(1e-9, rms(other)) / 10 ** (decibels / 20))).astype(
        np.float32
    )


def rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def pcm(sound: Sound) -> npt.NDArray[np.int16]:
    samples: npt.NDArray[np.int16] = (np.clip(sound, -1, 1) * FULL_SCALE).astype(np.int16)
    return samples


def _evened(sound: npt.NDArray[np.float64]) -> Sound:
    """At one loudness, a tenth of full scale."""
    evened: Sound = (sound / (np.sqrt(np.mean(np.square(sound))) + 1e-9) * 0.1).astype(np.float32)
    return evened

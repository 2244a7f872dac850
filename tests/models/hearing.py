"""What the tests of hearing share: recordings as they are, and how far what was heard is from what was said."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from digital_life.values import RATE, Utterance

Sound = npt.NDArray[np.float32]


def load(path: Path) -> Sound:
    """A recording as 16 kHz mono."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    heard: Sound = soxr.resample(sound.mean(axis=1), rate, RATE)
    return heard


def utterance(sound: Sound) -> Utterance:
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
    return Utterance(pcm, 0, len(sound), len(sound), 0.0)


def errors(said: str, heard: str) -> float:
    """Share of wrong words; of wrong characters in Chinese."""
    truth, guess = _units(said), _units(heard)
    row = list(range(len(guess) + 1))
    for n, expected in enumerate(truth, 1):
        before, row = row, [n]
        for m, got in enumerate(guess, 1):
            row.append(min(before[m] + 1, row[-1] + 1, before[m - 1] + (expected != got)))
    return row[-1] / len(truth)


def noisy(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """With noise so many decibels below the speech."""
    under = np.resize(noise, len(sound))
    gain = np.sqrt(np.mean(sound**2) / np.mean(under**2)) / 10 ** (decibels / 20)
    mixed: Sound = (sound + gain * under).astype(np.float32)
    return mixed


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)


def _units(text: str) -> list[str]:
    plain = re.sub(r"[^\w\s]", "", text.lower())
    return list("".join(plain.split())) if re.search(r"[\u4e00-\u9fff]", plain) else plain.split()

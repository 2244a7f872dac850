"""Wake words: how many are missed, and how often something else wakes it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from benches.material import Sound, load
from digital_life import config
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.hearing.wake import WakeWatch
from digital_life.values import FRAME, RATE, WakeHeard

AROUND_S = 1.2
"""Silence, or noise, before and after."""


class Wakes:
    """The networks and the decision, fed as fast as they go."""

    def __init__(self, networks: OpenWakeWord, settings: config.Wake) -> None:
        self._networks = networks
        self._settings = settings

    def heard(self, sound: Sound) -> list[WakeHeard]:
        self._networks.reset()
        watch = WakeWatch(self._settings)
        pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
        found = [
            watch.feed(self._networks.feed(pcm[start : start + FRAME].tobytes()), start, own_voice=False)
            for start in range(0, len(pcm) - FRAME + 1, FRAME)
        ]
        return [each for each in found if each]

    def missed(self, recordings: Iterable[Sound], phrase: str) -> float:
        """Percent of the recordings in which `phrase` was not heard."""
        heard = [any(each.phrase == phrase for each in self.heard(sound)) for sound in recordings]
        return 100 * (1 - sum(heard) / len(heard))


def in_quiet(sound: Sound) -> Sound:
    silence = np.zeros(int(AROUND_S * RATE), np.float32)
    return np.concatenate((silence, sound, silence))


def in_noise(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """With noise so many decibels below the loudness of the speech."""
    whole = in_quiet(sound)
    under = np.resize(noise, len(whole))
    gain = _loudness(sound) / max(1e-9, _loudness(under)) / 10 ** (decibels / 20)
    return whole + gain * under


def in_room(sound: Sound, response: Sound) -> Sound:
    """As it sounds across a room, no louder than before."""
    wet: Sound = fftconvolve(in_quiet(sound), response)[: len(in_quiet(sound))].astype(np.float32)
    return wet * (_loudness(sound) / max(1e-9, _loudness(wet)))


def _loudness(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound))))


def folder(path: Path) -> list[Sound]:
    """Every recording in a folder."""
    return [load(each) for each in sorted(path.glob("*.*"))]

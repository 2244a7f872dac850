"""Wake words: how many are missed, and how often something else wakes it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from benches.material import Sound, load, trimmed
from digital_life import config
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.hearing.wake import WakeWatch, phrase_of
from digital_life.values import FRAME, RATE, WakeHeard

AROUND_S = 1.2
"""Silence, or noise, before and after."""


Scores = dict[str, npt.NDArray[np.float32]]
"""Of each phrase, frame by frame."""


BREATH_S = 0.08
"""Between a wake word and a request that follows it in one breath."""


class Wakes:
    """The networks and the decision, fed as fast as they go; with a `cache`, what was heard once is not heard again."""

    def __init__(self, networks: OpenWakeWord, settings: config.Wake, *, cache: Path | None = None) -> None:
        self._networks = networks
        self.settings = settings
        self._cache = cache

    @property
    def phrases(self) -> list[str]:
        return [phrase_of(word) for word in self.settings.words]

    def heard(self, sound: Sound) -> list[WakeHeard]:
        return decided(self.scores(sound), self.settings)

    def scores(self, sound: Sound) -> Scores:
        pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
        if self._cache is None:
            return self._scored(pcm)
        path = self._cache / f"{hashlib.sha256(pcm).hexdigest()[:16]}.npy"
        if path.exists():
            return dict(zip(self.phrases, np.load(path), strict=True))
        scores = self._scored(pcm)
        self._cache.mkdir(parents=True, exist_ok=True)
        np.save(path, np.stack([scores[phrase] for phrase in self.phrases]))
        return scores

    def _scored(self, pcm: bytes) -> Scores:
        self._networks.reset()
        frames = [
            self._networks.feed(pcm[start : start + 2 * FRAME])
            for start in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME)
        ]
        return {phrase: np.array([each[phrase] for each in frames], np.float32) for phrase in frames[0]}

    def missed(self, recordings: Iterable[Sound], phrase: str) -> float:
        """Percent of the recordings in which `phrase` was not heard."""
        heard = [any(each.phrase == phrase for each in self.heard(sound)) for sound in recordings]
        return 100 * (1 - sum(heard) / len(heard))


def decided(scores: Scores, settings: config.Wake) -> list[WakeHeard]:
    """What the daemon makes of them."""
    watch = WakeWatch(settings)
    frames = len(next(iter(scores.values())))
    found = [
        watch.feed({phrase: float(each[n]) for phrase, each in scores.items()}, n * FRAME, own_voice=False)
        for n in range(frames)
    ]
    return [each for each in found if each]


def in_quiet(sound: Sound) -> Sound:
    silence = np.zeros(int(AROUND_S * RATE), np.float32)
    return np.concatenate((silence, sound, silence))


def in_one_breath(wake: Sound, request: Sound) -> Sound:
    """The wake word, and at once what is asked, as loudly."""
    gap = np.zeros(int(BREATH_S * RATE), np.float32)
    asked = request * (loudness(trimmed(wake)) / max(1e-9, loudness(request)))
    return np.concatenate((trimmed(wake), gap, asked.astype(np.float32)))


def in_noise(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """With noise so many decibels below the loudness of the speech."""
    whole = in_quiet(sound)
    under = np.resize(noise, len(whole))
    gain = loudness(sound) / max(1e-9, loudness(under)) / 10 ** (decibels / 20)
    return whole + gain * under


def in_room(sound: Sound, response: Sound) -> Sound:
    """As it sounds across a room, no louder than before."""
    wet: Sound = fftconvolve(in_quiet(sound), response)[: len(in_quiet(sound))].astype(np.float32)
    return wet * (loudness(sound) / max(1e-9, loudness(wet)))


def loudness(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound))))


def folder(path: Path) -> list[Sound]:
    """Every recording in a folder."""
    return [load(each) for each in sorted(path.glob("*.*"))]

"""Wake words: how many are missed, and how often something else wakes it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve

from benches.material import Sound, load, trimmed
from digital_life import config
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.hearing.gate import Gate
from digital_life.hearing.listener import WAKE_S
from digital_life.hearing.wake import REFRACTORY_S, WakeWatch, phrase_of
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, WakeDoubted, WakeHeard

AROUND_S = 1.2
"""Silence, or noise, before and after."""


Scores = dict[str, npt.NDArray[np.float32]]
"""Of each phrase, frame by frame; not a number where the networks rested."""
BREATH_S = 0.08
"""Between a wake word and a request that follows it in one breath."""


class Wakes:
    """The networks and the decision, fed as fast as they go; what is doubtful is looked at as the session does.

    With a `cache`, what the networks heard once they need not hear again.
    """

    def __init__(
        self,
        networks: OpenWakeWord,
        settings: config.Wake,
        is_wake: Callable[[WakeDoubted], Awaitable[bool]],
        *,
        cache: Path | None = None,
    ) -> None:
        self._networks = networks
        self._settings = settings
        self._is_wake = is_wake
        self._cache = cache
        self.asked = 0
        """Questions to the recogniser."""

    @property
    def phrases(self) -> list[str]:
        return [phrase_of(word) for word in self._settings.words]

    async def heard(self, sound: Sound) -> list[WakeHeard]:
        watch, pcm = WakeWatch(self._settings), _pcm(sound)
        found: list[WakeHeard] = []
        for position, scores in self._heard_frames(sound):
            event = watch.feed(scores, position, own_voice=False)
            if isinstance(event, WakeHeard):
                found.append(event)
            elif isinstance(event, WakeDoubted):
                self.asked += 1
                until = position + FRAME
                around = pcm[max(0, until - int(WAKE_S * RATE)) * WIDTH : until * WIDTH]
                if await self._is_wake(replace(event, wake=replace(event.wake, sound=around))):
                    watch.rest(until + int(REFRACTORY_S * RATE))
                    found.append(event.wake)
        return found

    def _heard_frames(self, sound: Sound) -> list[tuple[int, dict[str, float]]]:
        """Positions and scores of the frames in which the networks did not rest."""
        scores = self.scores(sound)
        frames = zip(*scores.values(), strict=True)
        return [
            (n * FRAME, dict(zip(scores, map(float, each), strict=True)))
            for n, each in enumerate(frames)
            if not np.isnan(each[0])
        ]

    def scores(self, sound: Sound) -> Scores:
        pcm = _pcm(sound)
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
        gate, count = Gate(), len(pcm) // WIDTH // FRAME
        scores = {phrase: np.full(count, np.nan, np.float32) for phrase in self.phrases}
        for n in range(count):
            frame = AudioFrame(pcm[n * WIDTH * FRAME : (n + 1) * WIDTH * FRAME], n * FRAME, captured=0.0)
            for each in gate.feed(frame):
                for phrase, score in self._networks.feed(each.pcm).items():
                    scores[phrase][each.position // FRAME] = score
        return scores

    async def missed(self, recordings: Iterable[Sound], phrase: str) -> float:
        """Percent of the recordings in which `phrase` was not heard."""
        heard = [any(each.phrase == phrase for each in await self.heard(sound)) for sound in recordings]
        return 100 * (1 - sum(heard) / len(heard))


async def believed(_doubted: WakeDoubted) -> bool:
    """Without a second look."""
    return True


def _pcm(sound: Sound) -> bytes:
    return (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()


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

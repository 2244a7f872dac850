"""Wake words: how many are missed, and how often something else wakes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.signal import fftconvolve

from benches.material import Sound, load
from digital_life import config
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.hearing.gate import Gate
from digital_life.hearing.listener import WAKE_S
from digital_life.hearing.wake import REFRACTORY_S, WakeWatch
from digital_life.values import FRAME, RATE, WIDTH, AudioFrame, WakeDoubted, WakeHeard

AROUND_S = 1.2
"""Silence, or noise, before and after."""


class Wakes:
    """The networks and the decision, fed as fast as they go; what is doubtful is looked at as the session does."""

    def __init__(
        self, networks: OpenWakeWord, settings: config.Wake, is_wake: Callable[[WakeDoubted], Awaitable[bool]]
    ) -> None:
        self._networks = networks
        self._settings = settings
        self._is_wake = is_wake

    async def heard(self, sound: Sound) -> list[WakeHeard]:
        self._networks.reset()
        gate, watch = Gate(), WakeWatch(self._settings)
        pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()
        found: list[WakeHeard] = []
        for position in range(0, len(pcm) // WIDTH - FRAME + 1, FRAME):
            frame = AudioFrame(pcm[position * WIDTH : (position + FRAME) * WIDTH], position, captured=0.0)
            for each in gate.feed(frame):
                event = watch.feed(self._networks.feed(each.pcm), each.position, own_voice=False)
                if isinstance(event, WakeHeard):
                    found.append(event)
                elif isinstance(event, WakeDoubted):
                    until = position + FRAME
                    heard = pcm[max(0, until - int(WAKE_S * RATE)) * WIDTH : until * WIDTH]
                    if await self._is_wake(replace(event, wake=replace(event.wake, sound=heard))):
                        watch.rest(until + int(REFRACTORY_S * RATE))
                        found.append(event.wake)
        return found

    async def missed(self, recordings: Iterable[Sound], phrase: str) -> float:
        """Percent of the recordings in which `phrase` was not heard."""
        heard = [any(each.phrase == phrase for each in await self.heard(sound)) for sound in recordings]
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

"""Examples for training: a phrase somewhere in a day, and which of the moments around it are meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digital_life.training.sounds import Sound, coloured, convolved, mixed, repitched, rms, room
from digital_life.values import FRAME, RATE

LEAD_S = 2.0
"""Heard before the end of a phrase at least: what the networks look at."""
AFTER_S = 0.8
MEANT_MS = (160, 400)
"""After the end of the phrase: sooner, the last embeddings, of 775 ms each, do not know yet whether it goes on."""
NOT_YET_MS = -320
NO_MORE_MS = 800
"""Before the one and after the other the phrase counts as not said; between, nothing is asked of a head."""
SETTLED = 20
"""Embeddings after a start that see what was before it."""
FEWEST, MOST = 6, 16
"""Embeddings that a head looks at."""
FRAME_MS = 1000 * FRAME / RATE


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What may be heard beside a phrase."""

    noises: Sequence[Sound]
    speech: Sequence[Sound]


def in_quiet(sound: Sound) -> tuple[Sound, int]:
    """`sound` after and before silence, and where it ends."""
    before, after = _silence(LEAD_S), _silence(AFTER_S)
    return np.concatenate((before, sound, after)), len(before) + len(sound)


def in_noise(sound: Sound, noise: Sound, decibels: float) -> Sound:
    """`sound` in quiet, with `noise` so many decibels below it."""
    return mixed(in_quiet(sound)[0], noise, decibels, loudness=rms(sound))


def in_talk(sound: Sound, around: Surroundings, rng: np.random.Generator) -> tuple[Sound, int]:
    """`sound` in a pause or close to other speech before and after it, and where it ends."""
    loud = np.abs(sound).max(initial=1e-6)
    gap = _silence(rng.uniform(0.02, 0.4))
    wanted = int(max(LEAD_S * RATE - len(sound) - len(gap), 0)) + int(rng.integers(FRAME))
    before = _beside(wanted, around, rng) * loud
    pause = _silence(rng.uniform(0, 0.3))
    after = _beside(int(AFTER_S * RATE) - len(pause), around, rng) * loud
    whole = np.concatenate((before, gap, sound, pause, after))
    return whole, len(before) + len(gap) + len(sound)


def varied(
    sound: Sound, around: Surroundings, rng: np.random.Generator, *, throats: tuple[float, float]
) -> tuple[Sound, int]:
    """`sound` from another throat, in another room and noise, at another loudness; and where it ends."""
    whole, end = in_talk(repitched(sound, rng.uniform(*throats)), around, rng)
    return spoiled(whole, around, rng), end


def spoiled(sound: Sound, around: Surroundings, rng: np.random.Generator) -> Sound:
    """`sound` by another microphone, in another room and noise, at another loudness."""
    if rng.random() < 0.7:
        sound = coloured(sound, rng)
    if rng.random() < 0.6:
        sound = convolved(sound, room(rng))
    voiced = sound[np.abs(sound) > 0.02 * np.abs(sound).max(initial=1e-6)]
    noises = around.noises if rng.random() < 0.85 else around.speech
    noise = np.roll(noises[int(rng.integers(len(noises)))], rng.integers(RATE))
    decibels = rng.uniform(0, 30) if rng.random() < 0.75 else rng.uniform(35, 60)
    sound = mixed(sound, noise, decibels, loudness=rms(voiced))
    loudest: float = 10 ** (rng.uniform(-30, 0) / 20)
    heard: Sound = sound / np.abs(sound).max(initial=1e-6) * np.float32(loudest)
    return heard


def moments(count: int, ended: int | None) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Of `count` embeddings, those at which a phrase that `ended` there was said, and those at which it was not.

    None: it was not said at all.
    """
    every = np.arange(SETTLED, count)
    if ended is None:
        return every[:0], every
    late = (every + 1) * FRAME_MS - ended * 1000 / RATE
    meant = (late >= MEANT_MS[0]) & (late <= MEANT_MS[1])
    return every[meant], every[(late < NOT_YET_MS) | (late > NO_MORE_MS)]


def looked_at(sounds: Sequence[Sound]) -> int:
    """How many embeddings matter: those of the phrase and of the moment after it."""
    median = float(np.median([len(sound) for sound in sounds])) / RATE * 1000
    return int(np.clip(np.ceil((median + MEANT_MS[0]) / FRAME_MS), FEWEST, MOST))


def _beside(length: int, around: Surroundings, rng: np.random.Generator) -> Sound:
    """Silence, or somebody who speaks; at full scale or less."""
    if rng.random() < 0.65:
        return np.zeros(length, np.float32)
    speech = np.resize(around.speech[int(rng.integers(len(around.speech)))], length)
    beside: Sound = speech / np.abs(speech).max(initial=1e-6) * np.float32(rng.uniform(0.3, 1))
    return beside


def _silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)

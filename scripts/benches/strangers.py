"""What goes on in a room in which nobody means it: talk of others, several at once, noise, music."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from scipy.signal import fftconvolve

from benches.material import Sound, load
from benches.music import music
from benches.waking import loudness
from digital_life.values import RATE

MUSIC_EVERY, PEOPLE_EVERY = 8, 12
"""Scenes: every eighth is music alone, every twelfth one of the people who read sentences."""
MUSIC_S = (10.0, 22.0)
SLOWER, FASTER = (0.88, 0.97), (1.03, 1.14)
"""Another voice, never the very one that was recorded."""
OTHER_TALKER_DB, NOISE_DB, MUSIC_DB = (3.0, 6.0, 10.0), (20.0, 10.0, 5.0), (10.0, 5.0, 0.0)
"""Below the talker."""
LOUDNESS_DB = (-38.0, -18.0)
"""Of full scale."""
GAP_S = (0.2, 1.2)


@dataclass(frozen=True, slots=True)
class Sources:
    """What scenes are made of."""

    talk: Sequence[Path]
    people: Sequence[Path]
    noises: Sequence[Sound]
    rooms: Sequence[Sound]


def scenes(sources: Sources) -> Iterator[tuple[str, Sound]]:
    """One after the other without end, no two alike: what it is, and its sound."""
    turn = itertools.count()
    for number in itertools.count():
        random = np.random.default_rng((11, number))
        if number % MUSIC_EVERY == MUSIC_EVERY - 1:
            yield "music", _as_loud(music(number, random.uniform(*MUSIC_S)), random)
            continue
        people = number % PEOPLE_EVERY == PEOPLE_EVERY - 2
        path = sources.people[number % len(sources.people)] if people else sources.talk[next(turn) % len(sources.talk)]
        told, sound = scene(load(path), number, sources, random)
        yield f"{path.stem} {told}", _as_loud(sound, random)


def scene(talker: Sound, number: int, sources: Sources, random: np.random.Generator) -> tuple[str, Sound]:
    """The talker at another pitch, with some of: someone else, a room, noise, music."""
    pace = random.uniform(*(SLOWER if random.random() < 0.5 else FASTER))
    sound, told = another_voice(talker, pace), f"x{pace:.2f}"
    if random.random() < 0.3:
        path = sources.talk[int(random.integers(len(sources.talk)))]
        other = another_voice(load(path), random.uniform(*FASTER))
        sound, told = under(sound, other, _one(OTHER_TALKER_DB, random)), f"{told}, {path.stem} too"
    if random.random() < 0.5:
        room = int(random.integers(len(sources.rooms)))
        sound, told = fftconvolve(sound, sources.rooms[room]).astype(np.float32), f"{told}, room {room}"
    if random.random() < 0.6:
        noise, decibels = int(random.integers(len(sources.noises))), _one(NOISE_DB, random)
        rolled = np.roll(sources.noises[noise], int(random.integers(10 * RATE)))
        sound, told = under(sound, rolled, decibels), f"{told}, noise {noise} at {decibels:g} dB"
    if random.random() < 0.3:
        decibels = _one(MUSIC_DB, random)
        sound, told = under(sound, music(number, len(sound) / RATE), decibels), f"{told}, music at {decibels:g} dB"
    return told, sound


def another_voice(sound: Sound, factor: float) -> Sound:
    """Higher and faster, or lower and slower."""
    heard: Sound = soxr.resample(sound, RATE * factor, RATE)
    return heard


def under(sound: Sound, other: Sound, decibels: float) -> Sound:
    """With `other`, over and over, so many decibels below."""
    below = np.resize(other, len(sound))
    mixed: Sound = sound + below * (loudness(sound) / max(1e-9, loudness(below)) / 10 ** (decibels / 20))
    return mixed.astype(np.float32)


def _as_loud(sound: Sound, random: np.random.Generator) -> Sound:
    """Near and far, and then a moment of nothing."""
    wanted = 10 ** (random.uniform(*LOUDNESS_DB) / 20)
    gap = np.zeros(int(random.uniform(*GAP_S) * RATE), np.float32)
    louder = sound * (wanted / max(1e-9, loudness(sound)))
    return np.concatenate((louder.astype(np.float32), gap))


def _one(of: Sequence[float], random: np.random.Generator) -> float:
    return of[int(random.integers(len(of)))]

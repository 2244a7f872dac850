"""How a wake word is trained: who says what, how it is heard, what is kept back to measure with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from digital_life.training import examples, measures, sounds, texts
from digital_life.training.examples import Surroundings
from digital_life.training.measures import Measured
from digital_life.training.sounds import Sound
from digital_life.values import RATE, Language

Array = npt.NDArray[np.float32]
Kind = Literal["phrase", "near", "other"]
HELD_OUT = 4
"""Every so manieth voice, sentence and recording measures instead of training."""
TEST_NOISE_DB = 10
SHORTEST_S = 0.1
"""Less than this was not said at all."""
NOISES = 32
NOISE_S = 4.0
OWN_THROATS = (0.95, 1.05)
"""Of somebody who says it themselves: hardly another voice."""
COMPUTED = 0.5
"""What an example by a computed voice weighs beside one by a natural voice."""


class Speaker(Protocol):
    """Somebody with one voice."""

    @property
    def natural(self) -> bool: ...
    @property
    def times(self) -> int: ...
    @property
    def throats(self) -> tuple[float, float]: ...
    def say(self, text: str, rng: np.random.Generator) -> Sound: ...


class Head(Protocol):
    def scores(self, embeddings: Array) -> Array: ...


Hear = Callable[[npt.NDArray[np.int16]], Array]
"""From 16 kHz, 16-bit sound to one embedding each 80 ms."""
H = TypeVar("H", bound=Head)
Fit = Callable[[Array, npt.NDArray[np.bool_], Array], H]
Told = Callable[[float], None]
"""How far it is, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is made of each thing that was said."""

    phrase: int = 8
    other: int = 5
    share: float = 1.0
    """Of what each speaker would say."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that somebody said."""

    kind: Kind
    sound: Sound
    natural: bool
    throats: tuple[float, float]
    held_out: bool
    own: bool = False
    """A recording of the person's own."""


def speak(
    speakers: Sequence[Speaker], phrase: str, language: Language, rng: np.random.Generator, effort: Effort, told: Told
) -> list[Said]:
    """The phrase, what comes near to it, and other sentences, by all speakers."""
    found: list[Said] = []
    total = sum(speaker.times for speaker in speakers)
    for number, speaker in enumerate(speakers):
        held_out = number % HELD_OUT == HELD_OUT - 1
        for kind, text in _texts(speaker, phrase, language, rng, effort, held_out=held_out):
            sound = sounds.trimmed(speaker.say(text, rng))
            if len(sound) >= SHORTEST_S * RATE:
                found.append(Said(kind, sound, speaker.natural, speaker.throats, held_out))
        told(sum(each.times for each in speakers[: number + 1]) / total)
    return found


def _texts(
    speaker: Speaker,
    phrase: str,
    language: Language,
    rng: np.random.Generator,
    effort: Effort,
    *,
    held_out: bool,
) -> Iterable[tuple[Kind, str]]:
    times = max(1, round(speaker.times * effort.share))
    every = texts.sentences(language)
    mine = (
        every[HELD_OUT - 1 :: HELD_OUT] if held_out else [s for n, s in enumerate(every) if n % HELD_OUT < HELD_OUT - 1]
    )
    yield from (("phrase", phrase) for _ in range(times))
    if not held_out:
        near = texts.near_misses(phrase, language, rng, max(12, times))
        yield from (("near", str(each)) for each in rng.choice(near, max(2, times // 2), replace=False))
    count = len(mine) if held_out else max(2, times // 2)
    yield from (("other", str(each)) for each in rng.choice(mine, min(count, len(mine)), replace=False))


def own(recordings: Sequence[Sound]) -> list[Said]:
    """The person's own recordings of the phrase, a part of them held out where there are enough."""
    spoken = [sounds.trimmed(sound) for sound in recordings]
    return [
        Said("phrase", sound, natural=True, throats=OWN_THROATS, held_out=n % HELD_OUT == HELD_OUT - 1, own=True)
        for n, sound in enumerate(each for each in spoken if len(each) >= SHORTEST_S * RATE)
    ]


def train(
    said: Sequence[Said],
    noises: Sequence[Sound],
    hear: Hear,
    fit: Fit[H],
    rng: np.random.Generator,
    effort: Effort,
    told: Told,
) -> H:
    """A head from all that is not held out."""
    training = [each for each in said if not each.held_out]
    around = Surroundings(noises, [each.sound for each in training if each.kind == "other"])
    most = examples.looked_at([each.sound for each in training if each.kind == "phrase"])
    windows, wanted, importance = [], [], []
    for number, each in enumerate(training):
        for _ in range(_copies(each, effort)):
            whole, end = examples.varied(each.sound, around, rng, throats=each.throats)
            embeddings = hear(sounds.pcm(whole))
            meant, others = examples.moments(len(embeddings), end if each.kind == "phrase" else None)
            for places, right in ((meant, True), (others, False)):
                windows += [embeddings[place - most + 1 : place + 1] for place in places]
                wanted += [right] * len(places)
                importance += [1.0 if each.natural else COMPUTED] * len(places)
        told((number + 1) / len(training))
    for noise in noises:
        embeddings = hear(sounds.pcm(noise))
        places = examples.moments(len(embeddings), None)[1]
        windows += [embeddings[place - most + 1 : place + 1] for place in places]
        wanted += [False] * len(places)
        importance += [1.0] * len(places)
    return fit(np.stack(windows), np.array(wanted), np.array(importance, np.float32))


def measure(head: Head, said: Sequence[Said], noises: Sequence[Sound], hear: Hear) -> Measured:
    """What `head` makes of all that is held out."""
    held_out = [each for each in said if each.held_out]
    phrases = [each for each in held_out if each.kind == "phrase"]

    def scores(sound: Sound) -> Array:
        return head.scores(hear(sounds.pcm(sound)))

    quiet = [scores(examples.in_quiet(each.sound)[0]) for each in phrases]
    noisy = [
        scores(examples.in_noise(each.sound, noises[number % len(noises)], TEST_NOISE_DB))
        for number, each in enumerate(phrases)
    ]
    others = [scores(examples.in_quiet(each.sound)[0]) for each in held_out if each.kind == "other"]
    threshold = measures.advised(others)
    mine = [scores for each, *both in zip(phrases, quiet, noisy, strict=True) if each.own for scores in both]
    return Measured(
        threshold=threshold,
        missed_quiet=measures.missed(quiet, threshold),
        missed_noise=measures.missed(noisy, threshold),
        missed_own=measures.missed(mine, threshold) if mine else None,
        examples=len(phrases),
        alarms=measures.alarms(others, threshold),
        hours=measures.hours(others),
    )


def noises(rng: np.random.Generator) -> list[Sound]:
    """Hiss, rumble and chords that never were."""
    length = int(NOISE_S * RATE)
    return [sounds.music(rng, length) if n % HELD_OUT == 0 else sounds.noise(rng, length) for n in range(NOISES)]


def _copies(said: Said, effort: Effort) -> int:
    many = effort.phrase if said.kind == "phrase" else effort.other
    return many if said.natural else max(1, many // 4)

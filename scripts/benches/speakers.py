"""`scripts/bench speakers`: how often is one voice taken for another, and how long does it take to tell?"""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benches import report, waking
from benches.figures import Figure, spread
from benches.material import Sound, load, trimmed
from benches.voice import DATA, progress
from digital_life.backends.campplus import CamPlusPlus
from digital_life.backends.memory import give_back, return_large_blocks
from digital_life.backends.speakers import open_speakers
from digital_life.catalogue import Store, load_catalogue
from digital_life.config import People
from digital_life.people.voices import centre, likeness
from digital_life.values import RATE

LEARNT = 3
"""Sentences of which a voice is learnt."""
LENGTHS: Mapping[str, float | None] = {"1.5 s": 1.5, "3 s": 3.0, "all": None}
NOISE_DB = 10.0
JFK_S = ((0.2, 2.3), (3.2, 5.6), (5.3, 7.7), (8.0, 10.6))
"""Where the phrases of that speech are."""
APART = 6
"""Recordings of "alexa" are in runs of about four by the same person: others are so far apart."""
SAID = (
    "The kitchen window looks out on an old apple tree.",
    "On Sunday mornings we walk along the river together.",
    "Tomorrow evening I would like to hear some quiet music.",
    "What is the weather going to be like this weekend?",
    "Please remind me to call my brother after dinner.",
    "I have been reading a book about the history of tea.",
)
"""By voices that are synthetic."""
Embed = Callable[[Sound], bytes]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trials:
    """Likenesses of a voice that was learnt and a sentence."""

    genuine: Scores
    """By the same person."""
    others: Scores
    """By anybody else."""

    def missed(self, threshold: float) -> float:
        """Percent of the same person's that are nobody's."""
        return 100 * float(np.mean(self.genuine < threshold))

    def taken(self, threshold: float) -> float:
        """Percent of others' that are taken for that person."""
        return 100 * float(np.mean(self.others >= threshold))

    @property
    def equal_error(self) -> tuple[float, float]:
        """Percent where as many are missed as are taken, and the threshold of it."""
        every = np.unique(np.concatenate((self.genuine, self.others)))
        between = (np.concatenate(([every[0] - 1], every)) + np.concatenate((every, [every[-1] + 1]))) / 2
        best = min(between, key=lambda each: abs(self.missed(each) - self.taken(each)))
        return (self.missed(best) + self.taken(best)) / 2, float(best)

    def missed_where_taken(self, percent: float) -> float:
        """Percent missed at the lowest threshold that takes no more than `percent`: a point of the DET curve."""
        every = np.unique(np.concatenate((self.others, [self.others.max() + 1e-6])))
        return self.missed(next(float(each) for each in every if self.taken(each) <= percent))


def main() -> int:
    options = report.parser("speakers")
    options.add_argument("--data", type=Path, default=DATA, help="folder with speech/sentences and the rest")
    chosen = options.parse_args()
    figures = asyncio.run(measure(chosen.data, quick=chosen.quick))
    report.show(figures, title="speakers", as_json=chosen.json)
    return int(chosen.check and not all(figure.within for figure in figures))


async def measure(data: Path, *, quick: bool) -> list[Figure]:
    network, memory = _network()
    speech = data / "speech"
    people = real_people(speech)
    strangers = [trimmed(each) for each in waking.folder(speech / "wake_alexa")]
    strangers.append(trimmed(load(speech / "sentences" / "zh_aishell.wav")))

    def embed(sound: Sound) -> bytes:
        return network.embed(_pcm(sound))

    figures = [*_cost(network, people), memory]
    heard = dict(_rooms(speech))
    for length, seconds in LENGTHS.items():
        for place, changed in heard.items():
            progress(f"speakers, {length}, {place}")
            figures += _told(f"{length}, {place}", trials(embed, people, strangers, seconds, changed), promised=True)
    pairs = _strangers_apart([embed(each) for each in strangers[:-1]])
    figures.append(
        spread("likeness of two strangers who say one word", list(pairs), "", note=f"most {pairs.max():.2f}")
    )
    if not quick:
        figures += _synthetic(embed, heard)
    return figures


def real_people(speech: Path) -> list[list[Sound]]:
    """The two of whom there are several sentences."""
    one = [trimmed(load(each)) for each in sorted((speech / "sentences").glob("spk1_*.wav"))]
    whole = load(speech / "sentences" / "jfk.flac")
    return [one, [whole[int(start * RATE) : int(end * RATE)] for start, end in JFK_S]]


def trials(
    embed: Embed,
    people: Sequence[Sequence[Sound]],
    strangers: Sequence[Sound],
    seconds: float | None,
    changed: Callable[[Sound], Iterable[Sound]],
) -> Trials:
    """Each learnt where it is quiet, from any three sentences; heard as `changed`, of so many seconds at most."""

    def heard(sound: Sound) -> list[bytes]:
        return [embed(each) for each in changed(sound[: None if seconds is None else int(seconds * RATE)])]

    learnt = [[embed(each) for each in person] for person in people]
    told = [[heard(each) for each in person] for person in people]
    foreign = [each for stranger in strangers for each in heard(stranger)]
    genuine: list[float] = []
    others: list[float] = []
    for who, vectors in enumerate(learnt):
        around = [each for other, of in enumerate(told) if other != who for sentence in of for each in sentence]
        for chosen in combinations(range(len(vectors)), LEARNT):
            voice = centre([vectors[each] for each in chosen])
            own = [each for at, of in enumerate(told[who]) if at not in chosen for each in of]
            genuine += [likeness(voice, each) for each in own]
            others += [likeness(voice, each) for each in (*around, *foreign)]
    return Trials(np.array(genuine), np.array(others))


def _told(name: str, found: Trials, *, promised: bool) -> list[Figure]:
    threshold = People().threshold
    error, at = found.equal_error
    count = f"{len(found.genuine)} of the same, {len(found.others)} of others"
    return [
        Figure(f"equal error rate, {name}", error, "%", budget=5.0 if promised else None, note=f"at {at:.2f}; {count}"),
        Figure("  missed", found.missed(threshold), "%", note=f"at {threshold:g}"),
        Figure(
            "  taken for another",
            found.taken(threshold),
            "%",
            budget=0.1 if promised else None,
            note=f"at {threshold:g}",
        ),
        Figure("  missed where 1 % is taken", found.missed_where_taken(1.0), "%"),
        Figure("  missed where 0.1 % is taken", found.missed_where_taken(0.1), "%"),
        spread("  likeness, the same", list(found.genuine), "", note=f"least {found.genuine.min():.2f}"),
        spread("  likeness, others", list(found.others), "", note=f"most {found.others.max():.2f}"),
    ]


def _rooms(speech: Path) -> Iterator[tuple[str, Callable[[Sound], Iterable[Sound]]]]:
    noises, rooms = waking.folder(speech / "noise"), waking.folder(speech / "rooms")

    def noisy(sound: Sound) -> Iterator[Sound]:
        return (waking.in_noise(sound, noise, NOISE_DB) for noise in noises)

    def roomy(sound: Sound) -> Iterator[Sound]:
        return (waking.in_room(sound, room) for room in rooms)

    yield "quiet", lambda sound: [sound]
    yield f"{NOISE_DB:g} dB of noise", noisy
    yield "across a room", roomy
    yield f"across a room, {NOISE_DB:g} dB", lambda sound: (each for far in roomy(sound) for each in noisy(far))


def _strangers_apart(vectors: Sequence[bytes]) -> Scores:
    return np.array(
        [likeness(vectors[a], vectors[b]) for a in range(len(vectors)) for b in range(a + APART, len(vectors))]
    )


def _synthetic(embed: Embed, heard: Mapping[str, Callable[[Sound], Iterable[Sound]]]) -> list[Figure]:
    """Voices of few engines, which are more alike than people: as a family may be."""
    folder, rng = _models(), np.random.default_rng(1)
    voices = [
        each
        for each in open_speakers("en", pipers=folder.glob("*-joe-medium"), kokoros=folder.glob("kokoro-82m"))
        if each.natural
    ]
    progress(f"speakers, {len(voices)} synthetic voices")
    people = [[trimmed(each.say(text, rng)) for text in SAID] for each in voices]
    return [
        figure
        for place, changed in heard.items()
        for figure in _told(
            f"{len(voices)} synthetic voices, {place}", trials(embed, people, (), None, changed), promised=False
        )
    ]


def _cost(network: CamPlusPlus, people: Sequence[Sequence[Sound]]) -> list[Figure]:
    sound = np.concatenate([*people[0], *people[1]])
    figures = []
    for seconds in (1.5, 3.0, 6.0):
        pcm, times = _pcm(sound[: int(seconds * RATE)]), []
        for _ in range(20):
            began = time.perf_counter()
            network.embed(pcm)
            times.append(1000 * (time.perf_counter() - began))
        figures.append(spread(f"time to tell a voice by {seconds:g} s", times, "ms", budget=150.0))
    return figures


def _network() -> tuple[CamPlusPlus, Figure]:
    """What it takes for good, once it has heard somebody."""
    store = Store(_models(), load_catalogue())
    path = store.require(store.speakers)
    return_large_blocks()
    before = _memory_mb()
    network = CamPlusPlus(path)
    network.embed(_pcm(np.random.default_rng(1).normal(0, 0.1, 8 * RATE).astype(np.float32)))
    give_back()
    return network, Figure("memory of the network", _memory_mb() - before, "MB", budget=120.0)


def _models() -> Path:
    return Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))


def _memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6


def _pcm(sound: Sound) -> bytes:
    return (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()


if __name__ == "__main__":
    raise SystemExit(main())

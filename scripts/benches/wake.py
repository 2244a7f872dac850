"""`scripts/bench wake`: who wakes it that should not, and who does not that should?"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benches import chains, material, report, waking
from benches.figures import Figure, spread
from benches.material import Sound
from benches.strangers import Sources, scenes
from benches.voice import CACHE, DATA, context_of, progress
from digital_life import app
from digital_life.backends.openwakeword import OpenWakeWord
from digital_life.backends.wavfile import WavLoudspeaker
from digital_life.catalogue import Chosen
from digital_life.hearing.wake import phrase_of, written_of
from digital_life.ports import SpeechToText
from digital_life.talking.understanding import Understanding
from digital_life.values import FRAME, RATE, Utterance

HOURS = 3.5
"""Half an hour of them music alone."""
BLOCK_S = 600.0
"""Heard in one go, as by a daemon that runs for days."""
LEAST = 0.2
"""Scores below it are nothing."""
TOGETHER_FRAMES = 6
"""Two peaks of a phrase that are so near are one."""
TALK_DB = 10.0
"""Of those who go on talking, below the one who calls."""
PHRASES = ("hey_jarvis", "hey_mycroft")
"""Of which there is but one recording each."""


@dataclass(frozen=True, slots=True)
class Peak:
    """One stretch in which a phrase scored."""

    phrase: str
    scores: tuple[float, ...]
    """Frame by frame."""
    position: int
    """The sample after its first frame."""

    @property
    def top(self) -> float:
        return max(self.scores)

    def over(self, threshold: float) -> int:
        """Frames that reached it."""
        return sum(each >= threshold for each in self.scores)


def main() -> int:
    return report.command("wake", measure)


async def measure(profile: str, *, quick: bool) -> list[Figure]:
    context = context_of(profile, Path(tempfile.mkdtemp()))
    chosen = app.choose_models(context)
    loudspeaker = WavLoudspeaker(None, clock=context.clock, realtime=False)
    async with app.open_parts(context, loudspeaker) as parts:
        networks = OpenWakeWord(chosen.wake_features, chosen.wake_words)
        understanding = Understanding(
            stt=parts.stt,
            end_of_turn=parts.end_of_turn,
            wake_words={phrase_of(word): written_of(word) for word in context.settings.wake.words},
        )
        cache = CACHE / "bench" / f"wakes-{_digest(chosen)}"
        wakes = waking.Wakes(networks, context.settings.wake, understanding.is_wake, cache=cache)
        hours = 0.2 if quick else HOURS
        talk = await material.other_speech(parts.voice, DATA, CACHE / "bench", 3600 * min(1.0, hours))
        sources = _sources(talk)
        false, figures = await _strangers(parts.stt, wakes, sources, hours)
        people = waking.folder(DATA / "speech" / "wake_alexa")[:: 6 if quick else 1]
        true: dict[str, list[Peak]] = {}
        for name, sounds in _conditions(people, sources).items():
            progress(f"wake words, {name}")
            figures.append(await _missed(wakes, name, sounds))
            true[name] = [peak for phrase, sound in sounds for peak in _best(wakes.scores(sound), phrase)]
    return [*figures, *_scored(false, true)]


def _digest(chosen: Chosen) -> str:
    """Of the networks: with others all is heard again."""
    files = [*sorted(chosen.wake_features.glob("*.onnx")), *(path for _, path in sorted(chosen.wake_words.items()))]
    return hashlib.sha256(b"".join(hashlib.sha256(each.read_bytes()).digest() for each in files)).hexdigest()[:12]


def _sources(talk: Sequence[Path]) -> Sources:
    speech = DATA / "speech"
    people = list(chains.sentences(DATA).values())
    return Sources(talk, people, waking.folder(speech / "noise"), waking.folder(speech / "rooms"))


# Those who do not mean it.


async def _strangers(
    stt: SpeechToText, wakes: waking.Wakes, sources: Sources, hours: float
) -> tuple[list[Peak], list[Figure]]:
    """What scored though nobody called, and how often the daemon would have woken."""
    found: list[Peak] = []
    woken: dict[str, list[str]] = {phrase: [] for phrase in wakes.phrases}
    for number, (block, told) in enumerate(blocks(scenes(sources), hours * 3600)):
        progress(f"strangers, block {number + 1}")
        found += peaks(wakes.scores(block))
        for heard in await wakes.heard(block):
            note = f"{heard.score:.2f}, “{await _said(stt, block, heard.position)}”, {told_at(told, heard.position)}"
            progress(f"  {heard.phrase}: {note}")
            woken[heard.phrase].append(note)
    total = sum(len(notes) for notes in woken.values())
    return found, [
        Figure("false wakes an hour", total / hours, "", budget=0.3, note=f"in {hours:g} h of talk, noise and music"),
        *(Figure(f"  {each}", len(notes) / hours, "", note="\n".join(notes)) for each, notes in woken.items()),
        Figure("  second looks by the recogniser an hour", wakes.asked / hours, ""),
    ]


def blocks(told: Iterable[tuple[str, Sound]], seconds: float) -> Iterator[tuple[Sound, list[tuple[int, str]]]]:
    """The scenes one behind the other, in pieces of BLOCK_S, and what begins at which sample."""
    sounds: list[Sound] = []
    begun: list[tuple[int, str]] = []
    left, length = int(seconds * RATE), 0
    for name, sound in told:
        begun.append((length, name))
        sounds.append(sound[:left])
        left, length = left - len(sounds[-1]), length + len(sounds[-1])
        if length >= BLOCK_S * RATE or left <= 0:
            yield np.concatenate(sounds), begun
            sounds, begun, length = [], [], 0
        if left <= 0:
            return


def told_at(begun: Sequence[tuple[int, str]], position: int) -> str:
    return [name for start, name in begun if start < position][-1]


async def _said(stt: SpeechToText, sound: Sound, position: int) -> str:
    around = sound[max(0, position - int(2.5 * RATE)) : position + int(1.5 * RATE)]
    heard = await stt.transcribe(_utterance(around))
    return heard.text if heard else "…"


# Those who mean it.


def _conditions(people: Sequence[Sound], sources: Sources) -> dict[str, list[tuple[str, Sound]]]:
    """Everybody who calls it, where they do."""
    sentences = [material.trimmed(material.load(each)) for each in sources.people]
    talk = [material.load(each) for each in sources.talk[: len(people)]]
    singles = [(each, material.load(DATA / "speech" / f"{each}.wav")) for each in PHRASES]
    called = [*(("alexa", each) for each in people), *singles]
    return {
        "quiet": [(phrase, waking.in_quiet(each)) for phrase, each in called],
        **{
            f"{db} dB": [
                (phrase, waking.in_noise(each, noise, db)) for phrase, each in called for noise in sources.noises
            ]
            for db in (20, 10)
        },
        "rooms": [(phrase, waking.in_room(each, room)) for phrase, each in called for room in sources.rooms],
        "one breath": [
            (phrase, waking.in_quiet(waking.in_one_breath(each, sentences[n % len(sentences)])))
            for n, (phrase, each) in enumerate(called)
        ],
        "over talk": [
            (phrase, waking.in_noise(each, talk[n % len(talk)], TALK_DB)) for n, (phrase, each) in enumerate(called)
        ],
    }


async def _missed(wakes: waking.Wakes, name: str, sounds: Sequence[tuple[str, Sound]]) -> Figure:
    heard = [any(each.phrase == phrase for each in await wakes.heard(sound)) for phrase, sound in sounds]
    budget = {"quiet": 3.0, "10 dB": 8.0}.get(name)
    return Figure(
        f"wake words missed, {name}", 100 * (1 - sum(heard) / len(heard)), "%", budget=budget, note=f"of {len(heard)}"
    )


# The scores.


def _best(scores: waking.Scores, phrase: str) -> list[Peak]:
    """Of one recording; empty when there is none."""
    found = [each for each in peaks(scores) if each.phrase == phrase]
    return [max(found, key=lambda each: each.top)] if found else []


def peaks(scores: waking.Scores) -> list[Peak]:
    """Every stretch over LEAST."""
    found = []
    for phrase, each in scores.items():
        high = np.flatnonzero(np.nan_to_num(each) >= LEAST)
        for run in np.split(high, np.flatnonzero(np.diff(high) > TOGETHER_FRAMES) + 1) if len(high) else []:
            first, last = int(run[0]), int(run[-1])
            found.append(Peak(phrase, tuple(float(score) for score in each[first : last + 1]), (first + 1) * FRAME))
    return found


def _utterance(sound: Sound) -> Utterance:
    return Utterance((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes(), 0, 0, 0, 0.0)


def _scored(false: Sequence[Peak], true: dict[str, list[Peak]]) -> list[Figure]:
    """How high, and for how long."""
    figures = []
    for name, found in {**{f"called, {each}": of for each, of in true.items()}, "strangers": [*false]}.items():
        if found:
            figures.append(spread(f"score, {name}", [each.top for each in found], ""))
            figures += [
                spread(f"  frames over {over}", [each.over(over) for each in found], "") for over in (0.3, 0.5, 0.8)
            ]
    return figures


if __name__ == "__main__":
    sys.exit(main())

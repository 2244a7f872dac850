"""Every voice at hand as somebody who says a phrase in many ways: Piper, Kokoro, espeak-ng."""

from __future__ import annotations

import io
import itertools
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from piper import SynthesisConfig
from piper.phonemize_espeak import EspeakPhonemizer

from digital_life.backends import kokoro, mandarin, piper
from digital_life.backends.espeak import PROGRAM, VOICES, readable
from digital_life.backends.resample import at_rate
from digital_life.errors import ModelError
from digital_life.values import RATE, Language, Speech

Rng = np.random.Generator
Say = Callable[[str, Rng], Speech]
ACCENTS: dict[Language, tuple[str, ...]] = {
    "en": ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp", "en-029"),
    "zh": (VOICES["zh"],),
}
THROATS = ("", *(f"+m{n}" for n in range(1, 9)), *(f"+f{n}" for n in range(1, 6)), "+klatt", "+klatt2", "+steph")
"""Variants of espeak-ng that sound like somebody."""
THREADS = 1
PIPER_TIMES, KOKORO_TIMES, ESPEAK_TIMES = 60, 12, 2
"""Of one voice; Kokoro takes a second a phrase, Piper a tenth."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody with one voice."""

    name: str
    natural: bool
    """Whether a person lent this voice; espeak-ng's are computed."""
    times: int
    """How often the phrase is worth asking for: more of the human, less of the slow."""
    throats: tuple[float, float]
    """How much lower and higher it can be made and still be somebody."""
    utter: Say

    def say(self, text: str, rng: Rng) -> npt.NDArray[np.float32]:
        """`text`, each time a little differently; 16 kHz, full scale at 1."""
        return at_rate(self.utter(text, rng), RATE).astype(np.float32) / np.float32(32768)


def open_speakers(language: Language, *, pipers: Iterable[Path], kokoros: Iterable[Path]) -> list[Speaker]:
    """All who speak `language`: the voices in these folders, and espeak-ng's. Raises ModelError."""
    natural = itertools.chain(
        itertools.chain.from_iterable(map(_pipers, pipers)),
        itertools.chain.from_iterable(_kokoros(folder, language) for folder in kokoros),
    )
    return [*natural, *_espeaks(language)]


def _pipers(folder: Path) -> Iterator[Speaker]:
    voice = piper.load(folder, THREADS)

    def utter(text: str, rng: Rng, *, number: int | None) -> Speech:
        settings = SynthesisConfig(
            speaker_id=number,
            length_scale=voice.config.length_scale * rng.uniform(0.7, 1.4),
            noise_scale=rng.uniform(0.4, 1.1),
            noise_w_scale=rng.uniform(0.5, 1.2),
        )
        pieces = [each.audio_int16_array for each in voice.synthesize(text, settings)]
        sound = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)
        return Speech(sound.tobytes(), voice.config.sample_rate)

    count = min(voice.config.num_speakers, PIPER_TIMES)
    for number in range(count):
        speaker = number if count > 1 else None
        say = partial(utter, number=speaker)
        yield Speaker(
            f"{folder.name}:{number}", natural=True, times=max(3, PIPER_TIMES // count), throats=(0.85, 1.5), utter=say
        )


def _kokoros(folder: Path, language: Language) -> Iterator[Speaker]:
    network = kokoro.Network(folder, THREADS)
    spell = EspeakPhonemizer()

    def utter(text: str, rng: Rng, *, style: kokoro.Style) -> Speech:
        said = (
            mandarin.phonemes(text) if language == "zh" else "".join(itertools.chain(*spell.phonemize("en-us", text)))
        )
        return network.say(said, rng.uniform(0.75, 1.35), style)

    for name, style in network.styles.items():
        throats = (0.85, 1.4) if name[1] == "m" else (0.75, 1.2)
        yield Speaker(
            f"{folder.name}:{name}",
            natural=True,
            times=KOKORO_TIMES,
            throats=throats,
            utter=partial(utter, style=style),
        )


def _espeaks(language: Language) -> Iterator[Speaker]:
    for accent, throat in itertools.product(ACCENTS[language], THROATS):
        say = partial(_espeak, voice=accent + throat, language=language)
        yield Speaker(accent + throat, natural=False, times=ESPEAK_TIMES, throats=(0.9, 1.15), utter=say)


def _espeak(text: str, rng: Rng, *, voice: str, language: Language) -> Speech:
    pace, pitch = str(rng.integers(120, 210)), str(rng.integers(25, 80))
    command = (PROGRAM, "-v", voice, "-s", pace, "-p", pitch, "--stdin", "--stdout")
    try:
        said = subprocess.run(command, input=readable(text, language).encode(), capture_output=True, check=True)
    except FileNotFoundError as error:
        raise ModelError("espeak-missing", program=PROGRAM) from error
    except subprocess.CalledProcessError as error:
        raise ModelError("voice-failed", cause=f"{PROGRAM}: {error.returncode}") from error
    sound, rate = soundfile.read(io.BytesIO(said.stdout), dtype="int16")
    return Speech(sound.tobytes(), rate)

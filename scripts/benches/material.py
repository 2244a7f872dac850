"""What is said to Digital Life when it is measured: questions behind wake words, and hours of other speech."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from digital_life.ports import TextToSpeech
from digital_life.talking.spoken import chunks
from digital_life.values import RATE, Language

Sound = npt.NDArray[np.float32]

QUESTIONS: tuple[tuple[Language, str], ...] = (
    ("en", "What is the capital of France?"),
    ("en", "How many days are there in a week?"),
    ("en", "Who wrote Romeo and Juliet?"),
    ("en", "What is the largest planet in the solar system?"),
    ("en", "Tell me something nice about the sea."),
    ("en", "What should I cook for dinner tonight?"),
    ("en", "Why is the sky blue?"),
    ("en", "What day is it today?"),
    ("en", "How do I make a cup of tea?"),
    ("en", "Which animal is the fastest on land?"),
    ("en", "Can you recommend a good book?"),
    ("en", "I feel a little tired today."),
    ("en", "What is two plus three?"),
    ("zh", "法国的首都是哪里？"),
    ("zh", "一个星期有几天？"),
    ("zh", "今天是星期几？"),
    ("zh", "你叫什么名字？"),
    ("zh", "给我讲一个故事吧。"),
    ("zh", "天空为什么是蓝色的？"),
    ("zh", "我今天有一点累。"),
)
LEAD_S = 1.0
TRAIL_S = 1.2
GAP_S = 0.6
"""Between wake word and question; every fourth question comes in one breath."""
QUIET = 0.02
"""Of the loudest sample: below it nobody speaks any more."""


@dataclass(frozen=True, slots=True)
class Question:
    """A recording with a wake word and a question."""

    wav: Path
    text: str
    language: Language
    ends_s: float
    """When its last sound is over, known from how it was made."""


def load(path: Path) -> Sound:
    """A recording as 16 kHz mono."""
    sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
    heard: Sound = soxr.resample(sound.mean(axis=1), rate, RATE)
    return heard


async def questions(voice: TextToSpeech, data: Path, folder: Path, count: int) -> list[Question]:
    """`count` questions behind real people's wake words, written to `folder`."""
    people = sorted((data / "speech" / "wake_alexa").glob("*.flac"))
    wakes = [data / "speech" / "hey_jarvis.wav", *people[:: max(1, len(people) // 19)]]
    step = len(QUESTIONS) / count
    chosen = [QUESTIONS[int(n * step)] for n in range(count)]
    return [
        await _question(
            voice, load(wakes[n % len(wakes)]), language, text, folder / f"{n:02}.wav", one_breath=n % 4 == 3
        )
        for n, (language, text) in enumerate(chosen)
    ]


async def _question(
    voice: TextToSpeech, wake: Sound, language: Language, text: str, wav: Path, *, one_breath: bool
) -> Question:
    asked = await synthesise(voice, text, language)
    gap = np.zeros(0 if one_breath else int(GAP_S * RATE), np.float32)
    sound = np.concatenate((np.zeros(int(LEAD_S * RATE), np.float32), trimmed(wake), gap, asked))
    loud = np.flatnonzero(np.abs(sound) > QUIET * np.abs(sound).max())
    soundfile.write(wav, np.concatenate((sound, np.zeros(int(TRAIL_S * RATE), np.float32))), RATE)
    return Question(wav, text, language, float(loud[-1] + 1) / RATE)


def trimmed(sound: Sound) -> Sound:
    """Without the silence around it."""
    loud = np.flatnonzero(np.abs(sound) > QUIET * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1]


async def synthesise(voice: TextToSpeech, text: str, language: Language) -> Sound:
    """`text` as it would be spoken, 16 kHz."""
    parts = [await voice.synthesize(each.spoken, each.language) for each in chunks(text, main=language) if each.spoken]
    sounds = [
        soxr.resample(np.frombuffer(part.pcm, np.int16).astype(np.float32) / 32768, part.rate, RATE) for part in parts
    ]
    return np.concatenate(sounds) if sounds else np.zeros(0, np.float32)


async def other_speech(voice: TextToSpeech, data: Path, cache: Path, seconds: float) -> list[Path]:
    """Speech of `seconds` in all that is no wake word, made once: nine tenths English, one tenth Chinese."""
    cache.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    total = 0.0
    english, chinese = _lines(data, "en"), _lines(data, "zh")
    while total < seconds:
        language: Language = "zh" if len(made) % 10 == 9 else "en"
        text = next(chinese if language == "zh" else english)
        path = cache / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.flac"
        if not path.exists():
            sound = await synthesise(voice, text, language)
            # Other people: higher and faster, or lower and slower.
            factor = (0.85, 1.0, 1.15)[len(made) % 3]
            soundfile.write(path, soxr.resample(sound, RATE * factor, RATE), RATE)
        made.append(path)
        total += soundfile.info(path).duration
        await asyncio.sleep(0)
    return made


def _lines(data: Path, language: Language) -> Iterator[str]:
    """What MemoryBank's simulated users and their companion said, over and over with an ordinal in front."""
    name = "memory_bank_cn.json" if language == "zh" else "memory_bank_en.json"
    people = json.loads((data / "memory" / name).read_text(encoding="utf-8"))
    said = [
        str(text)
        for person in people.values()
        for day in person["history"].values()
        for turn in day
        for text in (turn.values() if isinstance(turn, dict) else turn)
    ]
    for time in range(100):
        for text in said:
            yield text if time == 0 else f"{time}. {text}"

"""What is said for training: other sentences, and what comes near to the phrase but is not it."""

from __future__ import annotations

import re
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from digital_life.values import Language

HAN = re.compile("[\u4e00-\u9fff]")
SYLLABLES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"[^aeiouy\W]*[aeiouy]+(?:[^aeiouy\W]+(?!\w))?|\w+"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}


def language_of(phrase: str) -> Language:
    """By its script."""
    return "zh" if HAN.search(phrase) else "en"


def sentences(language: Language) -> list[str]:
    """What people say to each other, of many sounds."""
    return resources.files(__package__).joinpath(f"{language}.txt").read_text(encoding="utf-8").splitlines()


def near_misses(phrase: str, language: Language, rng: np.random.Generator, count: int) -> list[str]:
    """Parts of `phrase`, and `phrase` with other syllables in some places."""
    places = [(found.start(), found.end()) for found in SYLLABLES[language].finditer(phrase.lower())]
    foreign = [each for line in sentences(language) for each in SYLLABLES[language].findall(line.lower())]
    own = {phrase[start:end].lower() for start, end in places}
    foreign = [each for each in foreign if each not in own]
    parts = _parts(phrase, places)
    changed = (_changed(phrase.lower(), places, foreign, rng) for _ in range(count - len(parts)))
    return [*parts[:count], *changed]


def _parts(phrase: str, places: list[tuple[int, int]]) -> list[str]:
    """Every beginning and every end of it, but the whole; and each word alone."""
    beginnings = [phrase[:end].strip() for _, end in places[:-1]]
    ends = [phrase[start:].strip() for start, _ in places[1:]]
    words = phrase.split()
    return sorted({*beginnings, *ends, *(words if len(words) > 1 else ())} - {phrase})


def _changed(phrase: str, places: list[tuple[int, int]], foreign: list[str], rng: np.random.Generator) -> str:
    """About half of the syllables are others; at least one."""
    which = rng.choice(len(places), size=max(1, round(len(places) * rng.uniform(0.3, 0.7))), replace=False)
    for number in sorted(which, reverse=True):
        start, end = places[number]
        phrase = phrase[:start] + str(rng.choice(foreign)) + phrase[end:]
    return phrase

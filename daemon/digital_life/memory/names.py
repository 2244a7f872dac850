"""Which names sound alike, however a recogniser spells them: "Kathryn" and "Catherine", 小慧 and 小惠."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from digital_life.memory.terms import HAN

SHORTEST = 2
"""Sounds of a name that can be told from others."""
ALIKE = 0.5
"""Ratcliff and Obershelp's similarity of the letters of two names with the same sounds; with less it is chance."""
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_HAN = re.compile(f"[{HAN}]{{{SHORTEST},}}")
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^(?:kn|gn|pn)", "n"),
        ("^wr", "r"),
        ("^x", "s"),
        ("ph|v", "f"),
        ("sch|sh|tion", "x"),
        ("tch", "x"),
        ("gh(?=[^aeiouy]|$)", ""),
        ("ck|ch|q", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("g(?=[eiy])", "j"),
        ("z", "s"),
        ("(?<=.)[wh]|^h", ""),
        ("^[aeiouy]+", "a"),
        ("(?<=.)[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""What is written differently and spoken alike, one after another; as in Philips's Metaphone, coarser."""


def key(word: str) -> str:
    """The sounds of an English name or its stem: consonants, and whether it begins with a vowel."""
    sounds = word.casefold()
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    return sounds


def sound_alike(one: str, other: str) -> bool:
    """Whether both may be the same English name."""
    same = key(one) == key(other) and len(key(one)) >= SHORTEST
    return same and SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= ALIKE


def capitalised(text: str) -> list[str]:
    """The words of `text` that may be English names."""
    return _CAPITALISED.findall(text)


def is_han(word: str) -> bool:
    """Whether it is a Chinese word that is long enough to be known by its sound."""
    return _HAN.fullmatch(word) is not None


def parts(word: str) -> tuple[str, ...]:
    """The word, and what a Chinese one is without its first or last character: unknown names are cut beside."""
    return (word, word[1:], word[:-1]) if is_han(word) and len(word) > SHORTEST else (word,)

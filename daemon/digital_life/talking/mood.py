"""The mood in which an answer is said, as far as its words show it."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from digital_life.values import Language


class Mood(enum.StrEnum):
    NEUTRAL = "neutral"
    HAPPY = "happy"
    SAD = "sad"
    SURPRISED = "surprised"
    THINKING = "thinking"
    """While no answer is there yet."""
    WORRIED = "worried"


SHOWN = (Mood.WORRIED, Mood.SAD, Mood.HAPPY, Mood.SURPRISED)
"""Those that words show; of as many words of each the first one counts."""


def mood_of(reply: str, language: Language, *, concern: int = 0) -> Mood:
    """`concern` is the level of what was answered: words beforehand, for somebody in need, are said with worry."""
    if concern:
        return Mood.WORRIED
    found = {mood: _count(reply, language, mood) for mood in SHOWN}
    most = max(SHOWN, key=lambda mood: found[mood])
    return most if found[most] else Mood.NEUTRAL


def _count(reply: str, language: Language, mood: Mood) -> int:
    return sum(len(pattern.findall(reply)) for pattern in words.load(language).patterns(f"mood.{mood}"))

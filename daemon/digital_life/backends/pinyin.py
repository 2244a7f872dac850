"""How Chinese is pronounced, for telling whether two words sound alike."""

from __future__ import annotations

from pypinyin import lazy_pinyin


def sound(text: str) -> str:
    """Its syllables without their tones; what is not Han stays as it is."""
    return "".join(lazy_pinyin(text))

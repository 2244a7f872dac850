"""What a recogniser elsewhere wrote, as a Transcript in one of the languages that are listened for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digital_life.backends.simplified import simplified
from digital_life.values import Language, Transcript

UNTOLD = 0.9
"""Confidence where the server tells none: enough to act on, and to believe a doubted wake word by."""
HAN = re.compile(r"[\u3400-\u9fff]")
NAMES: dict[str, Language] = {"en": "en", "english": "en", "zh": "zh", "cmn": "zh", "yue": "zh", "chinese": "zh"}


def transcript_of(
    text: str, told: str | None, languages: Sequence[Language], *, confidence: float = UNTOLD
) -> Transcript | None:
    """`told` is the language that the server names, in whatever form; None: no words."""
    text = text.strip()
    if not any(each.isalnum() for each in text):
        return None
    language = _language(text, told, languages)
    return Transcript(simplified(text) if language == "zh" else text, language, confidence)


def language_named(told: str | None) -> Language | None:
    """Of a code ("zh-CN", "en_US") or an English name; None where it names neither language, or none is told."""
    return NAMES.get(re.split(r"[-_]", (told or "").lower())[0])


def _language(text: str, told: str | None, languages: Sequence[Language]) -> Language:
    named = language_named(told)
    written: Language = "zh" if HAN.search(text) else "en"
    return next((each for each in (named, written) if each and each in languages), languages[0])

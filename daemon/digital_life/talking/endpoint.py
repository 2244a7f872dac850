"""Whether what was said is a finished sentence, told from its words."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from digital_life import words

if TYPE_CHECKING:
    from digital_life.values import Language, Transcript

_TRAILING = re.compile(r"(?:,|，|、|\.\.\.|…|[-—–])\s*\Z")
_ASKED = re.compile(r"[?？]\s*\Z")
_MARKS = " \t\n.,!?;:。，！？；：、…—–-\"'“”‘’"
_SURE = 0.6
"""Of the recogniser: half a sentence is often misheard as a whole one, and seldom with more than that."""
_DICTATED = 3
"""Digits from which a number may be one that is being read out: a telephone number, a code."""


SOUNDS_OPEN = 0.1
SOUNDS_OVER = 0.5
"""Of the melody's probability that this was all: below the first surely not, from the second on probably."""


def is_over(finished: bool | None, sounds: float) -> bool | None:  # noqa: FBT001 - the judgement of `is_finished`
    """Whether this was all, by the words and by how they sounded; None where nobody could tell."""
    if finished is False or sounds < SOUNDS_OPEN:
        return False
    if sounds >= SOUNDS_OVER:
        return finished
    return None if finished else False


def is_finished(transcript: Transcript) -> bool | None:
    """Whether a person would take it for all that was to be said; None where they could not tell."""
    text, language = transcript.text, transcript.language
    said = text.casefold().replace("’", "'").strip(_MARKS)
    if _ends_in("hesitating", language).search(said):
        return False
    if transcript.confidence < _SURE:
        return None
    if _ASKED.search(text):
        return True
    if _TRAILING.search(text) or _ends_in("open", language).search(said) or _number_goes_on(said, language):
        return False
    return None if _ends_in("doubtful", language).search(said) else True


@cache
def _ends_in(kind: str, language: Language) -> re.Pattern[str]:
    """One of the words of that kind, at the end."""
    ends = "|".join(words.load(language).texts(f"endpoint.{kind}"))
    return re.compile(rf"(?:{ends})\Z" if language == "zh" else rf"(?:^|[\s,'])(?:{ends})\Z")


def _number_goes_on(said: str, language: Language) -> bool:
    digits = words.load(language).text("endpoint.digit")
    run = re.search(rf"(?:(?:{digits})[\s,.-]*)+\Z", said)
    return run is not None and len(re.findall(digits, run.group())) >= _DICTATED

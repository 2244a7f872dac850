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
_DICTATED = 3
"""Digits from which a number may be one that is being read out: a telephone number, a code."""


def is_finished(transcript: Transcript) -> bool:
    """Whether a person would take it for all that was to be said."""
    text, language = transcript.text, transcript.language
    said = text.casefold().replace("’", "'").strip(_MARKS)
    if _open_end(language, always=True).search(said):
        return False
    if _ASKED.search(text):
        return True
    if _TRAILING.search(text) or _open_end(language, always=False).search(said):
        return False
    return not _number_goes_on(said, language)


@cache
def _open_end(language: Language, *, always: bool) -> re.Pattern[str]:
    """Words after which something must follow: in any sentence, or only in one that is no question."""
    ends = "|".join(words.load(language).texts("endpoint.hesitating" if always else "endpoint.open"))
    return re.compile(rf"(?:{ends})\Z" if language == "zh" else rf"(?:^|[\s,'])(?:{ends})\Z")


def _number_goes_on(said: str, language: Language) -> bool:
    digits = words.load(language).text("endpoint.digit")
    run = re.search(rf"(?:(?:{digits})[\s,.-]*)+\Z", said)
    return run is not None and len(re.findall(digits, run.group())) >= _DICTATED

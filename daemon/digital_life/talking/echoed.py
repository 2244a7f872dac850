"""Whether what was heard while it spoke were its own words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from digital_life.talking.spoken.languages import HAN, LETTER

OWN = 0.6
"""Share of the words heard that it said itself, in that order; a recogniser mishears some."""

_WORD = re.compile(f"[{HAN}]|\\d+|{LETTER}+(?:'{LETTER}+)*")


def is_echo(heard: str, saying: str) -> bool:
    """`saying` is what it said in those seconds, and a little more."""
    words, own = _words(heard), _words(saying)
    if not words or not own:
        return False
    matched = sum(block.size for block in SequenceMatcher(None, words, own, autojunk=False).get_matching_blocks())
    return matched >= OWN * len(words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("’", "'"))

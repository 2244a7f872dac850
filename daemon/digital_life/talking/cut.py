"""How much of a reply was heard, told from how long it sounded."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

from digital_life.talking.spoken.languages import is_han

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDING = 1e-6
"""Seconds that adding up the parts of a sound may be wrong by."""


def heard(chunks: Sequence[tuple[str, float]], seconds: float) -> tuple[str, str]:
    """What was said and what was not; joined they are the whole text.

    Each chunk is a text and the seconds it takes. Within a chunk the time is shared evenly among its
    characters; a word, or a Chinese character, that was begun counts as said.
    """
    whole = "".join(text for text, _ in chunks)
    said = _characters(chunks, seconds)
    return whole[:said], whole[said:]


def _characters(chunks: Sequence[tuple[str, float]], seconds: float) -> int:
    if seconds <= 0:
        return 0
    said = 0
    for text, takes in chunks:
        if seconds < takes - ROUNDING:
            return said + _begun(text, seconds / takes)
        said += len(text)
        seconds = max(0.0, seconds - takes)
    return said


def _begun(text: str, share: float) -> int:
    at = math.ceil(max(0.0, len(text) * share - ROUNDING))
    while 0 < at < len(text) and _one_word(text[at - 1], text[at]):
        at += 1
    return at


def _one_word(before: str, after: str) -> bool:
    """Whether a voice would not stop between the two."""
    if unicodedata.category(after).startswith("M"):
        return True
    return not (before.isspace() or after.isspace() or is_han(before) or is_han(after))

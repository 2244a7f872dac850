"""What does not fade: names, birthdays, allergies, promises. Pure."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory import forgetting
from digital_life.memory.foreign import language_of
from digital_life.memory.sentences import split

if TYPE_CHECKING:
    from datetime import datetime

    from digital_life.memory.records import Hit

KNOWN = 4_096
"""Texts of which it is known without looking again: the same are found for many questions."""
_ASKING = ("?", "？")


@functools.lru_cache(maxsize=KNOWN)
def lasts(told: str) -> bool:
    """Whether `told` tells such a thing; who asks for it does not."""
    text = words.load(language_of(told))
    return text.search("recall.lasting", told) is not None and any(
        text.search("recall.lasting", each) for each in split(told) if not each.endswith(_ASKING)
    )


def of_text(kind: str, text: str) -> bool:
    """Of a turn what the user said counts, of a diary all."""
    return lasts(text.partition("\n")[0] if kind == "turn" else text)


def left(hit: Hit, now: datetime) -> float:
    """What is left of it in the mind, 0 to 1."""
    return 1.0 if of_text(hit.kind, hit.text) else forgetting.retention(hit.strength, hit.recalled, now)

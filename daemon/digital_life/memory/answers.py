"""What a question asks for, a moment, a number or a name, and whether a text has such a thing: by form alone."""

from __future__ import annotations

import functools

from digital_life import words
from digital_life.memory.foreign import language_of
from digital_life.memory.sentences import split

KNOWN = 4_096
"""Turns of which it is known without looking again: each is looked at twice for a question."""
KINDS = ("moment", "number", "name")


def asked(question: str) -> tuple[str, ...]:
    """Those of the KINDS that would answer it; none for most questions."""
    text = words.load(language_of(question))
    return tuple(kind for kind in KINDS if text.search(f"answers.asks-{kind}", question))


def told(text: str, kinds: tuple[str, ...]) -> int:
    """How many of `kinds` it has."""
    if not kinds:
        return 0
    own = words.load(language_of(text))
    return sum(own.search(f"answers.tells-{kind}", text) is not None for kind in kinds)


@functools.lru_cache(maxsize=KNOWN)
def is_in_vain(turn: str) -> bool:
    """Whether in this turn something was asked and not known: it is nearest to the same question, and tells nothing."""
    heard, _, said = turn.partition("\n")
    admits = words.load(language_of(said)).search("answers.admits", said) if said else None
    return admits is not None and all(each.endswith(("?", "？")) for each in split(heard))

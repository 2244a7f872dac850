"""Questions for all of several things: whether one is asked, what is looked for, where what was found ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory.foreign import language_of
from digital_life.memory.recall import excerpt
from digital_life.memory.sentences import split

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.memory.recall import Judged

ABOVE_USUAL = 0.2
"""Of the way from the usual score to the best one: what lies above belongs to the list. 0.2 to 0.5 tried."""
MOST = 10
"""Things of one list."""
SAID_FROM = 3
"""From so many on the list is spoken as it is: small models leave most of a long one out."""
LENGTH = 200
"""Characters of one thing in a list."""
_NAMES = re.compile(
    r"《[^》]{1,40}》"
    r"|[“\"][^”\"]{2,60}[”\"]"
    r"|(?<=[a-z,;:] )(?!I\b)[A-Z][a-z][\w'-]*(?:(?: of| the| and)? [A-Z][\w'-]+)*"
)
"""Titles in their marks, and what is capitalised within a sentence."""


def is_asked(question: str) -> bool:
    """Whether all of several things are wanted, not the one that fits best."""
    return words.load(language_of(question)).search("questions.many", question) is not None


def is_of_memory(question: str) -> bool:
    """Whether it surely asks for several things that were told earlier."""
    return is_asked(question) and words.load(language_of(question)).search("questions.told", question) is not None


def is_of_its_own(question: str) -> bool:
    """Whether it asks for what the companion said itself, not the user."""
    return words.load(language_of(question)).search("questions.by-you", question) is not None


def looked_for(question: str) -> str:
    """`question` without the mere words of asking, which would be looked for like others."""
    for pattern in words.load(language_of(question)).patterns("questions.asking"):
        question = pattern.sub("", question)
    return question


def chosen(found: Sequence[Judged], question: str) -> list[Judged]:
    """Those of the likeliest that belong to the list, in their order: down to where the scores fall to the usual.

    Where several name something, what names nothing, or nothing new, is left out.
    """
    scores = sorted((each.score for each in found), reverse=True)
    usual = scores[len(scores) // 2] if scores else 0.0
    least = usual + ABOVE_USUAL * (max(scores, default=0.0) - usual)
    likely = [each for each in found if each.score >= least][:MOST]
    named = [names(side(each.hit.text, question)) for each in likely]
    if sum(map(bool, named)) < 2:
        return likely
    kept, known = [], set[str]()
    for each, new in zip(likely, named, strict=True):
        if new - known:
            kept.append(each)
        known |= new
    return kept


def side(text: str, question: str) -> str:
    """Of a turn's text what the one said whom the question is about: the user in the first line, or the companion."""
    heard, _, said = text.partition("\n")
    return (said if is_of_its_own(question) else heard) or text


def names(text: str) -> set[str]:
    """What is named in it."""
    return set(_NAMES.findall(text))


def told(text: str, question: str) -> str:
    """What a turn's text says of it, short enough for a list: the sentences that name something, else the nearest."""
    said = side(text, question)
    naming = [each for each in split(said) if names(each)]
    return excerpt(" ".join(naming) or said, question, limit=LENGTH)

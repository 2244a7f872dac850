"""What a user supposes and wants confirmed ("I don't like comedies, right?"), and what was told that decides it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life import words
from digital_life.memory.foreign import language_of
from digital_life.memory.sentences import split
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digital_life.memory.recall import Judged
    from digital_life.values import Language

LEAST = 0.45
"""Certainty of a memory that may decide it; less than what comes to mind unasked needs, for it is only quoted."""
LOOKED_AT = 5
"""So many of the likeliest memories may decide it."""
Verdict = Literal["so", "not-so", "unsure"]
"""Whether the evidence says the same, the contrary, or something that only a reader can compare."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentence that tells most of what is supposed."""

    found: Judged
    sentence: str
    by_user: bool
    """Whether the user said it, not the companion."""


def supposes(said: str) -> bool:
    """Whether it supposes something of the user's own life, or of what was said, and asks whether it is so."""
    text = words.load(language_of(said))
    of_us = text.search("questions.of-us", said) is not None
    return of_us and text.search("questions.supposing", said) is not None


def claim(said: str) -> str:
    """What is supposed, without the words that ask whether it is so."""
    for pattern in words.load(language_of(said)).patterns("questions.supposing"):
        said = pattern.sub("", said)
    return said.strip(words.AROUND)


def evidence(found: Sequence[Judged], claimed: str) -> Evidence | None:
    """The sentence with most of the claim's words; None where none has any.

    The user's own words go before the companion's, and where liking is supposed, what tells of liking before the rest.
    """
    about = _about(claimed)
    told = [proof for one in found[:LOOKED_AT] if one.hit.kind == "turn" for proof in _sentences(one)]
    liking = _is_of_liking(claimed)

    def worth(each: Evidence) -> tuple[bool, bool, int]:
        return each.by_user, liking and _is_of_liking(each.sentence), len(about & _about(each.sentence))

    return max((each for each in told if about & _about(each.sentence)), key=worth, default=None)


def _sentences(found: Judged) -> Iterator[Evidence]:
    """What asks tells nothing."""
    heard, _, said = found.hit.text.partition("\n")
    for by_user, text in ((True, heard), (False, said)):
        yield from (Evidence(found, each, by_user) for each in split(text) if not each.endswith(("?", "？")))


def verdict(proof: Evidence, claimed: str) -> Verdict:
    """Decided only where the evidence speaks of all that the claim does: the one says or denies what the other does."""
    says_all = proof.by_user and _about(claimed) <= _about(proof.sentence)
    if not says_all or (_is_of_liking(claimed) and not _is_of_liking(proof.sentence)):
        return "unsure"
    return "so" if _is_contrary(claimed) == _is_contrary(proof.sentence) else "not-so"


def answer(proof: Evidence, claimed: str, language: Language) -> str:
    """As it is said: whether it is so, and the very words that were told, with their day."""
    text = words.load(language)
    key = "questions.listed-heard" if proof.by_user else "questions.listed-said"
    told = text.text(key, day=text.day(proof.found.hit.when), text=proof.sentence)
    return text.text(f"questions.{verdict(proof, claimed)}", told=told)


def _about(said: str) -> set[str]:
    for pattern in words.load(language_of(said)).patterns("questions.aside"):
        said = pattern.sub(" ", said)
    return set(telling(said))


def _is_of_liking(said: str) -> bool:
    return words.load(language_of(said)).search("questions.liking", said) is not None


def _is_contrary(said: str) -> bool:
    return words.load(language_of(said)).search("questions.contrary", said) is not None

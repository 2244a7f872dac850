"""What it holds itself (the soul) and its user (the love) to be: rewritten after each diary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory.records import ConceptKind, Diary, Sentence
from digital_life.memory.sentences import language_fits, salience, without_repeats
from digital_life.memory.terms import telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.memory.scribe import Scribe

MOST_SENTENCES = 20
NEAR = 0.3
"""Share of their telling words that two sentences have in common from which the one may replace the other."""


async def rewrite(kind: ConceptKind, old: Sequence[Sentence], diary: Diary, scribe: Scribe) -> tuple[Sentence, ...]:
    """The concept after `diary`: what the old one said and still holds, and what the day taught.

    Sentences about the other party are not looked at.
    """
    learned = [await speaking(scribe, each).lasting(kind, each) for each in diary.sentences if is_about(kind, each)]
    kept = list(old)
    for new in filter(None, learned):
        kept = await taken_in(new, kept, scribe)
    return await condensed(without_repeats(kept), MOST_SENTENCES, scribe, kind)


async def taken_in(new: Sentence, old: Sequence[Sentence], scribe: Scribe) -> list[Sentence]:
    """What was known and still holds, and what is new."""
    replaces = speaking(scribe, new).replaces
    return [*[each for each in old if not (_near(each, new) and await replaces(new, each))], new]


async def condensed(
    sentences: Sequence[Sentence], most: int, scribe: Scribe, kind: ConceptKind | None
) -> tuple[Sentence, ...]:
    """At most `most` of them: the two neighbours that tell least become one, or the lesser of them goes."""
    kept = list(sentences)
    while len(kept) > most:
        at = min(range(len(kept) - 1), key=lambda n: salience(kept[n]) + salience(kept[n + 1]))
        one, other = kept[at : at + 2]
        joined = await speaking(scribe, one).merged(kind, one, other)
        kept[at : at + 2] = [joined or max(one, other, key=salience)]
    return tuple(kept)


def speaking(scribe: Scribe, sentence: Sentence) -> Scribe:
    """Who writes in the language of `sentence`."""
    return scribe.speaking("zh" if language_fits(sentence.text, "zh") else "en")


def is_about(kind: ConceptKind, sentence: Sentence) -> bool:
    """Whether it speaks of this party, in whatever language: its subject tells."""
    key = f"scribe.{kind}"
    return sentence.text.startswith(tuple(words.load(language).text(key) for language in words.LANGUAGES))


def _near(one: Sentence, other: Sentence) -> bool:
    first, second = telling(one.text).keys(), telling(other.text).keys()
    return len(first & second) >= NEAR * max(1, min(len(first), len(second)))

"""Diaries: what is written about a conversation when it is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digital_life.memory.records import Diary, Sentence
from digital_life.memory.sentences import extract, most_telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digital_life.memory.records import PastTurn
    from digital_life.memory.scribe import Scribe
    from digital_life.values import Language

MOST_SENTENCES = 12
TITLE_LENGTH = {"en": 60, "zh": 20}
"""Characters of a title that had to be cut from the first sentence."""


async def write(turns: Sequence[PastTurn], scribe: Scribe) -> Diary:
    """The diary of a conversation of one turn at least."""
    noted: list[Sentence] = []
    for turn in turns:
        noted += await scribe.speaking(turn.language).notes(turn)
    sentences = most_telling(noted, MOST_SENTENCES)
    as_said = [scribe.speaking(turn.language).said(turn) for turn in turns]
    plain = all(each.text in as_said for each in sentences)
    if not sentences:
        sentences = most_telling([Sentence(scribe.said(turn), (turn.id,)) for turn in turns], MOST_SENTENCES)
    language = language_of(turns)
    return Diary(
        id=0,
        conversation=turns[0].conversation,
        began=turns[0].began,
        ended=turns[-1].began,
        language=language,
        title=await scribe.title(sentences) or short_title(sentences[0].text, language),
        mood=await scribe.mood(turns),
        sentences=sentences,
        extract=plain,
    )


def joined(parts: Sequence[Diary]) -> Diary:
    """One page of a conversation of several people, from what was written of each; titled as the longest."""
    if len(parts) == 1:
        return parts[0]
    most = max(parts, key=lambda each: len(each.sentences))
    sentences = [sentence for part in parts for sentence in part.sentences]
    return replace(
        most,
        began=min(each.began for each in parts),
        ended=max(each.ended for each in parts),
        sentences=tuple(sorted(sentences, key=lambda each: each.sources[:1])),
        extract=all(each.extract for each in parts),
    )


def language_of(turns: Sequence[PastTurn]) -> Language:
    """The language in which most was said."""
    chinese = sum(turn.language == "zh" for turn in turns)
    return "zh" if 2 * chinese > len(turns) else "en"


def short_title(sentence: str, language: Language) -> str:
    """The beginning of a sentence, where no title could be made."""
    line, most = extract(sentence, language), TITLE_LENGTH[language]
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"

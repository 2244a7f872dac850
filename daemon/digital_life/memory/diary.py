"""Diaries: what is written about a conversation when it is over."""

from __future__ import annotations

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


def language_of(turns: Sequence[PastTurn]) -> Language:
    """The language in which most was said."""
    chinese = sum(turn.language == "zh" for turn in turns)
    return "zh" if 2 * chinese > len(turns) else "en"


def short_title(sentence: str, language: Language) -> str:
    """The beginning of a sentence, where no title could be made."""
    line, most = extract(sentence, language), TITLE_LENGTH[language]
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"

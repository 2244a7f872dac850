"""What an answer to a question of the introduction means, apart from names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from digital_life import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digital_life.values import Language

Reply = Literal["begin", "skip", "again", "yes", "no", "wrong", "question", "decline"]
LONGEST = 60
"""Characters of an answer; what is longer tells something else."""

_MARK = re.compile(r"[^\w'\s-]+|(?<!\w)[-']+|[-']+(?!\w)|_+")
_HAN = "[\u4e00-\u9fff]"
_BESIDE_HAN = re.compile(rf"(?<={_HAN})\s+|\s+(?={_HAN})")


def plain(said: str) -> str:
    """The words alone: a recogniser sets marks as it likes, and spaces between Chinese characters too."""
    bare = " ".join(_MARK.sub(" ", said.replace("’", "'")).split())
    return _BESIDE_HAN.sub("", bare)


def languages(said: str) -> tuple[Language, ...]:
    """All of them, the one that it is written in first."""
    return ("zh", "en") if re.search(_HAN, said) else ("en", "zh")


def means(reply: Reply, said: str) -> bool:
    """Whether that is what was meant, in any language: a short word is easily taken for one of another."""
    bare = plain(said)
    if reply == "question" and said.rstrip().endswith(("?", "？")):
        return True
    return any(words.load(each).match(f"introduction.heard.{reply}", bare) for each in languages(said))


def language_asked_for(said: str) -> Language | Literal["both"] | None:
    """The language that is named; None where none is."""
    bare = plain(said)
    if len(bare) > LONGEST:
        return None
    for pattern in _patterns("not-language"):
        bare = pattern.sub(" ", bare)
    named = [language for language, key in (("en", "english"), ("zh", "chinese")) if _found(key, bare)]
    if len(named) == 2 or (not named and _found("both", bare)):
        return "both"
    if _only_refused(said):
        return "zh" if _found("english", plain(said)) else "en"
    return None if not named else "en" if named[0] == "en" else "zh"


def choice(said: str) -> int | None:
    """Which of two is liked better: 0 or 1; None where that is not said."""
    bare = plain(said)
    first, second = _found("first", bare), _found("second", bare)
    if first != second:
        return 0 if first else 1
    return 1 if _found("any", bare) else None  # the one that speaks just now


def _only_refused(said: str) -> bool:
    """Whether one language is named only to be refused: it is the other one then."""
    bare = plain(said)
    named = [key for key in ("english", "chinese") if _found(key, bare)]
    return len(named) == 1 and _found("not-language", bare)


def _found(key: str, bare: str) -> bool:
    return any(pattern.search(bare) for pattern in _patterns(key))


def _patterns(key: str) -> Iterator[re.Pattern[str]]:
    for each in words.LANGUAGES:
        yield from words.load(each).patterns(f"introduction.heard.{key}")

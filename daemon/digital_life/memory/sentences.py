"""Whether a sentence that a model wrote may be believed, and what to take where none may. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digital_life.memory.records import Sentence
from digital_life.memory.terms import HAN, telling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from digital_life.values import Language

LONGEST = {"en": 220, "zh": 90}
"""Characters of one sentence."""
ROOTED = 0.4
"""Share of a sentence's telling words that its source must hold."""
HAN_SHARE = 0.3
"""Of the characters of a Chinese sentence; an English one has fewer."""
_SENTENCE = re.compile(r"(?:[^.!?。！？\n]|\.(?=\S))+[.!?。！？]*[\"”』」]?")
_HAN = re.compile(f"[{HAN}]")
_NUMBER = re.compile(r"\d+(?:[.:,]\d+)*")
_NAME = re.compile(r"(?<![.!?\"“] )(?<!^)\b[A-Z][a-z]+\b")
_SPEAKER = re.compile(r"([^\W\d_][\w .'-]{0,30}): ")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_QUOTED = re.compile(r"[《“\"『「]([^》”\"』」]+)[》”\"』」]")


def believable(text: str, source: str, language: Language, known: Collection[str] = ()) -> bool:
    """Whether `text` is a sentence in `language` that says nothing its `source` does not.

    `known` are names that may stand in it all the same.
    """
    return (
        bool(text.strip())
        and len(text) <= LONGEST[language]
        and language_fits(text, language)
        and not invented(text, source, known)
        and _rooted(text, source)
    )


def split(text: str) -> list[str]:
    """The sentences of `text`, each with its end."""
    return [each[0].strip() for each in _SENTENCE.finditer(text) if each[0].strip()]


def speaker(text: str) -> str:
    """Who said it, in small letters, where a talk of several is written as a play is; empty where it is not."""
    found = _SPEAKER.match(text)
    return found[1].casefold() if found else ""


def language_fits(text: str, language: Language) -> bool:
    share = len(_HAN.findall(text)) / max(1, len(text))
    return share >= HAN_SHARE if language == "zh" else share < HAN_SHARE


def invented(text: str, source: str, known: Collection[str] = ()) -> set[str]:
    """Numbers, names and quoted titles of `text` that stand neither in `source` nor among what is `known`."""
    said = source.casefold()
    names = {each for each in _NAME.findall(text) if each not in known}
    numbers = set(_NUMBER.findall(text)) - set(_NUMBER.findall(source))
    # A small model falls into English in the middle of a Chinese sentence.
    foreign = set(_LATIN.findall(text)) - set(known) if language_fits(text, "zh") else set()
    return numbers | {each for each in (*names, *foreign, *_QUOTED.findall(text)) if each.casefold() not in said}


def _rooted(text: str, source: str) -> bool:
    """English by its words; Chinese by its characters, for the same is seldom said with the same words."""
    words, held = telling(text), telling(source)
    latin, han = (
        [word for word in words if not _HAN.match(word)],
        {each for word in words for each in _HAN.findall(word)},
    )
    common = sum(word in held for word in latin) + sum(each in source for each in han)
    return common >= ROOTED * max(1, len(latin) + len(han))


def extract(text: str, language: Language) -> str:
    """`text`, as much of it as one sentence may be long."""
    line = " ".join(text.split())
    limit = LONGEST[language]
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def salience(sentence: Sentence) -> int:
    """How much it tells: its different telling words, names and numbers twice."""
    extra = {*_NUMBER.findall(sentence.text), *_NAME.findall(sentence.text), *_QUOTED.findall(sentence.text)}
    return len(telling(sentence.text)) + len(extra)


def most_telling(sentences: Sequence[Sentence], most: int) -> tuple[Sentence, ...]:
    """The `most` sentences that tell most, in their order, none twice."""
    different = without_repeats(sentences)
    kept = sorted(range(len(different)), key=lambda n: (-salience(different[n]), n))[:most]
    return tuple(different[n] for n in sorted(kept))


def without_repeats(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Each thing once: a sentence whose telling words another one has all is left out, its sources go to that one."""
    kept: list[Sentence] = []
    for each in sentences:
        words = telling(each.text).keys()
        twin = next((n for n, other in enumerate(kept) if words and words <= telling(other.text).keys()), None)
        if twin is None:
            kept.append(each)
        else:
            sources = tuple(dict.fromkeys((*kept[twin].sources, *each.sources)))
            kept[twin] = Sentence(kept[twin].text, sources)
    return kept


def what_is_left(sentence: Sentence, gone: Collection[int], told: Callable[[int], str | None]) -> Sentence | None:
    """What a derived sentence becomes when some of its turns are forgotten: what the others said; None: nothing."""
    for turn in sentence.sources:
        text = told(turn) if turn not in gone else None
        if text:
            return Sentence(text, (turn,))
    return None

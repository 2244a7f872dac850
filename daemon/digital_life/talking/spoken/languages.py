"""Which stretch of a mixed text is Chinese and which English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life.talking.spoken.tables import CHINESE, ENGLISH, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digital_life.values import Language

HAN = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""For a character class. Kana too: the Chinese voice comes nearer to them than the English one."""
_COUNTS = "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b\u2460-\u24ff\u2776-\u2793\u3200-\u33ff"
LETTER = f"[^\\W\\d_{HAN}{_COUNTS}]"
OPENING = "([{（“‘「『【《〈"
QUOTES = "\"'"

_HAN_CHAR = re.compile(f"[{HAN}]")
_UNIT = any_of({*ENGLISH.units, *CHINESE.units, *ENGLISH.currencies} - {"K"})
_SIGN = "[-+\u2212±≈~<>≤≥]?"
_MONEY = "[$€£¥￥₹₩₽]"
_AFTER_NUMBER = rf"(?: ?(?:{_UNIT}|[ap]\.?m\.?|[AP]M)(?!{LETTER})|[%％‰])?"
# What both languages can say; which one does is decided by what stands around it.
_QUANTITY = (
    rf"(?<!{LETTER})(?<!\d)(?:{_SIGN}(?:{_MONEY} ?)?|v)"
    rf"\d[\d,.:/]{{0,40}}(?<![,.:/]){_AFTER_NUMBER}(?!{LETTER})(?!\d)"
)
_ADDRESS = r"(?:https?://|www\.)[!-~]{1,2000}|(?<![A-Za-z0-9.+_-])[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9.-]{1,255}"
_WORD = rf"(?:\d{{1,20}}|[@#])?{LETTER}+(?:['’.&+/@_-]?(?:{LETTER}|\d)+)*\+{{0,2}}"
_TOKEN = re.compile(f"(?P<address>{_ADDRESS})|(?P<either>{_QUANTITY})|(?P<en>{_WORD})|(?P<zh>[{HAN}]+)")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in one language."""

    start: int
    end: int
    language: Language


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    language: Language | Literal["either"]


def is_han(char: str) -> bool:
    """Whether a Chinese voice reads `char`."""
    return _HAN_CHAR.match(char) is not None


def segments(text: str, *, main: Language) -> list[Segment]:
    """Cut `text` where its language changes; numbers follow their neighbours, and `main` where those differ."""
    found: list[Segment] = []
    for token in _decided(text, list(_tokens(text)), main):
        if found and found[-1].language == token.language:
            found[-1] = Segment(found[-1].start, token.end, token.language)
        elif found:
            cut = _border(text, found[-1].end, token.start)
            found[-1] = Segment(found[-1].start, cut, found[-1].language)
            found.append(Segment(cut, token.end, token.language))
        else:
            found.append(Segment(0, token.end, token.language))
    if not found:
        return [Segment(0, len(text), main)] if text else []
    return [*found[:-1], Segment(found[-1].start, len(text), found[-1].language)]


def _tokens(text: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        language: Language | Literal["either"] = "either" if kind == "either" else "zh" if kind == "zh" else "en"
        yield _Token(match.start(), match.end(), language)


def _decided(text: str, tokens: Sequence[_Token], main: Language) -> Iterator[Segment]:
    after = _languages_after(tokens)
    before: Language | None = None
    for token, following in zip(tokens, after, strict=True):
        if token.language == "either":
            yield Segment(token.start, token.end, _of_number(text, token, (before, following), main))
        else:
            before = token.language
            yield Segment(token.start, token.end, token.language)


def _languages_after(tokens: Sequence[_Token]) -> list[Language | None]:
    found: list[Language | None] = []
    following: Language | None = None
    for token in reversed(tokens):
        found.append(following)
        if token.language != "either":
            following = token.language
    return found[::-1]


def _of_number(text: str, token: _Token, around: tuple[Language | None, Language | None], main: Language) -> Language:
    touching = text[max(0, token.start - 1) : token.start] + text[token.end : token.end + 1]
    if _HAN_CHAR.search(touching):
        return "zh"
    before, after = around
    if before and after and before != after:
        return main
    return before or after or main


def _border(text: str, end: int, start: int) -> int:
    """Closing marks and white space stay with what is before, opening marks go to what follows."""
    cut = start
    while cut > end and _opens(text, cut - 1):
        cut -= 1
    return cut


def _opens(text: str, at: int) -> bool:
    if text[at] in QUOTES:
        return text[at - 1].isspace()
    return text[at] in OPENING


def language_of(text: str, main: Language) -> Language:
    """The language a typed line is in: Chinese where there is Han, English where there are letters, else `main`."""
    if _HAN_CHAR.search(text):
        return "zh"
    return "en" if re.search(LETTER, text) else main


def begins_in(text: str, language: Language) -> bool:
    """Whether the first letter of `text` is one of `language`, or there is none yet."""
    first = re.search(f"[{HAN}]|{LETTER}", text)
    return not first or is_han(first.group()) == (language == "zh")

"""Characters in their plain form, and those that may stand in what is spoken."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEPT = frozenset("²³…")
"""Not taken apart: m2 would be said for m², and three full stops for a pause."""
_VULGAR = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞↉])")
_QUOTES = dict.fromkeys('"“”„«»「」『』《》〈〉', " ")
_ENGLISH_MARKS = {
    **_QUOTES,
    **dict.fromkeys("。｡", "."),
    **dict.fromkeys("，、､—–―()[]【】•·・", ", "),
    **dict.fromkeys("’‘`´ʼ", "'"),
    **dict.fromkeys("‐‑", "-"),
    "…": ".",
}
_CHINESE_MARKS = {
    **dict.fromkeys([*_QUOTES, *"‘’'"], ""),
    **dict.fromkeys(".｡…", "。"),
    **dict.fromkeys(",､—–―()[]【】•·・", "，"),
    "!": "！",
    "?": "？",
    ";": "；",
    ":": "：",
    "〇": "零",
}
_ENGLISH_KEPT = frozenset(",.!?;:'- ")
_CHINESE_KEPT = frozenset("，。！？；：、 ")


def plain(text: str) -> str:
    """Full-width, circled and other dressed-up characters as ordinary ones, all digits as 0 to 9."""
    if text.isascii():
        return text
    parted = _VULGAR.sub(" ", text)
    single = "".join(char if char in _KEPT else unicodedata.normalize("NFKC", char) for char in parted)
    counted = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in single)
    return unicodedata.normalize("NFC", counted)


def english_sound(text: str) -> str:
    """Letters and the marks that shape how English is said, nothing else."""
    kept = " ".join("".join(_sound(char, _ENGLISH_MARKS, _ENGLISH_KEPT, " ") for char in text).split())
    joined = _MARKS.sub(_strongest, _LOOSE.sub("", kept))
    return _spoken_or_nothing(joined)


def chinese_sound(text: str) -> str:
    """Characters and the marks that shape how Chinese is said, nothing else."""
    kept = "".join("".join(_sound(char, _CHINESE_MARKS, _CHINESE_KEPT, "") for char in text).split())
    return _spoken_or_nothing(_WIDE_MARKS.sub(_strongest, kept))


_LOOSE = re.compile(r" (?=[,.!?;:])|(?<![^\W\d_])['-]+|['-]+(?![^\W\d_])")
_MARKS = re.compile(r"[,.!?;:](?: ?[,.!?;:])+")
_WIDE_MARKS = re.compile(r"[，。！？；：、]{2,}")
_STRENGTH = "?？!！.。;；:：,，、"


def _sound(char: str, marks: Mapping[str, str], kept: frozenset[str], silence: str) -> str:
    char = marks.get(char, char)
    if char[:1] in kept or char.isspace():
        return char
    category = unicodedata.category(char) if char else ""
    if category[:1] == "L" or (category in {"Mn", "Mc"} and not _is_variation(char)):
        return char
    return silence


def _is_variation(char: str) -> bool:
    """Whether `char` only chooses between a sign and its picture."""
    return "\ufe00" <= char <= "\ufe0f" or char >= "\U000e0100"


def _strongest(marks: re.Match[str]) -> str:
    return min(marks[0].replace(" ", ""), key=_STRENGTH.index)


def _spoken_or_nothing(text: str) -> str:
    spoken = text.lstrip(" ,.!?;:'-，。！？；：、").rstrip()
    return spoken if any(char.isalpha() for char in spoken) else ""

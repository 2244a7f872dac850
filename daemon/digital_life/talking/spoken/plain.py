"""Characters in their plain form, and those that may stand in what is spoken."""

from __future__ import annotations

import re
import unicodedata

_KEPT = frozenset("²³…")
"""Not taken apart: m2 would be said for m², and three full stops for a pause."""
_VULGAR = re.compile("(?<=[0-9])(?=[¼-¾⅐-⅞↉])")
_QUOTES = dict.fromkeys("\"“”„«»「」『』《》〈〉", " ")
_ENGLISH_MARKS = {
    **_QUOTES,
    **dict.fromkeys("。｡", "."),
    **dict.fromkeys("，、､—–―()[]【】•·・", ","),
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


_LOOSE_MARKS = re.compile(r"\s+(?=[,.!?;:])|(?<![^\W\d_])['-]+|['-]+(?![^\W\d_])")
_MARK_RUN = re.compile(r"[,.!?;:](?:\s*[,.!?;:])+")
_LEADING = re.compile(r"^[\s,.!?;:'-]+")


def english_only(text: str) -> str:
    """Letters and the marks that shape how they are said."""
    kept = "".join(map(_english, text))
    return _tidy(kept, _LOOSE_ENGLISH, _RUN_ENGLISH)

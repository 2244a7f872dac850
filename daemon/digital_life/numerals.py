"""Numbers as they are said in either language: "3", "twenty-five", "a few", "21st", "十五", "二〇二五"."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from digital_life import words
from digital_life.values import Language

DIGITS = "[0-9]{1,4}"
"""Whoever says more of them does not count with them."""


def pattern(language: Language) -> str:
    """A regular expression, without groups, of the exact numbers of `language`."""
    return f"(?:{DIGITS}|{'|'.join(words.load(language).texts('numbers.forms'))})"


def vague(language: Language) -> str:
    """As `pattern`, and what is counted only roughly: "a few", "几"."""
    return f"(?:{'|'.join(words.load(language).texts('numbers.vague-forms'))}|{pattern(language)})"


def number(written: str) -> int:
    """What a number that one of the patterns matched is worth. Raises ValueError for what is no number."""
    plain = written.strip().lower()
    digits = re.match(r"\d+", plain)
    if digits:
        return int(digits[0])
    values = _values("names")
    if plain in values:
        return values[plain]
    tokens = [each for each in re.findall(r"[a-z]+|[^\sa-z-]", plain) if each not in _silent()]
    if not tokens or not all(each in values or each in _values("scales") for each in tokens):
        raise ValueError(written)
    return _sum(tokens)


def _sum(tokens: Sequence[str]) -> int:
    values, scales = _values("names"), _values("scales")
    if len(tokens) > 1 and all(values.get(each, 10) < 10 for each in tokens):
        return int("".join(str(values[each]) for each in tokens))  # Digit by digit: 二〇二五, "oh five".
    total = pending = 0
    for each in tokens:
        if each in scales:
            total, pending = total + (pending or 1) * scales[each], 0
        else:
            pending += values[each]
    return total + pending


@functools.cache
def _values(key: str) -> Mapping[str, int]:
    return {name: int(value) for each in words.LANGUAGES for name, value in words.load(each).pairs(f"numbers.{key}")}


@functools.cache
def _silent() -> frozenset[str]:
    return frozenset(each for language in words.LANGUAGES for each in words.load(language).texts("numbers.silent"))

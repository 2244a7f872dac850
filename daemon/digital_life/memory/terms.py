"""The words of a text that tell what it is about, in Chinese and in English."""

from __future__ import annotations

import functools
import itertools
import logging
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import jieba
import snowballstemmer

if TYPE_CHECKING:
    from collections.abc import Iterator

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(f"(?P<han>[{HAN}]+)|(?P<word>[^\\W_{HAN}]+)")
_WORD = re.compile(r"\S+")
_LONG = 2
"""A Chinese word of more characters is also found by its parts."""

jieba.setLogLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Term:
    """One word, as the index knows it, and where it stands in the text."""

    text: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """Every word of `text`: English as its stem, Chinese cut by meaning, the parts of a long word beside it."""
    for piece in _PIECE.finditer(text):
        if piece["word"]:
            yield Term(_stem(piece["word"].casefold()), piece.start(), piece.end())
        else:
            yield from (Term(word, piece.start() + start, piece.start() + end) for word, start, end in _cut(piece[0]))


def as_they_are(text: str) -> Iterator[Term]:
    """The words of a text that is made of terms, with spaces between them."""
    return (Term(word[0], word.start(), word.end()) for word in _WORD.finditer(text))


def telling(text: str) -> dict[str, None]:
    """The different words of `text` that are not mere grammar, in order."""
    return dict.fromkeys(term.text for term in terms(text) if term.text not in _grammar())


def pairs(text: str) -> dict[tuple[str, str], None]:
    """The different pairs of words that stand side by side in `text`, one of the two telling, in order."""
    found = list(terms(text))
    return dict.fromkeys(
        (one.text, other.text)
        for one, other in itertools.pairwise(found)
        if 0 <= other.start - one.end <= 1 and not {one.text, other.text} <= _grammar()
    )


def _cut(han: str) -> Iterator[tuple[str, int, int]]:
    for word, start, end in jieba.tokenize(han):
        yield word, start, end
        if len(word) > _LONG:
            for at in range(start, end - 1):
                if han[at : at + 2] in jieba.dt.FREQ:
                    yield han[at : at + 2], at, at + 2


@functools.lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@functools.cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@functools.cache
def _grammar() -> frozenset[str]:
    table = tomllib.loads((resources.files(__package__) / "terms.toml").read_text(encoding="utf-8"))
    return frozenset(_stem(word) for word in table["en"].split()) | frozenset(table["zh"].split())

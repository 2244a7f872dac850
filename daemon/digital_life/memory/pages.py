"""Pages of a long text or of a life: where one may end, which are likely meant, what of them fits. Pure.

Lee et al., "A Human-Inspired Reading Agent with Gist Memory of Very Long Contexts" (ReadAgent), ICML 2024
(arXiv:2402.09727). A model chooses the breaks, writes the gists and names the pages to look up (see `reader`).
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.memory.recall import alike, excerpt
from digital_life.memory.sentences import split
from digital_life.memory.terms import HAN, telling

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from digital_life.ports import Embedder

LEAST = 280
MOST = 600
"""Words of a page; between the two the model chooses where it ends."""
PIECE = 120
"""Words from which on a paragraph is cut into several: a page ends between two pieces."""
AT_ONCE = 5
"""Pages that may be looked up for one question."""
RAW = 0.75
"""Share of the room that the pages looked up may take; the gists of the others have the rest."""
MARK = 6
"""Tokens of the mark before a page."""
WORDS = 0.5
"""Of how likely a page is; how near its gist is in meaning makes the rest, as for memories (see `recall`)."""
_WORD = re.compile(f"[{HAN}]|[^\\W_{HAN}]+")
_NUMBER = re.compile(r"\d+")
_ENDED = re.compile(r"[.!?:;。！？：；…][\"”』」)）]*$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph, or a part of a long one: a page is never cut within it."""

    text: str
    first: int
    last: int
    """Lines of the file, from 1, both included."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a text or of a life."""

    first: int
    last: int
    """Places of its pieces (paragraphs, turns), both included."""


def words_in(text: str) -> int:
    """Each Chinese character is one."""
    return len(_WORD.findall(text))


def pieces_of(text: str) -> list[Piece]:
    """The paragraphs of a text, which blank lines part; long ones are cut after lines, longer lines after sentences."""
    pieces: list[Piece] = []
    held: list[Piece] = []
    for number, line in enumerate(text.splitlines(), 1):
        for part in _parts(line):
            if _is_full(held, part):
                pieces.append(_joined(held))
                held = []
            held.append(Piece(part, number, number))
        if not line.strip() and held:
            pieces.append(_joined(held))
            held = []
    return [*pieces, _joined(held)] if held else pieces


def _is_full(held: Sequence[Piece], more: str) -> bool:
    """Whether a piece ends before `more`: with a sentence, where one ends soon enough."""
    words = sum(words_in(each.text) for each in held)
    return words + words_in(more) > PIECE and (bool(_ENDED.search(held[-1].text)) or words > PIECE) if held else False


def _parts(line: str) -> list[str]:
    """A line, or where it is long its sentences, a few together."""
    line = line.strip()
    if words_in(line) <= PIECE:
        return [line] if line else []
    parts = [""]
    for sentence in split(line):
        if parts[-1] and words_in(parts[-1]) + words_in(sentence) > PIECE:
            parts.append("")
        parts[-1] = joined((parts[-1], sentence))
    return [cut for part in parts for cut in _cut(part)]


def _cut(part: str) -> list[str]:
    """Where it is one endless sentence, it is cut all the same."""
    words = [found.start() for found in _WORD.finditer(part)]
    starts = [0, *words[PIECE::PIECE], len(part)] if len(words) > MOST else [0, len(part)]
    return [part[start:end].strip() for start, end in itertools.pairwise(starts)]


def _joined(lines: Sequence[Piece]) -> Piece:
    return Piece(joined([each.text for each in lines]), lines[0].first, lines[-1].last)


def joined(texts: Collection[str]) -> str:
    """One behind the other, with a space between them where they are not Chinese."""
    whole = ""
    for text in texts:
        close = not whole or not text or (ord(whole[-1]) > ord("\u2fff") and ord(text[0]) > ord("\u2fff"))
        whole += text if close else f" {text}"
    return whole


def may_end(lengths: Sequence[int], first: int, *, least: int = LEAST, most: int = MOST) -> range:
    """The places where the page that begins at `first` may end, from the lengths of all pieces in words."""
    words, earliest = lengths[first], first
    while words < least and earliest + 1 < len(lengths):
        earliest += 1
        words += lengths[earliest]
    latest = earliest
    while latest + 1 < len(lengths) and words + lengths[latest + 1] <= most:
        latest += 1
        words += lengths[latest]
    return range(earliest, latest + 1)


def paginated(
    pieces: Sequence[str], choose: Callable[[range], int], *, least: int = LEAST, most: int = MOST
) -> list[Page]:
    """Pages of `least` to `most` words, each ended where `choose` says; a piece is never cut."""
    lengths = [words_in(piece) for piece in pieces]
    pages: list[Page] = []
    first = 0
    while first < len(pieces):
        pages.append(Page(first, choose(may_end(lengths, first, least=least, most=most))))
        first = pages[-1].last + 1
    return pages


def pages_named(answer: str, shown: Collection[int], *, most: int = AT_ONCE) -> list[int]:
    """The pages that the model's answer names ("I want to look up Page [1, 3]"), of those it was shown."""
    numbers = dict.fromkeys(int(each) for each in _NUMBER.findall(answer))
    return [each for each in numbers if each in shown][:most]


def likeliest(pages: Sequence[str], question: str, near: Sequence[float]) -> list[int]:
    """Places of the pages, first those with the question's rare words and a gist `near` (0 to 1) to it."""
    held = [telling(page).keys() for page in pages]
    rarity = {
        word: math.log(1 + len(pages) / (1 + having))
        for word in telling(question)
        if (having := sum(word in each for each in held))
    }
    whole = sum(rarity.values()) or 1.0
    scores = [
        WORDS * sum(rarity[word] for word in rarity if word in words) / whole + (1 - WORDS) * near[n]
        for n, words in enumerate(held)
    ]
    return sorted(range(len(pages)), key=lambda n: (-scores[n], n))


def looked_up(gists: Mapping[int, str], raw: Mapping[int, str]) -> str:
    """What the model reads: the gists in their order, raw pages in the place of theirs."""
    return "\n".join(f"<Page {n}>\n{text}" for n, text in sorted({**gists, **raw}.items()))


@dataclass(frozen=True, slots=True)
class Room:
    """What fits before the model."""

    tokens: int
    size: Callable[[str], int]
    """Tokens of a text."""

    def raw(self, pages: Mapping[int, str], question: str) -> dict[int, str]:
        """The pages, whole where they fit; else as much of each, the sentences with most of the question's words."""
        left = int(RAW * self.tokens)
        kept: dict[int, str] = {}
        # The shortest first: what one leaves over goes to the others.
        for n, (number, text) in enumerate(sorted(pages.items(), key=lambda each: len(each[1]))):
            kept[number] = self._shortened(text, left // (len(pages) - n), question)
            left -= self.size(kept[number]) + MARK
        return kept

    def _shortened(self, text: str, most: int, question: str) -> str:
        size = self.size(text)
        return text if size <= most else excerpt(text, question, limit=len(text) * most // size)

    def gists(self, likely: Sequence[int], gists: Mapping[int, str], raw: Mapping[int, str]) -> dict[int, str]:
        """The gists of other pages than the raw ones, the likeliest that still fit."""
        left = self.tokens - sum(map(self.size, raw.values()))
        kept: dict[int, str] = {}
        for number in (each for each in likely if each not in raw):
            left -= self.size(gists[number]) + MARK
            if left < 0:
                break
            kept[number] = gists[number]
        return kept


def nearness_of(embedder: Embedder, question: str, texts: Iterable[str]) -> list[float]:
    """How near the meaning of the question is to that of each text, 0 to 1."""
    asked = embedder.query(question)
    return [alike(cosine(asked, embedder.passage(each), embedder.unit)) for each in texts]


def cosine(one: bytes, other: bytes, unit: float) -> float:
    """Of two meanings: vectors of signed bytes, of the length `unit`."""
    product = sum(a * b for a, b in zip(memoryview(one).cast("b"), memoryview(other).cast("b"), strict=True))
    return product / unit**2

"""Gist memory: pages with natural breaks, a gist of each, and raw pages looked up where the gists do not do.

Lee et al., "A Human-Inspired Reading Agent with Gist Memory of Very Long Contexts" (ReadAgent), ICML 2024
(arXiv:2402.09727). The model chooses the breaks, writes the gists and names the pages to look up: at once, one to five
of them, or one by one until it says STOP. Here is all that needs no model: where a page may end, what the model's
answers mean, how raw pages take the place of their gists; and stand-ins for the model by which the looking up can be
measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digital_life.memory.records import Sentence
from digital_life.memory.sentences import most_telling

if TYPE_CHECKING:
    from digital_life.memory.records import Hit, PastTurn

LEAST = 280
MOST = 600
"""Words of a page; between the two the model chooses where it ends."""
AT_ONCE = 5
"""Pages that may be looked up in parallel."""
STOP = "STOP"
GIST_SENTENCES = 4
"""Of the stand-in for the model's gist."""
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
_NUMBER = re.compile(r"\d+")

Choice = Callable[[int, int], int]
"""From the first and the last place where a page may end, the place where it does."""


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a text or of a life."""

    first: int
    last: int
    """Places of its pieces (paragraphs, turns), both included."""


def paginated(pieces: Sequence[str], choose: Choice, *, least: int = LEAST, most: int = MOST) -> list[Page]:
    """Pages of `least` to `most` words; a piece is never cut."""
    lengths = [len(_WORD.findall(piece)) for piece in pieces]
    pages: list[Page] = []
    first = 0
    while first < len(pieces):
        last = choose(*_ends(lengths, first, least, most))
        pages.append(Page(first, last))
        first = last + 1
    return pages


def _ends(lengths: Sequence[int], first: int, least: int, most: int) -> tuple[int, int]:
    """The first and the last place where the page that begins at `first` may end."""
    words, earliest = lengths[first], first
    while words < least and earliest + 1 < len(lengths):
        earliest += 1
        words += lengths[earliest]
    latest = earliest
    while latest + 1 < len(lengths) and words + lengths[latest + 1] <= most:
        latest += 1
        words += lengths[latest]
    return earliest, latest


def pages_named(answer: str, count: int, *, most: int = AT_ONCE) -> list[int]:
    """The pages, from 0, that the model's answer names ("I want to look up Page [1, 3]"), those that there are."""
    if STOP in answer:
        return []
    numbers = dict.fromkeys(int(each) for each in _NUMBER.findall(answer))
    return [each for each in numbers if each < count][:most]


def looked_up(gists: Sequence[str], raw: Mapping[int, str]) -> str:
    """What the model reads: the gists in their order, raw pages in the place of theirs."""
    return "\n".join(f"<Page {n}>\n{raw.get(n, gist)}" for n, gist in enumerate(gists))


# Stand-ins for the model.


def by_conversation(turns: Sequence[PastTurn]) -> Choice:
    """A page ends with a conversation where it may, else as late as it can."""
    ends = {n for n, turn in enumerate(turns) if n + 1 == len(turns) or turns[n + 1].conversation != turn.conversation}
    return lambda first, last: next((n for n in range(first, last + 1) if n in ends), last)


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a life."""

    turns: tuple[PastTurn, ...]
    gist: frozenset[int]
    """Numbers of the turns that its extract is made of."""


def told(turns: Sequence[PastTurn]) -> list[Told]:
    """The pages of a life and what stands for their gists."""
    pages = paginated([f"{turn.heard}\n{turn.said}" for turn in turns], by_conversation(turns))
    return [_told(turns[page.first : page.last + 1]) for page in pages]


def _told(turns: Sequence[PastTurn]) -> Told:
    sentences = [Sentence(f"{turn.heard}\n{turn.said}".strip(), (turn.id,)) for turn in turns]
    extract = most_telling(sentences, GIST_SENTENCES)
    return Told(tuple(turns), frozenset(number for each in extract for number in each.sources))


def ranked(pages: Sequence[Told], hits: Sequence[Hit]) -> list[int]:
    """The turns of the pages whose gists are nearest to the question in meaning; in each the nearest first."""
    near = {hit.ref: hit.cosine for hit in hits if hit.kind == "turn"}
    best = sorted(pages, key=lambda page: -max((near.get(number, -1.0) for number in page.gist), default=-1.0))
    return [
        turn.id
        for page in best[:AT_ONCE]
        for turn in sorted(page.turns, key=lambda turn: (-near.get(turn.id, -1.0), turn.id))
    ]

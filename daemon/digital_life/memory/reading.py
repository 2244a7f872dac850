"""A long text, read page by page and asked about; its gists are kept in a file, so that it is read once."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from digital_life.malformed import WRITTEN
from digital_life.memory.foreign import language_of
from digital_life.memory.pages import AT_ONCE, Page, Piece, Room, joined, likeliest, looked_up, pieces_of
from digital_life.memory.reader import Reader
from digital_life.seal import DamagedError, Seal, opened, shut

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.ports import Writer
    from digital_life.values import Language

log = logging.getLogger(__name__)

FOLDER = "readings"
"""In the home folder: a file of gists for each text and model."""
FORM = 1
"""Of these files, and of how a text is cut; those of another one are not found."""
SLACK = 64
"""Tokens that the marks of pages and of the model's template may take."""

Near = Callable[[str, Sequence[str]], Awaitable[Sequence[float]]]
"""How near the meaning of a question is to that of each of these texts, 0 to 1."""


class Read(msgspec.Struct, frozen=True):
    """A page that was read."""

    first: int
    last: int
    """Places of its pieces."""
    gist: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found out, and the pages looked up for it."""

    text: str
    """Empty when the model failed."""
    pages: tuple[int, ...]
    """Counted from 1, in the order in which they were looked up."""


@dataclass(frozen=True, slots=True)
class Mind:
    """Who reads."""

    writer: Writer
    near: Near
    tokens: Callable[[str], int]
    """How many a text takes."""
    room: int
    """Tokens that the model reads at most for one answer."""
    gists: int
    """That it reads at most when it chooses what to look up."""


class Reading:
    """One text."""

    def __init__(self, text: str, mind: Mind, *, kept: Path, seal: Seal | None = None) -> None:
        """`kept` is the file of its gists; see `file_of`. Raises MemoryFileError where `seal` does not open it."""
        self.mind = mind
        self._kept = kept
        self._seal = seal
        self.whole = text
        self.language: Language = language_of(text)
        self.pieces: Sequence[Piece] = pieces_of(text)
        self.read: list[Read] = _kept_in(kept, seal)

    @property
    def done(self) -> float:
        """Share of the text that is read, 0 to 1."""
        return (self.read[-1].last + 1) / len(self.pieces) if self.read else 0.0

    def lines(self, page: int) -> tuple[int, int]:
        """The first and the last line of a page, counted from 1."""
        read = self.read[page - 1]
        return self.pieces[read.first].first, self.pieces[read.last].last

    def text(self, page: int) -> str:
        read = self.read[page - 1]
        return "\n".join(each.text for each in self.pieces[read.first : read.last + 1])

    async def pages(self) -> AsyncGenerator[Read]:
        """All of them, one after the other, as they are read; each is kept at once."""
        for each in tuple(self.read):
            yield each
        reader = Reader(self.mind.writer, self.language)
        texts = [each.text for each in self.pieces]
        while (first := self.read[-1].last + 1 if self.read else 0) < len(texts):
            page: Page = await reader.page(texts, first)
            gist = await reader.gist(joined(texts[page.first : page.last + 1]))
            self.read.append(Read(page.first, page.last, gist))
            self._keep()
            yield self.read[-1]

    async def ask(self, question: str, *, one_by_one: bool = False) -> Answer:
        """The answer in the question's language, from pages that the model looks up at once or one by one.

        All pages must be read. The likeliest page is looked up in any case: a small model names pages badly.
        """
        reader = Reader(self.mind.writer, language_of(question))
        gists = {n: each.gist for n, each in enumerate(self.read, 1)}
        texts = {n: self.text(n) for n in gists}
        near = await self.mind.near(question, list(gists.values()))
        likely = [n + 1 for n in likeliest(list(texts.values()), question, near)]
        shown = {n: gists[n] for n in likely[: self.mind.gists]}
        room = self.room(reader, question)
        if one_by_one:
            chosen = await _one_by_one(reader, shown, texts, room, question)
        else:
            chosen = list(dict.fromkeys((likely[0], *await reader.pages(shown, question))))[:AT_ONCE]
        raw = room.raw({n: texts[n] for n in chosen}, question)
        pages = looked_up(room.gists(likely, gists, raw), raw)
        return Answer(await reader.answer(pages, question), tuple(chosen))

    def room(self, reader: Reader, question: str) -> Room:
        """What is left for pages when this is asked."""
        tokens = self.mind.tokens
        return Room(self.mind.room - SLACK - reader.overhead(question, tokens), tokens)

    def _keep(self) -> None:
        unfinished = self._kept.with_suffix(".part")
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(shut(msgspec.json.encode(self.read), self._seal))
            unfinished.replace(self._kept)
        except OSError as error:
            log.warning("the gists cannot be kept, the text will be read again: %s", error)


async def _one_by_one(
    reader: Reader, gists: dict[int, str], texts: dict[int, str], room: Room, question: str
) -> list[int]:
    """From the first of the `gists`, the likeliest page, on."""
    chosen = [next(iter(gists))]
    while len(chosen) < AT_ONCE:
        raw = room.raw({n: texts[n] for n in chosen}, question)
        page = await reader.next_page(room.gists(list(gists), gists, raw), raw, question)
        if page is None:
            break
        chosen.append(page)
    return chosen


def file_of(home: Path, text: str, model: str) -> Path:
    """Where the gists are kept that this model wrote of this text."""
    key = hashlib.sha256(f"{FORM}\n{model}\n{text}".encode()).hexdigest()
    return home / FOLDER / f"{key}.json"


def _kept_in(file: Path, seal: Seal | None) -> list[Read]:
    try:
        return msgspec.json.decode(opened(file.read_bytes(), seal, file), type=list[Read])
    except (OSError, DamagedError, *WRITTEN):  # none yet, or none of ours: it is read anew
        return []

"""Gist memory: pages with natural breaks, a gist of each, and raw pages looked up where the gists do not do.

Lee et al., "A Human-Inspired Reading Agent with Gist Memory of Very Long Contexts" (ReadAgent), ICML 2024
(arXiv:2402.09727), over a life: at rest the model cuts each conversation that is over into pages and writes their gists
(see `reader`); asked, it is shown gists and names one to five pages, whose turns come back. What it has not read yet
has an extract for a gist. Gists are notes whose sources are the turns of their page, so forgetting reaches them.
"""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life import words
from digital_life.memory import diary, recall
from digital_life.memory.foreign import language_of
from digital_life.memory.pages import AT_ONCE, cosine, joined, paginated
from digital_life.memory.policies.own import Own
from digital_life.memory.reader import Reader
from digital_life.memory.recall import Judged
from digital_life.memory.records import Hit, Sentence
from digital_life.memory.sentences import extract, most_telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digital_life.memory.dates import Span
    from digital_life.memory.notefile import Note
    from digital_life.memory.policies.own import Held, Run
    from digital_life.memory.records import PastTurn
    from digital_life.ports import Writer
    from digital_life.values import Recall, Standing

EXTRACT_SENTENCES = 4
"""Of a page without a gist."""


@dataclass(frozen=True, slots=True)
class Told:
    """A page of a life."""

    turns: tuple[PastTurn, ...]
    gist: str
    telling: frozenset[int] = frozenset()
    """Where no model has written the gist, numbers of the turns that it is made of."""
    meaning: bytes | None = None
    """Of a gist that was written, by the present embedder."""

    @property
    def dated(self) -> str:
        return f"{self.turns[0].began:%Y-%m-%d}: {self.gist}"


class Gist(Own):
    def standing(self, held: Held, standing: Standing) -> Standing:
        """The latest gist stands for sure; the ones before it where what is known of the user leaves room."""
        gists = [each.text for each in _written(held)][-held.settings.gist_limit :]
        return replace(standing, love=(*gists[:-1], *standing.love, *gists[-1:]))

    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        """The turns of the pages whose gists are nearest in meaning; in each page the nearest first."""
        pages, judged = _nearest(held, question, span)
        return [each for page in pages[:AT_ONCE] for each in _judged(page, judged)]

    async def look_up(self, run: Run, name: str, argument: str, question: str) -> tuple[Recall, ...] | None:
        """The turns of the pages that the model names, the nearest to the question first."""
        if name != "recall_by_need":
            return None
        need = f"{question} {argument}".strip()
        pages, judged, writer = await run(lambda held: _likely(held, need))
        if not writer or not pages:
            return None
        gists = {number: page.dated for number, page in enumerate(pages, 1)}
        named = await Reader(writer, language_of(question)).pages(gists, question)
        found = [each for number in named for each in _judged(pages[number - 1], judged)]
        return recall.recalls(sorted(found, key=lambda each: -each.hit.cosine), question) or None

    async def rest(self, run: Run, writer: Writer) -> None:
        """Read what was said in conversations that are over and belongs to no page yet."""
        while turns := await run(_unread):
            reader = Reader(writer, diary.language_of(turns))
            page = await reader.page([_text(turn) for turn in turns], 0)
            read = turns[: page.last + 1]
            gist = await reader.gist("\n".join(map(_text, read)), of="gist-talk")
            await run(functools.partial(_keep, turns=read, gist=gist))


def told(turns: Iterable[PastTurn], notes: Iterable[Note] = (), *, embedder: str = "") -> list[Told]:
    """The pages of a life in their order: those that are read, and of each conversation what is not yet."""
    left = {turn.id: turn for turn in turns}
    pages = []
    for note in notes:
        held = tuple(left.pop(number) for number in note.sources if number in left)
        if held:
            pages.append(Told(held, note.text, meaning=note.meaning if note.embedder == embedder else None))
    for _, talk in itertools.groupby(left.values(), key=lambda turn: turn.conversation):
        unread = list(talk)
        cut = paginated([_text(turn) for turn in unread], lambda places: places[-1])
        pages += [_extracted(tuple(unread[page.first : page.last + 1])) for page in cut]
    return sorted(pages, key=lambda page: page.turns[0].id)


@functools.lru_cache(maxsize=4096)
def _extracted(turns: tuple[PastTurn, ...]) -> Told:
    """With the turns that tell most for a gist."""
    kept = most_telling([Sentence(_text(turn), (turn.id,)) for turn in turns], EXTRACT_SENTENCES)
    gist = joined([extract(each.text, diary.language_of(turns)) for each in kept])
    return Told(turns, gist, frozenset(number for each in kept for number in each.sources))


def _text(turn: PastTurn) -> str:
    return words.load(turn.language).text("scribe.talk", heard=turn.heard, said=turn.said)


def _written(held: Held) -> list[Note]:
    return sorted(held.store.notes.notes("gist"), key=lambda note: note.sources)


def _unread(held: Held) -> list[PastTurn]:
    """Of one conversation that is over, the turns that belong to no page; none when all do."""
    read = {number for note in held.store.notes.notes("gist") for number in note.sources}
    talking = held.current.id if held.current else None
    unread = [turn for turn in held.store.all_turns() if turn.id not in read and turn.conversation != talking]
    return [turn for turn in unread if turn.conversation == unread[0].conversation]


def _keep(held: Held, *, turns: Sequence[PastTurn], gist: str) -> None:
    """Unless some of the page was forgotten while it was read: then what is left is read anew."""
    numbers = tuple(turn.id for turn in turns)
    if held.store.turns_numbered(numbers) == list(turns):
        embedder = held.store.meanings.embedder
        meaning = embedder.passage(gist)
        held.store.notes.add("gist", held.now, Sentence(gist, numbers), meaning=meaning, embedder=embedder.name)


def _likely(held: Held, need: str) -> tuple[list[Told], dict[int, Judged], Writer | None]:
    """As many pages as the model may look through, in their order."""
    pages, judged = _nearest(held, need, None)
    likely = sorted(pages[: held.settings.gist_limit], key=lambda page: page.turns[0].id)
    return likely, judged, held.writer


def _nearest(held: Held, question: str, span: Span | None) -> tuple[list[Told], dict[int, Judged]]:
    """All pages, those with the nearest gists first, and what was found of their turns by number."""
    store = held.store
    judged = {
        each.hit.ref: each
        for each in recall.judged(store.index.search(question, span), span, held.now)
        if each.hit.kind == "turn"
    }
    asked = store.meanings.embedder.query(question)

    def near(page: Told) -> float:
        if page.meaning is not None:
            return cosine(asked, page.meaning, store.meanings.embedder.unit)
        numbers = page.telling or {turn.id for turn in page.turns}
        return max((judged[number].hit.cosine for number in numbers if number in judged), default=-1.0)

    pages = told(store.all_turns(), _written(held), embedder=store.meanings.embedder.name)
    return sorted(pages, key=near, reverse=True), judged


def _judged(page: Told, judged: dict[int, Judged]) -> list[Judged]:
    """Its turns, the nearest first; one that no search found is the farthest."""
    turns = [judged.get(turn.id) or Judged(_hit(turn), 0.0) for turn in page.turns]
    return sorted(turns, key=lambda each: (-each.hit.cosine, each.hit.ref))


def _hit(turn: PastTurn) -> Hit:
    text = f"{turn.heard}\n{turn.said}".strip()
    return Hit(0, "turn", turn.id, turn.began, text, 1.0, turn.began, -1.0, 0.0, conversation=turn.conversation)

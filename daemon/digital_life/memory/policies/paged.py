"""Paged memory: a context of fixed size, and functions by which the model pages in what lies outside of it.

Packer et al., "MemGPT: Towards LLMs as Operating Systems" (arXiv:2310.08560): a working context that the model appends
to and replaces in; a queue of messages with a recursive summary at its head; a warning when the queue is 70 % full and
a flush of its older half when it is full; recall storage (all that was said, searched by words) and archival storage
(what the model put there, searched by meaning), both answered a page at a time; what a call comes to, its errors too,
goes back to the model as an event, and it goes on calling until it speaks.

Nothing is written while the model thinks, for it may think of a sentence that was not finished: what its calls change
is written when the turn is kept, with the turns that it came from.
"""

from __future__ import annotations

import operator
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from digital_life.memory import dates, recall
from digital_life.memory.policies.own import KEPT, Own
from digital_life.memory.records import Sentence
from digital_life.memory.terms import telling
from digital_life.values import Event, Recall, Shares
from digital_life.words import load

if TYPE_CHECKING:
    from digital_life.memory.dates import Span
    from digital_life.memory.notefile import Note
    from digital_life.memory.policies.own import Held, Run
    from digital_life.memory.recall import Judged
    from digital_life.memory.records import Hit
    from digital_life.memory.store import Store
    from digital_life.ports import Embedder
    from digital_life.values import Call, Standing, Turn

APPEND = "core_memory_append"
REPLACE = "core_memory_replace"
INSERT = "archival_memory_insert"
SEARCH_ARCHIVE = "archival_memory_search"
SEARCH_SAID = "conversation_search"
CHAINED = 5
"""Calls in one turn; the paper has no limit, but somebody waits for the answer."""
PAGE = 5
"""Results at a time."""
RESULT = 120
"""Characters of one result."""
WORKING = 700
"""Characters of the working context: the published code's 2,000 of 8,192 tokens are that of the 3,000 tokens here."""
SHARES = Shares(examples=0.27, love=0.15, summarised=1.0, warned=0.7)
"""There are five functions to teach; the working context in its worst case, which is Chinese; and how full the queue is
when it is flushed and warned of."""
_ASKED = re.compile(
    r"(?P<query>.*?)(?:[,，;；]\s*(?:page\s*|第\s*)?(?P<page>\d{1,2})\s*页?)?\s*", re.IGNORECASE | re.DOTALL
)
_BECOMES = re.compile(r"\s*(?:->|=>|→)\s*")

T = TypeVar("T")


class Refused(ValueError):  # noqa: N818 - the model hears of it, no person
    """What the model asked of its working context cannot be done; `outcome` is the event that tells it so."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def appended(context: Sequence[Sentence], line: Sentence, *, most: int = WORKING) -> tuple[Sentence, ...]:
    """Raises Refused when it says nothing, stands there already or there is no room for it."""
    if not line.text:
        raise Refused("empty")
    if any(line.text in each.text for each in context):
        raise Refused("known")
    return _within((*context, line), most)


def replaced(context: Sequence[Sentence], old: str, line: Sentence, *, most: int = WORKING) -> tuple[Sentence, ...]:
    """With `line` in the place of `old`, which is a line or part of one; a line of which nothing is left is gone.

    Raises Refused when `old` stands nowhere, or there is no room.
    """
    at = next((n for n, each in enumerate(context) if old and old.casefold() in each.text.casefold()), None)
    if at is None:
        raise Refused("not-there")
    before = context[at]
    begins = before.text.casefold().index(old.casefold())
    text = (before.text[:begins] + line.text + before.text[begins + len(old) :]).strip()
    new = Sentence(text, tuple(dict.fromkeys((*before.sources, *line.sources))))
    return _within((*context[:at], *([new] if text else []), *context[at + 1 :]), most)


def _within(context: tuple[Sentence, ...], most: int) -> tuple[Sentence, ...]:
    if len("\n".join(each.text for each in context)) > most:
        raise Refused("full")
    return context


def written(context: Sequence[Sentence], name: str, argument: str, sources: Sequence[int] = ()) -> tuple[Sentence, ...]:
    """The working context after one call; the same when the call does not concern it. Raises Refused."""
    if name == INSERT and not argument:
        raise Refused("empty")
    if name == APPEND:
        return appended(context, Sentence(argument.strip(), tuple(sources)))
    if name == REPLACE:
        old, *new = _BECOMES.split(argument.strip(), maxsplit=1)
        if not new:
            raise Refused("form")
        return replaced(context, old, Sentence(new[0], tuple(sources)))
    return tuple(context)


def after(context: Sequence[Sentence], calls: Iterable[Call]) -> tuple[Sentence, ...]:
    """The working context after these calls; those that cannot be done change nothing."""
    for call in calls:
        try:
            context = written(context, call.name, call.argument)
        except Refused:
            continue  # the model was told
    return tuple(context)


@dataclass(frozen=True, slots=True)
class Results(Generic[T]):
    """One page of what a search found."""

    found: tuple[T, ...]
    page: int
    """From 0."""
    pages: int


def page(found: Sequence[T], number: int, *, size: int = PAGE) -> Results[T]:
    """Page `number`; one that there is not is empty."""
    return Results(tuple(found[max(0, number) * size : (number + 1) * size]), number, -(-len(found) // size))


def searched(argument: str) -> tuple[str, int]:
    """What a search is for and which page of it, from 1, in `the cat, 2`."""
    found = _ASKED.fullmatch(argument)
    return (found["query"].strip(" \"'"), int(found["page"] or 1)) if found else (argument, 1)


def came_of(text: str, number: int, seen: Mapping[int, str]) -> tuple[int, ...]:
    """The turns of which a text tells, that of its call first.

    Of those that the model saw these are the ones with which it shares words, and all when it shares them with none.
    """
    words = telling(text).keys()
    sharing = [each for each, said in seen.items() if words & telling(said).keys()]
    return tuple(dict.fromkeys((number, *(sharing or seen))))


def ranked(hits: Sequence[Hit]) -> list[int]:
    """Turns as two searches bring them, page by page in turn: by words in recall storage, by meaning in the archive.

    The stand-in for a model, which would write the searches itself and read until it has what it wants.
    """
    turns = [hit for hit in hits if hit.kind == "turn"]
    by_words = sorted((hit for hit in turns if hit.matched), key=lambda hit: (-hit.matched, -hit.ref))
    by_meaning = sorted(turns, key=lambda hit: (-hit.cosine, -hit.ref))
    most = max(page(by_words, 0).pages, page(by_meaning, 0).pages)
    found = [hit for n in range(most) for search in (by_meaning, by_words) for hit in page(search, n).found]
    return list(dict.fromkeys(hit.ref for hit in found))


class Paged(Own):
    """The model looks after its memory itself."""

    calls: ClassVar[tuple[str, ...]] = (APPEND, REPLACE, INSERT, SEARCH_ARCHIVE, SEARCH_SAID)
    writes: ClassVar[frozenset[str]] = frozenset({APPEND, REPLACE, INSERT})
    own_notes = "working"
    chained: ClassVar[int] = CHAINED
    taught: ClassVar[str] = "paged"
    shares: ClassVar[Shares] = SHARES

    def standing(self, held: Held, standing: Standing) -> Standing:
        return replace(standing, love=tuple(each.text for each in working(held.store)))

    def ranked(self, held: Held, question: str, span: Span | None) -> list[Judged]:
        hits = held.store.index.search(question, span)
        judged = {each.hit.ref: each for each in recall.judged(hits, span, held.now) if each.hit.kind == "turn"}
        return [judged[number] for number in ranked(hits)]

    def unasked(self, held: Held, question: str, span: Span | None) -> list[Judged]:  # noqa: ARG002 - as Own's
        """Nothing: what is not asked for stays outside."""
        return []

    async def look_up(self, run: Run, name: str, argument: str, question: str) -> tuple[Recall, ...] | None:  # noqa: ARG002
        """What a tool finds that recalls before the model is asked: the first page of recall storage."""
        return page(await run(lambda held: _of_said(held, question)), 0).found

    async def event(self, run: Run, name: str, argument: str, before: Sequence[Call]) -> Event | None:
        if name in {SEARCH_SAID, SEARCH_ARCHIVE}:
            if any((each.name, each.argument) == (name, argument) for each in before):
                return Event("asked")  # a small model would ask it again and again
            search = _of_said if name == SEARCH_SAID else _of_archive
            query, number = searched(argument)
            return _told(page(await run(lambda held: search(held, query)), number - 1))
        try:
            written(after(await run(lambda held: working(held.store)), before), name, argument)
        except Refused as error:
            return Event(error.outcome)
        return Event("kept")

    def kept(self, held: Held, turn: Turn, number: int) -> None:
        lines = before = working(held.store)
        seen = _seen(held, turn)
        for name, argument in map(_meant, turn.calls, [turn] * len(turn.calls)):
            sources = came_of(argument, number, seen)
            try:
                lines = written(lines, name, argument, sources)
            except Refused:
                continue  # the model was told
            if name == INSERT:
                _insert(held, Sentence(argument, sources))
        if lines != before:
            held.store.notes.replace("working", held.now, lines)


def _meant(call: Call, turn: Turn) -> tuple[str, str]:
    """What the user asked to keep for good stands in the working context too."""
    if call.name != KEPT:
        return call.name, call.argument
    return APPEND, load(turn.heard.language).text("scribe.said", text=call.argument)


def _seen(held: Held, turn: Turn) -> dict[int, str]:
    """The turns before the model's eyes when it called, its own among them, and their words."""
    found = [each.ref for call in turn.calls for each in call.found if each.kind == "turn"]
    talk = held.current
    running = held.store.turns(talk.id, after=talk.summarised_to) if talk else []
    turns = [*running, *held.store.turns_numbered(found)]
    return {each.id: f"{each.heard}\n{each.said}" for each in turns}


def working(store: Store) -> tuple[Sentence, ...]:
    """The working context, line by line."""
    return tuple(Sentence(each.text, each.sources) for each in store.notes.notes("working"))


def _insert(held: Held, passage: Sentence) -> None:
    embedder = held.store.meanings.embedder
    meaning = embedder.passage(passage.text)
    held.store.notes.add("archive", held.now, passage, meaning=meaning, embedder=embedder.name)


def _of_said(held: Held, query: str) -> list[Recall]:
    """Recall storage: first what was said on the days that the query names, then what has most of its words."""
    span = dates.find(query, held.now.date())
    found = [
        (span is not None and hit.when.date() in span, hit.matched, hit.ref, hit)
        for hit in held.store.index.search(query, span)
        if hit.kind == "turn"
    ]
    best = sorted((each for each in found if each[0] or each[1]), key=lambda each: each[:3], reverse=True)
    return [Recall("turn", hit.ref, hit.when, recall.excerpt(hit.text, query, RESULT), hit.matched) for *_, hit in best]


def _of_archive(held: Held, query: str) -> list[Recall]:
    """Archival storage: what is near in meaning, the nearest first."""
    embedder = held.store.meanings.embedder
    asked = embedder.query(query)
    found = [
        (_cosine(_meaning(note, embedder), asked, embedder.unit), note) for note in held.store.notes.notes("archive")
    ]
    return [
        Recall("note", note.id, note.at, note.text, recall.alike(cosine))
        for cosine, note in sorted(found, key=lambda each: (-each[0], -each[1].id))
        if cosine > recall.UNRELATED
    ]


def _meaning(note: Note, embedder: Embedder) -> bytes:
    """Of another embedder, or after some of it was forgotten, it is made anew."""
    return note.meaning if note.meaning and note.embedder == embedder.name else embedder.passage(note.text)


def _cosine(one: bytes, other: bytes, unit: float) -> float:
    product: int = sum(map(operator.mul, array("b", one), array("b", other)))
    return product / unit**2


def _told(results: Results[Recall]) -> Event:
    if not results.pages:
        return Event("nothing")
    number = results.page + 1
    outcome = "no-such-page" if not results.found else "last-page" if number == results.pages else "page"
    return Event(outcome, results.found, page=number, pages=results.pages)

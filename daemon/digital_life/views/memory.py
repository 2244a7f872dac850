"""The memory, as its page shows it: looked at, corrected, forgotten. Looking strengthens nothing."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, cast

import msgspec

from digital_life.errors import RequestError
from digital_life.memory import fading, recall
from digital_life.memory.dates import Span
from digital_life.memory.differences import Difference, differences
from digital_life.memory.life import Life
from digital_life.memory.recall import Judged
from digital_life.memory.records import CONCEPTS, ConceptKind, Day, Diary, Loss, PastTurn, Sentence
from digital_life.memory.wishes import about
from digital_life.values import GUEST, Person
from digital_life.web.resource import Call, Resource
from digital_life.words import Words, load

ROOT = "/api/memory"
PAGE = 60
"""Turns of a day that are sent at once."""
FOUND = 60
"""Of a search."""
MAYBE = 0.3
"""Score under which what was found bears hardly on what was asked."""
EXCERPT = 500
"""Characters of what was found."""
LONGEST = 2_000
"""Characters of a sentence that a person writes."""
MOST_SENTENCES = 300
MOODS = "scribe.moods"
"""Where the words for how a talk felt stand, in the same order in each language."""
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
"""Between them lies every life."""
DIGITS = 10
"""Of a number that anything is counted with."""
AHEAD = 3.0
"""So many times its strength a memory's fading is foretold: a twentieth is left then."""
LEAST_AHEAD = timedelta(days=7)

Sure = Literal["sure", "maybe", "faint"]


@dataclass(frozen=True, slots=True)
class Whose:
    life: str
    """Empty: everybody's."""
    name: str
    """Of the companion whose life it is."""


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for something that was found, each 0 to 1."""

    words: float
    meaning: float
    fresh: float
    literal: bool
    """Whether what was asked stands in it as it is."""


@dataclass(frozen=True, slots=True)
class Found:
    kind: Literal["turn", "diary"]
    number: int
    when: datetime
    text: str
    score: float
    sure: Sure
    why: Why
    people: list[Person]
    """Whose it is."""


@dataclass(frozen=True, slots=True)
class LostDiary:
    number: int
    title: str
    when: datetime
    whole: bool
    """Nothing of it is left."""
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class LostConcept:
    kind: str
    differences: list[Difference]


@dataclass(frozen=True, slots=True)
class Preview:
    """What goes when these turns are forgotten."""

    turns: list[PastTurn]
    diaries: list[LostDiary]
    concepts: list[LostConcept]
    older: int
    """Older versions of concepts that change too."""
    summary: list[Difference]
    """Of the talk that is going on."""
    notes: list[Difference]
    """What policies wrote for themselves."""
    aside: list[str]
    """Former files of this life, which forgetting does not reach."""


class Line(msgspec.Struct, frozen=True):
    """A sentence as a person left it."""

    text: str
    sources: list[int] = []
    """Turns that the sentence came from which stood there; none: it is new."""


class Edited(msgspec.Struct, frozen=True):
    sentences: list[Line]
    seen: str
    """The mark of what the person saw and changed."""
    title: str = ""


class Restored(msgspec.Struct, frozen=True):
    version: Annotated[int, msgspec.Meta(ge=1, lt=10**DIGITS)]
    seen: str


class Meant(msgspec.Struct, frozen=True):
    """Which turns: by their numbers, by their days, or by what they are about."""

    turns: list[int] = []
    first: date | None = None
    last: date | None = None
    about: str = ""


class Gone(msgspec.Struct, frozen=True):
    turns: list[int]


def resources(lives: Mapping[str, Life], *, names: Mapping[str, str]) -> tuple[Resource, ...]:
    """Of each life, asked for as `?life=…`; the empty one is everybody's. `names` are those of the companions."""
    view = MemoryView(lives, names)
    return (
        Resource("GET", ROOT, view.stats),
        Resource("GET", f"{ROOT}/months/{{month}}", view.month),
        Resource("GET", f"{ROOT}/days/{{day}}", view.day),
        Resource("GET", f"{ROOT}/turns", view.turns),
        Resource("GET", f"{ROOT}/diaries/{{number}}", view.diary),
        Resource("PUT", f"{ROOT}/diaries/{{number}}", view.edit_diary),
        Resource("DELETE", f"{ROOT}/diaries/{{number}}", view.delete_diary),
        Resource("GET", f"{ROOT}/search", view.search),
        Resource("GET", f"{ROOT}/concepts/{{kind}}", view.concept),
        Resource("PUT", f"{ROOT}/concepts/{{kind}}", view.edit_concept),
        Resource("GET", f"{ROOT}/concepts/{{kind}}/{{number}}", view.version),
        Resource("POST", f"{ROOT}/concepts/{{kind}}/restore", view.restore),
        Resource("POST", f"{ROOT}/forget/preview", view.preview),
        Resource("POST", f"{ROOT}/forget", view.forget),
        Resource("GET", f"{ROOT}/traces/{{kind}}/{{number}}", view.trace),
        Resource("GET", f"{ROOT}/time", view.time),
    )


def life_of(call: Call, lives: Mapping[str, Life]) -> Life:
    """The one that is asked for. Raises RequestError."""
    name = call.query.get("life", "")
    if name not in lives:
        raise RequestError("memory-no-life", name=name, status=404)
    return lives[name]


class MemoryView:
    def __init__(self, lives: Mapping[str, Life], names: Mapping[str, str]) -> None:
        self._lives = lives
        self._names = names

    def _life(self, call: Call) -> Life:
        return life_of(call, self._lives)

    def _known(self, call: Call) -> Life:
        """As far as it knows the person of the query; empty: the user."""
        return self._life(call).of(Person(call.query.get("person", "")))

    # Looking.

    async def stats(self, call: Call) -> object:
        life = self._life(call)
        return {
            "stats": await life.stats(),
            "forgotten": await life.forgotten(),
            "versions": {kind: len(await life.written(kind)) for kind in CONCEPTS},
            "today": life.today(),
            "people": [each for each in await life.people() if each != GUEST],
            "lives": [Whose(each, self._names.get(each, each)) for each in self._lives],
            "aside": [each.name for each in life.files_put_aside()],
        }

    async def month(self, call: Call) -> object:
        span = _month(call.path["month"])
        life = self._life(call)
        pages = await life.diaries(span)
        return {
            "days": await life.days(span),
            "diaries": [{"number": each.id, "day": each.day, "title": each.title} for each in pages],
        }

    async def day(self, call: Call) -> object:
        day = _day(call.path["day"])
        after = _count(call, "after")
        life, span = self._life(call), Span(day, day)
        turns = [each for each in await life.turns_of_days(span) if each.id > after]
        return {
            "turns": turns[:PAGE],
            "more": len(turns) > PAGE,
            "diaries": [_page(each, call.words) for each in await life.diaries(span)] if not after else [],
        }

    async def turns(self, call: Call) -> object:
        """Those of the numbers, as far as they are not forgotten."""
        asked = call.query.get("numbers", "").split(",")
        return await self._life(call).turns(
            [int(each) for each in asked if each.isascii() and each.isdecimal() and len(each) < DIGITS]
        )

    async def diary(self, call: Call) -> object:
        return _page(await self._diary(call), call.words)

    async def _diary(self, call: Call) -> Diary:
        page = await self._life(call).diary(call.number("number"))
        if page is None:
            raise RequestError("memory-no-diary", status=404)
        return page

    async def search(self, call: Call) -> object:
        text = call.query.get("text", "").strip()
        if not text:
            return []
        life = self._life(call)
        found = await life.look_for(text, _span(call.query.get("first", ""), call.query.get("last", "")))
        told = await life.told_by((each.hit.kind, each.hit.ref) for each in found)
        shown = [_found(each, text, people) for each, people in zip(found, told, strict=True)]
        return sorted(shown, key=lambda each: (not each.why.literal, -each.score))[:FOUND]

    async def concept(self, call: Call) -> object:
        kind, life = _kind(call), self._known(call)
        present = await life.concept(kind)
        sentences = present.sentences if present else ()
        return {"versions": await life.written(kind), "sentences": sentences, "seen": mark(sentences)}

    async def version(self, call: Call) -> object:
        """A version, and how it differs from the one before it, or from that of the query `against`."""
        kind, life, number = _kind(call), self._known(call), call.number("number")
        version = await life.version(kind, number) if number else None
        if version is None:
            raise RequestError("memory-no-version", status=404)
        against = _count(call, "against") or number - 1
        other = await life.version(kind, against) if against else None
        return {
            "number": number,
            "written": version.written,
            "differences": differences(other.sentences if other else (), version.sentences),
        }

    async def trace(self, call: Call) -> object:
        kind = call.path["kind"]
        if kind not in {"turn", "diary"}:
            raise RequestError("memory-no-trace", status=404)
        life = self._life(call)
        trace = await life.trace(cast("Literal['turn', 'diary']", kind), call.number("number"))
        if trace is None:
            raise RequestError("memory-no-trace", status=404)
        now = life.today()
        return {
            "made": trace.made,
            "now": now,
            "left": fading.left(trace, now),
            "strength": trace.strength,
            "recalls": fading.recalls(trace),
            "points": fading.curve(trace, now + max(LEAST_AHEAD, timedelta(days=AHEAD * trace.strength))),
            "text": trace.text[:EXCERPT],
        }

    async def time(self, call: Call) -> object:
        life = self._life(call)
        days = await life.days()
        return {
            "days": days,
            "forgotten": await life.forgotten(),
            "today": life.today(),
            "latest": await _latest(life, days),
        }

    # Correcting.

    async def edit_diary(self, call: Call) -> object:
        edited, page = call.read(Edited), await self._diary(call)
        sentences = await _sentences(edited, page.sentences, self._life(call))
        if not sentences:
            raise RequestError("memory-nothing-written")
        title = _line(edited.title) or page.title
        changed = replace(page, title=title, sentences=sentences)
        if not await self._life(call).change_diary(changed, before=page):
            raise RequestError("memory-changed-meanwhile", status=409)
        return _page(changed, call.words)

    async def delete_diary(self, call: Call) -> object:
        if not await self._life(call).delete_diary(call.number("number")):
            raise RequestError("memory-no-diary", status=404)
        return None

    async def edit_concept(self, call: Call) -> object:
        kind, edited, life = _kind(call), call.read(Edited), self._known(call)
        present = await life.concept(kind)
        stood = present.sentences if present else ()
        return await self._rewrite(call, kind, await _sentences(edited, stood, life), stood)

    async def restore(self, call: Call) -> object:
        """An older version becomes the newest again; those between stay."""
        kind, life, wanted = _kind(call), self._known(call), call.read(Restored)
        version = await life.version(kind, wanted.version)
        if version is None:
            raise RequestError("memory-no-version", status=404)
        present = await life.concept(kind)
        stood = present.sentences if present else ()
        _check_seen(wanted.seen, stood)
        return await self._rewrite(call, kind, version.sentences, stood)

    async def _rewrite(
        self, call: Call, kind: ConceptKind, sentences: Sequence[Sentence], stood: Sequence[Sentence]
    ) -> object:
        if not await self._known(call).rewrite_concept(kind, sentences, before=stood):
            raise RequestError("memory-changed-meanwhile", status=409)
        return await self.concept(call)

    # Forgetting.

    async def preview(self, call: Call) -> object:
        life = self._life(call)
        turns = await _meant(call.read(Meant), life)
        losses = await life.would_forget([each.id for each in turns])
        return preview(turns, losses, aside=[each.name for each in life.files_put_aside()])

    async def forget(self, call: Call) -> object:
        """Exactly these turns, which the person has seen, and what came of them."""
        life = self._life(call)
        turns = await life.turns(call.read(Gone).turns)
        if not turns:
            raise RequestError("memory-nothing-to-forget", status=404)
        await life.forget([each.id for each in turns])
        return {"forgotten": len(turns), "aside": [each.name for each in life.files_put_aside()]}


def preview(turns: list[PastTurn], losses: Sequence[Loss], *, aside: list[str]) -> Preview:
    """The losses, as a person looks at them: the older versions of a concept are only counted."""
    changed = {each: differences(each.before, each.after) for each in losses}
    return Preview(
        turns=turns,
        diaries=[
            LostDiary(each.number, each.what, each.when, not each.after, changed[each])
            for each in losses
            if each.owner == "diary"
        ],
        concepts=[LostConcept(each.what, changed[each]) for each in losses if each.owner == "concept" and each.present],
        older=sum(each.owner == "concept" and not each.present for each in losses),
        summary=[one for each in losses if each.owner == "summary" for one in changed[each]],
        notes=[one for each in losses if each.owner == "note" for one in changed[each]],
        aside=aside,
    )


def mark(sentences: Sequence[Sentence]) -> str:
    """Another for other sentences: whether somebody else changed them while a person wrote."""
    return hashlib.blake2b("\n".join(each.text for each in sentences).encode(), digest_size=8).hexdigest()


def _page(page: Diary, words: Words) -> dict[str, object]:
    return {
        "number": page.id,
        "began": page.began,
        "ended": page.ended,
        "language": page.language,
        "title": page.title,
        "mood": _mood(page, words),
        "extract": page.extract,
        "sentences": page.sentences,
        "seen": mark(page.sentences),
    }


def _mood(page: Diary, words: Words) -> str:
    """In the reader's language; one that is not among those it knows stays as it was written."""
    known = load(page.language).texts(MOODS)
    return words.texts(MOODS)[known.index(page.mood)] if page.mood in known else page.mood


def _found(judged: Judged, text: str, people: list[Person]) -> Found:
    hit = judged.hit
    literal = text.casefold() in hit.text.casefold()
    sure: Sure = "sure" if literal or judged.score >= recall.SURE else "maybe" if judged.score >= MAYBE else "faint"
    why = Why(round(hit.matched, 2), round(recall.alike(hit.cosine), 2), round(judged.fresh, 2), literal)
    excerpt = hit.text if hit.kind == "turn" else recall.excerpt(hit.text, text, limit=EXCERPT)
    return Found(hit.kind, hit.ref, hit.when, excerpt, round(judged.score, 2), sure, why, people)


async def _latest(life: Life, days: Sequence[Day]) -> dict[str, object] | None:
    """The latest diary, or before there is one the latest turn: a memory to begin looking at."""
    written = [each.day for each in days if each.diaries][-1:]
    spoken = [each.day for each in days if each.turns][-1:]
    for day in written:
        return {"kind": "diary", "number": (await life.diaries(Span(day, day)))[-1].id}
    for day in spoken:
        return {"kind": "turn", "number": (await life.turns_of_days(Span(day, day)))[-1].id}
    return None


async def _meant(meant: Meant, life: Life) -> list[PastTurn]:
    if meant.turns:
        return await life.turns(meant.turns)
    if meant.about:
        return await about(life, meant.about)
    if meant.first and meant.last:
        return await life.turns_of_days(Span(meant.first, meant.last))
    return []


async def _sentences(edited: Edited, stood: Sequence[Sentence], life: Life) -> tuple[Sentence, ...]:
    """What a person wrote; a sentence that was changed still comes from where it came from. Raises RequestError.

    Undoing a correction brings back nothing that was forgotten since.
    """
    _check_seen(edited.seen, stood)
    if len(edited.sentences) > MOST_SENTENCES:
        raise RequestError("memory-too-many", most=MOST_SENTENCES)
    there = {each.id for each in await life.turns({turn for line in edited.sentences for turn in line.sources})}
    written = [(_line(each.text), each.sources) for each in edited.sentences]
    return tuple(
        Sentence(text, tuple(turn for turn in sources if turn in there))
        for text, sources in written
        if text and (not sources or there & set(sources))
    )


def _check_seen(seen: str, stood: Sequence[Sentence]) -> None:
    if seen != mark(stood):
        raise RequestError("memory-changed-meanwhile", status=409)


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST:
        raise RequestError("memory-too-long", most=LONGEST)
    return line


def _kind(call: Call) -> ConceptKind:
    for kind in CONCEPTS:
        if kind == call.path["kind"]:
            return kind
    raise RequestError("memory-no-concept", status=404)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise RequestError("memory-no-day", written=written) from error


def _month(written: str) -> Span:
    first = _day(f"{written}-01")
    return Span(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def _span(first: str, last: str) -> Span | None:
    """From the one day to the other; an open end reaches as far as there is anything. None: all days."""
    if not first and not last:
        return None
    return Span(
        max(EARLIEST, _day(first)) if first else EARLIEST,
        min(LATEST, _day(last)) if last else LATEST,
    )


def _count(call: Call, name: str) -> int:
    """The number of the query; 0 where there is none."""
    written = call.query.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < DIGITS else 0

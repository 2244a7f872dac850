"""The memory as the rest of the program knows it: one life in one file, on one thread."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from digital_life.config import Memory as Settings
from digital_life.errors import MemoryFileError, PostponedError
from digital_life.memory import (
    adopting,
    anchors,
    archive,
    concepts,
    copies,
    diary,
    facts,
    harder,
    lifefile,
    premises,
    reading,
    recall,
    spreading,
)
from digital_life.memory.anchors import Anchored
from digital_life.memory.dates import Span
from digital_life.memory.explaining import Explanation, explained
from digital_life.memory.facts import Fact
from digital_life.memory.fading import Trace
from digital_life.memory.finding import LOOKED_UP, Finding, of_diary
from digital_life.memory.foreign import Foreign
from digital_life.memory.going import Going, place
from digital_life.memory.keeping import Keeping
from digital_life.memory.lifefile import DAMAGES, FAULTS, cause
from digital_life.memory.notefile import Note, NoteKind
from digital_life.memory.policies.own import Held
from digital_life.memory.recall import Judged
from digital_life.memory.records import (
    CONCEPTS,
    Concept,
    ConceptKind,
    Conversation,
    Day,
    Diary,
    Loss,
    PastTurn,
    Sentence,
    Stats,
    sentences_of,
)
from digital_life.memory.scribe import Scribe
from digital_life.memory.sentences import what_is_left
from digital_life.memory.store import Store
from digital_life.memory.waiting import Waiting
from digital_life.ports import Clock, Embedder, Writer
from digital_life.seal import Seal
from digital_life.tool import Outcome
from digital_life.values import (
    GUEST,
    USER,
    Call,
    Entry,
    Event,
    Language,
    Person,
    Recall,
    Reply,
    Said,
    Shares,
    Standing,
    Timings,
    Transcript,
    Turn,
    Unasked,
)
from digital_life.words import load
from digital_life.worker import Worker

log = logging.getLogger(__name__)

T = TypeVar("T")

UNSAVED_MOST = 1_000
"""Turns that are kept in mind while the file cannot be written; then the oldest are lost, and that is said."""
LATEST = 3
"""Diaries that it may ask about: older things are not asked about out of the blue."""
SUMMARY_SENTENCES = 20
FILL_AT_ONCE = 50
FACTS_OF = 10_000
"""Turns that are read through for what changed: with more it would take too long to wait for."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A new version of a concept, as it stands if nobody wrote into it meanwhile."""

    concept: Concept
    before: tuple[Sentence, ...]


class Life:
    """One life. It is a Memory, Diaries, an AgendaFile, a ListsFile and Openings (see ports)."""

    def __init__(
        self,
        going: Going,
        *,
        home: Path,
        worker: Worker,
        clock: Clock,
        who: Person | None = None,
    ) -> None:
        """`who`: the one person by whom it is seen; None: whoever looks after the whole life."""
        self._going = going
        self._home = home
        self._worker = worker
        self._clock = clock
        self._who = who
        self._finding = Finding(going, clock, who)
        self._keeping = Keeping(going, clock)

    @property
    def _store(self) -> Store:
        return self._going.store

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        home: Path,
        *,
        worker: Worker,
        embedder: Callable[[], Embedder],
        clock: Clock,
        settings: Settings,
        names: Sequence[str] = (),
        sound: Callable[[str], str] = str,
        seal: Seal | None = None,
    ) -> AsyncGenerator[Life]:
        """The life in the folder `home`. A damaged file is replaced by its newest copy, and that is logged.

        `names` may stand in what it writes; `sound` tells how a Chinese name is pronounced; `seal` is its key.
        Raises MemoryFileError.
        """
        with copies.used(home):
            opened = await worker.run(lambda: copies.open_life(home, embedder(), clock.now(), seal=seal))
            _tell_restored(opened)
            if seal and not opened.store.sealed_with:
                log.warning(
                    "there is a key, and the memory in %s is not sealed: `digital-life memory seal` does it", home
                )
            opened.store.index.sound = sound
            going = Going(opened.store, Waiting(home, seal), settings, tuple(names), unsaved=list(opened.left))
            life = cls(going, home=home, worker=worker, clock=clock)
            try:
                await worker.run(life._keeping.take_up)
                yield life
            finally:
                await worker.run(life._keeping.close)

    def beside(self, home: Path) -> AbstractAsyncContextManager[Life]:
        """Another life, in a folder of its own, on the same thread and with the same settings."""
        embedder, sound, seal = self._store.meanings.embedder, self._store.index.sound, self._store.seal
        return Life.open(
            home,
            worker=self._worker,
            embedder=lambda: embedder,
            clock=self._clock,
            settings=self._going.settings,
            names=self._going.names,
            sound=sound,
            seal=seal,
        )

    @property
    def seal(self) -> Seal | None:
        """Its key; None: it has none."""
        return self._store.seal

    def use(self, writer: Writer) -> None:
        """Whom recall by need asks to choose."""
        self._going.writer = writer

    def of(self, person: Person) -> Life:
        """The same life, of which nothing can be read but what this person may hear."""
        return Life(self._going, home=self._home, worker=self._worker, clock=self._clock, who=person)

    # What a conversation needs of it.

    async def standing(self) -> Standing:
        return await self._attempt(self._standing, otherwise=Standing())

    def _standing(self) -> Standing:
        store, now = self._store, self._clock.now()
        current = self._going.current(now)
        with store.seen_by(None):  # who was there when it was said, the prompt decides
            said = store.turns(current.id, after=current.summarised_to) if current else []
        texts = {kind: _texts(store.concept(kind)) for kind in CONCEPTS}
        standing = Standing(
            soul=texts["self"],
            love=texts["user"],
            met=store.began() or now,
            began=current.began if current else None,
            summary=tuple(each.text for each in store.summary(current.id)) if current else (),
            said=tuple(Said(each.id, each.began, each.language, each.heard, each.said, each.person) for each in said),
        )
        return self._going.policy.standing(self._going.held(self._clock.now()), standing)

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        if self._going.settings.recall == "tools":
            return ()
        return await self._attempt(lambda: self._finding.recall(question, unseen), otherwise=())

    async def days_of(self, anchored: Anchored) -> Span | None:
        """The days that hang on something else; None when nobody told when that was."""
        anchor = await self._attempt(lambda: self._finding.anchor(anchored), otherwise=None)
        return anchors.days(anchored, anchor) if anchor else None

    async def of_days(self, span: Span, question: str) -> tuple[Recall, ...]:
        """What was said or written of these days."""
        return await self._attempt(lambda: self._finding.of_days(span, question), otherwise=())

    async def check(self, heard: Transcript) -> Outcome | None:
        if not premises.supposes(heard.text):
            return None
        return await self._attempt(lambda: self._finding.check(heard), otherwise=None)

    async def list_all(self, question: str) -> tuple[Recall, ...]:
        """Every one of the things that are asked for, the earliest first."""
        return await self._attempt(lambda: self._finding.every(question), otherwise=())

    async def search(self, question: str) -> tuple[Recall, ...]:
        """The likeliest first, sure or not, what was said just now included. Raises MemoryFileError."""
        return await self._do(lambda: self._finding.search(question))

    async def is_at_hand(self, question: str) -> bool:
        """Whether what bears on the question stands before the model's eyes anyway, or was recalled in this talk.

        What was said in this talk need only be near: the model sees it, and to deny it is worse than to leave it to it.
        """
        return await self._attempt(lambda: self._finding.is_at_hand(question), otherwise=False)

    async def explain(self, question: str, *, most: int) -> Explanation:
        """Why the first of what `search` finds are found. Raises MemoryFileError."""

        def explanation() -> Explanation:
            span = self._finding.span(question)
            return explained(self._finding.ranked(question, span), question, span, most=most)

        return await self._do(explanation)

    async def facts(self, question: str = "") -> list[Fact]:
        """What is known to have changed, the oldest first: of what is found for `question`, or of the latest turns.

        Raises MemoryFileError.
        """
        if question:
            return await self._do(lambda: facts.of_found(self._finding.ranked(question, self._finding.span(question))))
        return await self._do(lambda: facts.of_life(self._store.latest_turns(FACTS_OF)))

    async def traces(self) -> list[Trace]:
        """How everything was remembered, the oldest first. Raises MemoryFileError."""
        return await self._do(self._store.traces.all)

    async def look_for(self, text: str, span: Span | None = None) -> list[Judged]:
        """For a person who looks: the likeliest first, sure or not, of these days, and all that holds the very text."""
        return await self._do(lambda: self._finding.look_for(text, span))

    @property
    def calls(self) -> tuple[str, ...]:
        return self._going.policy.calls

    @property
    def chained(self) -> int:
        return self._going.policy.chained

    @property
    def taught(self) -> str:
        return self._going.policy.taught

    @property
    def shares(self) -> Shares:
        """What it takes of the prompt."""
        return self._going.policy.shares

    async def event(self, name: str, argument: str, before: Sequence[Call]) -> Event | None:
        try:
            return await self._going.policy.event(self._run_held, name, argument, before)
        except MemoryFileError as error:
            log.warning("%s", error)
            return Event("failed")

    async def think_harder(self, question: str, writer: Writer | None) -> tuple[Recall, ...]:
        """The likeliest first, sure or not, whatever faded: what the question finds, joined with further searches.

        `writer` imagines what else to look for; without one only the question is taken apart. Raises MemoryFileError.
        """
        imagined = await harder.imagined(writer, question) if writer else ()
        texts = (question, *harder.searches(question, imagined))
        found = await self._do(lambda: [self._finding.unfaded(each) for each in texts])
        return recall.recalls(harder.joined(found[0], found[1:]), question)

    async def try_harder(self, said: str, *, room: str = "") -> tuple[str, tuple[Recall, ...]]:
        """What this asks to think harder about, empty when nothing was asked in the room before, and what comes of it.

        What was said in this conversation is left out: it stands before the model's eyes, the question itself among it.
        """
        question = harder.question_within(said) or ""
        try:
            said_now = await self._do(lambda: self._going.said(self._clock.now()))
            question = question or _asked_last(await self._do(lambda: self._finding.said_in(room)))
            found = await self.think_harder(question, self._going.writer) if question else ()
        except MemoryFileError as error:
            log.warning("%s", error)
            return question, ()
        seen = {("turn", each.id) for each in said_now}
        likely = (each for each in found if each.score >= harder.LIKELY and (each.kind, each.ref) not in seen)
        return question, tuple(likely)[: harder.PUT_FORWARD]

    async def look_up(self, name: str, argument: str, question: str) -> tuple[Recall, ...]:
        try:
            own = await self._going.policy.look_up(self._run_held, name, argument, question)
            if own is not None:
                return own
            if name == "recall_by_date":
                found = await self._do(lambda: self._finding.by_date(argument, question))
            else:
                found = await self._by_need(argument, question)
        except MemoryFileError as error:
            log.warning("%s", error)
            return ()
        return self._finding.fresh(found)[:LOOKED_UP]

    async def _by_need(self, argument: str, question: str) -> tuple[Recall, ...]:
        """The diaries whose gists the model picks, in a context of its own; else what words and meaning find."""
        diaries = await self._do(lambda: self._finding.likely_diaries(f"{question} {argument}"))
        if diaries and self._going.writer:
            scribe = self._scribe(self._going.writer, diaries[0].language)
            gists = [f"{each.title}: {recall.excerpt(each.text, question, limit=80)}" for each in diaries]
            picked = [diaries[n] for n in await scribe.picked(gists, question)]
            if picked:
                return tuple(of_diary(each, question) for each in picked)
        return await self._do(lambda: self._finding.sure(question, None))

    async def hear(self, heard: Transcript, began: datetime) -> None:
        if not self._going.is_private(began):
            unanswered = Turn(0, began, None, heard, Reply("", interrupted=True), Timings())
            self._going.answered_now[place(heard)] = unanswered
            await self._worker.run(self._going.keep_waiting)

    async def let_go(self, heard: Transcript) -> None:
        if self._going.answered_now.pop(place(heard), None):
            await self._worker.run(self._going.keep_waiting)

    async def remember(self, turn: Turn) -> int:
        self._going.unsaved.append(turn)
        self._going.answered_now.pop(place(turn.heard), None)
        if self._going.is_private(turn.began):
            self._going.private = turn.began
            self._going.unsaved.clear()
            return 0
        self._going.private = None
        return await self.catch_up()

    @property
    def waits(self) -> bool:
        """Whether turns wait to be kept."""
        return bool(self._going.unsaved)

    async def catch_up(self) -> int:
        """Keep the turns that wait. Returns the number of the last of them; 0 when there is none, or they wait on."""
        if not self._going.unsaved:
            return 0
        try:
            return await self._do(self._keeping.save)
        except MemoryFileError as error:
            if len(self._going.unsaved) != self._going.told_to_wait:  # and not at every attempt
                log.warning("%s; %d turns wait to be kept", error, len(self._going.unsaved))
            self._going.told_to_wait = len(self._going.unsaved)
            del self._going.unsaved[:-UNSAVED_MOST]
            return 0
        finally:
            await self._worker.run(self._going.keep_waiting)

    def _mend(self, damaged: Store) -> None:
        """Put the damaged file aside and go on with its copy, and with what can still be read of it."""
        if self._store is not damaged:
            return  # another job was first
        sound = damaged.index.sound
        damaged.close()
        opened = copies.open_life(self._home, damaged.meanings.embedder, self._clock.now(), seal=damaged.seal)
        _tell_restored(opened)
        opened.store.index.sound = sound
        self._going.store = opened.store
        self._going.unsaved[:0] = opened.left
        self._keeping.take_up()

    # What is done while nobody talks.

    async def summarise(self, to: int, writer: Writer) -> None:
        """Make the summary of the running conversation reach to turn `to`: the old one and the new turns (Wang et al.).

        Cancelled or failed, the old summary stays.
        """
        current = await self._do(lambda: self._going.current(self._clock.now()))
        if current is None or to <= current.summarised_to:
            return
        turns = await self._do(lambda: self._store.turns(current.id, after=current.summarised_to))
        scribe = self._scribe(writer, diary.language_of(turns))
        short: list[Sentence] = []
        for person in await self._do(lambda: self._store.speakers(current.id)):
            if person == GUEST:
                continue
            before = await self.of(person).summary()
            theirs = [each for each in turns if each.person == person and each.id <= to]
            short += await self._summary(before, theirs, scribe)
        await self._do(lambda: self._keep_summary(current, short, turns, to))

    async def _summary(
        self, before: Sequence[Sentence], turns: Sequence[PastTurn], scribe: Scribe
    ) -> tuple[Sentence, ...]:
        """Of what one person said."""
        sentences = list(before)
        for turn in turns:
            sentences += await scribe.speaking(turn.language).notes(turn)
        return await concepts.condensed(sentences, SUMMARY_SENTENCES, scribe, None)

    def _keep_summary(self, talk: Conversation, short: Sequence[Sentence], turns: Sequence[PastTurn], to: int) -> None:
        """Unless some of what it tells of was forgotten while it was written: then the next one tells the rest."""
        if self._store.turns(talk.id, after=talk.summarised_to)[: len(turns)] == turns:
            self._store.set_summary(talk.id, short, to=to)

    async def rest(self, writer: Writer, *, hurried: bool = False) -> list[Diary]:
        """Write what is due: a diary for each conversation that is over, then both concepts.

        `hurried`: without waiting for the moment that is this life's own (`memory.spread_hours`).
        Cancelled or postponed, it is done at the next rest. Raises PostponedError where nothing could be written.
        """
        now = self._clock.now()
        later = timedelta() if hurried else await self.later()
        await self._do(lambda: self._end_if_over(now, later))
        unwritten = await self._do(self._store.unwritten)
        due = [each for each in unwritten if abs(now - each.last) >= later]
        written: list[Diary | None] = []
        try:
            for each in due:
                written.append(await self._write(each, writer))  # noqa: PERF401 - what stands is told when the next fails
            if due == unwritten:  # what its policy writes is written at the same moment
                await self._going.policy.rest(self._run_held, writer)
        except PostponedError:
            if not any(written):
                raise
        return [each for each in written if each]

    async def later(self) -> timedelta:
        """So long after it may this life writes. Raises MemoryFileError."""
        began = await self._do(self._store.began)
        # Its first turn tells households apart, its folder the lives that one host made of one archive.
        return spreading.later(f"{began} {self._home}", hours=self._going.settings.spread_hours)

    async def _write(self, conversation: Conversation, writer: Writer) -> Diary | None:
        """None when some of the talk was forgotten meanwhile: the next rest writes of what is left."""
        turns = await self._do(lambda: self._store.turns(conversation.id))
        if not turns:
            return None
        people = [each for each in dict.fromkeys(turn.person for turn in turns) if each != GUEST]
        if not people:  # somebody visited; that is in the list of turns, and in no diary
            await self._do(lambda: self._store.want_no_diary(conversation.id))
            return None
        parts: list[Diary] = []
        changed: list[Changed] = []
        for person in people:
            part, change = await self._write_of([each for each in turns if each.person == person], writer)
            parts.append(part)
            changed += change
        page = diary.joined(parts)
        return await self._do(lambda: self._keep(page, turns, changed, self._clock.now()))

    async def _write_of(self, turns: Sequence[PastTurn], writer: Writer) -> tuple[Diary, list[Changed]]:
        """What one person said, and what it taught of them: no sentence mixes what several said."""
        seen, scribe = self.of(turns[0].person), self._scribe(writer, diary.language_of(turns))
        part = await diary.write(turns, scribe)
        changed = []
        for kind in CONCEPTS:
            old = sentences_of(await seen.concept(kind))
            new = await concepts.rewrite(kind, old, part, scribe)
            if new != old:
                changed.append(Changed(Concept(kind, self._clock.now(), new, turns[0].person), old))
        return part, changed

    def _keep(self, page: Diary, turns: Sequence[PastTurn], changed: Iterable[Changed], now: datetime) -> Diary | None:
        """What a person wrote into a concept meanwhile stands."""
        if self._store.turns(page.conversation) != turns:
            return None
        with self._store.whole:
            kept = self._store.add_diary(page, now)
            for each in changed:
                with self._store.seen_by(each.concept.person):
                    if sentences_of(self._store.concept(each.concept.kind)) == each.before:
                        self._store.add_concept(each.concept)
        return kept

    def _end_if_over(self, now: datetime, later: timedelta) -> None:
        """`later`: the silence must have lasted so much longer than the rest."""
        latest = self._store.latest_conversation()
        if latest is None or latest.over or self._going.current(now) is not None:
            return
        if not later or abs(now - latest.last) >= self._going.rest + later:
            self._store.end_conversation(latest.id)

    async def tidy(self) -> None:
        """Today's copy of the file, and meanings for a new embedder."""
        now = self._clock.now()
        keep = self._going.settings.copies
        await self._do(lambda: copies.copy_daily(self._store, self._home, now.date(), keep))
        while await self._do(lambda: self._store.meanings.fill(FILL_AT_ONCE)):
            pass

    async def end_conversation(self) -> None:
        """It is over; its diary is written when nobody talks."""
        self._going.begin_anew()
        current = await self._do(lambda: self._going.current(self._clock.now()))
        if current:
            await self._do(lambda: self._store.end_conversation(current.id))

    # The agenda and the lists.

    async def entries(self) -> tuple[Entry, ...]:
        return await self._do(self._store.agenda.entries)

    async def keep(self, entries: Iterable[Entry]) -> tuple[Entry, ...]:
        kept = tuple(entries)
        numbers = await self._do(lambda: self._store.agenda.keep(kept))
        return tuple(replace(each, number=number) for each, number in zip(kept, numbers, strict=True))

    async def drop(self, numbers: Iterable[int]) -> None:
        await self._do(lambda: self._store.agenda.drop(numbers))

    async def lists(self) -> Mapping[str, tuple[str, ...]]:
        return await self._do(self._store.agenda.lists)

    async def keep_list(self, name: str, items: Sequence[str]) -> None:
        await self._do(lambda: self._store.agenda.keep_list(name, items))

    # What it begins a talk with.

    async def pages(self) -> tuple[Recall, ...]:
        seen = self.of(USER if self._who is None else self._who)  # it begins a talk with its user
        diaries = await seen.diaries()
        return tuple(Recall("diary", each.id, each.began, each.text, 1.0) for each in diaries[: -LATEST - 1 : -1])

    async def unasked(self) -> tuple[Unasked, ...]:
        return await self._do(self._store.agenda.unasked)

    async def note_unasked(self, note: Unasked) -> None:
        await self._do(lambda: self._store.agenda.note_unasked(note))

    # In the user's hands.

    async def last_turn(self, room: str = "") -> PastTurn | None:
        """The last one of the running conversation in that room; the last of all where nothing was said there."""
        current = await self._do(lambda: self._going.current(self._clock.now()))
        if not current:
            return None
        turns = await self._do(lambda: self._store.turns_in(room, current.id) or self._store.turns(current.id))
        return turns[-1] if turns else None

    async def turns_of_conversation(self) -> list[PastTurn]:
        return await self._do(lambda: self._going.said(self._clock.now()))

    async def turns(self, numbers: Collection[int]) -> list[PastTurn]:
        return await self._do(lambda: self._store.turns_numbered(numbers))

    async def leave_nothing(self) -> None:
        """Forget the running conversation, and keep nothing of it until it ends."""
        now = self._clock.now()
        await self.forget([each.id for each in await self.turns_of_conversation()])
        current = await self._do(lambda: self._going.current(now))
        if current:
            await self._do(lambda: self._store.end_conversation(current.id))
        self._going.private = now

    async def forget(self, numbers: Collection[int]) -> None:
        """Remove these turns, and what came from them, from the file and from its copies."""
        gone = set(numbers)
        if gone:
            await self._do(lambda: self._forget(gone))

    async def would_forget(self, numbers: Collection[int]) -> list[Loss]:
        """What else forgetting these turns would change. Nothing is changed."""
        return await self._do(lambda: self._store.losses(numbers, _what_is_left(self._store)))

    def _forget(self, gone: set[int], person: Person | None = None) -> None:
        copies.delete_read(self._home)
        _forget_in(self._store, gone, person)
        for path in copies.copies(self._home):
            with Store.open(path, self._store.meanings.embedder, seal=self._store.seal) as copy:
                copy.agenda.drop_all_but(self._store.agenda)  # what is over has left the file itself already
                _forget_in(copy, gone, person)
        self._see_that_it_is_gone()

    async def forget_person(self, person: Person) -> int:
        """Nothing of what they said, nor of what it knew of them, stays. Returns how many turns went."""
        gone = {each.id for each in await self.said_by(person)}
        await self._do(lambda: self._forget(gone, person))
        return len(gone)

    async def told_by(self, found: Iterable[tuple[str, int]]) -> list[list[Person]]:
        """Of each turn and diary, by its kind and number, who told it."""
        return await self._do(lambda: [self._store.told_by(*each) for each in found])

    async def take_for_user(self, names: Iterable[str]) -> None:
        """These are the user, as it turned out: what was theirs is the user's from now on."""
        called = {each.casefold() for each in names}
        for person in await self.people():
            if person.casefold() in called:
                await self._do(lambda person=person: self._store.take_for_user(person, self._clock.now()))  # type: ignore[misc]

    async def said_by(self, person: Person) -> list[PastTurn]:
        return await self._do(lambda: self._store.said_by(person))

    async def people(self) -> list[Person]:
        """Who said anything here, or is known, beside the user; a guest is one of them."""
        return await self._do(self._store.people)

    def files_put_aside(self) -> list[Path]:
        """Former files of this life, which forgetting does not reach."""
        return copies.put_aside_files(self._home)

    async def concept(self, kind: ConceptKind) -> Concept | None:
        return await self._do(lambda: self._store.concept(kind))

    async def written(self, kind: ConceptKind) -> list[datetime]:
        """When each version was, the oldest first."""
        return await self._do(lambda: self._store.written(kind))

    async def version(self, kind: ConceptKind, number: int) -> Concept | None:
        """That version, counted from 1."""
        return await self._do(lambda: self._store.version(kind, number))

    async def rewrite_concept(
        self, kind: ConceptKind, sentences: Sequence[Sentence], *, before: Sequence[Sentence]
    ) -> bool:
        """Make these its next version, unless it is not as it was `before`. Returns whether it was."""
        new = Concept(kind, self._clock.now(), tuple(sentences), self._who or USER)
        return await self._do(lambda: self._rewrite_concept(new, tuple(before)))

    def _rewrite_concept(self, new: Concept, before: tuple[Sentence, ...]) -> bool:
        fits = sentences_of(self._store.concept(new.kind)) == before
        if fits:
            self._store.add_concept(new)
        return fits

    async def set_concept(self, kind: ConceptKind, sentences: Sequence[str]) -> None:
        """What a person wrote: sentences that stood there keep where they came from."""
        old = {each.text: each for each in sentences_of(await self.concept(kind))}
        new = tuple(old.get(text, Sentence(text, ())) for text in sentences)
        now = self._clock.now()
        await self._do(lambda: self._store.add_concept(Concept(kind, now, new, self._who or USER)))

    async def summary(self) -> tuple[Sentence, ...]:
        """Of the running conversation."""
        current = await self._do(lambda: self._going.current(self._clock.now()))
        return await self._do(lambda: self._store.summary(current.id)) if current else ()

    @property
    def own_notes(self) -> NoteKind | None:
        """The kind of the notes in which a person can read what its way of remembering made of it; None: of nothing."""
        return self._going.policy.own_notes

    async def notes(self, kind: NoteKind) -> list[Note]:
        """The oldest first."""
        return await self._do(lambda: self._store.notes.notes(kind))

    async def diaries(self, span: Span | None = None) -> list[Diary]:
        return await self._do(lambda: self._store.diaries(span))

    async def diary(self, number: int) -> Diary | None:
        return await self._do(lambda: self._store.diary(number))

    async def change_diary(self, changed: Diary, *, before: Diary) -> bool:
        """A person's words for it, unless it is not as it was `before`. Returns whether it was."""
        return await self._do(lambda: self._change_diary(changed, before))

    def _change_diary(self, changed: Diary, before: Diary) -> bool:
        fits = self._store.diary(changed.id) == before
        if fits:
            self._store.change_diary(changed)
        return fits

    async def delete_diary(self, number: int) -> bool:
        """Whether there was one. Its conversation stays, and gets no new one."""
        found = await self._do(lambda: self._store.diary(number))
        if found:
            await self._do(lambda: self._store.want_no_diary(found.conversation))
            await self._do(lambda: self._store.delete_diary(number))
        return found is not None

    async def days(self, span: Span | None = None) -> list[Day]:
        """Those on which there was anything, the oldest first."""
        return await self._do(lambda: self._store.traces.days(span))

    async def turns_of_days(self, span: Span) -> list[PastTurn]:
        return await self._do(lambda: self._store.turns_of_days(span))

    async def forgotten(self) -> int:
        """How many turns there were that are not here any more."""
        return await self._do(self._store.traces.forgotten)

    async def trace(self, kind: Literal["turn", "diary"], number: int) -> Trace | None:
        """How it was remembered; None when it is not there."""
        return await self._do(lambda: self._store.traces.one(kind, number))

    async def all_turns(self) -> list[PastTurn]:
        return await self._do(self._store.all_turns)

    async def export(self, target: Path, settings: Path, *, passphrase: str) -> None:
        """Write everything that is this life to the archive `target`. Raises MemoryFileError."""
        now = self._clock.now()
        with tempfile.TemporaryDirectory(dir=self._home) as folder:
            copy = Path(folder) / copies.LIFE
            await self._do(lambda: self._store.copy(copy))
            # Not on the life's thread: encrypting takes seconds, and a talk may go on meanwhile.
            seal = self._store.seal
            await asyncio.to_thread(archive.write, copy, settings, target, now, passphrase=passphrase, seal=seal)

    async def replace(self, arrived: bytes) -> Path:
        """Become the life in these bytes of a file. Returns where the former one lies. Raises MemoryFileError."""
        return await self._do(lambda: self._replace(arrived))

    def _replace(self, arrived: bytes) -> Path:
        with tempfile.TemporaryDirectory(dir=self._home) as folder:
            path = Path(folder) / copies.LIFE
            lifefile.write(arrived, path, seal=self._store.sealed_with)
            # It migrates an older one.
            with Store.open(path, self._store.meanings.embedder, seal=self._store.seal) as store:
                if not store.is_sound():
                    raise MemoryFileError("archive-damaged", path=path.name)
                before = copies.before(self._home, self._clock.now())
                self._store.copy(before)
                self._become(store)
        return before

    async def wipe(self) -> None:
        """Nothing of it stays: not in the file, its copies, what was put aside, nor what the model has read."""
        await self._do(self._wipe)

    def _wipe(self) -> None:
        with (
            tempfile.TemporaryDirectory(dir=self._home) as folder,
            Store.open(
                Path(folder) / copies.LIFE, self._store.meanings.embedder, seal=self._store.sealed_with
            ) as nothing,
        ):
            self._become(nothing)
        for path in (*copies.copies(self._home), *copies.put_aside_files(self._home)):
            path.unlink(missing_ok=True)
        shutil.rmtree(self._home / reading.FOLDER, ignore_errors=True)  # gists of what the person had it read
        self._see_that_it_is_gone()

    def _see_that_it_is_gone(self) -> None:
        """A person who is told that something is forgotten must be able to rely on it. Raises MemoryFileError."""
        if self._store.held:
            raise MemoryFileError("life-held", path=self._home / copies.LIFE)

    def _become(self, other: Store) -> None:
        copies.delete_read(self._home)
        self._store.become(other)
        self._going.drop_waiting()
        self._going.begin_anew()

    async def take_in(self, memory: Foreign) -> int:
        """Add what another program remembered, all of it or nothing. Returns the number of turns."""
        now = self._clock.now()
        return await self._do(lambda: adopting.take_in(self._store, memory, now))

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        """The meaning of each, as a question. Raises MemoryFileError."""
        return await self._do(lambda: [self._store.meanings.embedder.query(each) for each in texts])

    async def stats(self) -> Stats:
        return await self._do(self._store.stats)

    def today(self) -> datetime:
        return self._clock.now()

    async def run(self, job: Callable[[Store], T]) -> T:
        """Do `job` with the life's file, on its thread. Raises MemoryFileError."""
        return await self._do(lambda: job(self._store))

    async def _run_held(self, job: Callable[[Held], T], /) -> T:
        return await self._do(lambda: job(self._going.held(self._clock.now())))

    def _scribe(self, writer: Writer, language: Language) -> Scribe:
        return Scribe(writer, language, names=self._going.names)

    async def _attempt(self, job: Callable[[], T], *, otherwise: T) -> T:
        """Without the memory the talk goes on."""
        try:
            return await self._do(job)
        except MemoryFileError as error:
            log.warning("%s", error)
            return otherwise

    async def _do(self, job: Callable[[], T]) -> T:
        def seen() -> T:
            with self._store.seen_by(self._who):
                return job()

        store = self._store
        try:
            try:
                return await self._worker.run(seen)
            except DAMAGES:
                await self._worker.run(lambda: self._mend(store))
                return await self._worker.run(seen)
        except FAULTS as error:
            raise MemoryFileError("life-failed", path=self._home / copies.LIFE, cause=cause(error)) from error


def _tell_restored(opened: copies.Opened) -> None:
    if opened.restored:
        log.error(
            "the memory was damaged and put aside; restored from the copy of %s, and %d turns since then",
            opened.restored,
            len(opened.left),
        )


def _asked_last(said: Sequence[PastTurn]) -> str:
    """The last question that did not itself ask to think harder; empty when there is none."""
    return next((each.heard for each in reversed(said) if harder.question_within(each.heard) is None), "")


def _forget_in(store: Store, gone: Collection[int], person: Person | None = None) -> None:
    store.forget(gone, _what_is_left(store))
    if person:
        store.forget_person(person)


def _what_is_left(store: Store) -> Callable[[Sentence, Collection[int]], Sentence | None]:
    def told(number: int) -> str | None:
        turns = store.turns_numbered([number])
        if not turns:
            return None
        words = load(turns[0].language)
        return words.text("scribe.said", text=turns[0].heard)

    return lambda sentence, lost: what_is_left(sentence, lost, told)


def _texts(concept: Concept | None) -> tuple[str, ...]:
    return tuple(each.text for each in sentences_of(concept))

"""The memory as the rest of the program knows it: one life in one file, on one thread."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from digital_life.config import Memory as Settings
from digital_life.errors import MemoryFileError, PostponedError
from digital_life.memory import (
    anchors,
    archive,
    concepts,
    copies,
    dates,
    diary,
    facts,
    foreign,
    harder,
    many,
    occasions,
    premises,
    reading,
    recall,
    spreading,
)
from digital_life.memory import store as store_file
from digital_life.memory.anchors import Anchored
from digital_life.memory.dates import Span
from digital_life.memory.explaining import Explanation, explained
from digital_life.memory.facts import Fact
from digital_life.memory.fading import Trace
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.notefile import Note, NoteKind
from digital_life.memory.policies import POLICIES
from digital_life.memory.policies.own import KEPT, Held, likeliest
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
)
from digital_life.memory.scribe import Scribe
from digital_life.memory.sentences import split, what_is_left
from digital_life.memory.store import DAMAGES, FAULTS, Store, cause
from digital_life.memory.terms import telling
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
LOOKED_UP = 3
SEARCHED = 50
"""Of what a search finds: to read all of it for what bears on the question would take four times as long."""
LATEST = 3
"""Diaries that it may ask about: older things are not asked about out of the blue."""
SUMMARY_SENTENCES = 20
SLACK_DAYS = 1
"""People are a day wrong about days."""
FILL_AT_ONCE = 50
RECENT = 100
"""Turns among which one that waited may be already: it was kept just before the power failed."""
FACTS_OF = 10_000
"""Turns that are read through for what changed: with more it would take too long to wait for."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A new version of a concept, as it stands if nobody wrote into it meanwhile."""

    concept: Concept
    before: tuple[Sentence, ...]


@dataclass(slots=True)
class _Going:
    """What goes on in a life just now, whoever talks with it."""

    store: Store
    """Another one when the file was damaged."""
    waiting: Waiting
    unsaved: list[Turn] = field(default_factory=list)
    answered_now: dict[tuple[str, bool], Turn] = field(default_factory=dict)
    """What was heard and is being answered, by room and whether it came in writing from elsewhere."""
    told_to_wait: int = 0
    """How many turns were last told to wait."""
    private: datetime | None = None
    """The last turn of a conversation that leaves nothing behind."""
    recalled: set[tuple[Person, str, int]] = field(default_factory=set)
    """What this conversation has recalled already, and to whom."""
    writer: Writer | None = None


class Life:
    """One life. It is a Memory, Diaries, an AgendaFile, a ListsFile and Openings (see ports)."""

    def __init__(
        self,
        store: Store,
        *,
        home: Path,
        worker: Worker,
        clock: Clock,
        settings: Settings,
        names: Sequence[str],
        who: Person | None = None,
        going: _Going | None = None,
    ) -> None:
        """`who`: the one person by whom it is seen; None: whoever looks after the whole life."""
        self._home = home
        self._worker = worker
        self._clock = clock
        self._settings = settings
        self._names = names
        self._policy = POLICIES[settings.policy]
        self._who = who
        self._going = going or _Going(store, Waiting(home, store.seal))

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
            opened.store.sound = sound
            life = cls(opened.store, home=home, worker=worker, clock=clock, settings=settings, names=names)
            life._going.unsaved += opened.left
            try:
                await worker.run(life._take_up)
                yield life
            finally:
                await worker.run(life._close)

    def beside(self, home: Path) -> AbstractAsyncContextManager[Life]:
        """Another life, in a folder of its own, on the same thread and with the same settings."""
        embedder, sound, seal = self._store.embedder, self._store.sound, self._store.seal
        return Life.open(
            home,
            worker=self._worker,
            embedder=lambda: embedder,
            clock=self._clock,
            settings=self._settings,
            names=self._names,
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
        return Life(
            self._store,
            home=self._home,
            worker=self._worker,
            clock=self._clock,
            settings=self._settings,
            names=self._names,
            who=person,
            going=self._going,
        )

    # What a conversation needs of it.

    async def standing(self) -> Standing:
        return await self._attempt(self._standing, otherwise=Standing())

    def _standing(self) -> Standing:
        store, now = self._store, self._clock.now()
        current = self._current(now)
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
        return self._policy.standing(self._held(), standing)

    async def recall(self, question: str, *, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        if self._settings.recall == "tools":
            return ()
        return await self._attempt(lambda: self._recall(question, unseen), otherwise=())

    def _recall(self, question: str, unseen: Collection[int]) -> tuple[Recall, ...]:
        span = self._span(question)
        if not recall.is_about_something(question, span):
            return ()
        if span and not telling(occasions.without(dates.without(question, self._clock.now().date()))):
            return self._fresh(self._of_days(span, question))[: self._policy.unasked_most]
        if many.is_of_memory(question):
            return self._fresh(self._every(question))
        return self._sure(question, span, unseen)[: self._policy.unasked_most]

    def _span(self, question: str) -> Span | None:
        """The days that the question is about; None when it names none."""
        anchored = anchors.find(question)
        if anchored:
            anchor = self._anchor(anchored)
            return anchors.days(anchored, anchor) if anchor else None
        named = dates.find(question, self._clock.now().date())
        if named:
            return named
        match occasions.find(question):
            case "first":
                began = self._store.began()
            case "last":
                talk = self._store.conversation_before(self._current(self._clock.now()))
                began = talk.began if talk else None
            case None:
                began = None
        return Span(began.date(), began.date()) if began else None

    async def days_of(self, anchored: Anchored) -> Span | None:
        """The days that hang on something else; None when nobody told when that was."""
        anchor = await self._attempt(lambda: self._anchor(anchored), otherwise=None)
        return anchors.days(anchored, anchor) if anchor else None

    def _anchor(self, anchored: Anchored) -> Span | None:
        """When it was: a date by itself, or what was told of it last."""
        today = self._clock.now().date()
        named = dates.find(anchored.anchor, today)
        if named:
            return named
        found = recall.judged(self._store.search(anchored.anchor), None, self._clock.now())
        told = [(each.hit.text, each.hit.when.date()) for each in found if each.hit.kind == "turn"]
        return anchors.told(anchored.anchor, told, today)

    async def of_days(self, span: Span, question: str) -> tuple[Recall, ...]:
        """What was said or written of these days."""
        return await self._attempt(lambda: self._of_days(span, question), otherwise=())

    def _ranked(self, question: str, span: Span | None) -> list[Judged]:
        """What may bear on the question, the likeliest first."""
        return self._policy.ranked(self._held(), question, span)

    async def check(self, heard: Transcript) -> Outcome | None:
        if not premises.supposes(heard.text):
            return None
        return await self._attempt(lambda: self._check(heard), otherwise=None)

    def _check(self, heard: Transcript) -> Outcome | None:
        claim = premises.claim(heard.text)
        sure = [each for each in self._ranked(claim, self._span(claim)) if each.certain >= premises.LEAST]
        proof = premises.evidence(sure, claim)
        if proof is None:
            return None
        hit = proof.found.hit
        recalled = Recall(hit.kind, hit.ref, hit.when, proof.sentence, round(proof.found.score, 3))
        return Outcome(said=premises.answer(proof, claim, heard.language), recalls=(recalled,))

    async def list_all(self, question: str) -> tuple[Recall, ...]:
        """Every one of the things that are asked for, the earliest first."""
        return await self._attempt(lambda: self._every(question), otherwise=())

    def _every(self, question: str) -> tuple[Recall, ...]:
        span = self._span(question)
        turns = [each for each in self._ranked(many.looked_for(question), span) if each.hit.kind == "turn"]
        if not any(each.certain >= recall.SURE for each in turns):
            return ()
        chosen = sorted(many.chosen(turns, question), key=lambda each: each.hit.when)
        of_days = [each for each in chosen if span and each.hit.when.date() in span]
        found = {many.told(each.hit.text, question): each for each in of_days or chosen}
        return tuple(
            Recall("turn", each.hit.ref, each.hit.when, text, round(each.score, 3)) for text, each in found.items()
        )

    def _held(self) -> Held:
        now = self._clock.now()
        return Held(self._store, now, self._current(now), self._settings, tuple(self._names), self._going.writer)

    def _fresh(self, found: Iterable[Recall]) -> tuple[Recall, ...]:
        """What this conversation has not recalled yet."""
        person = self._who or USER
        return tuple(each for each in found if (person, each.kind, each.ref) not in self._going.recalled)

    async def search(self, question: str) -> tuple[Recall, ...]:
        """The likeliest first, sure or not, what was said just now included. Raises MemoryFileError."""
        return await self._do(lambda: recall.recalls(self._ranked(question, self._span(question))[:SEARCHED], question))

    def _sure(self, question: str, span: Span | None, unseen: Collection[int] = ()) -> tuple[Recall, ...]:
        """What bears on the question and is not before the model's eyes anyway, the likeliest first."""
        now = self._clock.now()
        current = self._current(now)
        seen = {each.id for each in self._store.turns(current.id, after=current.summarised_to)} if current else set()
        found = [
            each
            for each in self._policy.unasked(self._held(), question, span)
            if not (each.hit.kind == "turn" and each.hit.ref in seen.difference(unseen))
        ]
        return self._fresh(recall.recalls(found, question))

    async def is_at_hand(self, question: str) -> bool:
        """Whether what bears on the question stands before the model's eyes anyway, or was recalled in this talk.

        What was said in this talk need only be near: the model sees it, and to deny it is worse than to leave it to it.
        """
        return await self._attempt(lambda: self._is_at_hand(question), otherwise=False)

    def _is_at_hand(self, question: str) -> bool:
        said = {each.id for each in self._said_now()}

        def is_seen(each: Judged) -> bool:
            now = each.hit.kind == "turn" and each.hit.ref in said
            return each.score >= (recall.NEAR if now else recall.SURE)

        return any(map(is_seen, self._ranked(question, self._span(question))))

    async def explain(self, question: str, *, most: int) -> Explanation:
        """Why the first of what `search` finds are found. Raises MemoryFileError."""

        def explanation() -> Explanation:
            span = self._span(question)
            return explained(self._ranked(question, span), question, span, most=most)

        return await self._do(explanation)

    async def facts(self, question: str = "") -> list[Fact]:
        """What is known to have changed, the oldest first: of what is found for `question`, or of the latest turns.

        Raises MemoryFileError.
        """
        if question:
            return await self._do(lambda: facts.of_found(self._ranked(question, self._span(question))))
        return await self._do(lambda: facts.of_life(self._store.latest_turns(FACTS_OF)))

    async def traces(self) -> list[Trace]:
        """How everything was remembered, the oldest first. Raises MemoryFileError."""
        return await self._do(self._store.traces)

    async def look_for(self, text: str, span: Span | None = None) -> list[Judged]:
        """For a person who looks: the likeliest first, sure or not, of these days, and all that holds the very text."""
        return await self._do(lambda: self._look_for(text, span))

    def _look_for(self, text: str, span: Span | None) -> list[Judged]:
        meant = span or self._span(text)
        found = likeliest(self._held(), text, meant, literally=text)
        return [each for each in found if span is None or each.hit.when.date() in span]

    @property
    def calls(self) -> tuple[str, ...]:
        return self._policy.calls

    @property
    def chained(self) -> int:
        return self._policy.chained

    @property
    def taught(self) -> str:
        return self._policy.taught

    @property
    def shares(self) -> Shares:
        """What it takes of the prompt."""
        return self._policy.shares

    async def event(self, name: str, argument: str, before: Sequence[Call]) -> Event | None:
        try:
            return await self._policy.event(self._run_held, name, argument, before)
        except MemoryFileError as error:
            log.warning("%s", error)
            return Event("failed")

    async def think_harder(self, question: str, writer: Writer | None) -> tuple[Recall, ...]:
        """The likeliest first, sure or not, whatever faded: what the question finds, joined with further searches.

        `writer` imagines what else to look for; without one only the question is taken apart. Raises MemoryFileError.
        """
        imagined = await harder.imagined(writer, question) if writer else ()
        texts = (question, *harder.searches(question, imagined))
        found = await self._do(lambda: [self._unfaded(each) for each in texts])
        return recall.recalls(harder.joined(found[0], found[1:]), question)

    def _unfaded(self, question: str) -> list[Judged]:
        """As what was told yesterday would be found. Every policy's life is searched alike."""
        return likeliest(self._held(), question, self._span(question), seen=harder.awake)

    async def try_harder(self, said: str, *, room: str = "") -> tuple[str, tuple[Recall, ...]]:
        """What this asks to think harder about, empty when nothing was asked in the room before, and what comes of it.

        What was said in this conversation is left out: it stands before the model's eyes, the question itself among it.
        """
        question = harder.question_within(said) or ""
        try:
            said_now = await self._do(self._said_now)
            question = question or _asked_last(await self._do(lambda: self._said_in(room)))
            found = await self.think_harder(question, self._going.writer) if question else ()
        except MemoryFileError as error:
            log.warning("%s", error)
            return question, ()
        seen = {("turn", each.id) for each in said_now}
        likely = (each for each in found if each.score >= harder.LIKELY and (each.kind, each.ref) not in seen)
        return question, tuple(likely)[: harder.PUT_FORWARD]

    def _said_in(self, room: str) -> list[PastTurn]:
        current = self._current(self._clock.now())
        return self._store.turns_in(room, current.id) if current else []

    def _said_now(self) -> list[PastTurn]:
        current = self._current(self._clock.now())
        return self._store.turns(current.id) if current else []

    async def look_up(self, name: str, argument: str, question: str) -> tuple[Recall, ...]:
        try:
            own = await self._policy.look_up(self._run_held, name, argument, question)
            if own is not None:
                return own
            if name == "recall_by_date":
                found = await self._do(lambda: self._by_date(argument, question))
            else:
                found = await self._by_need(argument, question)
        except MemoryFileError as error:
            log.warning("%s", error)
            return ()
        return self._fresh(found)[:LOOKED_UP]

    def _by_date(self, argument: str, question: str) -> tuple[Recall, ...]:
        span = self._span(question) or dates.find(argument, self._clock.now().date())
        if span is None:
            return self._sure(question, None)
        return self._of_days(span, question)

    def _of_days(self, span: Span, question: str) -> tuple[Recall, ...]:
        """The last diaries of these days, or turns where there is none; a day more each way where there is nothing."""
        for days in (span, span.wider(SLACK_DAYS)):
            diaries = self._store.diaries(days)
            if diaries:
                return tuple(_of_diary(each, question) for each in diaries[-LOOKED_UP:])
            current = self._current(self._clock.now())
            turns = [each for each in self._store.turns_of_days(days) if not current or each.conversation != current.id]
            if turns:
                return tuple(_of_turn(each, question) for each in turns[-LOOKED_UP:])
        return ()

    async def _by_need(self, argument: str, question: str) -> tuple[Recall, ...]:
        """The diaries whose gists the model picks, in a context of its own; else what words and meaning find."""
        diaries = await self._do(lambda: self._likely_diaries(f"{question} {argument}"))
        if diaries and self._going.writer:
            scribe = self._scribe(self._going.writer, diaries[0].language)
            gists = [f"{each.title}: {recall.excerpt(each.text, question, limit=80)}" for each in diaries]
            picked = [diaries[n] for n in await scribe.picked(gists, question)]
            if picked:
                return tuple(_of_diary(each, question) for each in picked)
        return await self._do(lambda: self._sure(question, None))

    def _likely_diaries(self, need: str) -> list[Diary]:
        """All of them, or where they are too many to look through those that are nearest to the need."""
        store, limit = self._store, self._settings.gist_limit
        if store.stats().diaries <= limit:
            return store.diaries()
        likely: dict[int, Diary] = {}
        for each in self._ranked(need, None):
            page = store.diary(each.hit.ref) if each.hit.kind == "diary" else store.diary_of_turn(each.hit.ref)
            if page:
                likely.setdefault(page.id, page)
            if len(likely) == limit:
                break
        return list(likely.values())

    async def hear(self, heard: Transcript, began: datetime) -> None:
        if not self._is_private(began):
            unanswered = Turn(0, began, None, heard, Reply("", interrupted=True), Timings())
            self._going.answered_now[_place(heard)] = unanswered
            await self._worker.run(self._keep_waiting)

    async def let_go(self, heard: Transcript) -> None:
        if self._going.answered_now.pop(_place(heard), None):
            await self._worker.run(self._keep_waiting)

    async def remember(self, turn: Turn) -> int:
        self._going.unsaved.append(turn)
        self._going.answered_now.pop(_place(turn.heard), None)
        if self._is_private(turn.began):
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
            return await self._do(self._save)
        except MemoryFileError as error:
            if len(self._going.unsaved) != self._going.told_to_wait:  # and not at every attempt
                log.warning("%s; %d turns wait to be kept", error, len(self._going.unsaved))
            self._going.told_to_wait = len(self._going.unsaved)
            del self._going.unsaved[:-UNSAVED_MOST]
            return 0
        finally:
            await self._worker.run(self._keep_waiting)

    def _is_private(self, began: datetime) -> bool:
        return self._going.private is not None and abs(began - self._going.private) < self._rest

    def _keep_waiting(self) -> None:
        self._going.waiting.keep([*self._going.unsaved, *self._going.answered_now.values()])

    def _take_up(self) -> None:
        """Keep what waited when the last program ended, as far as it is not there."""
        try:
            there = {(each.began, each.heard) for each in self._store.latest_turns(RECENT)}
            there |= {(each.began, each.heard.text) for each in self._going.answered_now.values()}
            waited = {
                (each.began, each.heard.text): each for each in (*self._going.waiting.load(), *self._going.unsaved)
            }
            left = [each for moment, each in waited.items() if moment not in there]
            self._going.unsaved = sorted(left, key=lambda each: each.began)
            if self._going.unsaved:
                log.warning("%d turns that could not be kept before are kept now", len(self._going.unsaved))
                self._save()
            self._keep_waiting()
        except FAULTS as error:
            log.warning("%d turns wait to be kept: %s", len(self._going.unsaved), error)

    def _mend(self, damaged: Store) -> None:
        """Put the damaged file aside and go on with its copy, and with what can still be read of it."""
        if self._store is not damaged:
            return  # another job was first
        sound = damaged.sound
        damaged.close()
        opened = copies.open_life(self._home, damaged.embedder, self._clock.now(), seal=damaged.seal)
        _tell_restored(opened)
        opened.store.sound = sound
        self._going.store = opened.store
        self._going.unsaved[:0] = opened.left
        self._take_up()

    def _close(self) -> None:
        """What waits is tried once more; else it waits in its file."""
        try:
            if self._going.unsaved:
                self._save()
        except FAULTS as error:
            log.warning("%d turns wait to be kept: %s", len(self._going.unsaved), error)
        finally:
            self._keep_waiting()
            self._going.waiting.close()
            self._store.close()

    def _save(self) -> int:
        number = 0
        while self._going.unsaved:
            turn = self._going.unsaved[0]
            with self._store.seen_by(turn.heard.person):
                number = self._save_one(turn)
            self._going.unsaved.pop(0)
        return number

    def _save_one(self, turn: Turn) -> int:
        person = turn.heard.person
        current = self._current(turn.began) or self._begin(turn.began)
        number = self._store.add_turn(current.id, self._without_writing(turn))
        used = [(each.kind, each.ref) for call in turn.calls for each in call.found]
        self._store.strengthen(used, turn.began)
        if person != GUEST:
            self._keep_for_good(turn, number)
            self._policy.kept(self._held(), turn, number)
        self._going.recalled.update((person, *each) for each in used)
        return number

    def _without_writing(self, turn: Turn) -> Turn:
        """With calls that forgetting reaches: what one writes may be of a turn long before."""
        writes = self._policy.writes
        return replace(turn, calls=tuple(replace(c, argument="") if c.name in writes else c for c in turn.calls))

    def _keep_for_good(self, turn: Turn, number: int) -> None:
        """What somebody asked to remember stands at once among what is known of them."""
        text = load(turn.heard.language).text
        told = [
            Sentence(text("scribe.said", text=each.argument), (number,)) for each in turn.calls if each.name == KEPT
        ]
        if told:
            known = _sentences(self._store.concept("user"))
            self._store.add_concept(Concept("user", turn.began, (*known, *told), turn.heard.person))

    def _begin(self, began: datetime) -> Conversation:
        self._going.recalled.clear()
        return self._store.begin_conversation(began)

    def _current(self, now: datetime) -> Conversation | None:
        """The conversation that goes on at `now`; after the rest, or a clock that jumped as far, there is none."""
        if self._going.private:
            return None
        latest = self._store.latest_conversation()
        over = latest is None or latest.over or abs(now - latest.last) >= self._rest
        return None if over else latest

    @property
    def _rest(self) -> timedelta:
        return timedelta(hours=self._settings.rest_hours)

    # What is done while nobody talks.

    async def summarise(self, to: int, writer: Writer) -> None:
        """Make the summary of the running conversation reach to turn `to`: the old one and the new turns (Wang et al.).

        Cancelled or failed, the old summary stays.
        """
        current = await self._do(lambda: self._current(self._clock.now()))
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
                await self._policy.rest(self._run_held, writer)
        except PostponedError:
            if not any(written):
                raise
        return [each for each in written if each]

    async def later(self) -> timedelta:
        """So long after it may this life writes. Raises MemoryFileError."""
        began = await self._do(self._store.began)
        # Its first turn tells households apart, its folder the lives that one host made of one archive.
        return spreading.later(f"{began} {self._home}", hours=self._settings.spread_hours)

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
            old = _sentences(await seen.concept(kind))
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
                    if _sentences(self._store.concept(each.concept.kind)) == each.before:
                        self._store.add_concept(each.concept)
        return kept

    def _end_if_over(self, now: datetime, later: timedelta) -> None:
        """`later`: the silence must have lasted so much longer than the rest."""
        latest = self._store.latest_conversation()
        if latest is None or latest.over or self._current(now) is not None:
            return
        if not later or abs(now - latest.last) >= self._rest + later:
            self._store.end_conversation(latest.id)

    async def tidy(self) -> None:
        """Today's copy of the file, and meanings for a new embedder."""
        now = self._clock.now()
        keep = self._settings.copies
        await self._do(lambda: copies.copy_daily(self._store, self._home, now.date(), keep))
        while await self._do(lambda: self._store.fill_meanings(FILL_AT_ONCE)):
            pass

    async def end_conversation(self) -> None:
        """It is over; its diary is written when nobody talks."""
        self._going.private = None
        self._going.recalled.clear()
        current = await self._do(lambda: self._current(self._clock.now()))
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
        current = await self._do(lambda: self._current(self._clock.now()))
        if not current:
            return None
        turns = await self._do(lambda: self._store.turns_in(room, current.id) or self._store.turns(current.id))
        return turns[-1] if turns else None

    async def turns_of_conversation(self) -> list[PastTurn]:
        current = await self._do(lambda: self._current(self._clock.now()))
        return await self._do(lambda: self._store.turns(current.id)) if current else []

    async def turns(self, numbers: Collection[int]) -> list[PastTurn]:
        return await self._do(lambda: self._store.turns_numbered(numbers))

    async def leave_nothing(self) -> None:
        """Forget the running conversation, and keep nothing of it until it ends."""
        now = self._clock.now()
        await self.forget([each.id for each in await self.turns_of_conversation()])
        current = await self._do(lambda: self._current(now))
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
            with Store.open(path, self._store.embedder, seal=self._store.seal) as copy:
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
        fits = _sentences(self._store.concept(new.kind)) == before
        if fits:
            self._store.add_concept(new)
        return fits

    async def set_concept(self, kind: ConceptKind, sentences: Sequence[str]) -> None:
        """What a person wrote: sentences that stood there keep where they came from."""
        old = {each.text: each for each in _sentences(await self.concept(kind))}
        new = tuple(old.get(text, Sentence(text, ())) for text in sentences)
        now = self._clock.now()
        await self._do(lambda: self._store.add_concept(Concept(kind, now, new, self._who or USER)))

    async def summary(self) -> tuple[Sentence, ...]:
        """Of the running conversation."""
        current = await self._do(lambda: self._current(self._clock.now()))
        return await self._do(lambda: self._store.summary(current.id)) if current else ()

    @property
    def own_notes(self) -> NoteKind | None:
        """The kind of the notes in which a person can read what its way of remembering made of it; None: of nothing."""
        return self._policy.own_notes

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
        return await self._do(lambda: self._store.days(span))

    async def turns_of_days(self, span: Span) -> list[PastTurn]:
        return await self._do(lambda: self._store.turns_of_days(span))

    async def forgotten(self) -> int:
        """How many turns there were that are not here any more."""
        return await self._do(self._store.forgotten)

    async def trace(self, kind: Literal["turn", "diary"], number: int) -> Trace | None:
        """How it was remembered; None when it is not there."""
        return await self._do(lambda: self._store.trace(kind, number))

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
            store_file.write(arrived, path, seal=self._store.sealed_with)
            with Store.open(path, self._store.embedder, seal=self._store.seal) as store:  # migrates an older one
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
            Store.open(Path(folder) / copies.LIFE, self._store.embedder, seal=self._store.sealed_with) as nothing,
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
        self._going.unsaved.clear()
        self._going.answered_now.clear()
        self._going.waiting.keep([])
        self._going.recalled.clear()
        self._going.private = None

    async def take_in(self, memory: Foreign) -> int:
        """Add what another program remembered, all of it or nothing. Returns the number of turns."""
        now = self._clock.now()
        return await self._do(lambda: self._take_in(memory, now))

    def _take_in(self, memory: Foreign, now: datetime) -> int:
        count = 0
        with self._store.whole:
            for talk in memory.talks:
                count += self._take_in_talk(talk, now)
            for kind, text in memory.concepts.items():
                sentences = tuple(Sentence(each, ()) for each in split(text))
                self._store.add_concept(Concept(kind, now, sentences))
        return count

    def _take_in_talk(self, talk: Talk, now: datetime) -> int:
        conversation = self._store.begin_conversation(talk.began)
        numbers = tuple(
            self._store.add_turn(conversation.id, _taken_in(when, heard, said)) for when, heard, said in talk.turns
        )
        if talk.summary:
            language = foreign.language_of(talk.summary)
            texts = split(talk.summary)
            page = Diary(
                id=0,
                conversation=conversation.id,
                began=talk.began,
                ended=talk.ended,
                language=language,
                title=talk.title or diary.short_title(texts[0], language),
                mood="",
                sentences=tuple(Sentence(each, numbers) for each in texts),
                extract=False,
            )
            self._store.add_diary(page, now)
        self._store.end_conversation(conversation.id)
        return len(numbers)

    async def meanings(self, texts: Sequence[str]) -> list[bytes]:
        """The meaning of each, as a question. Raises MemoryFileError."""
        return await self._do(lambda: [self._store.embedder.query(each) for each in texts])

    async def stats(self) -> Stats:
        return await self._do(self._store.stats)

    def today(self) -> datetime:
        return self._clock.now()

    async def run(self, job: Callable[[Store], T]) -> T:
        """Do `job` with the life's file, on its thread. Raises MemoryFileError."""
        return await self._do(lambda: job(self._store))

    async def _run_held(self, job: Callable[[Held], T], /) -> T:
        return await self._do(lambda: job(self._held()))

    def _scribe(self, writer: Writer, language: Language) -> Scribe:
        return Scribe(writer, language, names=self._names)

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


def _place(heard: Transcript) -> tuple[str, bool]:
    """Where one is answered at a time: what is heard there next goes on with it, or takes its place."""
    return heard.room, heard.remote


def _asked_last(said: Sequence[PastTurn]) -> str:
    """The last question that did not itself ask to think harder; empty when there is none."""
    return next((each.heard for each in reversed(said) if harder.question_within(each.heard) is None), "")


def _taken_in(when: datetime, heard: str, said: str) -> Turn:
    language = foreign.language_of(heard or said)
    return Turn(0, when, None, Transcript(heard, language, 1.0), Reply(said), Timings())


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
    return tuple(each.text for each in concept.sentences) if concept else ()


def _sentences(concept: Concept | None) -> tuple[Sentence, ...]:
    return concept.sentences if concept else ()


def _of_diary(page: Diary, question: str) -> Recall:
    return Recall("diary", page.id, page.began, recall.excerpt(page.text, question), 1.0)


def _of_turn(turn: PastTurn, question: str) -> Recall:
    return Recall("turn", turn.id, turn.began, recall.dated(f"{turn.heard}\n{turn.said}", turn.began, question), 1.0)

"""The life's file: the only module that speaks SQL, but for those that keep a table of their own in it."""

from __future__ import annotations

import heapq
import itertools
import json
import math
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import apsw
import apsw.fts5
import numpy as np
import sqlite_vec

from digital_life.belonging import may_hear
from digital_life.errors import MemoryFileError
from digital_life.memory import changes, forgetting, lasting, names, schema
from digital_life.memory.agendafile import AgendaTables
from digital_life.memory.diary import short_title
from digital_life.memory.fading import Trace
from digital_life.memory.notefile import NoteTables
from digital_life.memory.records import (
    CONCEPTS,
    Concept,
    ConceptKind,
    Conversation,
    Day,
    Diary,
    Hit,
    Loss,
    PastTurn,
    Sentence,
    Stats,
)
from digital_life.memory.terms import pairs, telling, terms
from digital_life.values import USER, Person, Reply, Timings, Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from digital_life.memory.dates import Span
    from digital_life.ports import Embedder

NEAREST = 80
"""Neighbours in meaning that are looked at."""
COMMON = 0.7
"""Of the middle of all texts, so much is taken from the question: all texts of a life lie close together (the mean of
their vectors is 0.9 long), and some lie near to every question. After Mu and Viswanath, "All-but-the-top", 2018. Of the
turns with LoCoMo's answers 80 % are among the nearest 40 then, and 70 % without; 0.3 to 1 were nearly as good."""
STALE = 0.01
"""Share of texts that came or went before their middle is taken anew."""
AROUND = 40
"""Of the nearest, and of those with the best words: so many are looked at with what was said before and after."""
BESIDE = 2
"""Turns before and after."""
LINKED = 3
RARE = 40
"""Of the nearest, and of those with the best words: so many are looked at with what has a word of theirs that no more
texts than this have; it may tell what became of them."""
MATCHES = 2_000
"""Of one word, the latest; a word in more texts than this tells little."""
BEST_MATCHES = 80
WORDS_ASKED = 16
"""Of a question: its rarest ones."""
SOUNDING = 0.8
"""Of a name that only sounds like the one in the question, to what that one would count."""
PAIRS_ASKED = 8
"""Of a question: pairs of words side by side."""
GAP = 1_000
"""Numbers behind which no turn is looked for in a damaged file, when none of them could be read."""
NEVER = 2**62
"""No number comes after it."""
BUSY_MS = 5_000
"""So long another program's write is waited for."""
CACHE_KB = 8_000
READ_ONLY = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
Owner = Literal["summary", "diary", "concept"]
_OWNERS: dict[Owner, str] = {
    "summary": "SELECT '', began, 1 FROM conversation WHERE id = ?",
    "diary": "SELECT title, began, 1 FROM diary WHERE id = ?",
    "concept": "SELECT kind, written, id = (SELECT max(id) FROM concept AS other WHERE other.kind = concept.kind "
    "AND other.person = concept.person) FROM concept WHERE id = ?",
}
"""Of what a sentence stands in: its name, its moment, and whether it is no older version."""
_TOLD_BY = (
    "(SELECT json_group_array(DISTINCT speaker) FROM source JOIN turn ON turn.id = source.turn "
    "WHERE source.sentence = sentence.id)"
)
"""Who told what a sentence came from."""
FAULTS = (apsw.Error,)
"""What SQLite raises when a disk is full, a file is locked or damaged."""
DAMAGES = (apsw.CorruptError, apsw.NotADBError, apsw.ConnectionClosedError)
"""What it raises when the file is damaged, or was, and could not be mended."""


def cause(error: Exception) -> str:
    """In SQLite's words where they name a disk or a file; what it says of a statement may quote what was said."""
    return type(error).__name__ if isinstance(error, apsw.SQLError) else str(error)


@dataclass(frozen=True, slots=True)
class _Meanings:
    """A table of vectors and who made them."""

    table: str
    embedder: Embedder

    def cosines(self, vectors: Sequence[bytes], asked: bytes) -> list[float]:
        """Of unit vectors, from how far each is from the one asked for."""
        apart = _numbers(b"".join(vectors)).reshape(-1, self.embedder.dimension) - _numbers(asked)
        return [float(each) for each in 1 - (apart**2).sum(axis=1) / (2 * self.embedder.unit**2)]

    def products(self, vectors: Sequence[bytes], middle: NDArray[np.float32]) -> list[float]:
        """Of each with `middle`, which is no unit vector."""
        each = _numbers(b"".join(vectors)).reshape(-1, self.embedder.dimension) @ middle
        return [float(product) for product in each / self.embedder.unit**2]


@dataclass(frozen=True, slots=True)
class _Middle:
    """Of all texts' vectors, as it was when there were `texts`; of the table's kind, each component -127 to 127."""

    texts: int
    vector: NDArray[np.float32]

    def is_stale(self, texts: int) -> bool:
        return abs(texts - self.texts) > STALE * texts


@dataclass(frozen=True, slots=True)
class _Matches:
    """For each text with a word of the question what it has of it, against the rarity of all the question's words."""

    words: dict[int, float]
    pairs: dict[int, float]

    def best(self, count: int) -> list[int]:
        return heapq.nlargest(count, self.words, key=lambda each: (self.words[each] + self.pairs.get(each, 0.0), each))


@dataclass(slots=True)
class _Heard:
    """How the words of the index sound, learned once for each."""

    last: int = 0
    """The text up to which it was learned."""
    keys: dict[str, str] = field(default_factory=dict)
    terms: dict[str, list[str]] = field(default_factory=dict)
    """By their sound."""

    def learn(self, terms: Iterable[str], last: int, sound: Callable[[str], str]) -> None:
        self.last = last
        for term in terms:
            if term not in self.keys:
                self.keys[term] = self.key(term, sound)
                self.terms.setdefault(self.keys[term], []).append(term)

    def key(self, word: str, sound: Callable[[str], str]) -> str:
        """Empty where it cannot be known by its sound alone."""
        if names.is_han(word):
            return sound(word)
        return names.key(word) if word.isascii() and word.isalpha() else ""


def _names_unknown(question: str, counts: Mapping[str, int]) -> list[str]:
    """Words of the question that may be names and that no text has."""
    written = telling(" ".join(names.capitalised(question)))
    return [each for each in telling(question) if not counts[each] and (each in written or names.is_han(each))]


class Store:
    """One open file. Blocking; owned by one thread. A context manager."""

    def __init__(self, path: Path, connection: apsw.Connection, embedder: Embedder, former: Sequence[Embedder]) -> None:
        self.path = path
        self.agenda = AgendaTables(connection)
        self.notes = NoteTables(connection)
        self._db = connection
        self._embedder = embedder
        self._former = former
        self._serving: _Meanings | None = None
        """What is searched; None when nobody here can read it."""
        self._filling: _Meanings | None = None
        """What takes its place when all texts have been read by the new embedder."""
        self._middle_of: _Middle | None = None
        self._who: Person | None = None
        """By whom it is seen just now; None: by whoever looks after the whole life."""
        self._theirs: frozenset[int] | None = None
        """The turns that this person may hear, by their numbers in the index; None: not looked up yet."""
        self.sound: Callable[[str], str] = str
        """How a Chinese word is pronounced; until somebody knows, as it is written."""
        self._heard = _Heard()
        self.held = False
        """Whether another program kept deleted bytes in the file when it was last scrubbed."""

    @classmethod
    def open(cls, path: Path, embedder: Embedder, *, former: Sequence[Embedder] = ()) -> Self:
        """Open or make the file at `path`. Raises MemoryFileError when it is damaged, foreign or newer.

        Meanings that one of the `former` embedders made serve until `fill_meanings` has made them all again.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            store = cls(path, _connect(path), embedder, former)
            store._migrate()
            store._choose_meanings()
        except (apsw.NotADBError, apsw.CorruptError) as error:
            raise MemoryFileError("life-damaged", path=path, cause=error) from error
        except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError, apsw.FullError, apsw.BusyError) as error:
            raise MemoryFileError("life-unusable", path=path, cause=error) from error
        return store

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    @property
    def embedder(self) -> Embedder:
        return self._embedder

    @property
    def searched_by(self) -> Embedder:
        """Whose meanings are searched: a former one's, until all texts were read by the new one."""
        return self._serving.embedder if self._serving else self._embedder

    @property
    def connection(self) -> apsw.Connection:
        """For the modules that keep a table of their own in the file."""
        return self._db

    @property
    def whole(self) -> AbstractContextManager[object]:
        """All that is written within happens, or none of it."""
        return self._db

    @contextmanager
    def seen_by(self, who: Person | None) -> Iterator[None]:
        """Within, all that is read is what this person may hear; None: all of it."""
        before = self._who, self._theirs
        alone = who == USER and not self._maybe("SELECT 1 FROM turn WHERE speaker <> '' LIMIT 1")
        self._see_as(None if alone else who, None)
        try:
            yield
        finally:
            self._see_as(*before)

    def _see_as(self, who: Person | None, theirs: frozenset[int] | None) -> None:
        self._who = self.notes.who = who
        self._theirs = theirs

    def _may_hear(self, owners: Collection[Person]) -> bool:
        return self._who is None or may_hear(self._who, owners)

    def _heard_by_them(self, rows: Iterable[tuple[int]], most: int) -> list[int]:
        """The first of these texts of the index that may be theirs; diaries are looked at more closely when read."""
        numbers = (number for (number,) in rows)
        if self._who is None:
            return list(itertools.islice(numbers, most))
        theirs = self._their_texts()
        return list(itertools.islice((each for each in numbers if each in theirs), most))

    def _their_texts(self) -> frozenset[int]:
        if self._who is None or not may_hear(self._who, (self._who,)):
            return frozenset()
        if self._theirs is None:
            rows = self._db.execute(
                "SELECT id FROM item WHERE kind = 'diary' UNION ALL SELECT item.id FROM item "
                "JOIN turn ON item.kind = 'turn' AND turn.id = item.ref WHERE turn.speaker = ?",
                (self._who,),
            )
            self._theirs = frozenset(number for (number,) in rows)
        return self._theirs

    def is_sound(self) -> bool:
        """Whether SQLite finds no damage in it."""
        try:
            return self._one("PRAGMA quick_check(1)") == ("ok",)
        except (apsw.CorruptError, apsw.NotADBError):
            return False

    @property
    def changes(self) -> int:
        """Another number after another program has written."""
        return int(self._one("PRAGMA data_version")[0])

    def copy(self, path: Path) -> None:
        """A copy of all of it at `path`, whole or not there."""
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        self._db.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.replace(path)

    # Conversations and turns.

    def latest_conversation(self) -> Conversation | None:
        row = self._maybe(
            "SELECT id, began, last, over, no_diary, summarised_to FROM conversation ORDER BY id DESC LIMIT 1"
        )
        return _conversation(row) if row else None

    def conversation_before(self, conversation: Conversation | None) -> Conversation | None:
        """The last one before this one; the latest where this is None."""
        row = self._maybe(
            "SELECT id, began, last, over, no_diary, summarised_to FROM conversation "
            "WHERE id < ? ORDER BY id DESC LIMIT 1",
            conversation.id if conversation else NEVER,
        )
        return _conversation(row) if row else None

    def begin_conversation(self, began: datetime) -> Conversation:
        self._run("UPDATE conversation SET over = 1 WHERE NOT over")
        self._run("INSERT INTO conversation (began, last) VALUES (?, ?)", began.isoformat(), began.isoformat())
        return Conversation(self._db.last_insert_rowid(), began, began, over=False, no_diary=False, summarised_to=0)

    def end_conversation(self, conversation: int) -> None:
        self._run("UPDATE conversation SET over = 1 WHERE id = ?", conversation)

    def want_no_diary(self, conversation: int) -> None:
        """The person deleted it: no other is written."""
        self._run("UPDATE conversation SET no_diary = 1 WHERE id = ?", conversation)

    def touch_conversation(self, conversation: int, last: datetime) -> None:
        self._run("UPDATE conversation SET last = ? WHERE id = ?", last.isoformat(), conversation)

    def add_turn(self, conversation: int, turn: Turn) -> int:
        """Keep what was said, its words and its meaning, all or nothing. Returns its number."""
        heard, reply = turn.heard, turn.reply
        text = "\n".join(part for part in (heard.text, reply.said) if part)
        vectors = self._vectors(text)
        with self._db:
            self._run(
                "INSERT INTO turn (conversation, began, language, confidence, heard, said, unsaid, interrupted, wake, "
                "room, speaker) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                conversation,
                turn.began.isoformat(),
                heard.language,
                heard.confidence,
                heard.text,
                reply.said,
                reply.unsaid,
                int(reply.interrupted),
                turn.wake.phrase if turn.wake else None,
                heard.room,
                heard.person,
            )
            number = self._db.last_insert_rowid()
            for position, call in enumerate(turn.calls):
                self._run(
                    "INSERT INTO call VALUES (?, ?, ?, ?, ?)",
                    number,
                    position,
                    call.name,
                    call.argument,
                    json.dumps([[each.kind, each.ref] for each in call.found]),
                )
            self.touch_conversation(conversation, turn.began)
            self._index("turn", number, turn.began, text, vectors)
        self._theirs = None
        return number

    def turns(self, conversation: int, *, after: int = 0) -> list[PastTurn]:
        return self._turns("conversation = ? AND id > ?", conversation, after)

    def turns_in(self, room: str, conversation: int) -> list[PastTurn]:
        """Those of it that were said there."""
        return self._turns("conversation = ? AND room = ?", conversation, room)

    def told_by(self, kind: str, ref: int) -> list[Person]:
        """Who told this turn, or what stands in this diary; the user first."""
        rows = self._db.execute(
            "SELECT speaker FROM turn WHERE ? = 'turn' AND id = ? UNION SELECT speaker FROM sentence "
            "JOIN source ON source.sentence = sentence.id JOIN turn ON turn.id = source.turn "
            "WHERE ? = owner AND owner = 'diary' AND owner_id = ? ORDER BY 1",
            (kind, ref, kind, ref),
        )
        return [Person(person) for (person,) in rows]

    def said_by(self, person: Person) -> list[PastTurn]:
        return self._turns("speaker = ?", person)

    def speakers(self, conversation: int) -> list[Person]:
        """Who took part in it, in the order in which they first spoke."""
        rows = self._db.execute(
            "SELECT speaker FROM turn WHERE conversation = ? GROUP BY speaker ORDER BY min(id)", (conversation,)
        )
        return [Person(person) for (person,) in rows]

    def turns_numbered(self, numbers: Iterable[int]) -> list[PastTurn]:
        return self._turns("id IN (SELECT value FROM json_each(?))", json.dumps(sorted(numbers)))

    def turns_of_days(self, span: Span) -> list[PastTurn]:
        return self._turns("substr(began, 1, 10) BETWEEN ? AND ?", span.first.isoformat(), span.last.isoformat())

    def latest_turns(self, most: int) -> list[PastTurn]:
        """So many, the oldest first."""
        return self._turns("id > coalesce((SELECT id FROM turn ORDER BY id DESC LIMIT 1 OFFSET ?), 0)", most)

    def all_turns(self) -> list[PastTurn]:
        return self._turns("1")

    def _turns(self, where: str, *values: object) -> list[PastTurn]:
        rows = self._db.execute(
            f"SELECT id, conversation, began, language, heard, said, speaker FROM turn WHERE {where} ORDER BY id",  # noqa: S608
            values,
        )
        return [
            PastTurn(number, conversation, datetime.fromisoformat(began), language, heard, said, person)
            for number, conversation, began, language, heard, said, person in rows
            if self._may_hear((person,))
        ]

    # Summaries, diaries, concepts.

    def summary(self, conversation: int) -> tuple[Sentence, ...]:
        return self._sentences("summary", conversation)

    def set_summary(self, conversation: int, sentences: Sequence[Sentence], *, to: int) -> None:
        with self._db:
            self._replace_sentences("summary", conversation, sentences)
            self._run("UPDATE conversation SET summarised_to = ? WHERE id = ?", to, conversation)

    def unwritten(self) -> list[Conversation]:
        """Conversations that are over and have no diary yet; one without turns needs none."""
        rows = self._db.execute(
            "SELECT id, began, last, over, no_diary, summarised_to FROM conversation WHERE over AND NOT no_diary "
            "AND EXISTS (SELECT 1 FROM turn WHERE turn.conversation = conversation.id) "
            "AND NOT EXISTS (SELECT 1 FROM diary WHERE diary.conversation = conversation.id) ORDER BY id"
        )
        return [_conversation(row) for row in rows]

    def ended(self, *, after: int) -> list[Conversation]:
        """Conversations of greater numbers that are over and have turns, the oldest first."""
        rows = self._db.execute(
            "SELECT id, began, last, over, no_diary, summarised_to FROM conversation WHERE over AND id > ? "
            "AND EXISTS (SELECT 1 FROM turn WHERE turn.conversation = conversation.id) ORDER BY id",
            (after,),
        )
        return [_conversation(row) for row in rows]

    def add_diary(self, diary: Diary, written: datetime) -> Diary:
        """Keep it; one that this conversation had is replaced."""
        vectors = self._vectors(diary.text)
        with self._db:
            for (old,) in list(self._db.execute("SELECT id FROM diary WHERE conversation = ?", (diary.conversation,))):
                self.delete_diary(old)
            self._run(
                "INSERT INTO diary (conversation, day, began, ended, language, title, mood, extract, written) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                diary.conversation,
                diary.day.isoformat(),
                diary.began.isoformat(),
                diary.ended.isoformat(),
                diary.language,
                diary.title,
                diary.mood,
                int(diary.extract),
                written.isoformat(),
            )
            kept = replace(diary, id=self._db.last_insert_rowid())
            self._replace_sentences("diary", kept.id, diary.sentences)
            self._index("diary", kept.id, diary.began, diary.text, vectors)
        return kept

    def diaries(self, span: Span | None = None) -> list[Diary]:
        """Those of the days of `span`, or all, the oldest first."""
        first, last = (span.first.isoformat(), span.last.isoformat()) if span else ("", "~")
        return self._diaries("day BETWEEN ? AND ?", first, last)

    def diary(self, number: int) -> Diary | None:
        found = self._diaries("id = ?", number)
        return found[0] if found else None

    def diary_of_turn(self, turn: int) -> Diary | None:
        found = self._diaries("conversation = (SELECT conversation FROM turn WHERE id = ?)", turn)
        return found[0] if found else None

    def _diaries(self, where: str, *values: object) -> list[Diary]:
        rows = list(
            self._db.execute(
                "SELECT id, conversation, began, ended, language, title, mood, extract "  # noqa: S608 - ours
                f"FROM diary WHERE {where} ORDER BY began, id",
                values,
            )
        )
        pages = [
            Diary(
                id=number,
                conversation=conversation,
                began=datetime.fromisoformat(began),
                ended=datetime.fromisoformat(ended),
                language=language,
                title=title,
                mood=mood,
                sentences=self._sentences("diary", number),
                extract=bool(extract),
            )
            for number, conversation, began, ended, language, title, mood, extract in rows
        ]
        return pages if self._who is None else [self._their_part(each) for each in pages if each.sentences]

    def _their_part(self, page: Diary) -> Diary:
        """Where some of it was left out, its title and mood may be of that."""
        (whole,) = self._one("SELECT count(*) FROM sentence WHERE owner = 'diary' AND owner_id = ?", page.id)
        if whole == len(page.sentences):
            return page
        return replace(page, title=short_title(page.sentences[0].text, page.language), mood="")

    def change_diary(self, diary: Diary) -> None:
        """Other words for it; it is remembered as well as before."""
        vectors = self._vectors(diary.text)
        with self._db:
            held = self._one("SELECT strength, recalled FROM item WHERE kind = 'diary' AND ref = ?", diary.id)
            self._unindex("diary", [diary.id])
            self._run("UPDATE diary SET title = ? WHERE id = ?", diary.title, diary.id)
            self._replace_sentences("diary", diary.id, diary.sentences)
            self._index("diary", diary.id, diary.began, diary.text, vectors)
            self._run("UPDATE item SET strength = ?, recalled = ? WHERE kind = 'diary' AND ref = ?", *held, diary.id)

    def delete_diary(self, number: int) -> None:
        with self._db:
            self._unindex("diary", [number])
            self._replace_sentences("diary", number, ())
            self._run("DELETE FROM diary WHERE id = ?", number)

    @property
    def _known(self) -> Person:
        """Whose concepts are read: who looks after the whole life reads the user's."""
        return self._who or USER

    def people(self) -> list[Person]:
        """Who said anything here, or is known, beside the user; a guest is one of them."""
        rows = self._db.execute(
            "SELECT speaker FROM turn WHERE speaker <> '' "
            "UNION SELECT person FROM concept WHERE person <> '' ORDER BY 1"
        )
        return [Person(person) for (person,) in rows]

    def take_for_user(self, person: Person, now: datetime) -> None:
        """What was theirs is the user's; what was known of them is known of the user, after what was before."""
        with self._db:
            for kind in CONCEPTS:
                with self.seen_by(person):
                    theirs = self.concept(kind)
                own = self.concept(kind)
                if theirs:
                    self.add_concept(Concept(kind, now, (*(own.sentences if own else ()), *theirs.sentences)))
            self._run("UPDATE turn SET speaker = '' WHERE speaker = ?", person)
        self.forget_person(person)

    def forget_person(self, person: Person) -> None:
        """Nothing of what it knew of them stays; their turns are forgotten apart."""
        with self._db:
            self._run(
                "DELETE FROM sentence WHERE owner = 'concept' "
                "AND owner_id IN (SELECT id FROM concept WHERE person = ?)",
                person,
            )
            self._run("DELETE FROM concept WHERE person = ?", person)
        self.scrub()

    def concept(self, kind: ConceptKind) -> Concept | None:
        """The present version; None before there is one."""
        versions = self._versions(kind, most=1)
        return versions[0] if versions else None

    def versions(self, kind: ConceptKind) -> list[Concept]:
        """Every version, the oldest first."""
        return self._versions(kind, most=-1)[::-1]

    def _versions(self, kind: ConceptKind, *, most: int) -> list[Concept]:
        """The latest first."""
        rows = list(
            self._db.execute(
                "SELECT id, written FROM concept WHERE kind = ? AND person = ? ORDER BY id DESC LIMIT ?",
                (kind, self._known, most),
            )
        )
        return [
            Concept(kind, datetime.fromisoformat(written), self._sentences("concept", number), self._known)
            for number, written in rows
        ]

    def written(self, kind: ConceptKind) -> list[datetime]:
        """When each version was, the oldest first."""
        rows = self._db.execute(
            "SELECT written FROM concept WHERE kind = ? AND person = ? ORDER BY id", (kind, self._known)
        )
        return [datetime.fromisoformat(written) for (written,) in rows]

    def version(self, kind: ConceptKind, number: int) -> Concept | None:
        """That version, counted from 1; None when there is none."""
        row = self._maybe(
            "SELECT id, written FROM concept WHERE kind = ? AND person = ? ORDER BY id LIMIT 1 OFFSET ?",
            kind,
            self._known,
            max(0, number - 1),
        )
        if row is None:
            return None
        return Concept(kind, datetime.fromisoformat(row[1]), self._sentences("concept", row[0]), self._known)

    def add_concept(self, concept: Concept) -> None:
        with self._db:
            self._run(
                "INSERT INTO concept (kind, written, person) VALUES (?, ?, ?)",
                concept.kind,
                concept.written.isoformat(),
                concept.person,
            )
            self._replace_sentences("concept", self._db.last_insert_rowid(), concept.sentences)

    def _sentences(self, owner: str, number: int) -> tuple[Sentence, ...]:
        whole = self._who is None or owner == "concept"  # which is all of one person's
        rows = self._db.execute(
            "SELECT text, (SELECT json_group_array(turn) FROM (SELECT turn FROM source WHERE sentence = sentence.id "  # noqa: S608
            f"ORDER BY turn)), {'NULL' if whole else _TOLD_BY} "
            "FROM sentence WHERE owner = ? AND owner_id = ? ORDER BY position",
            (owner, number),
        )
        return tuple(
            Sentence(text, tuple(json.loads(sources)))
            for text, sources, owners in rows
            if whole or self._may_hear(json.loads(owners))
        )

    def _replace_sentences(self, owner: str, number: int, sentences: Sequence[Sentence]) -> None:
        self._run("DELETE FROM sentence WHERE owner = ? AND owner_id = ?", owner, number)
        for position, sentence in enumerate(sentences):
            self._run(
                "INSERT INTO sentence (owner, owner_id, position, text) VALUES (?, ?, ?, ?)",
                owner,
                number,
                position,
                sentence.text,
            )
            added = self._db.last_insert_rowid()
            for turn in dict.fromkeys(sentence.sources):
                self._run("INSERT INTO source VALUES (?, ?)", added, turn)

    # Finding.

    def search(
        self, question: str, span: Span | None = None, *, also: Iterable[str] = (), literally: str = ""
    ) -> list[Hit]:
        """What is near to the question in meaning, or shares its rarest words, or is of its days; with what was said

        around that, what shares its rarest words, what has one of the words `also`, and what has the text `literally`.
        """
        asked = self._serving.embedder.query(question) if self._serving else b""
        near = self._nearest(asked)
        matched = self._matching(question)
        best = matched.best(BEST_MATCHES)
        of_days = self._of_days(span, matched.words) if span else []
        around = self._around([*near[:AROUND], *best[:AROUND]])
        lasting = changes.asked(question) != "happened"
        sharing = self._sharing([*near[:LINKED], *best[:LINKED]]) if lasting else {}
        linked = [other for others in sharing.values() for other in others]
        changed = {number for word in also for number in self._having(f'"{word}"')[:BEST_MATCHES]}
        written = self._containing(literally, span) if literally else []
        hits = self._hits([*near, *best, *of_days, *around, *linked, *changed, *written], matched, asked)
        return [
            replace(hit, shares=sharing.get(hit.id, {}), of_change=hit.id in changed)
            if hit.id in changed or sharing.get(hit.id)
            else hit
            for hit in hits
        ]

    def of_turns(self, numbers: Iterable[int], question: str) -> list[Hit]:
        """These turns, and how near each is to the question."""
        asked = self._serving.embedder.query(question) if self._serving else b""
        rows = self._db.execute(
            "SELECT id FROM item WHERE kind = 'turn' AND ref IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(numbers)),),
        )
        return self._hits([number for (number,) in rows], self._matching(question), asked)

    def strengthen(self, recalled: Iterable[tuple[str, int]], now: datetime) -> None:
        """These turns and diaries were recalled: they last longer."""
        with self._db:
            for kind, ref in recalled:
                row = self._maybe("SELECT id, strength FROM item WHERE kind = ? AND ref = ?", kind, ref)
                if row:
                    self._run(
                        "UPDATE item SET strength = ?, recalled = ? WHERE id = ?",
                        forgetting.recalled(row[1]),
                        now.isoformat(),
                        row[0],
                    )

    def _nearest(self, asked: bytes) -> list[int]:
        """Those in the direction in which the question lies from the middle of all texts, the nearest first."""
        serving = self._serving
        if not serving:
            return []
        turned = _bytes(_numbers(asked) - COMMON * self._middle(serving))
        values: tuple[object, ...] = (turned, NEAREST)
        among = ""
        if self._who is not None:  # else the others' texts would fill the places of theirs
            among, values = (
                " AND rowid IN (SELECT value FROM json_each(?))",
                (*values, json.dumps([*self._their_texts()])),
            )
        rows = self._db.execute(
            f"SELECT rowid FROM {serving.table} WHERE meaning MATCH vec_int8(?) AND k = ?{among} ORDER BY distance",  # noqa: S608
            values,
        )
        return [number for (number,) in rows]

    def _middle(self, serving: _Meanings) -> NDArray[np.float32]:
        (texts,) = self._one(f"SELECT count(*) FROM {serving.table}_rowids")  # noqa: S608
        if self._middle_of is None or self._middle_of.is_stale(texts):
            total = np.zeros(serving.embedder.dimension, dtype=np.float32)
            # A chunk of vectors as sqlite-vec keeps it; places that are free hold noughts, see _blank.
            for (chunk,) in self._db.execute(f"SELECT vectors FROM {serving.table}_vector_chunks00"):  # noqa: S608
                total += _numbers(chunk).reshape(-1, total.size).sum(axis=0)
            self._middle_of = _Middle(texts, total / max(1, texts))
        return self._middle_of.vector

    def _matching(self, question: str) -> _Matches:
        total = self._total()
        side_by_side = list(pairs(question))[:PAIRS_ASKED]
        counts = self._counts([*telling(question), *itertools.chain.from_iterable(side_by_side)])
        rarity = {word: math.log(1 + total / (1 + counts[word])) for word in telling(question)}
        asked = heapq.nlargest(WORDS_ASKED, rarity, key=rarity.__getitem__)
        weight = sum(rarity[word] for word in asked)
        words: dict[int, float] = {}
        for word in asked:
            for number in self._having(f'"{word}"'):
                words[number] = words.get(number, 0.0) + rarity[word] / weight
        for word in _names_unknown(question, counts):
            for number in self._sounding(word) if word in asked else ():
                words[number] = words.get(number, 0.0) + SOUNDING * rarity[word] / weight
        together: dict[int, float] = {}
        for pair in side_by_side if weight else []:
            having = self._having(f'"{" ".join(pair)}"') if all(counts[word] for word in pair) else []
            for number in having:
                together[number] = together.get(number, 0.0) + math.log(1 + total / (1 + len(having))) / weight
        return _Matches(words, together)

    def _total(self) -> int:
        """How many texts there are, about."""
        return int(self._one("SELECT coalesce(max(id), 0) FROM item")[0])

    def _counts(self, words: Iterable[str]) -> dict[str, int]:
        """How many texts have each; 0 where none has."""
        wanted = dict.fromkeys(words, 0)
        rows = self._db.execute(
            "SELECT term, doc FROM json_each(?) JOIN vocabulary ON term = value", (json.dumps(list(wanted)),)
        )
        return wanted | dict(rows)

    def _having(self, expression: str) -> list[int]:
        """The latest texts with these words."""
        rows = self._db.execute(
            "SELECT rowid FROM word WHERE word MATCH ? ORDER BY rowid DESC LIMIT ?", (expression, self._most(MATCHES))
        )
        return self._heard_by_them(rows, MATCHES)

    def _most(self, count: int) -> int:
        """So many rows are read until there are `count` of theirs."""
        return count if self._who is None else NEVER

    def _sounding(self, word: str) -> list[int]:
        """The latest texts with a name that sounds like this one, which no text has."""
        last = self._total()
        if last > self._heard.last:
            self._heard.learn(self._words_after(self._heard.last), last, self.sound)
        sounds = {self._heard.key(part, self.sound) for part in names.parts(word)} - {""}
        alike = [other for each in sounds for other in self._heard.terms.get(each, ()) if other != word]
        found = [number for other in alike for number in self._having(f'"{other}"')]
        return found if names.is_han(word) else self._naming(found, word)

    def _words_after(self, text: int) -> Iterable[str]:
        """Of the texts since that one; of all of them, where there is none yet, as the index has them."""
        if not text:
            return [term for (term,) in self._db.execute("SELECT term FROM vocabulary")]
        rows = self._db.execute("SELECT text FROM item WHERE id > ?", (text,))
        return [term.text for (said,) in rows for term in terms(said)]

    def _naming(self, numbers: Sequence[int], word: str) -> list[int]:
        """Those of the texts that have this name, written as a name."""
        rows = self._db.execute(
            "SELECT id, text FROM item WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
        )
        return [
            number for number, text in rows if any(names.sound_alike(each, word) for each in names.capitalised(text))
        ]

    def _containing(self, text: str, span: Span | None) -> list[int]:
        """The latest of these days that hold exactly this; small and capital letters are one."""
        first, last = (span.first.isoformat(), span.last.isoformat()) if span else ("", "~")
        rows = self._db.execute(
            "SELECT id FROM item WHERE instr(lower(text), lower(?)) AND day BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
            (text, first, last, self._most(BEST_MATCHES)),
        )
        return self._heard_by_them(rows, BEST_MATCHES)

    def _around(self, numbers: Sequence[int]) -> list[int]:
        """What was said right before and after these, in the same conversation."""
        rows = self._db.execute(
            "SELECT DISTINCT other.id FROM item JOIN turn ON item.kind = 'turn' AND turn.id = item.ref "
            "JOIN item AS other ON other.kind = 'turn' AND other.ref BETWEEN turn.id - ?2 AND turn.id + ?2 "
            "JOIN turn AS beside ON beside.id = other.ref AND beside.conversation = turn.conversation "
            "WHERE item.id IN (SELECT value FROM json_each(?1))",
            (json.dumps(list(numbers)), BESIDE),
        )
        return [number for (number,) in rows]

    def _of_days(self, span: Span, matched: dict[int, float]) -> list[int]:
        rows = self._db.execute(
            "SELECT id FROM item WHERE day BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
            (span.first.isoformat(), span.last.isoformat(), self._most(MATCHES)),
        )
        of_days = self._heard_by_them(rows, MATCHES)
        return heapq.nlargest(BEST_MATCHES, of_days, key=lambda each: matched.get(each, 0.0))

    def _sharing(self, numbers: Sequence[int]) -> dict[int, dict[int, float]]:
        """Of each, what else has rare words of it, and which share of its telling words."""
        rows = self._db.execute(
            "SELECT id, text FROM item WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),)
        )
        telling_of = {number: list(telling(text.partition("\n")[0]))[:WORDS_ASKED] for number, text in rows}
        counts = self._counts(word for words in telling_of.values() for word in words)
        total = self._total()
        rarity = {word: math.log(1 + total / (1 + count)) for word, count in counts.items()}
        having = {word: self._having(f'"{word}"') for word, count in counts.items() if 1 < count <= RARE}
        sharing: dict[int, dict[int, float]] = {number: {} for number in telling_of}
        for number, words in telling_of.items():
            weight = sum(rarity[word] for word in words)
            for word in words:
                for other in having.get(word, ()):
                    sharing[number][other] = sharing[number].get(other, 0.0) + rarity[word] / weight
        return {
            number: {other: share for other, share in shared.items() if share >= changes.SHARED and other != number}
            for number, shared in sharing.items()
        }

    def _hits(self, numbers: Iterable[int], matched: _Matches, asked: bytes) -> list[Hit]:
        wanted = self._heard_by_them(((each,) for each in dict.fromkeys(numbers)), NEVER)
        near = self._nearness(wanted, asked)
        rows = self._db.execute(
            "SELECT id, kind, ref, moment, text, strength, recalled, CASE kind "
            "WHEN 'turn' THEN (SELECT conversation FROM turn WHERE turn.id = ref) "
            "ELSE (SELECT conversation FROM diary WHERE diary.id = ref) END "
            "FROM item WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(wanted),),
        )
        hits = [
            Hit(
                id=number,
                kind=kind,
                ref=ref,
                when=datetime.fromisoformat(moment),
                text=text,
                strength=strength,
                recalled=datetime.fromisoformat(recalled),
                cosine=near[number][0] if number in near else 0.0,
                common=near[number][1] if number in near else 0.0,
                matched=matched.words.get(number, 0.0),
                phrased=matched.pairs.get(number, 0.0),
                conversation=conversation,
            )
            for number, kind, ref, moment, text, strength, recalled, conversation in rows
        ]
        return hits if self._who is None else [each for hit in hits if (each := self._their_hit(hit))]

    def _their_hit(self, hit: Hit) -> Hit | None:
        """Of a diary what is theirs; None: nothing."""
        if hit.kind == "turn":
            return hit
        page = self.diary(hit.ref)
        return replace(hit, text=page.text) if page else None

    def _nearness(self, numbers: list[int], asked: bytes) -> dict[int, tuple[float, float]]:
        """Of each that has a meaning: its cosine with the question, and what of it is common to all questions."""
        serving = self._serving
        if not serving:
            return {}
        vectors: dict[int, bytes] = {}
        for number in numbers:  # one by one: for a list of rows sqlite-vec reads the whole table
            row = self._maybe(f"SELECT meaning FROM {serving.table} WHERE rowid = ?", number)  # noqa: S608
            if row:
                vectors[number] = row[0]
        if not vectors:
            return {}
        cosines = serving.cosines(list(vectors.values()), asked)
        common = serving.products(list(vectors.values()), COMMON * self._middle(serving))
        return dict(zip(vectors, zip(cosines, common, strict=True), strict=True))

    # The index.

    def _index(self, kind: str, ref: int, when: datetime, text: str, vectors: dict[str, bytes]) -> None:
        self._run(
            "INSERT INTO item (kind, ref, moment, day, text, strength, recalled) VALUES (?, ?, ?, ?, ?, ?, ?)",
            kind,
            ref,
            when.isoformat(),
            when.date().isoformat(),
            text,
            forgetting.NEW,
            when.isoformat(),
        )
        number = self._db.last_insert_rowid()
        self._run("INSERT INTO word (rowid, text) VALUES (?, ?)", number, text)
        for table, vector in vectors.items():
            self._run(f"INSERT INTO {table} (rowid, meaning) VALUES (?, vec_int8(?))", number, vector)  # noqa: S608

    def _unindex(self, kind: str, refs: Collection[int]) -> None:
        rows = list(
            self._db.execute(
                "SELECT id, text FROM item WHERE kind = ? AND ref IN (SELECT value FROM json_each(?))",
                (kind, json.dumps(list(refs))),
            )
        )
        for number, text in rows:
            self._run("INSERT INTO word (word, rowid, text) VALUES ('delete', ?, ?)", number, text)
            for table, dimension in list(self._db.execute("SELECT 'meaning_' || id, dimension FROM embedder")):
                self._blank(table, number, dimension)
                self._run(f"DELETE FROM {table} WHERE rowid = ?", number)  # noqa: S608
            self._run("DELETE FROM item WHERE id = ?", number)

    def _blank(self, table: str, number: int, dimension: int) -> None:
        """Overwrite a vector: sqlite-vec marks its place free and leaves what was in it."""
        row = self._maybe(f"SELECT chunk_id, chunk_offset FROM {table}_rowids WHERE rowid = ?", number)  # noqa: S608
        if row:
            with self._db.blob_open("main", f"{table}_vector_chunks00", "vectors", row[0], True) as chunk:
                chunk.seek(row[1] * dimension)
                chunk.write(bytes(dimension))

    def _vectors(self, text: str) -> dict[str, bytes]:
        """The meaning of `text` for each table that wants it, made before the transaction begins."""
        wanted = filter(None, (self._serving, self._filling))
        return {each.table: each.embedder.passage(text) for each in wanted}

    def fill_meanings(self, count: int) -> bool:
        """Embed `count` more texts for a new embedder. Returns whether there is more to do."""
        filling = self._filling
        if not filling:
            return False
        rows = list(
            self._db.execute(
                f"SELECT id, text FROM item WHERE id NOT IN (SELECT rowid FROM {filling.table}) LIMIT ?",  # noqa: S608
                (count,),
            )
        )
        made = [(number, filling.embedder.passage(text)) for number, text in rows]
        with self._db:
            for number, vector in made:
                self._run(
                    f"INSERT INTO {filling.table} (rowid, meaning) VALUES (?, vec_int8(?))",  # noqa: S608
                    number,
                    vector,
                )
            if len(rows) < count:
                self._drop_meanings("whole")
                self._run("UPDATE embedder SET whole = 1")
        if len(rows) < count:
            self._serving, self._filling, self._middle_of = filling, None, None
        return self._filling is not None

    def _choose_meanings(self) -> None:
        """What serves is whole; the table of a new embedder serves when it is."""
        self._middle_of = None
        known = {each.name: each for each in (*self._former, self._embedder)}
        with self._db:
            if not self._maybe("SELECT 1 FROM embedder WHERE name = ?", self._embedder.name):
                self._drop_meanings("NOT whole")
                self._add_meanings()
        for number, name, whole in list(self._db.execute("SELECT id, name, whole FROM embedder")):
            meanings = _Meanings(f"meaning_{number}", known[name]) if name in known else None
            if whole:
                self._serving = meanings
            else:
                self._filling = meanings

    def _add_meanings(self) -> None:
        """The first embedder serves at once; a later one when all texts have been read by it."""
        dimension, whole = self._embedder.dimension, int(self._maybe("SELECT 1 FROM embedder") is None)
        self._run(
            "INSERT INTO embedder (name, dimension, whole) VALUES (?, ?, ?)", self._embedder.name, dimension, whole
        )
        number = self._db.last_insert_rowid()
        self._run(f"CREATE VIRTUAL TABLE meaning_{number} USING vec0 (meaning int8[{dimension}])")

    def _drop_meanings(self, which: str) -> None:
        for (number,) in list(self._db.execute(f"SELECT id FROM embedder WHERE {which}")):  # noqa: S608
            self._run(f"DROP TABLE meaning_{number}")
            self._run("DELETE FROM embedder WHERE id = ?", number)

    # Forgetting.

    def forget(self, numbers: Collection[int], rewrite: Callable[[Sentence, Collection[int]], Sentence | None]) -> None:
        """Remove these turns and all that came from them, so that no byte of it stays in the file.

        `rewrite` gives what is left of a sentence that came from some of them; None: nothing.
        """
        gone = set(numbers)
        with self.seen_by(None), self._db:
            for loss in self._losses(gone, rewrite):
                self._rewrite(loss.owner, loss.number, loss.after)
            self.notes.forget(gone, rewrite)
            self._unindex("turn", gone)
            chosen = json.dumps(sorted(gone))
            self._run("DELETE FROM turn WHERE id IN (SELECT value FROM json_each(?))", chosen)
            self._run(
                "DELETE FROM conversation WHERE over AND id NOT IN (SELECT conversation FROM turn) "
                "AND id NOT IN (SELECT conversation FROM diary)"
            )
        self.scrub()

    def losses(
        self, numbers: Collection[int], rewrite: Callable[[Sentence, Collection[int]], Sentence | None]
    ) -> list[Loss]:
        """What came from these turns, and what `rewrite` would leave of it. Nothing is changed."""
        gone = set(numbers)
        with self.seen_by(None):
            return [*self._losses(gone, rewrite), *self.notes.losses(gone, rewrite)]

    def _losses(self, gone: set[int], rewrite: Callable[[Sentence, Collection[int]], Sentence | None]) -> list[Loss]:
        found = []
        for owner, number in self._came_from(gone):
            before = self._sentences(owner, number)
            after = [rewrite(each, gone) if gone & set(each.sources) else each for each in before]
            what, when, present = self._one(_OWNERS[owner], number)
            left = tuple(each for each in after if each)
            found.append(Loss(owner, number, what, datetime.fromisoformat(when), bool(present), before, left))
        return found

    def scrub(self) -> None:
        """Leave nothing of what was deleted: in the index, in free pages, in the log of writes."""
        self._run("INSERT INTO word (word) VALUES ('optimize')")
        self._db.execute("VACUUM")
        try:
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            self.held = True
        else:
            self.held = False

    def _came_from(self, turns: set[int]) -> list[tuple[Owner, int]]:
        return [
            (owner, int(number))
            for owner, number in self._db.execute(
                "SELECT DISTINCT owner, owner_id FROM sentence JOIN source ON sentence = id "
                "WHERE turn IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(turns)),),
            )
        ]

    def _rewrite(self, owner: str, number: int, sentences: Sequence[Sentence]) -> None:
        self._replace_sentences(owner, number, sentences)
        diary = self.diary(number) if owner == "diary" else None
        if diary and not sentences:
            self.delete_diary(number)
        elif diary:
            title = sentences[0].text  # the old title may have told what is forgotten
            self._unindex("diary", [number])
            self._run("UPDATE diary SET title = ? WHERE id = ?", title, number)
            changed = replace(diary, title=title, sentences=tuple(sentences))
            self._index("diary", number, diary.began, changed.text, self._vectors(changed.text))

    # All of it.

    def become(self, other: Store) -> None:
        """Hold what the other file holds, and no byte of what this one held; all of it or nothing."""
        with self._db.backup("main", other.connection, "main") as backup:
            while not backup.done:
                backup.step()
        self._serving = self._filling = None
        self._heard = _Heard()
        self._choose_meanings()
        self.scrub()

    def trace(self, kind: Literal["turn", "diary"], ref: int) -> Trace | None:
        """How it was remembered; None when it is not there."""
        recalls = self._recalls("each.value ->> 0 = ? AND each.value ->> 1 = ?", kind, ref)
        return next(self._traces(recalls, "kind = ? AND ref = ?", kind, ref), None)

    def traces(self) -> list[Trace]:
        """How everything was remembered, the oldest first."""
        return list(self._traces(self._recalls("1"), "1"))

    def _recalls(self, where: str, *values: object) -> dict[tuple[str, int], list[datetime]]:
        """When each turn and diary was recalled, the oldest first, as far as the turns that did are here."""
        rows = self._db.execute(
            "SELECT DISTINCT each.value ->> 0, each.value ->> 1, turn.id, began "  # noqa: S608 - ours
            f"FROM call JOIN turn ON turn.id = call.turn, json_each(call.found) AS each WHERE {where} ORDER BY turn.id",
            values,
        )
        recalls: dict[tuple[str, int], list[datetime]] = {}
        for kind, ref, _, began in rows:
            recalls.setdefault((kind, ref), []).append(datetime.fromisoformat(began))
        return recalls

    def _traces(
        self, recalls: Mapping[tuple[str, int], Sequence[datetime]], where: str, *values: object
    ) -> Iterator[Trace]:
        rows = self._db.execute(
            "SELECT kind, ref, moment, strength, recalled, text FROM item "  # noqa: S608 - ours
            f"WHERE {where} ORDER BY moment, id",
            values,
        )
        for kind, ref, made, strength, recalled, text in rows:
            yield Trace(
                made=datetime.fromisoformat(made),
                strength=strength,
                recalled=datetime.fromisoformat(recalled),
                recalls=tuple(recalls.get((kind, ref), ())),
                text=text,
                lasting=lasting.of_text(kind, text),
                kind=kind,
                ref=ref,
            )

    def days(self, span: Span | None = None) -> list[Day]:
        """Those of `span`, or all, on which there was anything, the oldest first."""
        first, last = (span.first.isoformat(), span.last.isoformat()) if span else ("", "~")
        rows = self._db.execute(
            "SELECT day, sum(turns), sum(diaries), sum(versions), sum(gone) FROM ("
            "SELECT substr(began, 1, 10) AS day, 1 AS turns, 0 AS diaries, 0 AS versions, "
            "id - lag(id, 1, 0) OVER (ORDER BY id) - 1 AS gone FROM turn "
            "UNION ALL SELECT day, 0, 1, 0, 0 FROM diary "
            "UNION ALL SELECT substr(written, 1, 10), 0, 0, 1, 0 FROM concept "
            "UNION ALL SELECT substr(began, 1, 10), 0, 0, 0, seq - id FROM turn, sqlite_sequence "
            "WHERE name = 'turn' AND id = (SELECT max(id) FROM turn)) "
            "WHERE day BETWEEN ? AND ? GROUP BY day ORDER BY day",
            (first, last),
        )
        return [Day(date.fromisoformat(day), *counts) for day, *counts in rows]

    def forgotten(self) -> int:
        """How many turns there were that are not here any more."""
        (count,) = self._one(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'turn'), 0) - (SELECT count(*) FROM turn)"
        )
        return int(count)

    def began(self) -> datetime | None:
        """When the first thing was said; None before it."""
        if self._who is not None:
            row = self._maybe("SELECT min(began) FROM turn WHERE speaker = ?", self._who)
            return datetime.fromisoformat(row[0]) if row and row[0] and self._may_hear((self._who,)) else None
        row = self._maybe("SELECT began FROM conversation ORDER BY id LIMIT 1")
        return datetime.fromisoformat(row[0]) if row else None

    def stats(self) -> Stats:
        (turns,) = self._one("SELECT count(*) FROM turn")
        (conversations,) = self._one("SELECT count(*) FROM conversation")
        (diaries,) = self._one("SELECT count(*) FROM diary")
        (size,) = self._one("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return Stats(turns, conversations, diaries, self.began(), size)

    def _migrate(self) -> None:
        (version,) = self._one("PRAGMA user_version")
        if version > schema.NEWEST:
            raise MemoryFileError("life-newer", path=self.path, version=version, newest=schema.NEWEST)
        if version == 0 and self._maybe("SELECT 1 FROM sqlite_schema"):
            raise MemoryFileError("life-foreign", path=self.path)
        for number, script in enumerate(schema.MIGRATIONS[version:], version + 1):
            with self._db:
                self._db.execute(script)
                self._db.execute(f"PRAGMA user_version = {number}")

    def _run(self, statement: str, *values: object) -> None:
        self._db.execute(statement, values)

    def _maybe(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        return self._db.execute(statement, values).fetchone()

    def _one(self, statement: str, *values: object) -> tuple[Any, ...]:
        row = self._maybe(statement, *values)
        if row is None:
            raise LookupError(statement)
        return row


def turns_left(path: Path, *, after: int) -> list[Turn]:
    """What can still be read of a damaged file: the turns behind number `after`, one by one."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)  # with what its journal holds
    except FAULTS:
        return []
    found: list[Turn] = []
    missing = 0
    while missing < GAP:
        after += 1
        turn = _turn_left(connection, after)
        missing = 0 if turn else missing + 1
        found += [turn] if turn else []
    connection.close()
    return found


def _turn_left(connection: apsw.Connection, number: int) -> Turn | None:
    columns = "began, language, confidence, heard, said, unsaid, interrupted, room, speaker"
    try:
        row = connection.execute(f"SELECT {columns} FROM turn WHERE id = ?", (number,)).fetchone()  # noqa: S608
        if row is None:
            return None
        began, language, confidence, heard, said, unsaid, interrupted, room, speaker = row
        transcript = Transcript(heard, language, confidence, room=room, person=Person(speaker))
        reply = Reply(said, unsaid, bool(interrupted))
        return Turn(0, datetime.fromisoformat(began), None, transcript, reply, Timings())
    except (*FAULTS, ValueError, TypeError):  # some of it is damaged
        return None


def snapshot(life: Path, target: Path) -> None:
    """Copy the file of a life as it is at this moment, whoever uses it; nobody has to wait. Raises MemoryFileError."""
    try:
        with closing(_connect(life)) as source, closing(_connect(target)) as copy:
            with copy.backup("main", source, "main") as copying:
                while not copying.done:
                    copying.step()
            found = copy.execute("PRAGMA quick_check(1)").get
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=life, cause=cause(error)) from error
    if found != "ok":  # a copy of it would take the place of one that is whole
        raise MemoryFileError("life-damaged", path=life, cause=found)


def version_of(life: Path) -> int:
    """Of the schema, 0 where nothing stands in the file. Changes nothing. Raises MemoryFileError."""
    try:
        with closing(apsw.Connection(f"{life.resolve().as_uri()}?mode=ro", flags=READ_ONLY)) as connection:
            connection.set_busy_timeout(BUSY_MS)
            return int(connection.execute("PRAGMA user_version").get)
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=life, cause=cause(error)) from error


def copy_older(life: Path, to: Path) -> bool:
    """Copy a file, as it is, that `Store.open` would bring to a newer version. Raises MemoryFileError.

    One that cannot be read is left to `Store.open`.
    """
    try:
        if not 0 < version_of(life) < schema.NEWEST:
            return False
    except MemoryFileError:
        return False
    unfinished = to.with_suffix(".part")
    try:
        unfinished.unlink(missing_ok=True)
        with closing(apsw.Connection(str(life), flags=apsw.SQLITE_OPEN_READWRITE)) as connection:
            connection.set_busy_timeout(BUSY_MS)
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.replace(to)
    except DAMAGES as error:
        raise MemoryFileError("life-damaged", path=life, cause=error) from error
    except (*FAULTS, OSError) as error:
        raise MemoryFileError("life-unusable", path=life, cause=error) from error
    return True


def _numbers(vectors: bytes) -> NDArray[np.float32]:
    return np.frombuffer(vectors, dtype=np.int8).astype(np.float32)


def _bytes(vector: NDArray[np.float32]) -> bytes:
    whole: NDArray[np.int8] = np.clip(np.rint(vector), -127, 127).astype(np.int8)
    return whole.tobytes()


def _connect(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_MS)
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    connection.enable_load_extension(False)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"cache_size = -{CACHE_KB}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.register_fts5_tokenizer("life", _tokenizer)  # type: ignore[arg-type] # see there
    return connection


@apsw.fts5.StringTokenizer  # type: ignore[arg-type] # its stubs describe the tokenizer and not its factory
def _tokenizer(
    _connection: apsw.Connection, _arguments: list[str]
) -> Callable[[str, int, str | None], Iterator[tuple[int, int, str]]]:
    def cut(text: str, _flags: int, _locale: str | None) -> Iterator[tuple[int, int, str]]:
        return ((term.start, term.end, term.text) for term in terms(text))

    return cut


def _conversation(row: tuple[Any, ...]) -> Conversation:
    number, began, last, over, no_diary, summarised_to = row
    return Conversation(
        number,
        datetime.fromisoformat(began),
        datetime.fromisoformat(last),
        over=bool(over),
        no_diary=bool(no_diary),
        summarised_to=summarised_to,
    )

"""The life's file: what was said, what was written of it, and what becomes of it. Only this and its parts speak SQL."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import apsw
import apsw.fts5

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, lifefile, schema, sql
from digital_life.memory.agendafile import AgendaTables
from digital_life.memory.diary import short_title
from digital_life.memory.index import Index
from digital_life.memory.meanings import Meanings
from digital_life.memory.notefile import NoteTables
from digital_life.memory.records import (
    CONCEPTS,
    Concept,
    ConceptKind,
    Conversation,
    Diary,
    Loss,
    PastTurn,
    Sentence,
    Stats,
)
from digital_life.memory.sight import Sight
from digital_life.memory.traces import Traces
from digital_life.values import USER, Person, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from digital_life.memory.dates import Span
    from digital_life.ports import Embedder
    from digital_life.seal import Seal

NEVER = 2**62
"""No number comes after it."""
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


class Store:
    """One open file. Blocking; owned by one thread. A context manager."""

    def __init__(
        self,
        path: Path,
        connection: apsw.Connection,
        embedder: Embedder,
        former: Sequence[Embedder],
        *,
        seal: Seal | None,
        sealed_with: Seal | None,
    ) -> None:
        self.path = path
        self.seal = seal
        """The key of this life; None: there is none."""
        self.sealed_with = sealed_with
        """What the file is encrypted with; None: it is not."""
        self._db = connection
        self._sight = Sight(connection)
        self.agenda = AgendaTables(connection)
        self.notes = NoteTables(connection, self._sight)
        self.meanings = Meanings(connection, self._sight, embedder, former)
        self.index = Index(connection, self._sight, self.meanings, page=self._page)
        self.traces = Traces(connection)
        self.held = False
        """Whether another program kept deleted bytes in the file when it was last scrubbed."""

    @classmethod
    def open(cls, path: Path, embedder: Embedder, *, former: Sequence[Embedder] = (), seal: Seal | None = None) -> Self:
        """Open or make the file at `path`. Raises MemoryFileError when it is damaged, foreign, newer or locked.

        Meanings that one of the `former` embedders made serve until `fill_meanings` has made them all again.
        A new file is encrypted with `seal`; one that is there stays as it is.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            sealed_with = cipher.seal_of(path, seal)
            connection = lifefile.connect(path, sealed_with)
            store = cls(path, connection, embedder, former, seal=seal, sealed_with=sealed_with)
            store._migrate()
            store.meanings.choose()
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
    def connection(self) -> apsw.Connection:
        """For the modules that keep a table of their own in the file."""
        return self._db

    @property
    def whole(self) -> AbstractContextManager[object]:
        """All that is written within happens, or none of it."""
        return self._db

    def seen_by(self, who: Person | None) -> AbstractContextManager[None]:
        """Within, all that is read is what this person may hear; None: all of it."""
        return self._sight.by(who)

    def is_sound(self) -> bool:
        """Whether SQLite finds no damage in it."""
        try:
            return sql.one(self._db, "PRAGMA quick_check(1)") == ("ok",)
        except (apsw.CorruptError, apsw.NotADBError):
            return False

    @property
    def changes(self) -> int:
        """Another number after another program has written."""
        return int(sql.one(self._db, "PRAGMA data_version")[0])

    def copy(self, path: Path) -> None:
        """A copy of all of it at `path`, whole or not there."""
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        self._db.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.replace(path)

    # Conversations and turns.

    def latest_conversation(self) -> Conversation | None:
        row = sql.maybe(
            self._db, "SELECT id, began, last, over, no_diary, summarised_to FROM conversation ORDER BY id DESC LIMIT 1"
        )
        return _conversation(row) if row else None

    def conversation_before(self, conversation: Conversation | None) -> Conversation | None:
        """The last one before this one; the latest where this is None."""
        row = sql.maybe(
            self._db,
            "SELECT id, began, last, over, no_diary, summarised_to FROM conversation "
            "WHERE id < ? ORDER BY id DESC LIMIT 1",
            conversation.id if conversation else NEVER,
        )
        return _conversation(row) if row else None

    def begin_conversation(self, began: datetime) -> Conversation:
        sql.run(self._db, "UPDATE conversation SET over = 1 WHERE NOT over")
        sql.run(self._db, "INSERT INTO conversation (began, last) VALUES (?, ?)", began.isoformat(), began.isoformat())
        return Conversation(self._db.last_insert_rowid(), began, began, over=False, no_diary=False, summarised_to=0)

    def end_conversation(self, conversation: int) -> None:
        sql.run(self._db, "UPDATE conversation SET over = 1 WHERE id = ?", conversation)

    def want_no_diary(self, conversation: int) -> None:
        """The person deleted it: no other is written."""
        sql.run(self._db, "UPDATE conversation SET no_diary = 1 WHERE id = ?", conversation)

    def touch_conversation(self, conversation: int, last: datetime) -> None:
        sql.run(self._db, "UPDATE conversation SET last = ? WHERE id = ?", last.isoformat(), conversation)

    def add_turn(self, conversation: int, turn: Turn) -> int:
        """Keep what was said, its words and its meaning, all or nothing. Returns its number."""
        heard, reply = turn.heard, turn.reply
        text = "\n".join(part for part in (heard.text, reply.said) if part)
        vectors = self.meanings.of_text(text)
        with self._db:
            sql.run(
                self._db,
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
                sql.run(
                    self._db,
                    "INSERT INTO call VALUES (?, ?, ?, ?, ?)",
                    number,
                    position,
                    call.name,
                    call.argument,
                    json.dumps([[each.kind, each.ref] for each in call.found]),
                )
            self.touch_conversation(conversation, turn.began)
            self.index.add("turn", number, turn.began, text, vectors)
        self._sight.changed()
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
            if self._sight.may_hear((person,))
        ]

    # Summaries, diaries, concepts.

    def summary(self, conversation: int) -> tuple[Sentence, ...]:
        return self._sentences("summary", conversation)

    def set_summary(self, conversation: int, sentences: Sequence[Sentence], *, to: int) -> None:
        with self._db:
            self._replace_sentences("summary", conversation, sentences)
            sql.run(self._db, "UPDATE conversation SET summarised_to = ? WHERE id = ?", to, conversation)

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
        vectors = self.meanings.of_text(diary.text)
        with self._db:
            for (old,) in list(self._db.execute("SELECT id FROM diary WHERE conversation = ?", (diary.conversation,))):
                self.delete_diary(old)
            sql.run(
                self._db,
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
            self.index.add("diary", kept.id, diary.began, diary.text, vectors)
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
        return pages if self._sight.who is None else [self._their_part(each) for each in pages if each.sentences]

    def _page(self, number: int) -> str:
        found = self.diary(number)
        return found.text if found else ""

    def _their_part(self, page: Diary) -> Diary:
        """Where some of it was left out, its title and mood may be of that."""
        (whole,) = sql.one(self._db, "SELECT count(*) FROM sentence WHERE owner = 'diary' AND owner_id = ?", page.id)
        if whole == len(page.sentences):
            return page
        return replace(page, title=short_title(page.sentences[0].text, page.language), mood="")

    def change_diary(self, diary: Diary) -> None:
        """Other words for it; it is remembered as well as before."""
        vectors = self.meanings.of_text(diary.text)
        with self._db:
            held = sql.one(self._db, "SELECT strength, recalled FROM item WHERE kind = 'diary' AND ref = ?", diary.id)
            self.index.remove("diary", [diary.id])
            sql.run(self._db, "UPDATE diary SET title = ? WHERE id = ?", diary.title, diary.id)
            self._replace_sentences("diary", diary.id, diary.sentences)
            self.index.add("diary", diary.id, diary.began, diary.text, vectors)
            sql.run(
                self._db, "UPDATE item SET strength = ?, recalled = ? WHERE kind = 'diary' AND ref = ?", *held, diary.id
            )

    def delete_diary(self, number: int) -> None:
        with self._db:
            self.index.remove("diary", [number])
            self._replace_sentences("diary", number, ())
            sql.run(self._db, "DELETE FROM diary WHERE id = ?", number)

    @property
    def _known(self) -> Person:
        """Whose concepts are read: who looks after the whole life reads the user's."""
        return self._sight.who or USER

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
            sql.run(self._db, "UPDATE turn SET speaker = '' WHERE speaker = ?", person)
        self.forget_person(person)

    def forget_person(self, person: Person) -> None:
        """Nothing of what it knew of them stays; their turns are forgotten apart."""
        with self._db:
            sql.run(
                self._db,
                "DELETE FROM sentence WHERE owner = 'concept' "
                "AND owner_id IN (SELECT id FROM concept WHERE person = ?)",
                person,
            )
            sql.run(self._db, "DELETE FROM concept WHERE person = ?", person)
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
        row = sql.maybe(
            self._db,
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
            sql.run(
                self._db,
                "INSERT INTO concept (kind, written, person) VALUES (?, ?, ?)",
                concept.kind,
                concept.written.isoformat(),
                concept.person,
            )
            self._replace_sentences("concept", self._db.last_insert_rowid(), concept.sentences)

    def _sentences(self, owner: str, number: int) -> tuple[Sentence, ...]:
        whole = self._sight.who is None or owner == "concept"  # which is all of one person's
        rows = self._db.execute(
            "SELECT text, (SELECT json_group_array(turn) FROM (SELECT turn FROM source WHERE sentence = sentence.id "  # noqa: S608
            f"ORDER BY turn)), {'NULL' if whole else _TOLD_BY} "
            "FROM sentence WHERE owner = ? AND owner_id = ? ORDER BY position",
            (owner, number),
        )
        return tuple(
            Sentence(text, tuple(json.loads(sources)))
            for text, sources, owners in rows
            if whole or self._sight.may_hear(json.loads(owners))
        )

    def _replace_sentences(self, owner: str, number: int, sentences: Sequence[Sentence]) -> None:
        sql.run(self._db, "DELETE FROM sentence WHERE owner = ? AND owner_id = ?", owner, number)
        for position, sentence in enumerate(sentences):
            sql.run(
                self._db,
                "INSERT INTO sentence (owner, owner_id, position, text) VALUES (?, ?, ?, ?)",
                owner,
                number,
                position,
                sentence.text,
            )
            added = self._db.last_insert_rowid()
            for turn in dict.fromkeys(sentence.sources):
                sql.run(self._db, "INSERT INTO source VALUES (?, ?)", added, turn)

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
            self.index.remove("turn", gone)
            chosen = json.dumps(sorted(gone))
            sql.run(self._db, "DELETE FROM turn WHERE id IN (SELECT value FROM json_each(?))", chosen)
            sql.run(
                self._db,
                "DELETE FROM conversation WHERE over AND id NOT IN (SELECT conversation FROM turn) "
                "AND id NOT IN (SELECT conversation FROM diary)",
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
            what, when, present = sql.one(self._db, _OWNERS[owner], number)
            left = tuple(each for each in after if each)
            found.append(Loss(owner, number, what, datetime.fromisoformat(when), bool(present), before, left))
        return found

    def scrub(self) -> None:
        """Leave nothing of what was deleted: in the index, in free pages, in the log of writes."""
        sql.run(self._db, "INSERT INTO word (word) VALUES ('optimize')")
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
            self.index.remove("diary", [number])
            sql.run(self._db, "UPDATE diary SET title = ? WHERE id = ?", title, number)
            changed = replace(diary, title=title, sentences=tuple(sentences))
            self.index.add("diary", number, diary.began, changed.text, self.meanings.of_text(changed.text))

    # All of it.

    def become(self, other: Store) -> None:
        """Hold what the other file holds, and no byte of what this one held; all of it or nothing."""
        with self._db.backup("main", other.connection, "main") as backup:
            while not backup.done:
                backup.step()
        self.meanings.choose()
        self.index.unlearn()
        self.scrub()

    def began(self) -> datetime | None:
        """When the first thing was said; None before it."""
        if self._sight.who is not None:
            row = sql.maybe(self._db, "SELECT min(began) FROM turn WHERE speaker = ?", self._sight.who)
            return (
                datetime.fromisoformat(row[0]) if row and row[0] and self._sight.may_hear((self._sight.who,)) else None
            )
        row = sql.maybe(self._db, "SELECT began FROM conversation ORDER BY id LIMIT 1")
        return datetime.fromisoformat(row[0]) if row else None

    def stats(self) -> Stats:
        (turns,) = sql.one(self._db, "SELECT count(*) FROM turn")
        (conversations,) = sql.one(self._db, "SELECT count(*) FROM conversation")
        (diaries,) = sql.one(self._db, "SELECT count(*) FROM diary")
        (size,) = sql.one(self._db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return Stats(turns, conversations, diaries, self.began(), size)

    def _migrate(self) -> None:
        (version,) = sql.one(self._db, "PRAGMA user_version")
        if version > schema.NEWEST:
            raise MemoryFileError("life-newer", path=self.path, version=version, newest=schema.NEWEST)
        if version == 0 and sql.maybe(self._db, "SELECT 1 FROM sqlite_schema"):
            raise MemoryFileError("life-foreign", path=self.path)
        for number, script in enumerate(schema.MIGRATIONS[version:], version + 1):
            with self._db:
                self._db.execute(script)
                self._db.execute(f"PRAGMA user_version = {number}")


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

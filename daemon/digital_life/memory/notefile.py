"""What a policy writes for itself, in tables of its own in the life's file. Blocking; owned by the life's thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from digital_life.memory.records import Loss, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    import apsw

    from digital_life.memory.sight import Sight

NoteKind = Literal["recursive", "reached", "gist", "working", "archive"]
"""A sentence of the memory that is written anew after each talk, the number of the last talk that it tells of (Wang et
al.); the gist of a page (ReadAgent); a line of the working context, a passage of the archive (MemGPT)."""

WRITTEN_ANEW = frozenset({"gist"})
"""What is written from turns that stay: at the next rest it is written again from those that are left."""

Rewrite = Callable[[Sentence, Collection[int]], Sentence | None]
"""What is left of a piece when these turns are gone; None: nothing."""


@dataclass(frozen=True, slots=True)
class Note:
    """One piece that a policy wrote."""

    id: int
    kind: NoteKind
    at: datetime
    text: str
    sources: tuple[int, ...]
    """Numbers of the turns it came from."""
    meaning: bytes | None = None
    """Of its text, by the embedder of that name."""
    embedder: str | None = None

    @property
    def sentence(self) -> Sentence:
        return Sentence(self.text, self.sources)


class NoteTables:
    def __init__(self, connection: apsw.Connection, sight: Sight) -> None:
        self._db = connection
        self._sight = sight

    def notes(self, kind: NoteKind) -> list[Note]:
        """All of a kind that this person may hear, the oldest first."""
        rows = self._db.execute(
            "SELECT id, at, text, meaning, embedder, (SELECT json_group_array(turn) FROM (SELECT turn FROM note_source "
            "WHERE note = note.id ORDER BY turn)), (SELECT json_group_array(DISTINCT speaker) FROM note_source "
            "JOIN turn ON turn.id = turn WHERE note = note.id) FROM note WHERE kind = ? ORDER BY id",
            (kind,),
        )
        return [
            Note(number, kind, datetime.fromisoformat(at), text, tuple(json.loads(sources)), meaning, embedder)
            for number, at, text, meaning, embedder, sources, owners in rows
            if self._sight.may_hear(json.loads(owners))
        ]

    def add(
        self,
        kind: NoteKind,
        at: datetime,
        sentence: Sentence,
        *,
        meaning: bytes | None = None,
        embedder: str | None = None,
    ) -> int:
        """Returns its number."""
        with self._db:
            self._db.execute(
                "INSERT INTO note (kind, at, text, meaning, embedder) VALUES (?, ?, ?, ?, ?)",
                (kind, at.isoformat(), sentence.text, meaning, embedder),
            )
            number = self._db.last_insert_rowid()
            self._add_sources(number, sentence)
        return number

    def replace(self, kind: NoteKind, at: datetime, sentences: Iterable[Sentence]) -> None:
        """These instead of all of that kind that this person may hear; all of it or nothing."""
        with self._db:
            self.drop([each.id for each in self.notes(kind)])
            for each in sentences:
                self.add(kind, at, each)

    def drop(self, numbers: Collection[int]) -> None:
        self._db.execute(
            "DELETE FROM note WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(numbers)),)
        )

    def forget(self, gone: Collection[int], rewrite: Rewrite) -> None:
        """Leave nothing that came from these turns; `rewrite` gives what is left of a piece, None: nothing."""
        for note in self._from(gone):
            left = _left(note, gone, rewrite)
            if left:
                self._change(note.id, left)
            else:
                self.drop([note.id])

    def losses(self, gone: Collection[int], rewrite: Rewrite) -> list[Loss]:
        """What came from these turns, kind by kind, and what `forget` would leave of it."""
        kinds: dict[NoteKind, list[Note]] = {}
        for note in self._from(gone):
            kinds.setdefault(note.kind, []).append(note)
        return [
            Loss(
                "note",
                0,
                kind,
                notes[-1].at,
                present=True,
                before=tuple(each.sentence for each in notes),
                after=tuple(filter(None, (_left(each, gone, rewrite) for each in notes))),
            )
            for kind, notes in kinds.items()
        ]

    def _from(self, turns: Collection[int]) -> list[Note]:
        rows = self._db.execute(
            "SELECT id, kind, at, text, (SELECT json_group_array(turn) FROM note_source WHERE note = id) FROM note "
            "WHERE id IN (SELECT note FROM note_source WHERE turn IN (SELECT value FROM json_each(?))) ORDER BY id",
            (json.dumps(sorted(turns)),),
        )
        return [
            Note(number, kind, datetime.fromisoformat(at), text, tuple(json.loads(sources)))
            for number, kind, at, text, sources in rows
        ]

    def _change(self, number: int, sentence: Sentence) -> None:
        """Other words in its place, whose meaning nobody has read yet."""
        self._db.execute(
            "UPDATE note SET text = ?, meaning = NULL, embedder = NULL WHERE id = ?", (sentence.text, number)
        )
        self._db.execute("DELETE FROM note_source WHERE note = ?", (number,))
        self._add_sources(number, sentence)

    def _add_sources(self, number: int, sentence: Sentence) -> None:
        self._db.executemany(
            "INSERT INTO note_source VALUES (?, ?)", [(number, turn) for turn in dict.fromkeys(sentence.sources)]
        )


def _left(note: Note, gone: Collection[int], rewrite: Rewrite) -> Sentence | None:
    return None if note.kind in WRITTEN_ANEW else rewrite(note.sentence, gone)

"""The agenda, the lists, and what was said unasked, as they lie in the life's file."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from digital_life.values import Entry, EntryKind, EntryState, Unasked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import apsw
    from apsw import SQLiteValue


class AgendaTables:
    """The tables `entry`, `list_item` and `unasked` of an open file. Blocking; owned by the thread that owns the file.

    A transaction is on the disk when it ends: the file is opened with `synchronous = FULL`.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._db = connection

    def entries(self) -> tuple[Entry, ...]:
        rows = self._db.execute(
            "SELECT id, kind, at, language, what, repeat, lasts_s, state, rung, again, room FROM entry ORDER BY id"
        )
        return tuple(
            Entry(
                kind=EntryKind(kind),
                at=datetime.fromisoformat(at),
                language=language,
                what=what,
                repeat=repeat,
                lasts=None if lasts_s is None else timedelta(seconds=lasts_s),
                number=number,
                state=EntryState(state),
                rung=rung,
                again=datetime.fromisoformat(again) if again else None,
                room=room,
            )
            for number, kind, at, language, what, repeat, lasts_s, state, rung, again, room in rows
        )

    def keep(self, entries: Iterable[Entry]) -> tuple[int, ...]:
        """All of them or none. Returns their numbers; one that was dropped meanwhile stays away."""
        numbers: list[int] = []
        with self._db:
            numbers += [self._change(each) if each.number else self._add(each) for each in entries]
        return tuple(numbers)

    def _add(self, entry: Entry) -> int:
        self._db.execute(
            "INSERT INTO entry (kind, at, language, what, repeat, lasts_s, state, rung, again, room) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            _columns(entry),
        )
        return self._db.last_insert_rowid()

    def _change(self, entry: Entry) -> int:
        self._db.execute(
            "UPDATE entry SET kind = ?, at = ?, language = ?, what = ?, repeat = ?, lasts_s = ?, state = ?, rung = ?, "
            "again = ?, room = ? WHERE id = ?",
            (*_columns(entry), entry.number),
        )
        return entry.number

    def drop(self, numbers: Iterable[int]) -> None:
        with self._db:
            self._db.execute("DELETE FROM entry WHERE id IN (SELECT value FROM json_each(?))", (_json(numbers),))

    def drop_all_but(self, others: AgendaTables) -> None:
        """Of what stands in an older copy, leave what is in the agenda and on the lists still."""
        numbers = _json(each.number for each in others.entries())
        lists = others.lists()
        with self._db:
            self._db.execute("DELETE FROM entry WHERE id NOT IN (SELECT value FROM json_each(?))", (numbers,))
            for name, items in self.lists().items():
                self.keep_list(name, [each for each in items if each in lists.get(name, ())])

    def lists(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, text in self._db.execute("SELECT list, text FROM list_item ORDER BY list, position"):
            found[name] = (*found.get(name, ()), text)
        return found

    def keep_list(self, name: str, items: Sequence[str]) -> None:
        with self._db:
            self._db.execute("DELETE FROM list_item WHERE list = ?", (name,))
            for position, text in enumerate(items):
                self._db.execute("INSERT INTO list_item VALUES (?, ?, ?)", (name, position, text))

    def unasked(self) -> tuple[Unasked, ...]:
        rows = self._db.execute("SELECT at, diary FROM unasked ORDER BY at")
        return tuple(Unasked(datetime.fromisoformat(at), diary) for at, diary in rows)

    def note_unasked(self, note: Unasked) -> None:
        with self._db:
            self._db.execute("INSERT INTO unasked VALUES (?, ?)", (note.at.isoformat(), note.diary))


def _columns(entry: Entry) -> tuple[SQLiteValue, ...]:
    return (
        entry.kind.value,
        entry.at.isoformat(),
        entry.language,
        entry.what,
        entry.repeat,
        entry.lasts.total_seconds() if entry.lasts is not None else None,
        entry.state.value,
        entry.rung,
        entry.again.isoformat() if entry.again else None,
        entry.room,
    )


def _json(numbers: Iterable[int]) -> str:
    return json.dumps(sorted(numbers))

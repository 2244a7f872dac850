"""With whose eyes the life's file is read. Blocking; for the thread that owns the file."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digital_life.belonging import may_hear
from digital_life.memory import sql
from digital_life.values import USER, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import apsw

ALL = 2**62
"""More rows than there are."""


class Sight:
    def __init__(self, connection: apsw.Connection) -> None:
        self._db = connection
        self.who: Person | None = None
        """By whom it is read just now; None: by whoever looks after the whole life."""
        self._theirs: frozenset[int] | None = None
        """The texts that this person may hear, by their numbers in the index; None: not looked up yet."""

    @contextmanager
    def by(self, who: Person | None) -> Iterator[None]:
        """Within, all that is read is what this person may hear; None: all of it."""
        before = self.who, self._theirs
        alone = who == USER and not sql.maybe(self._db, "SELECT 1 FROM turn WHERE speaker <> '' LIMIT 1")
        self.who, self._theirs = None if alone else who, None
        try:
            yield
        finally:
            self.who, self._theirs = before

    def may_hear(self, owners: Collection[Person]) -> bool:
        return self.who is None or may_hear(self.who, owners)

    def first(self, found: Iterable[tuple[int]], most: int) -> list[int]:
        """The first of these texts of the index that may be theirs; diaries are looked at more closely when read."""
        numbers = (number for (number,) in found)
        if self.who is None:
            return list(itertools.islice(numbers, most))
        theirs = self.texts()
        return list(itertools.islice((each for each in numbers if each in theirs), most))

    def texts(self) -> frozenset[int]:
        if self.who is None or not may_hear(self.who, (self.who,)):
            return frozenset()
        if self._theirs is None:
            found = self._db.execute(
                "SELECT id FROM item WHERE kind = 'diary' UNION ALL SELECT item.id FROM item "
                "JOIN turn ON item.kind = 'turn' AND turn.id = item.ref WHERE turn.speaker = ?",
                (self.who,),
            )
            self._theirs = frozenset(number for (number,) in found)
        return self._theirs

    def most(self, count: int) -> int:
        """So many rows are read until there are `count` of theirs."""
        return count if self.who is None else ALL

    def changed(self) -> None:
        """Texts came: what is theirs is looked up anew."""
        self._theirs = None

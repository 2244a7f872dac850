"""The vectors of what a life's texts mean, and those nearest to a question. Blocking; the file's thread owns it."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from digital_life.errors import MemoryFileError
from digital_life.memory import sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import apsw
    from numpy.typing import NDArray

    from digital_life.memory.sight import Sight
    from digital_life.ports import Embedder

log = logging.getLogger(__name__)

NEAREST = 80
"""Neighbours in meaning that are looked at."""
COMMON = 0.7
"""Of the middle of all texts, so much is taken from the question: all texts of a life lie close together (the mean of
their vectors is 0.9 long), and some lie near to every question. After Mu and Viswanath, "All-but-the-top", 2018. Of the
turns with LoCoMo's answers 80 % are among the nearest 40 then, and 70 % without; 0.3 to 1 were nearly as good."""
STALE = 0.01
"""Share of texts that came or went before their middle is taken anew."""


@dataclass(frozen=True, slots=True)
class _Table:
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


class Meanings:
    """A table of vectors for each embedder: one serves, and one may be filling to take its place."""

    def __init__(
        self, connection: apsw.Connection, sight: Sight, embedder: Embedder, former: Sequence[Embedder]
    ) -> None:
        self._db = connection
        self._sight = sight
        self.embedder = embedder
        self._former = former
        self._serving: _Table | None = None
        """What is searched; None when nobody here can read it."""
        self._filling: _Table | None = None
        """What takes its place when all texts have been read by the new embedder."""
        self._middle_of: _Middle | None = None

    @property
    def searched_by(self) -> Embedder:
        """Whose meanings are searched: a former one's, until all texts were read by the new one."""
        return self._serving.embedder if self._serving else self.embedder

    def query(self, question: str) -> bytes:
        """Its vector; empty where nobody can tell: then words alone find what they find."""
        if not self._serving:
            return b""
        try:
            return self._serving.embedder.query(question)
        except MemoryFileError as error:
            log.warning("searched by words alone: %s", error)
            return b""

    def _middle(self, serving: _Table) -> NDArray[np.float32]:
        (texts,) = sql.one(self._db, f"SELECT count(*) FROM {serving.table}_rowids")  # noqa: S608
        if self._middle_of is None or self._middle_of.is_stale(texts):
            total = np.zeros(serving.embedder.dimension, dtype=np.float32)
            # A chunk of vectors as sqlite-vec keeps it; places that are free hold noughts, see _blank.
            for (chunk,) in self._db.execute(f"SELECT vectors FROM {serving.table}_vector_chunks00"):  # noqa: S608
                total += _numbers(chunk).reshape(-1, total.size).sum(axis=0)
            self._middle_of = _Middle(texts, total / max(1, texts))
        return self._middle_of.vector

    def nearest(self, asked: bytes) -> list[int]:
        """Those in the direction in which the question lies from the middle of all texts, the nearest first."""
        serving = self._serving
        if not serving or not asked:
            return []
        turned = _bytes(_numbers(asked) - COMMON * self._middle(serving))
        values: tuple[object, ...] = (turned, NEAREST)
        among = ""
        if self._sight.who is not None:  # else the others' texts would fill the places of theirs
            among, values = (
                " AND rowid IN (SELECT value FROM json_each(?))",
                (*values, json.dumps([*self._sight.texts()])),
            )
        rows = self._db.execute(
            f"SELECT rowid FROM {serving.table} WHERE meaning MATCH vec_int8(?) AND k = ?{among} ORDER BY distance",  # noqa: S608
            values,
        )
        return [number for (number,) in rows]

    def nearness(self, numbers: list[int], asked: bytes) -> dict[int, tuple[float, float]]:
        """Of each that has a meaning: its cosine with the question, and what of it is common to all questions."""
        serving = self._serving
        if not serving or not asked:
            return {}
        vectors: dict[int, bytes] = {}
        for number in numbers:  # one by one: for a list of rows sqlite-vec reads the whole table
            row = sql.maybe(self._db, f"SELECT meaning FROM {serving.table} WHERE rowid = ?", number)  # noqa: S608
            if row:
                vectors[number] = row[0]
        if not vectors:
            return {}
        cosines = serving.cosines(list(vectors.values()), asked)
        common = serving.products(list(vectors.values()), COMMON * self._middle(serving))
        return dict(zip(vectors, zip(cosines, common, strict=True), strict=True))

    def add(self, number: int, vectors: Mapping[str, bytes]) -> None:
        """Keep them for the text of this number; by the names of the tables, see `of_text`."""
        for table, vector in vectors.items():
            sql.run(self._db, f"INSERT INTO {table} (rowid, meaning) VALUES (?, vec_int8(?))", number, vector)  # noqa: S608

    def remove(self, number: int) -> None:
        for table, dimension in list(self._db.execute("SELECT 'meaning_' || id, dimension FROM embedder")):
            self._blank(table, number, dimension)
            sql.run(self._db, f"DELETE FROM {table} WHERE rowid = ?", number)  # noqa: S608

    def _blank(self, table: str, number: int, dimension: int) -> None:
        """Overwrite a vector: sqlite-vec marks its place free and leaves what was in it."""
        row = sql.maybe(self._db, f"SELECT chunk_id, chunk_offset FROM {table}_rowids WHERE rowid = ?", number)  # noqa: S608
        if row:
            with self._db.blob_open("main", f"{table}_vector_chunks00", "vectors", row[0], True) as chunk:
                chunk.seek(row[1] * dimension)
                chunk.write(bytes(dimension))

    def of_text(self, text: str) -> dict[str, bytes]:
        """The meaning of `text` for each table that wants it, made before the transaction begins."""
        wanted = filter(None, (self._serving, self._filling))
        try:
            return {each.table: each.embedder.passage(text) for each in wanted}
        except MemoryFileError as error:  # words alone find it, until `fill` makes up for it
            log.warning("kept without its meaning for now: %s", error)
            return {}

    def fill(self, count: int) -> bool:
        """Embed `count` more texts for a new embedder, or that it was too late for. Returns whether there are more."""
        filling = self._filling or self._serving
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
                self.add(number, {filling.table: vector})
            is_new = filling is self._filling and len(rows) < count
            if is_new:
                self._drop("whole")
                sql.run(self._db, "UPDATE embedder SET whole = 1")
        if is_new:
            self._serving, self._filling, self._middle_of = filling, None, None
        return len(rows) == count

    def choose(self) -> None:
        """What serves is whole; the table of a new embedder serves when it is."""
        self._serving = self._filling = self._middle_of = None
        known = {each.name: each for each in (*self._former, self.embedder)}
        with self._db:
            if not sql.maybe(self._db, "SELECT 1 FROM embedder WHERE name = ?", self.embedder.name):
                self._drop("NOT whole")
                self._make()
        for number, name, whole in list(self._db.execute("SELECT id, name, whole FROM embedder")):
            meanings = _Table(f"meaning_{number}", known[name]) if name in known else None
            if whole:
                self._serving = meanings
            else:
                self._filling = meanings

    def _make(self) -> None:
        """The first embedder serves at once; a later one when all texts have been read by it."""
        dimension, whole = self.embedder.dimension, int(sql.maybe(self._db, "SELECT 1 FROM embedder") is None)
        sql.run(
            self._db,
            "INSERT INTO embedder (name, dimension, whole) VALUES (?, ?, ?)",
            self.embedder.name,
            dimension,
            whole,
        )
        number = self._db.last_insert_rowid()
        sql.run(self._db, f"CREATE VIRTUAL TABLE meaning_{number} USING vec0 (meaning int8[{dimension}])")

    def _drop(self, which: str) -> None:
        for (number,) in list(self._db.execute(f"SELECT id FROM embedder WHERE {which}")):  # noqa: S608
            sql.run(self._db, f"DROP TABLE meaning_{number}")
            sql.run(self._db, "DELETE FROM embedder WHERE id = ?", number)


def _numbers(vectors: bytes) -> NDArray[np.float32]:
    return np.frombuffer(vectors, dtype=np.int8).astype(np.float32)


def _bytes(vector: NDArray[np.float32]) -> bytes:
    whole: NDArray[np.int8] = np.clip(np.rint(vector), -127, 127).astype(np.int8)
    return whole.tobytes()

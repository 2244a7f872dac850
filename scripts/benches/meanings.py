"""Meanings that were made once are kept outside the checkout, so that a second run is quick."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from digital_life.backends.e5 import E5

FOLDER = Path(os.environ.get("DIGITAL_LIFE_BENCH_CACHE", Path.home() / ".cache" / "digital-life" / "bench"))


class KeptMeanings:
    """An Embedder: the real one, asked only for what it was not asked before. Blocking; for one thread."""

    def __init__(self) -> None:
        self._real = E5()
        self.name, self.dimension, self.unit = self._real.name, self._real.dimension, self._real.unit
        self._anew = False
        FOLDER.mkdir(parents=True, exist_ok=True)
        # A hash and a vector, never the text: some of the data may not be kept.
        self._db = sqlite3.connect(FOLDER / "meanings.db", isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute("CREATE TABLE IF NOT EXISTS meaning (text TEXT PRIMARY KEY, vector BLOB) WITHOUT ROWID")

    def passage(self, text: str) -> bytes:
        return self._kept("passage", text)

    def query(self, text: str) -> bytes:
        return self._real.query(text) if self._anew else self._kept("query", text)

    @contextmanager
    def anew(self) -> Generator[None]:
        """Within, every question is read again, as a user's is a new one: for the clock."""
        self._anew = True
        try:
            yield
        finally:
            self._anew = False

    def _kept(self, kind: str, text: str) -> bytes:
        key = hashlib.sha256(f"{self.name}\0{kind}\0{text}".encode()).hexdigest()
        row = self._db.execute("SELECT vector FROM meaning WHERE text = ?", (key,)).fetchone()
        if row:
            return bytes(row[0])
        vector = self._real.passage(text) if kind == "passage" else self._real.query(text)
        self._db.execute("INSERT OR REPLACE INTO meaning VALUES (?, ?)", (key, vector))
        return vector

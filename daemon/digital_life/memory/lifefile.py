"""The file of a life as such: opened, looked through, copied, sealed, and what is left of a damaged one. Blocking."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import apsw
import apsw.fts5
import sqlite_vec

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, schema
from digital_life.memory.terms import as_they_are, terms
from digital_life.values import Person, Reply, Timings, Transcript, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from digital_life.seal import Seal

GAP = 1_000
"""Numbers behind which no turn is looked for in a damaged file, when none of them could be read."""
BUSY_MS = 5_000
"""So long another program's write is waited for."""
CACHE_KB = 8_000
EXISTING = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
READ_ONLY = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
FAULTS = (apsw.Error, OSError)
"""What SQLite raises when a disk is full, a file is locked or damaged, and the system of the files beside it."""
DAMAGES = (apsw.CorruptError, apsw.NotADBError, apsw.ConnectionClosedError)
"""What it raises when the file is damaged, or was, and could not be mended."""


def cause(error: Exception) -> str:
    """In SQLite's words where they name a disk or a file; what it says of a statement may quote what was said."""
    return type(error).__name__ if isinstance(error, apsw.SQLError) else str(error)


def turns_left(path: Path, *, after: int, seal: Seal | None = None) -> list[Turn]:
    """What can still be read of a damaged file: the turns behind number `after`, one by one."""
    try:
        sealed_with = cipher.seal_of(path, seal)
        # Writable: with what its journal holds.
        connection = cipher.connect(path, sealed_with, flags=apsw.SQLITE_OPEN_READWRITE)
    except (*FAULTS, MemoryFileError):
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


def snapshot(life: Path, target: Path, *, seal: Seal | None = None) -> None:
    """Copy the file of a life as it is at this moment, whoever uses it; nobody has to wait. Raises MemoryFileError.

    The copy is sealed where the life is.
    """
    sealed_with = cipher.seal_of(life, seal)
    try:
        with closing(connect(life, sealed_with)) as source, closing(connect(target, sealed_with)) as copy:
            with copy.backup("main", source, "main") as copying:
                while not copying.done:
                    copying.step()
            found = copy.execute("PRAGMA quick_check(1)").get
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=life, cause=cause(error)) from error
    if found != "ok":  # a copy of it would take the place of one that is whole
        raise MemoryFileError("life-damaged", path=life, cause=found)


def check(life: Path, *, seal: Seal | None = None) -> None:
    """Read the file as it lies there, whoever uses it; nothing is changed or locked. Raises MemoryFileError."""
    version = version_of(life, seal=seal)
    if version > schema.NEWEST:
        raise MemoryFileError("life-newer", path=life, version=version, newest=schema.NEWEST)
    try:
        with closing(_reading(life, seal)) as connection:
            if version == 0 and connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").get:
                raise MemoryFileError("life-foreign", path=life)
            found = str(connection.execute("PRAGMA quick_check(1)").get)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise MemoryFileError("life-damaged", path=life, cause=error) from error
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=life, cause=cause(error)) from error
    if found != "ok":
        raise MemoryFileError("life-damaged", path=life, cause=found)


def plain(file: Path, *, seal: Seal | None = None) -> bytes:
    """A file that nobody uses, as it would be without a key; nothing of it is written. Raises MemoryFileError."""
    sealed_with = cipher.seal_of(file, seal)
    try:
        if sealed_with is None:
            return file.read_bytes()
        with closing(cipher.connect(file, sealed_with)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")  # bytes of a file with a journal would open nowhere else
            return connection.serialize("main")
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=file, cause=error) from error


def write(content: bytes, file: Path, *, seal: Seal | None = None) -> None:
    """The bytes of a plain file, sealed before they reach the disk. Raises MemoryFileError, OSError."""
    if seal is None:
        file.write_bytes(content)
        return
    try:
        with closing(apsw.Connection(":memory:", flags=cipher.WRITABLE)) as connection:
            connection.deserialize("main", _without_journal(content))
            cipher.copy_to(connection, file, seal)
    except apsw.Error as error:
        raise MemoryFileError("life-damaged", path=file, cause=cause(error)) from error


def _without_journal(content: bytes) -> bytes:
    """Bytes 18 and 19 tell that there is one beside the file: there is none beside these bytes."""
    return content[:18] + b"\x01\x01" + content[20:]


def reseal(file: Path, target: Path, *, seal: Seal | None, to: Seal | None) -> None:
    """A copy of a file that nobody uses, under another key or none, read to its end. Raises MemoryFileError."""
    try:
        with closing(connect(file, cipher.seal_of(file, seal))) as connection:
            cipher.copy_to(connection, target, to)
        with closing(cipher.connect(target, cipher.seal_of(target, to))) as copy:
            found = copy.execute("PRAGMA quick_check(1)").get
    except DAMAGES as error:
        raise MemoryFileError("life-damaged", path=file, cause=cause(error)) from error
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=file, cause=cause(error)) from error
    if found != "ok":
        raise MemoryFileError("life-damaged", path=file, cause=found)


def version_of(life: Path, *, seal: Seal | None = None) -> int:
    """Of the schema, 0 where nothing stands in the file. Changes nothing. Raises MemoryFileError."""
    try:
        with closing(_reading(life, seal)) as connection:
            return int(connection.execute("PRAGMA user_version").get)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise MemoryFileError("life-damaged", path=life, cause=error) from error
    except FAULTS as error:
        raise MemoryFileError("life-failed", path=life, cause=cause(error)) from error


def copy_older(life: Path, to: Path, *, seal: Seal | None = None) -> bool:
    """Copy a file, as it is, that `Store.open` would bring to a newer version. Raises MemoryFileError.

    One that cannot be read is left to `Store.open`.
    """
    try:
        if not 0 < version_of(life, seal=seal) < schema.NEWEST:
            return False
    except MemoryFileError:
        return False
    unfinished, sealed_with = to.with_suffix(".part"), cipher.seal_of(life, seal)
    try:
        unfinished.unlink(missing_ok=True)
        with closing(cipher.connect(life, sealed_with, flags=EXISTING)) as connection:
            connection.set_busy_timeout(BUSY_MS)
            cipher.copy_to(connection, unfinished, sealed_with)
        unfinished.replace(to)
    except DAMAGES as error:
        raise MemoryFileError("life-damaged", path=life, cause=error) from error
    except FAULTS as error:
        raise MemoryFileError("life-unusable", path=life, cause=error) from error
    return True


def _reading(life: Path, seal: Seal | None) -> apsw.Connection:
    address = f"{life.resolve().as_uri()}?mode=ro"
    connection = cipher.connect(address, cipher.seal_of(life, seal), flags=READ_ONLY)
    connection.set_busy_timeout(BUSY_MS)
    _extend(connection)
    return connection


def connect(path: Path, seal: Seal | None) -> apsw.Connection:
    connection = cipher.connect(path, seal)
    connection.set_busy_timeout(BUSY_MS)
    _extend(connection)
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"cache_size = -{CACHE_KB}",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _extend(connection: apsw.Connection) -> None:
    """With what the tables of a life need."""
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    connection.enable_load_extension(False)
    # A schema that is damaged is told as such here; apsw would take it for an SQLite without FTS5.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    connection.register_fts5_tokenizer("life", _tokenizer)  # type: ignore[arg-type] # see there


@apsw.fts5.StringTokenizer  # type: ignore[arg-type] # its stubs describe the tokenizer and not its factory
def _tokenizer(
    _connection: apsw.Connection, _arguments: list[str]
) -> Callable[[str, int, str | None], Iterator[tuple[int, int, str]]]:
    def cut(text: str, flags: int, _locale: str | None) -> Iterator[tuple[int, int, str]]:
        # What is asked for are terms already: the stem of a stem is another one ("horse", "hors", "hor").
        asked = flags & apsw.FTS5_TOKENIZE_QUERY
        return ((term.start, term.end, term.text) for term in (as_they_are(text) if asked else terms(text)))

    return cut

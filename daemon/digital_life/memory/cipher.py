"""How the life's file is encrypted: SQLite Multiple Ciphers with ChaCha20-Poly1305, each page by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from digital_life.errors import MemoryFileError

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.seal import Seal

PLAIN = b"SQLite format 3\x00"
"""What the file of a life that is not sealed begins with."""
MARK = b"DL-seal\x01"
"""What that of a sealed one begins with, before the fingerprint of its key. SQLite keeps 16 bytes there that decide
nothing where the key is no pass phrase: so a wrong key is never taken for a damaged file, nor the other way round."""
LENGTH = 16
KEY = b"digital-life life.db"
FINGERPRINT = b"digital-life fingerprint"
WRITABLE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI


def head(seal: Seal) -> bytes:
    """What a file that is sealed with this key begins with."""
    return MARK + seal.derived(FINGERPRINT)[: LENGTH - len(MARK)]


def head_of(path: Path) -> bytes:
    """Empty where nothing is written yet. Raises MemoryFileError."""
    try:
        with path.open("rb") as file:
            return file.read(LENGTH)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise MemoryFileError("life-unusable", path=path, cause=error) from error


def is_sealed(path: Path) -> bool:
    return head_of(path).startswith(MARK)


def seal_of(path: Path, seal: Seal | None) -> Seal | None:
    """What opens this file: the key for a new or a sealed one, None for a plain one, or one that is damaged there.

    Raises MemoryFileError where it is sealed and this key, or none, does not open it.
    """
    found = head_of(path)
    if not found:
        return seal
    if not found.startswith(MARK):
        return None
    if seal is None:
        raise MemoryFileError("life-sealed", path=path)
    if found != head(seal):
        raise MemoryFileError("life-key-wrong", path=path, file=seal.path)
    return seal


def connect(path: Path | str, seal: Seal | None, *, flags: int = WRITABLE) -> apsw.Connection:
    """`seal`: what `seal_of` found. Raises apsw.Error, MemoryFileError."""
    if seal and not hasattr(apsw, "mc_version"):  # plain SQLite passes over the key, and would write in plain
        raise MemoryFileError("seal-no-library")
    connection = apsw.Connection(str(path), flags=flags)
    if seal:
        connection.execute("PRAGMA cipher = 'chacha20'")
        connection.execute(f"PRAGMA key = '{_raw(seal)}'")
    return connection


def copy_to(connection: apsw.Connection, path: Path, seal: Seal | None) -> None:
    """All of an open file, under another key or none. Raises MemoryFileError; apsw's own error where it is damaged."""
    key = f"cipher=chacha20&key={_raw(seal)}" if seal else "key="
    try:
        connection.execute("VACUUM INTO ?", (f"{path.absolute().as_uri()}?{key}",))
    except (apsw.CorruptError, apsw.NotADBError):
        raise
    except apsw.Error as error:  # whose words would tell the key
        raise MemoryFileError("life-failed", path=path, cause=type(error).__name__) from None


def _raw(seal: Seal) -> str:
    """The key itself, so that nothing is made slowly from it, and what the file is to begin with."""
    return f"raw:{(seal.derived(KEY) + head(seal)).hex()}"

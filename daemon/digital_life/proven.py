"""Remember which files were proven whole, so that they are not read again at each start."""

from __future__ import annotations

import contextlib
import enum
import hashlib
from typing import TYPE_CHECKING

import msgspec

from digital_life.errors import ModelError
from digital_life.malformed import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = 1 << 20
"""Bytes read at a time."""


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen when a file was last read from end to end."""

    sha256: str
    size: int
    """Bytes."""
    mtime_ns: int


class State(enum.StrEnum):
    READY = "ready"
    MISSING = "missing"
    DAMAGED = "damaged"


class Proven:
    """The file `lock.json` of a models folder: a proof for each file, which pins those with no published sum."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "lock.json"
        self._proofs: dict[str, Proof] = {}
        self.reload()

    def reload(self) -> None:
        """Read the file again: another process may have written it."""
        try:
            self._proofs = msgspec.json.decode(self._file.read_bytes(), type=dict[str, Proof])
        except FileNotFoundError:
            self._proofs = {}
        except (OSError, *WRITTEN) as error:
            # Without it the pins are lost: better to ask than to trust whatever is there.
            raise ModelError("lock-broken", path=self._file, cause=error) from error

    def pin(self, key: str) -> str:
        """The sum that the file `key` had when it was first had; empty when it never was."""
        proof = self._proofs.get(key)
        return proof.sha256 if proof else ""

    def state(self, path: Path, *, key: str, sha256: str, again: bool = False) -> State:
        """Whether the file at `path` is the one meant. `sha256` may be empty: then the first one seen is.

        It is read only when it changed since it was proven, or `again`.
        """
        try:
            stat = path.stat()
        except OSError:
            return State.MISSING
        wanted = sha256 or self.pin(key)
        known = self._proofs.get(key)
        unchanged = known and (known.size, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
        if unchanged and known and known.sha256 == wanted and not again:
            return State.READY
        found = sum_of(path)
        if wanted and found != wanted:
            return State.DAMAGED
        self.add(path, key=key, sha256=found)
        return State.READY

    def add(self, path: Path, *, key: str, sha256: str) -> None:
        """The file at `path` was just read and has this sum."""
        stat = path.stat()
        self._proofs[key] = Proof(sha256, stat.st_size, stat.st_mtime_ns)
        self._write()

    def _write(self) -> None:
        # A models folder that is read-only (a system service) costs a new reading at each start, no more.
        with contextlib.suppress(OSError):
            new = self._file.with_suffix(".new")
            new.write_bytes(msgspec.json.format(msgspec.json.encode(self._proofs), indent=1) + b"\n")
            new.replace(self._file)


def sum_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()

"""The voices that were learnt, in one file of the home folder that its owner alone may read."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path

import msgspec

from digital_life.errors import MemoryFileError, PeopleError
from digital_life.malformed import WRITTEN
from digital_life.people.voices import VoicePrint
from digital_life.seal import Seal, opened, shut

log = logging.getLogger(__name__)

NAME = "people.json"
ASIDE = ".damaged"
NUMBER = 4
"""Bytes of each number of a vector."""


class _Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    model: str
    enrolled: datetime
    vectors: tuple[bytes, ...]
    """In base64."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    people: tuple[_Person, ...] = ()


class PeopleFile:
    """Read again whenever another program has changed it."""

    def __init__(self, home: Path, seal: Seal | None = None) -> None:
        """`seal` is the key of the life whose people they are; None: it is not sealed."""
        self.path = home / NAME
        self._seal = seal
        self._read: tuple[int, int] | None = None
        """Time and size of the file that `_prints` are of."""
        self._prints: tuple[VoicePrint, ...] = ()

    def prints(self) -> tuple[VoicePrint, ...]:
        """All of them. Raises PeopleError; what is damaged was put aside then, and is empty from now on.

        One that is sealed with another key is no damage, and stays.
        """
        try:
            status = self.path.stat()
            if self._read != (status.st_mtime_ns, status.st_size):
                self._prints = _decoded(opened(self.path.read_bytes(), self._seal, self.path))
                self._read = (status.st_mtime_ns, status.st_size)
        except FileNotFoundError:
            self._read, self._prints = None, ()
        except OSError as error:
            raise PeopleError("people-unreadable", path=self.path, cause=error) from error
        except MemoryFileError as error:
            raise PeopleError(error.key, **error.values) from error
        except (ValueError, *WRITTEN) as error:
            raise PeopleError("people-damaged", path=self.path, aside=self._put_aside(), cause=error) from error
        return self._prints

    def keep(self, voice: VoicePrint) -> None:
        """In place of one of the same name. It survives the loss of power when this returns. Raises PeopleError."""
        self._write((*(each for each in self.prints() if not _same(each.name, voice.name)), voice))

    def remove(self, name: str) -> bool:
        """Nothing of that voice stays; False where there was none. Raises PeopleError."""
        kept = self.prints()
        left = tuple(each for each in kept if not _same(each.name, name))
        if left == kept:
            return False
        self._write(left)
        return True

    def _write(self, prints: tuple[VoicePrint, ...]) -> None:
        people = tuple(_Person(each.name, each.model, each.enrolled, each.vectors) for each in prints)
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(shut(msgspec.json.format(msgspec.json.encode(_File(people)), indent=1), self._seal))
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        except OSError as error:
            raise PeopleError("people-unwritable", path=self.path, cause=error) from error

    def _put_aside(self) -> Path:
        aside = self.path.with_suffix(f"{self.path.suffix}{ASIDE}")
        try:
            self.path.replace(aside)
        except OSError as error:
            raise PeopleError("people-unreadable", path=self.path, cause=error) from error
        return aside


def _decoded(content: bytes) -> tuple[VoicePrint, ...]:
    """Raises ValueError or MsgspecError for what can be no voices."""
    people = msgspec.json.decode(content, type=_File).people
    if any(not each.vectors or not all(each.vectors) for each in people):
        raise ValueError("a person without a voice")
    if any(len(vector) % NUMBER or len(vector) != len(each.vectors[0]) for each in people for vector in each.vectors):
        raise ValueError("a voice of another length")
    return tuple(VoicePrint(each.name, each.model, each.enrolled, each.vectors) for each in people)


def _same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()

"""What was said and is not in the life's file yet, in a small file beside it: no power cut loses it."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from digital_life.errors import MemoryFileError
from digital_life.malformed import WRITTEN
from digital_life.seal import DamagedError, Seal, opened, shut
from digital_life.values import Turn

log = logging.getLogger(__name__)

FILE = "waiting.json"
LOCK = "waiting.lock"
"""Of several programs that use a life only one has turns waiting there."""
PRIVATE = 0o600


def left(home: Path, seal: Seal | None) -> list[Turn]:
    """Those that wait there just now, whoever owns them; nothing is changed.

    Raises OSError and those of `malformed.WRITTEN`; MemoryFileError without the right key, DamagedError.
    """
    path = home / FILE
    try:
        return msgspec.json.decode(opened(path.read_bytes(), seal, path), type=list[Turn])
    except FileNotFoundError:
        return []


class Waiting:
    """Turns that wait to be kept, also those that are being answered. Blocking; owned by the life's thread."""

    def __init__(self, home: Path, seal: Seal | None = None) -> None:
        self._path = home / FILE
        self._seal = seal
        self._lock: int | None = None
        """None: another program has it."""
        self._failed = False
        self._locked = False
        """Whether what waits there cannot be opened with the key: it is left alone."""

    def load(self) -> list[Turn]:
        """Those that waited when the last program ended; none of a file that is damaged, or is another's.

        Raises MemoryFileError where it is sealed and the key does not open it: what waits there is not lost.
        """
        if not self._owned():
            return []
        try:
            return msgspec.json.decode(opened(self._path.read_bytes(), self._seal, self._path), type=list[Turn])
        except FileNotFoundError:
            return []
        except (OSError, DamagedError, *WRITTEN) as error:
            log.warning("%s cannot be read, what was said last may be lost: %s", self._path, error)
            return []
        except MemoryFileError:
            self._locked = True
            raise

    def keep(self, turns: Sequence[Turn]) -> None:
        """These wait, and no others; they survive the loss of power when this returns, as long as there is room."""
        try:
            if self._locked or not self._owned():
                return
            if turns:
                self._write(shut(msgspec.json.encode([_plain(each) for each in turns]), self._seal))
            else:
                self._path.unlink(missing_ok=True)
            self._failed = False
        except OSError as error:
            if not self._failed:  # told once: they wait in mind
                log.warning("%s cannot be written: %s", self._path, error)
            self._failed = True

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _owned(self) -> bool:
        if self._lock is None:
            handle = os.open(self._path.with_name(LOCK), os.O_WRONLY | os.O_CREAT, PRIVATE)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
            else:
                self._lock = handle
        return self._lock is not None

    def _write(self, content: bytes) -> None:
        new = self._path.with_suffix(".new")
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        new.replace(self._path)


def _plain(turn: Turn) -> Turn:
    """Without sound and voices: the life keeps neither."""
    speaker = turn.heard.speaker
    heard = replace(turn.heard, speaker=replace(speaker, embedding=b"") if speaker else None)
    return replace(turn, heard=heard, wake=None)

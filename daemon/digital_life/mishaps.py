"""What went wrong of late, by part and time and without a word of what was said: the doctor reads it."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from digital_life.errors import DigitalLifeError
from digital_life.malformed import WRITTEN
from digital_life.ports import Clock

FILE: Final = "mishaps.json"
KEPT_DAYS: Final = 7
MOST: Final = 200
"""Of them are kept, the latest."""
APART_S: Final = 60.0
"""Two of one part within this are one: what fails is often asked twice."""
PARTS: Final = {
    "talking.answering": "language model",
    "backends.llama_cpp": "language model",
    "backends.engine": "language model",
    "backends.whisper": "recogniser",
    "backends.piper": "voice",
    "backends.kokoro": "voice",
    "talking.understanding": "recogniser",
    "talking.speaking": "voice",
    "backends.voices": "voice",
    "talking.session": "microphone",
    "backends.sound": "sound",
    "memory.life": "memory",
    "memory.store": "memory",
    "memory.waiting": "memory",
    "memory.tending": "memory",
    "heartbeat": "watchdog",
    "backends.mqtt": "broker",
    "backends.reach": "server",
    "backends.mcp_client": "tools",
}
"""Whose other warnings are of which part; those of other modules are not noted: they cost nobody an answer."""
ERRORS: Final = {
    "microphone": "microphone",
    "ears": "microphone",
    "loudspeaker": "loudspeaker",
    "recogniser": "recogniser",
    "voice": "voice",
    "language-model": "language model",
    "end-of-turn": "recogniser",
    "life": "memory",
    "meanings": "memory",
}
"""How the key of an error begins that tells the part, better than who warns of it."""
ENDED: Final = "end"
"""The program itself, which ended without being told to."""


class Mishap(msgspec.Struct, frozen=True):
    part: str
    when: datetime


class Record(msgspec.Struct, frozen=True):
    mishaps: tuple[Mishap, ...] = ()
    """The oldest first."""
    process: int = 0
    """Of the daemon that writes this; 0: it has ended as it should."""
    began: datetime | None = None
    """When that daemon began."""


def read(home: Path) -> Record:
    """An empty one where there is none, or none that can be read: the doctor has nothing to tell then."""
    try:
        return msgspec.json.decode((home / FILE).read_bytes(), type=Record)
    except (OSError, *WRITTEN):
        return Record()


def is_alive(process: int) -> bool:
    """Whether there is another process of that number; one that has the number of a dead daemon is taken for it."""
    if process == os.getpid():  # a container gives each daemon the same number
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def part_of(record: logging.LogRecord) -> str:
    """Empty: of none that is noted."""
    arguments = record.args if isinstance(record.args, tuple) else ()
    keys = [each.key for each in arguments if isinstance(each, DigitalLifeError)]
    told = (part for key in keys for beginning, part in ERRORS.items() if key.startswith(beginning))
    return next(told, PARTS.get(record.name.removeprefix("digital_life."), ""))


def added(mishaps: Iterable[Mishap], new: Mishap) -> tuple[Mishap, ...]:
    """With one more, unless it is the same again; without those that are too old, or too many."""
    kept = [each for each in mishaps if new.when - each.when < timedelta(days=KEPT_DAYS)]
    same = any(each.part == new.part and abs((new.when - each.when).total_seconds()) < APART_S for each in kept)
    return tuple(kept if same else [*kept, new])[-MOST:]


@contextlib.contextmanager
def noted(home: Path, clock: Clock) -> Iterator[None]:
    """Within, what goes wrong is noted; so is that the one before did not come to its end."""
    before = read(home)
    notes = before.mishaps
    if before.process and not is_alive(before.process):
        notes = added(notes, Mishap(ENDED, clock.now()))
    notebook = _Notebook(home, clock, Record(notes, os.getpid(), clock.now()))
    logger = logging.getLogger("digital_life")
    logger.addHandler(notebook)
    try:
        yield
    finally:
        logger.removeHandler(notebook)
        notebook.end()


class _Notebook(logging.Handler):
    """On whatever thread logs: a file of some kilobytes, once a minute at most for each part."""

    def __init__(self, home: Path, clock: Clock, record: Record) -> None:
        super().__init__(logging.WARNING)
        self._home = home
        self._clock = clock
        self._record = record
        self._write()

    def emit(self, record: logging.LogRecord) -> None:
        part = part_of(record)
        if not part:
            return
        mishaps = added(self._record.mishaps, Mishap(part, self._clock.now()))
        if mishaps != self._record.mishaps:
            self._record = msgspec.structs.replace(self._record, mishaps=mishaps)
            self._write()

    def end(self) -> None:
        self._record = msgspec.structs.replace(self._record, process=0, began=None)
        self._write()

    def _write(self) -> None:
        # To log that it cannot be written would be told to itself; the doctor sees a full disk anyway.
        with contextlib.suppress(OSError):
            self._home.mkdir(parents=True, exist_ok=True)
            new = self._home / f"{FILE}.new"
            new.write_bytes(msgspec.json.encode(self._record))
            new.replace(self._home / FILE)

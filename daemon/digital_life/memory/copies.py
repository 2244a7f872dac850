"""Daily copies of the life's file, and what is done when the file is damaged."""

from __future__ import annotations

import contextlib
import fcntl
import logging
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, resealing
from digital_life.memory.lifefile import copy_older, turns_left
from digital_life.memory.store import Store

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from digital_life.ports import Embedder
    from digital_life.seal import Seal
    from digital_life.values import Turn

log = logging.getLogger(__name__)

LIFE = "life.db"
FOLDER = "copies"
READ = "read"
"""The folder in which the language model keeps what it has read of this life; it can be read again."""
LOCK = "life.lock"
"""Programs that use the life share it; one that replaces the file wants it for itself."""
SUFFIXES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Opened:
    store: Store
    restored: str
    """The day of the copy that replaced a damaged file, "-" when there was none; empty: it was not damaged."""
    left: tuple[Turn, ...] = ()
    """What could be read of the damaged file and is not in the copy."""


def open_life(home: Path, embedder: Embedder, now: datetime, *, seal: Seal | None = None) -> Opened:
    """Open the life in `home`; a damaged file is put aside and its newest whole copy takes its place.

    One of an older version is copied before it is brought to this one. Raises MemoryFileError when it cannot be read at
    all, is foreign, is of a newer program, or is sealed with another key: that is no damage, and nothing is put aside.
    """
    path = home / LIFE
    try:
        _keep_older(home, now, seal)
        store = Store.open(path, embedder, seal=seal)
        if store.is_sound():
            return Opened(store, "")
        store.close()
    except MemoryFileError as error:
        if error.key != "life-damaged":
            raise
    for copy in copies(home):
        cipher.seal_of(copy, seal)  # raises: without the key it would seem that there is no copy
    aside = put_aside(path, now)
    opened = _restored(home, embedder, seal)
    last = max((each.id for each in opened.store.latest_turns(1)), default=0)
    return replace(opened, left=tuple(turns_left(aside, after=last, seal=seal)))


def _keep_older(home: Path, now: datetime, seal: Seal | None) -> None:
    """An older program cannot open what this one makes of its life; who goes back to it finds the life as it was."""
    path = home / LIFE
    if path.exists() and copy_older(path, before(home, now), seal=seal):
        log.info("a life of an older version was copied to %s before it is brought to this one", before(home, now))


def _restored(home: Path, embedder: Embedder, seal: Seal | None) -> Opened:
    path = home / LIFE
    for copy in reversed(copies(home)):
        path.write_bytes(copy.read_bytes())
        try:
            store = Store.open(path, embedder, seal=seal)
        except MemoryFileError:
            path.unlink()
            continue
        if store.is_sound():
            return Opened(store, copy.stem.removeprefix("life-"))
        store.close()
        path.unlink()
    return Opened(Store.open(path, embedder, seal=seal), "-")


def put_aside(path: Path, now: datetime) -> Path:
    """Nothing is thrown away: a damaged file keeps its bytes under another name."""
    aside = path.with_name(f"life-damaged-{now:%Y%m%d-%H%M%S}.db")
    for suffix in SUFFIXES:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def before(home: Path, now: datetime) -> Path:
    """Where a life lies that another one, or a newer version of it, replaced."""
    return home / f"life-before-{now:%Y%m%d-%H%M%S}.db"


def put_aside_files(home: Path) -> list[Path]:
    """Former files of this life that stand beside it: damaged ones, and those that an import or an upgrade replaced."""
    return sorted([*home.glob("life-damaged-*.db*"), *home.glob("life-before-*.db*")])


@contextmanager
def used(home: Path, *, alone: bool = False) -> Generator[None]:
    """Hold the life in `home` as in use; `alone`: by nobody else. Raises MemoryFileError when somebody does.

    A sealing that was broken off is brought to its end first.
    """
    home.mkdir(parents=True, exist_ok=True)
    if resealing.is_under_way(home):
        with _locked(home, alone=True):
            resealing.settle(home)
    with _locked(home, alone=alone):
        yield


@contextmanager
def _locked(home: Path, *, alone: bool) -> Generator[None]:
    with (home / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise MemoryFileError("life-in-use", path=home / LIFE) from error
        yield


def copies(home: Path) -> list[Path]:
    """The daily copies, the oldest first."""
    return sorted((home / FOLDER).glob("life-????-??-??.db"))


def copy_daily(store: Store, home: Path, today: date, keep: int) -> bool:
    """Today's copy if it is not there yet, and only the last `keep` of them. Returns whether one was made."""
    path = home / FOLDER / f"life-{today.isoformat()}.db"
    if not keep or path.exists():
        return False
    path.parent.mkdir(exist_ok=True)
    store.copy(path)
    for old in copies(home)[:-keep]:
        old.unlink()
    return True


def delete_read(home: Path) -> None:
    """What the language model has read of this life may hold what is to be forgotten."""
    for path in (home / READ).glob("*"):
        path.unlink(missing_ok=True)

"""A whole home goes from one key to another, or to none, at one moment: all is as it was, or all is new.

What is new is put together in a folder of its own. The renaming of that folder is the moment; what is left to do then,
to put its files in their places, needs no key and no room, and is done by whoever uses the home next.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import MemoryFileError
from digital_life.memory import cipher, lifefile
from digital_life.memory.homefiles import SHUT, Fate, fate_of
from digital_life.seal import AGE, opened, shut, sync

if TYPE_CHECKING:
    from digital_life.seal import Seal

LIFE = "life.db"
WORK = ".resealing"
"""The folder in the home where the new files are put together; what a program that was killed left there is deleted."""
READY = ".resealed"
"""The same folder when all of it is there."""
GONE = "gone.json"
"""In it: the names of the files that go."""
ZEROS = bytes(1 << 20)


@dataclass(frozen=True, slots=True)
class Resealed:
    """What was done, by the paths within the home."""

    done: Sequence[str]
    left: Sequence[str]
    """Files that are none of ours, or damaged ones that stay under their key: a person has to look at them."""


@dataclass(slots=True)
class _Plan:
    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


def reseal(home: Path, *, seal: Seal | None, to: Seal | None) -> Resealed:
    """Have everything that tells what somebody said under another key, or none. Nobody else may use the home.

    Raises MemoryFileError; then nothing has changed.
    """
    work = home / WORK
    with _undone(work):
        plan = _staged(home, work, seal, to)
        (work / GONE).write_text(json.dumps(plan.gone), encoding="utf-8")
        _on_disk(work)
        work.rename(home / READY)
        sync(home)
    settle(home)
    return Resealed(sorted(plan.done), sorted(plan.left))


def is_under_way(home: Path) -> bool:
    """Whether somebody began it and did not come to its end."""
    return (home / WORK).exists() or (home / READY).exists()


def settle(home: Path) -> None:
    """Bring to its end what was begun, or undo it. Nobody else may use the home. Raises MemoryFileError."""
    ready = home / READY
    try:
        if (home / WORK).exists():
            shutil.rmtree(home / WORK)
        if ready.exists():
            _put_in_place(home, ready)
            shutil.rmtree(ready)
            sync(home)
    except OSError as error:
        raise MemoryFileError("life-unusable", path=ready, cause=error) from error


def unsealed(home: Path) -> list[str]:
    """The files, by their paths within the home, that tell what was said and are not sealed. Raises MemoryFileError."""
    found = []
    for name in _names(home):
        fate, path = fate_of(Path(name)), home / name
        if (fate is Fate.DATABASE and _is_plain_database(path)) or (
            fate in (Fate.CONTENT, Fate.NAMED) and not _is_shut(path)
        ):
            found.append(name)
    return sorted(found)


def _is_plain_database(path: Path) -> bool:
    found = cipher.head_of(path)
    return bool(found) and not found.startswith(cipher.MARK)


def _is_shut(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(len(AGE)) == AGE
    return True


@contextmanager
def _undone(work: Path) -> Iterator[None]:
    """What was begun in this folder is taken away again when anything fails."""
    try:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        yield
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise MemoryFileError("seal-failed", cause=error) from error
    except MemoryFileError as error:
        shutil.rmtree(work, ignore_errors=True)
        if error.key == "life-failed":
            raise MemoryFileError("seal-failed", cause=error.values["cause"]) from error
        raise


def _names(home: Path) -> Iterator[str]:
    """Every file in the home, but for what this module itself puts there."""
    for folder, folders, files in os.walk(home):
        within = Path(folder).relative_to(home)
        folders[:] = [each for each in folders if (within / each).as_posix() not in (WORK, READY)]
        for name in files:
            yield (within / name).as_posix()


def _staged(home: Path, work: Path, seal: Seal | None, to: Seal | None) -> _Plan:
    """The new files lie in `work`."""
    plan = _Plan()
    for name in sorted(_names(home)):
        match fate_of(Path(name)):
            case Fate.DATABASE:
                _stage_database(home, name, work, seal, to, plan)
            case Fate.CONTENT:
                _stage_content(home, name, work / name, seal, to)
                plan.done.append(name)
            case Fate.NAMED:
                _stage_named(home, name, work, seal, to, plan)
            case Fate.GONE if not _is_sidecar(name):
                plan.gone.append(name)
            case Fate.UNKNOWN:
                plan.left.append(name)
            case _:
                pass
    return plan


def _is_sidecar(name: str) -> bool:
    """Whether it belongs to a database, and goes with it."""
    return name.endswith(("-wal", "-shm", "-journal"))


def _stage_database(home: Path, name: str, work: Path, seal: Seal | None, to: Seal | None, plan: _Plan) -> None:
    target = work / name
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        lifefile.reseal(home / name, target, seal=seal, to=to)
        plan.done.append(name)
    except MemoryFileError as error:
        target.unlink(missing_ok=True)
        if error.key != "life-damaged" or Path(name).name == LIFE:
            raise
        if to is None or cipher.is_sealed(home / name):
            plan.left.append(name)
        else:
            _stage_damaged(home, name, work, to, plan)


def _stage_damaged(home: Path, name: str, work: Path, to: Seal, plan: _Plan) -> None:
    """A former file that no program opens keeps its bytes."""
    for each in (name, f"{name}-wal"):
        if (home / each).exists():
            _stage_content(home, each, work / f"{each}{SHUT}", None, to)
            plan.gone.append(each)
    plan.done.append(name)


def _stage_named(home: Path, name: str, work: Path, seal: Seal | None, to: Seal | None, plan: _Plan) -> None:
    new = f"{name.removesuffix(SHUT)}{SHUT if to else ''}"
    _stage_content(home, name, work / new, seal, to)
    plan.done.append(new)
    if new != name:
        plan.gone.append(name)


def _stage_content(home: Path, name: str, target: Path, seal: Seal | None, to: Seal | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    content = (home / name).read_bytes()
    try:
        content = opened(content, seal, home / name)
    except ValueError:  # damaged already: it stays as it is, and its reader will say so
        target.write_bytes(content)
    else:
        target.write_bytes(shut(content, to))


def _on_disk(work: Path) -> None:
    for folder, _, files in os.walk(work):
        for name in files:
            with (Path(folder) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync(Path(folder))


def _put_in_place(home: Path, ready: Path) -> None:
    """Done once more from its beginning where it was broken off."""
    listed = ready / GONE
    for name in json.loads(listed.read_text(encoding="utf-8")) if listed.exists() else ():
        _erase(home / name)
        (home / name).unlink(missing_ok=True)
    for name in sorted(_names(ready)):
        if name == GONE:
            continue
        place = home / name
        for ending in ("-wal", "-shm", "-journal"):  # of the former file: beside the new one they would damage it
            _erase(place.with_name(place.name + ending))
            place.with_name(place.name + ending).unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        _erase(place)
        (ready / name).replace(place)
        sync(place.parent)
    listed.unlink(missing_ok=True)


def _erase(path: Path) -> None:
    """Its bytes are overwritten as far as the disk lets; a file with a second name, as a copy made by links, is not."""
    if not path.is_file() or path.is_symlink() or path.stat().st_nlink > 1:
        return
    with path.open("r+b") as file:
        for start in range(0, path.stat().st_size, len(ZEROS)):
            file.write(ZEROS[: path.stat().st_size - start])
        file.flush()
        os.fsync(file.fileno())

"""Backups: everything that is this home, at one moment, laid where the person wants it, and brought back."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digital_life.errors import BackupError, MemoryFileError
from digital_life.memory import archive, lifefile, rotation
from digital_life.memory.copies import LIFE
from digital_life.values import Shelved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digital_life.ports import Clock, Embedder, Shelf
    from digital_life.seal import Seal

WORK = ".backup"
"""Begins the name of the folder in the home where a backup is put together."""
ARCHIVE_FAULTS = (
    "archive-damaged",
    "archive-locked",
    "archive-other-key",
    "archive-foreign",
    "archive-newer",
    "archive-slow",
)
"""They tell of a file, which the person knows by the name of the backup."""


@dataclass(frozen=True, slots=True)
class Restored:
    name: str
    """Of the backup."""
    aside: Sequence[Path]
    """What was there before."""
    damaged: Sequence[str]
    """Newer backups that could not be read to their end."""


class Backup:
    """Makes, rotates and restores those of one home."""

    def __init__(
        self,
        shelf: Shelf,
        *,
        home: Path,
        small: Mapping[str, Path],
        clock: Clock,
        passphrase: Callable[[], str],
        days: int,
        weeks: int,
        seal: Seal | None = None,
        is_plain: bool = False,
    ) -> None:
        """`small`: the files besides the lives, by their names in the home folder; one that is not there is left out.

        `passphrase` is asked for at each backup; where it is empty the key of the life shuts it, if there is one, and
        unless it is to be plain.
        """
        self._shelf = shelf
        self._home = home
        self._small = small
        self._clock = clock
        self._passphrase = passphrase
        self._days = days
        self._weeks = weeks
        self._seal = seal
        self._shut_with = None if is_plain else seal

    def check(self) -> None:
        """Whether the pass phrase is there that is needed. Raises BackupError."""
        self._passphrase()

    async def is_due(self) -> bool:
        """Whether there is none of today. Raises BackupError."""
        return rotation.is_due([each.name for each in await self._shelf.shelved()], self._clock.now())

    async def make(self) -> Shelved:
        """One of now; older ones go when it is proven to lie there whole. Raises BackupError, MemoryFileError."""
        secret, now = self._passphrase(), self._clock.now()
        if not (self._home / LIFE).exists():
            raise BackupError("backup-no-life", home=self._home)
        with _workplace(self._home) as folder:
            packed = folder / rotation.name_at(now, sealed=bool(secret or self._shut_with))
            await asyncio.to_thread(self._pack, folder / "lives", packed, secret)
            made = Shelved(packed.name, packed.stat().st_size)
            await self._shelf.put(made.name, packed)
        shelved = await self._shelf.shelved()
        if made not in shelved:
            raise BackupError("backup-not-whole", name=made.name)
        names = [each.name for each in shelved]
        for name in rotation.superseded(names, now, days=self._days, weeks=self._weeks):
            await self._shelf.delete(name)
        return made

    async def shelved(self) -> list[Shelved]:
        """All of them, the oldest first. Raises BackupError."""
        found = {each.name: each for each in await self._shelf.shelved()}
        return [found[name] for name in rotation.backups(found)]

    async def restore(self, embedder: Callable[[], Embedder], *, name: str = "", over: bool = False) -> Restored:
        """Bring back the newest that is whole, or the one of this name.

        Nothing is changed before it is proven to be whole and to open; what was there lies beside it afterwards.
        `over` a life that is there. Raises BackupError, MemoryFileError.
        """
        if (self._home / LIFE).exists() and not over:
            raise BackupError("restore-living", home=self._home)
        names = [name] if name else [each.name for each in reversed(await self.shelved())]
        damaged: list[str] = []
        for each in names:
            try:
                aside = await self._bring_back(each, embedder)
            except MemoryFileError as error:
                if error.key in ARCHIVE_FAULTS and (name or error.key != "archive-damaged"):
                    raise MemoryFileError(error.key, path=each) from error
                if error.key != "archive-damaged":
                    raise
                damaged.append(each)
            else:
                return Restored(each, aside, damaged)
        raise BackupError("restore-nothing", count=len(damaged))

    async def _bring_back(self, name: str, embedder: Callable[[], Embedder]) -> list[Path]:
        with _workplace(self._home) as folder:
            packed = folder / "packed"
            await self._shelf.get(name, packed)
            secret = self._passphrase() if archive.asks_passphrase(packed) else ""
            return await asyncio.to_thread(self._unpack, packed, secret, embedder)

    def _pack(self, folder: Path, target: Path, secret: str) -> None:
        try:
            lives = snapshot(self._home, folder, self._seal)
        except OSError as error:
            raise BackupError("backup-no-room", path=self._home, cause=error) from error
        files = lives | {name: path for name, path in self._small.items() if path.is_file()}
        now, seal, shut_with = self._clock.now(), self._seal, self._shut_with
        archive.write_files(files, target, now, passphrase=secret, seal=seal, shut_with=shut_with)

    def _unpack(self, packed: Path, secret: str, embedder: Callable[[], Embedder]) -> list[Path]:
        contents = archive.read(packed, passphrase=secret, seal=self._seal)
        try:
            return archive.unpack(contents, self._home, embedder(), self._clock.now(), packed, seal=self._seal)
        except OSError as error:
            raise BackupError("backup-no-room", path=self._home, cause=error) from error


def snapshot(home: Path, folder: Path, seal: Seal | None = None) -> dict[str, Path]:
    """Copies in `folder` of every life in `home`, by their names there, while they are lived.

    Raises MemoryFileError, OSError.
    """
    lives = [home / LIFE, *sorted((home / "lives").glob(f"*/{LIFE}"))]
    copies: dict[str, Path] = {}
    for life in lives:
        copy = folder / life.relative_to(home)
        copy.parent.mkdir(parents=True, exist_ok=True)
        lifefile.snapshot(life, copy, seal=seal)
        copies[life.relative_to(home).as_posix()] = copy
    return copies


def clear(home: Path) -> None:
    """Delete what a power cut left of a backup: nobody would forget in it what is forgotten in the life."""
    for left in home.glob(f"{WORK}-*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _workplace(home: Path) -> Iterator[Path]:
    """A folder in the home that is gone afterwards. Raises BackupError."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(prefix=f"{WORK}-", dir=home)
    except OSError as error:
        raise BackupError("backup-no-room", path=home, cause=error) from error
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

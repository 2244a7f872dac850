"""Backups in a folder: of another disk, of a stick, of a drive on the network."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

from digital_life.errors import BackupError
from digital_life.values import Shelved

PART = ".part"
"""Ends the name of a backup that is not whole yet."""


class FolderShelf:
    """Shelf."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def shelved(self) -> list[Shelved]:
        return await asyncio.to_thread(self._shelved)

    async def put(self, name: str, file: Path) -> None:
        await asyncio.to_thread(self._put, name, file)

    async def get(self, name: str, target: Path) -> None:
        try:
            await asyncio.to_thread(shutil.copyfile, self._folder / Path(name).name, target)
        except OSError as error:
            raise BackupError("backup-unreadable", target=self._folder / name, cause=_why(error)) from error

    async def delete(self, name: str) -> None:
        try:
            await asyncio.to_thread((self._folder / Path(name).name).unlink, missing_ok=True)
        except OSError as error:
            raise BackupError("backup-unwritable", target=self._folder, cause=_why(error)) from error

    def _shelved(self) -> list[Shelved]:
        try:
            files = [each for each in self._folder.iterdir() if each.is_file() and each.suffix != PART]
            return [Shelved(each.name, each.stat().st_size) for each in files]
        except FileNotFoundError:  # the first backup makes it
            return []
        except OSError as error:
            raise BackupError("backup-unreadable", target=self._folder, cause=_why(error)) from error

    def _put(self, name: str, file: Path) -> None:
        unfinished = self._folder / (name + PART)
        try:
            # Its parent must be there: a disk that is not mounted would else be written into the folder below it.
            self._folder.mkdir(exist_ok=True)
            with file.open("rb") as source, unfinished.open("wb") as target:
                shutil.copyfileobj(source, target)
                target.flush()
                os.fsync(target.fileno())
            unfinished.replace(self._folder / name)
        except OSError as error:
            _remove(unfinished)
            raise BackupError("backup-unwritable", target=self._folder, cause=_why(error)) from error


def _remove(unfinished: Path) -> None:
    try:
        unfinished.unlink(missing_ok=True)
    except OSError:  # the folder itself is gone
        return


def _why(error: OSError) -> str:
    return error.strerror or str(error)

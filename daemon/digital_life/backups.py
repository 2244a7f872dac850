"""The backups, put together: where they lie, what goes into them, and one each day while nobody talks."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from digital_life import config
from digital_life.backends import backup_notes
from digital_life.backends.backoff import pause_s
from digital_life.backends.folder_shelf import FolderShelf
from digital_life.backends.s3_shelf import S3Shelf
from digital_life.broadcast import Broadcast, placed
from digital_life.errors import BackupError, DigitalLifeError
from digital_life.memory import archive
from digital_life.memory.backup import Backup, clear
from digital_life.values import RESTING, State

if TYPE_CHECKING:
    from digital_life.backends.backup_notes import BackupNote
    from digital_life.context import Context
    from digital_life.ports import Shelf
    from digital_life.values import Shelved

log = logging.getLogger(__name__)

S3 = "s3://"
LOOK_S = 600.0
"""How often it is looked whether one is due."""
QUIET_S = 60.0
"""So long nobody must have spoken before one is made."""
FIRST_S, LONGEST_S = 60.0, 6 * 3600.0
"""The pauses before a backup that failed is tried again."""
LATE = timedelta(days=2)
"""Without a backup for so long the doctor warns."""


def backup_of(
    context: Context, target: str = "", *, passphrase: Callable[[], str] | None = None, is_plain: bool = False
) -> Backup:
    """The backups at `target`, else those of the settings; `passphrase` asks where no file names it.

    `is_plain`: those of a sealed life need not be sealed. Raises BackupError where it is said too little to make them,
    MemoryFileError where the key of the life is not there.
    """
    settings = context.settings.backup
    target = target or settings.target
    if not target:
        raise BackupError("backup-no-target")
    seal = context.seal()
    return Backup(
        _shelf(target, settings),
        home=context.home,
        small=_small(context),
        clock=context.clock,
        passphrase=_passphrase(settings, passphrase, needed=target.startswith(S3) and seal is None),
        days=settings.keep_days,
        weeks=settings.keep_weeks,
        seal=seal,
        is_plain=is_plain,
    )


async def make(
    context: Context, target: str = "", *, passphrase: Callable[[], str] | None = None, is_plain: bool = False
) -> Shelved:
    """One of now; how it went is noted. Raises BackupError, MemoryFileError."""
    note = backup_notes.read(context.home)
    try:
        made = await backup_of(context, target, passphrase=passphrase, is_plain=is_plain).make()
    except DigitalLifeError as error:
        _note(context, msgspec.structs.replace(note, failure=error.sentence(context.words.language)))
        raise
    at = target or context.settings.backup.target
    _note(context, backup_notes.BackupNote(made.name, context.clock.now().isoformat(), at))
    return made


def _note(context: Context, note: BackupNote) -> None:
    if context.home.is_dir():
        backup_notes.write(context.home, note)


@asynccontextmanager
async def open_backups(context: Context, broadcast: Broadcast) -> AsyncGenerator[None]:
    """One is made each day, where that is wanted; no talk waits for it."""
    await asyncio.to_thread(clear, context.home)
    if not context.settings.backup.target:
        yield
        return
    daily = Daily(context)
    broadcast.subscribe(daily.hear)
    async with asyncio.TaskGroup() as tasks:
        work = tasks.create_task(daily.run(), name="backups.daily")
        try:
            yield
        finally:
            work.cancel()


class Daily:
    """Makes the backup of each day, at the first quiet time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._clock = context.clock
        self._talking: set[str] = set()
        """The rooms where somebody speaks or is answered."""
        self._quiet_since = context.clock.monotonic()
        self._failures = 0

    def hear(self, event: object) -> None:
        """What happens in the conversations."""
        room, event = placed(event)
        if not isinstance(event, State):
            return
        if event in RESTING:
            self._talking.discard(room)
        else:
            self._talking.add(room)
        self._quiet_since = self._clock.monotonic()

    async def run(self) -> None:
        """Until cancelled; nothing that goes wrong ends it."""
        while True:
            await self._clock.sleep(self._until_quiet_s or await self._tried())

    @property
    def _until_quiet_s(self) -> float:
        if self._talking:
            return QUIET_S
        return max(0.0, QUIET_S - (self._clock.monotonic() - self._quiet_since))

    async def _tried(self) -> float:
        """Make one if it is due. Returns the seconds until it is looked again."""
        text = self._context.words.text
        try:
            if await backup_of(self._context).is_due():
                made = await make(self._context)
                log.info("%s", text("backup.made-log", name=made.name, size=f"{made.bytes / 1e6:.1f}"))
        except DigitalLifeError as error:
            chance = random.random()  # noqa: S311 - not to be guessed is no matter
            pause = pause_s(self._failures, first_s=FIRST_S, longest_s=LONGEST_S, chance=chance)
            self._failures += 1
            cause = error.sentence(self._context.words.language)
            note = msgspec.structs.replace(backup_notes.read(self._context.home), failure=cause)
            _note(self._context, note)
            log.warning("%s", text("backup.again", cause=cause, minutes=max(1, round(pause / 60))))
            return pause
        self._failures = 0
        return LOOK_S


def made_at(note: BackupNote) -> datetime | None:
    """When the last one was made; None: none was, or nobody knows."""
    try:
        return datetime.fromisoformat(note.made) if note.made else None
    except ValueError:
        return None


def _shelf(target: str, settings: config.Backup) -> Shelf:
    if target.startswith(S3):
        if not target.removeprefix(S3).strip("/"):
            raise BackupError("backup-target", target=target)
        return S3Shelf(target.rstrip("/"), settings)
    return FolderShelf(Path(target).expanduser())


def _small(context: Context) -> dict[str, Path]:
    """Files by their names in the home folder, from where they are in use."""
    files = {name: context.home / name for name in archive.SMALL}
    files["devices.toml"] = context.devices_file
    if context.settings_file:
        files[archive.SETTINGS] = context.settings_file
    return files


def _passphrase(settings: config.Backup, ask: Callable[[], str] | None, *, needed: bool) -> Callable[[], str]:
    """That of the file, read anew each time; else what is asked for. What leaves the house is always sealed."""

    def read() -> str:
        if not settings.passphrase_file:
            if ask is None and needed:
                raise BackupError("backup-no-key")
            return ask() if ask else ""
        path = Path(settings.passphrase_file).expanduser()
        try:
            found = path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError("backup-key-unreadable", path=path) from error
        if not found:
            raise BackupError("backup-key-unreadable", path=path)
        return found

    return read

"""How the last backups went: a small file in the home folder, for the doctor and the metrics."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from digital_life.malformed import WRITTEN

log = logging.getLogger(__name__)

NAME = "backup.json"


class BackupNote(msgspec.Struct, frozen=True):
    name: str = ""
    """Of the last one that was made; empty: none was."""
    made: str = ""
    """When, in ISO 8601 with its zone."""
    target: str = ""
    """Where to."""
    failure: str = ""
    """Why the last attempt failed, in words; empty: it did not."""


def read(home: Path) -> BackupNote:
    try:
        return msgspec.json.decode((home / NAME).read_bytes(), type=BackupNote)
    except (OSError, *WRITTEN) as error:
        log.debug("no note of backups: %s", error)
        return BackupNote()


def write(home: Path, note: BackupNote) -> None:
    """One that cannot be written down costs no backup."""
    written = home / f"{NAME}.new"
    try:
        written.write_bytes(msgspec.json.encode(note))
        written.replace(home / NAME)
    except OSError as error:
        log.warning("how the backup went is not noted: %s", error)

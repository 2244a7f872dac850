"""What every command is given: the settings and where things lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.config import Settings
    from digital_life.ports import Clock
    from digital_life.seal import Seal
    from digital_life.words import Words

DEVICES_FILE = "devices.toml"


@dataclass(frozen=True, slots=True)
class Context:
    """Made once by the command line from its global options."""

    settings: Settings
    home: Path
    """Everything that is this life."""
    models: Path
    """The folder of the models, which several lives may share."""
    clock: Clock
    words: Words
    """In the language of the person."""
    debug: bool
    """Errors are shown with their traceback."""
    settings_file: Path | None = None
    """Where the settings stand; None: the defaults are used."""
    changes: tuple[str, ...] = ()
    """`key=value`, as said with --set: over what the file says."""

    def seal(self) -> Seal | None:
        """The key of the life, read anew each time; None: nothing is sealed. Raises MemoryFileError."""
        from digital_life import seal  # noqa: PLC0415 - a command that keeps nothing needs no library

        return seal.read(self.settings.memory.key_file)

    @property
    def devices_file(self) -> Path:
        """What the user says of the devices of the home: beside the settings, else in the home folder."""
        beside = self.settings_file.parent / DEVICES_FILE if self.settings_file else None
        return beside if beside and beside.exists() else self.home / DEVICES_FILE

"""Which persona is wanted, and which was there last: files in the home folder, which every program sees."""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger(__name__)

WANTED = "persona"
PRESENT = "persona-present"
"""It is another one than the wanted only until that one comes."""


class KeptName:
    """Wanted, or who was there last; a restart changes nothing."""

    def __init__(self, home: Path, file: str) -> None:
        self._file = home / file
        self._here = ""
        """The name, though it cannot be written down."""

    @property
    def name(self) -> str:
        if self._here:
            return self._here
        try:
            return self._file.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            log.debug("%s is not used: %s", self._file, error)
            return ""

    @name.setter
    def name(self, name: str) -> None:
        self._here = ""
        written = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(f"{name}\n", encoding="utf-8")
            written.replace(self._file)
        except OSError as error:
            self._here = name
            log.warning("who is to answer is not kept over a restart: %s", error)

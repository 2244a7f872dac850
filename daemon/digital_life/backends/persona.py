"""Which persona is wanted: a file in the home folder, so that every program sees it and a restart changes nothing."""

from __future__ import annotations

import logging
from pathlib import Path

log = logging.getLogger(__name__)

NAME = "persona"


class FileWanted:
    """Wanted."""

    def __init__(self, home: Path) -> None:
        self._file = home / NAME
        self._here = ""
        """Who is wanted, though it cannot be written down."""

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

"""What the person allowed or refused: a small file in the home folder, which may be read and changed by hand."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec

from digital_life.malformed import WRITTEN

log = logging.getLogger(__name__)

NAME = "consents.toml"


class FileConsents:
    """Consents."""

    def __init__(self, home: Path) -> None:
        self._file = home / NAME
        self._here: dict[str, bool] = {}
        """What was said since the start, also where it cannot be written down."""

    def allowed(self, what: str) -> bool | None:
        return (self._kept() | self._here).get(what)

    def keep(self, what: str, *, allowed: bool) -> None:
        kept = self._kept() | {what: allowed}
        written = self._file.with_suffix(".new")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            written.write_bytes(msgspec.toml.encode(kept))
            written.replace(self._file)
            self._here.pop(what, None)
        except OSError as error:
            self._here[what] = allowed
            log.warning("whether it may go to the internet is not kept over a restart: %s", error)

    def _kept(self) -> dict[str, bool]:
        """Empty where it cannot be read: then it asks again, and nothing connects."""
        try:
            return msgspec.toml.decode(self._file.read_bytes(), type=dict[str, bool])
        except FileNotFoundError:
            return {}
        except (OSError, *WRITTEN) as error:
            log.warning("%s cannot be read, so it asks again: %s", self._file, error)
            return {}

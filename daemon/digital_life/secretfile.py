"""Where a password or a key stands: a file of the user, or a credential that systemd hands over."""

from __future__ import annotations

import os
from pathlib import Path

CREDENTIAL = "credential:"
"""Before the name of one that LoadCredential= of the unit gives."""


def path_of(written: str) -> Path:
    """Of what a setting says. Where systemd gave no credential, it is a file that is not there."""
    if not written.startswith(CREDENTIAL):
        return Path(written).expanduser()
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    # Named as it was written: the error that nothing is there then says what was sought.
    return Path(folder, written.removeprefix(CREDENTIAL)) if folder else Path(written)


def word_in(path: Path) -> str:
    """The one word that stands there. Raises OSError, and ValueError where it is none, or not alone.

    Neither tells what stands there.
    """
    try:
        found = path.read_text(encoding="ascii").split()
    except UnicodeDecodeError:
        raise ValueError(path) from None  # it holds the bytes that it could not read
    if len(found) != 1 or not found[0].isprintable():
        raise ValueError(path)
    return found[0]

"""What is kept is for its owner alone: no other user of the machine reads it."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
MARK = "life.db"
"""A folder that holds this is a home; any other is left as it is."""


def from_now_on() -> None:
    """Every file that this process makes is 0600 and every folder 0700, whatever the shell or the system says.

    Programs that it starts inherit that.
    """
    os.umask(OTHERS)


def close(home: Path) -> None:
    """Shut a home that was made before, or copied here, to others; then what is in it is out of their reach too."""
    # One that several may write to, as /tmp, is nobody's home; one of another user cannot be changed.
    with contextlib.suppress(OSError):
        about = home.stat()
        open_to_others = about.st_mode & OTHERS and not about.st_mode & stat.S_ISVTX
        if open_to_others and about.st_uid == os.geteuid() and (home / MARK).is_file():
            home.chmod(stat.S_IMODE(about.st_mode) & ~OTHERS)

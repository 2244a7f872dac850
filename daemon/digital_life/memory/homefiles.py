"""Which file of a home tells what somebody said, and how it is sealed."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath


class Fate(Enum):
    """What sealing does with a file."""

    DATABASE = auto()
    """Encrypted page by page."""
    CONTENT = auto()
    """Shut as a whole."""
    NAMED = auto()
    """The same, and its name tells: `.age` at its end."""
    GONE = auto()
    """What can be made again, or was left by a program that was killed, or belongs to a database."""
    OPEN = auto()
    """It holds no word of what was said: settings, switches, what lets browsers in."""
    UNKNOWN = auto()
    """None of ours; a person has to look at it."""


SHUT = ".age"
"""Ends the name of what is shut as a whole and this program does not read again."""
LIFE = r"(lives/[^/]+/)?"
FATES: tuple[tuple[str, Fate], ...] = (
    (rf"{LIFE}(life|life-damaged-.*|life-before-.*|copies/life-.*)\.db", Fate.DATABASE),
    (rf"{LIFE}(life|life-damaged-.*|life-before-.*|copies/life-.*)\.db-(wal|shm|journal)", Fate.GONE),
    (rf"{LIFE}(life-damaged-.*|life-before-.*|copies/life-.*)\.db(-wal)?\.age", Fate.NAMED),
    (rf"{LIFE}(waiting\.json(\.damaged)?|people(-before-.*)?\.json(\.damaged)?|readings/[^/]+\.json)", Fate.CONTENT),
    (r"wakes/[^/]+\.wav(\.age)?", Fate.NAMED),
    (rf"{LIFE}(read|tmp[^/]*|\.backup-[^/]*|carried)/.*", Fate.GONE),
    (rf"{LIFE}(.*/)?(life-[^/]*|people|readings/[^/]*|waiting)\.(part|new)", Fate.GONE),
    (rf"{LIFE}(life|waiting)\.lock", Fate.OPEN),
    (r"(digital-life|devices|calibration|consents)(-before-.*)?\.(toml|new|part)", Fate.OPEN),
    (r"(introduced|persona|persona-present|volume|muted)(-before-[^/]*|\.new|\.part)?", Fate.OPEN),
    (r"wakes\.(jsonl|part)|(backup|mishaps)\.json(\.new)?|web-[^/]+|avatars/.*", Fate.OPEN),
)
"""By the path within the home; the first that fits decides."""


def fate_of(path: PurePath) -> Fate:
    """`path`: within the home."""
    name = path.as_posix()
    return next((fate for pattern, fate in FATES if re.fullmatch(pattern, name)), Fate.UNKNOWN)

"""The files of pages: read once, pressed once, and told apart by what is in them."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

KINDS: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".woff2": "font/woff2",
    ".moc": "application/octet-stream",
    ".moc3": "application/octet-stream",
    ".mtn": "application/octet-stream",
}
"""Not left to the machine: some call a script text/plain, which a browser then refuses to run."""
PRESSED: Final = frozenset({".html", ".css", ".js", ".mjs", ".json", ".webmanifest", ".svg", ".txt", ".wasm"})
LEVEL: Final = 6
"""At 9 some texts take ten times as long for a tenth less."""
KEPT_BYTES: Final = 1_000_000
"""Of one file; larger ones (the textures of an avatar) are read while they are sent."""
KEPT_IN_ALL: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class File:
    content: bytes | Path
    """A large one is read while it is sent."""
    pressed: bytes | None
    """By gzip; None where that saves nothing."""
    kind: str
    tag: str
    """Another for another content, quoted as HTTP wants it (ETag)."""


class Shelf:
    """Files at hand. Blocking; owned by one thread."""

    def __init__(self) -> None:
        self._kept: dict[Path, _Kept] = {}

    def file(self, folder: Traversable | Path, parts: Sequence[str]) -> File | None:
        """None where there is none, or where it lies outside the folder."""
        path = folder.joinpath(*parts)
        if not path.is_file() or _outside(path, folder):
            return None
        if not isinstance(path, Path):  # within an archive, where nothing changes
            return _read(path)
        found = path.stat()
        if found.st_size > KEPT_BYTES:
            return File(path, None, kind_of(path.name), f'"{found.st_mtime_ns:x}-{found.st_size:x}"')
        return self._kept_file(path, (found.st_mtime_ns, found.st_size))

    def _kept_file(self, path: Path, state: tuple[int, int]) -> File:
        kept = self._kept.pop(path, None)
        if kept is None or kept.state != state:
            kept = _Kept(state, _read(path))
        # Full: the one that was asked for longest ago goes.
        while self._kept and sum(each.state[1] for each in self._kept.values()) + state[1] > KEPT_IN_ALL:
            self._kept.pop(next(iter(self._kept)))
        self._kept[path] = kept
        return kept.file


@dataclass(frozen=True, slots=True)
class _Kept:
    state: tuple[int, int]
    """Time and size of the file when it was read."""
    file: File


def kind_of(name: str) -> str:
    """The media type of a file of that name."""
    return KINDS.get(Path(name).suffix.lower()) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _read(path: Traversable | Path) -> File:
    content = path.read_bytes()
    pressed = gzip.compress(content, LEVEL, mtime=0) if _suffix(path) in PRESSED and len(content) > 500 else None
    if pressed and len(pressed) > 0.9 * len(content):
        pressed = None
    return File(content, pressed, kind_of(path.name), f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def _outside(path: Traversable | Path, folder: Traversable | Path) -> bool:
    """Whether a link leads out of the folder."""
    if not isinstance(path, Path) or not isinstance(folder, Path):
        return False
    return not path.resolve().is_relative_to(folder.resolve())


def _suffix(path: Traversable | Path) -> str:
    return Path(path.name).suffix.lower()

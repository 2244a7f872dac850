"""Texts in files: those in a few folders, outside of which none can be named aloud, and one that a person names."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from platformdirs import user_documents_path

from digital_life.errors import TextError, ToolError
from digital_life.values import Document

KINDS = frozenset({".txt", ".md"})
MOST = 5_000
"""Files that are looked at; a folder with more is not meant for reading aloud."""
LONGEST = 4
"""Bytes of a character, at most."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""The second is how older Chinese texts are written; hardly anything else can be read as it by chance."""
LARGEST = 4_000_000
"""Bytes of a text that is read as a whole: a few novels."""


class FolderDocuments:
    """Documents."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(each.expanduser().resolve() for each in folders)

    @classmethod
    def of(cls, folders: Sequence[str]) -> Self:
        """Of the settings; none named: the person's documents folder."""
        return cls([Path(each) for each in folders] or [user_documents_path()])

    async def names(self) -> tuple[str, ...]:
        return tuple(sorted(await asyncio.to_thread(self._found)))

    async def read(self, name: str, *, characters: int) -> Document:
        file = (await asyncio.to_thread(self._found)).get(name)
        if file is None:
            raise ToolError("document-missing", name=name)
        try:
            held = await asyncio.to_thread(_beginning, file, characters * LONGEST)
        except OSError as error:
            raise ToolError("document-unreadable", name=name) from error
        text = _decoded(held)
        if text is None:
            raise ToolError("document-no-text", name=name)
        return Document(text[:characters], whole=len(text) <= characters and len(held) < characters * LONGEST)

    def _found(self) -> dict[str, Path]:
        """Each text by its path from its folder on; a link that leads out of the folder is not followed."""
        found: dict[str, Path] = {}
        for folder in self._folders:
            for file in _files(folder):
                if file.resolve().is_relative_to(folder):
                    found.setdefault(file.relative_to(folder).as_posix(), file)
                if len(found) == MOST:
                    return found
        return found


def text_of(file: Path) -> str:
    """The whole text of a file. Raises TextError."""
    try:
        held = _beginning(file, LARGEST + 1)
    except FileNotFoundError as error:
        raise TextError("text-missing", path=file) from error
    except OSError as error:
        raise TextError("text-unreadable", path=file, cause=error.strerror) from error
    if len(held) > LARGEST:
        raise TextError("text-too-large", path=file, most=LARGEST // 1_000_000)
    text = _decoded(held)
    if text is None:
        raise TextError("text-is-none", path=file)
    if not text.strip():
        raise TextError("text-empty", path=file)
    return text


def _files(folder: Path) -> Iterator[Path]:
    for path, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in KINDS and not name.startswith("."):
                yield Path(path, name)


def _beginning(file: Path, size: int) -> bytes:
    with file.open("rb") as opened:
        return opened.read(size)


def _decoded(held: bytes) -> str | None:
    """None when it is no text. Its last character may be cut."""
    if b"\0" in held:
        return None
    for encoding in ENCODINGS:
        for cut in range(LONGEST):
            try:
                return held[: len(held) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.start < len(held) - LONGEST:
                    break
    return None

"""A shelf for backups that a test can knock over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.errors import BackupError
from digital_life.values import Shelved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class FakeShelf:
    """Shelf."""

    def __init__(self, held: Mapping[str, bytes] = {}) -> None:
        self.held = dict(held)
        self.away = False
        """Nothing can be reached."""
        self.cuts = False
        """What is put arrives without its last half, and nobody says so."""
        self.keeps_all = False
        """Nothing can be deleted."""

    async def shelved(self) -> list[Shelved]:
        self._reach()
        return [Shelved(name, len(content)) for name, content in self.held.items()]

    async def put(self, name: str, file: Path) -> None:
        self._reach()
        content = file.read_bytes()
        self.held[name] = content[: len(content) // 2] if self.cuts else content

    async def get(self, name: str, target: Path) -> None:
        self._reach()
        if name not in self.held:
            raise BackupError("backup-no-bucket", target=name)
        target.write_bytes(self.held[name])

    async def delete(self, name: str) -> None:
        self._reach()
        if self.keeps_all:
            raise BackupError("backup-unreachable", target=name, cause="gone")
        self.held.pop(name, None)

    def _reach(self) -> None:
        if self.away:
            raise BackupError("backup-unreachable", target="shelf", cause="gone")

"""Where concerns are kept, and a trusted person, both in lists."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digital_life.errors import ContactError, MemoryFileError
from digital_life.values import KeptConcern


class FakeConcerns:
    """Concerns; `full`: nothing can be written."""

    def __init__(self, *kept: KeptConcern) -> None:
        self.all = list(kept)
        self.full = False

    async def keep(self, concern: KeptConcern) -> None:
        self._check()
        self.all.append(concern)

    async def kept(self) -> tuple[KeptConcern, ...]:
        self._check()
        return tuple(self.all)

    async def told(self, at: datetime) -> None:
        self._check()
        self.all = [each if each.told else replace(each, told=at) for each in self.all]

    def _check(self) -> None:
        if self.full:
            raise MemoryFileError("life-failed", path=Path("life.db"), cause="disk full")


class FakeContact:
    """TrustedContact who cannot be reached the first `failures` times."""

    def __init__(self, *, failures: int = 0) -> None:
        self._failures = failures
        self.texts: list[str] = []
        self.reached = asyncio.Event()

    async def tell(self, text: str) -> None:
        if self._failures:
            self._failures -= 1
            raise ContactError("contact-unreachable", cause="no route")
        self.texts.append(text)
        self.reached.set()

"""A clock that goes only when it is told to."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self, now: datetime = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)) -> None:
        self._began = now
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._began + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        return self.passed

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds
        await asyncio.sleep(0)


class HandClock(FakeClock):
    """A clock whose sleepers wake when the test has let that much time pass."""

    def __init__(self, now: datetime = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)) -> None:
        super().__init__(now)
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        until = self.passed + seconds
        while self.passed < until:
            await self._moved.wait()

    async def let_pass(self, seconds: float) -> None:
        """As slowly as sleepers need who sleep again."""
        until = self.passed + seconds
        while self.passed < until:
            self.passed = min(until, self.passed + 1)
            self._moved.set()
            self._moved.clear()
            for _ in range(20):
                await asyncio.sleep(0)

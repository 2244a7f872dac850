"""The time: the only place that asks for it."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta


class SystemClock:
    """The machine's clock, or one that shows `began` when it is made and runs on from there (`--now`)."""

    def __init__(self, began: datetime | None = None) -> None:
        self._ahead = began.astimezone() - datetime.now().astimezone() if began else timedelta()

    def now(self) -> datetime:
        return datetime.now().astimezone() + self._ahead

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

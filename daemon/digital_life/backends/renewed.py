"""What one thread owns, loaded anew on another when a job with it does not end."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Generic, TypeVar

from digital_life.backends.memory import give_back
from digital_life.errors import ModelError
from digital_life.worker import Watch, Worker

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

LOADS_MOST_S = 60.0
"""The largest of these loads in 5 s on two cores; a small machine with a slow disk takes longer."""


class Renewed(Generic[T]):
    """A thread cannot be killed: one that hangs is left alone, with the memory that it holds."""

    def __init__(self, loaded: T, load: Callable[[], T], worker: Worker, *, hangs: str) -> None:
        """`load` runs on the worker's thread; `hangs` is the key of the error, which names the `seconds`."""
        self._owned = loaded
        self._load = load
        self._worker = worker
        self._hangs = hangs
        self._lost = False
        """Whether what is owned is left to a thread that does not come back."""
        self._allowed_s = 0.0
        """To the job that runs; another may wait behind it and have less."""

    async def run(self, job: Callable[[T], R], *, most_s: float) -> R:
        """What `job` returns. One that takes longer than `most_s` raises ModelError."""
        if self._lost:
            await self._within(self._load_again, LOADS_MOST_S)
        owned = self._owned
        return await self._within(lambda: job(owned), most_s)

    async def _within(self, job: Callable[[], R], most_s: float) -> R:
        def work() -> R:
            self._allowed_s = most_s
            try:
                return job()
            finally:
                self._allowed_s = 0.0

        with Watch(self._worker, lambda: max(most_s, self._allowed_s), self._give_up):
            return await self._worker.run(work)

    def _load_again(self) -> None:
        """On the worker's new thread: for the first of those who wait for it."""
        if self._lost:
            self._owned = self._load()
            self._lost = False
            give_back()  # what threads before this one left in heaps of their own

    def _give_up(self) -> None:
        error = ModelError(self._hangs, seconds=f"{self._worker.busy_s:.0f}")
        log.error("%s", error)
        self._lost, self._allowed_s = True, 0.0
        self._worker.abandon(error)

"""An Embedder that answers in time, or not at all: what recalls and keeps can do without it."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

from digital_life.errors import MemoryFileError
from digital_life.ports import Embedder

log = logging.getLogger(__name__)

QUERY_MOST_S = 3.0
PASSAGE_MOST_S = 5.0
"""Longer it never takes: a sentence takes two cores 23 ms, the longest text that it reads 0.4 s."""
LOADS_MOST_S = 60.0

_Job = Callable[[Embedder], bytes]


class Punctual:
    """An Embedder around one on a thread of its own: one that hangs is left alone, and loaded anew on another.

    Raises MemoryFileError when no answer comes in time.
    """

    def __init__(self, load: Callable[[], Embedder]) -> None:
        self._load = load
        self._thread = _Thread(load)
        embedder = self._thread.loaded.result(LOADS_MOST_S)
        self.name, self.dimension, self.unit = embedder.name, embedder.dimension, embedder.unit

    def passage(self, text: str) -> bytes:
        return self._asked(lambda embedder: embedder.passage(text), PASSAGE_MOST_S)

    def query(self, text: str) -> bytes:
        return self._asked(lambda embedder: embedder.query(text), QUERY_MOST_S)

    def _asked(self, job: _Job, most_s: float) -> bytes:
        answer: Future[bytes] = Future()
        self._thread.jobs.put((job, answer))
        try:
            return answer.result(most_s)
        except TimeoutError as error:
            late = MemoryFileError("meanings-hang", seconds=f"{most_s:g}")
            if self._thread.loaded.done():  # else it is being loaded anew already
                log.error("%s", late)  # noqa: TRY400 - the sentence says it
                self._thread.jobs.put(None)
                self._thread = _Thread(self._load)
            raise late from error


class _Thread:
    """It ends with the process, or when it was left alone and comes back after all."""

    def __init__(self, load: Callable[[], Embedder]) -> None:
        self.loaded: Future[Embedder] = Future()
        self.jobs: queue.SimpleQueue[tuple[_Job, Future[bytes]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, args=(load,), name="meaning", daemon=True).start()

    def _work(self, load: Callable[[], Embedder]) -> None:
        try:
            embedder = load()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            self.loaded.set_exception(error)
            return
        self.loaded.set_result(embedder)
        while (asked := self.jobs.get()) is not None:
            job, answer = asked
            try:
                answer.set_result(job(embedder))
            except BaseException as error:  # noqa: BLE001 - the same
                answer.set_exception(error)

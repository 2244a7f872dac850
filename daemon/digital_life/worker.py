"""One thread that owns one blocking resource: a model, a sound device, a database."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self, TypeVar

T = TypeVar("T")

_Job = Callable[[], None]

STEP_MOST_S = 300.0
"""A thread that has been at one step for so long is stuck: to read the largest model takes two minutes."""
_running: list[Worker] = []
_left: list[_Thread] = []
"""Threads that were left to a step that did not end."""


def running() -> tuple[Worker, ...]:
    """All of this process, as threading.enumerate() tells all threads."""
    return tuple(_running)


def leave(seconds: float) -> None:
    """The process ends: whoever has been at one step for so long is waited for no more, unless something is kept."""
    for worker in running():
        if worker.busy_s >= seconds and not worker.keeps:
            worker.abandon(TimeoutError(worker.name))


def has_left() -> bool:
    """Whether a thread is still at the step that it was left to.

    Where it is inside a library, an interpreter that takes itself apart around it may crash.
    """
    return any(each.alive for each in _left)


class Worker:
    """Runs jobs one after another on its own thread. An async context manager: leaving it waits for the thread.

    Code that runs here should release the GIL: two busy pure-Python threads make the event loop late.
    """

    def __init__(self, name: str, *, most_s: float = STEP_MOST_S, keeps: bool = False) -> None:
        """`most_s`: who is at one step for longer is stuck. `keeps`: its last step is waited for at the end, too."""
        self.name = name
        self.most_s = most_s
        self.keeps = keeps
        self.restarts = 0
        """How often its thread was left to a step that did not end."""
        self._thread = _Thread(name)
        self._closing = False
        self._waiting: list[Callable[[BaseException], None]] = []
        """Each tells one who waits for the thread that nothing will come."""

    async def __aenter__(self) -> Self:
        self._thread.start()
        _running.append(self)
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self._closing = True
        self._thread.jobs.put(None)
        while self._thread.alive:  # noqa: ASYNC110 - a thread cannot set an asyncio.Event as its last act
            await asyncio.sleep(0.005)
        _running.remove(self)

    @property
    def waiting(self) -> int:
        """Jobs that have not begun."""
        return self._thread.jobs.qsize()

    @property
    def busy_s(self) -> float:
        """How long the thread has been at one step; 0 while it waits for a job, or for who takes what it made."""
        began = self._thread.began
        return 0.0 if began is None else time.monotonic() - began

    def abandon(self, error: BaseException) -> None:
        """Leave the thread to a step that does not end: who waits for it gets `error`, and jobs a new thread.

        A thread cannot be killed. It keeps what it holds, and ends should its step ever do so.
        """
        self._thread.jobs.put(None)
        _left.append(self._thread)
        self._thread = _Thread(self.name)
        self._thread.start()
        if self._closing:
            self._thread.jobs.put(None)
        self.restarts += 1
        for give_up in list(self._waiting):
            give_up(error)

    async def run(self, job: Callable[[], T]) -> T:
        """Do `job` on the thread and return its result or raise its error.

        On cancellation a job that has not begun is not done; one that has goes on, and its result is thrown away.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def work() -> None:
            if done.done():
                return
            try:
                result = job()
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                _tell(loop, _fail, done, error)
            else:
                _tell(loop, _finish, done, result)

        with self._waits(lambda error: _fail(done, error)):
            self._thread.jobs.put(work)
            return await done

    async def stream(self, job: Callable[[], Iterator[T]], *, ahead: int) -> AsyncGenerator[T]:
        """Iterate on the thread and yield here. Closing this stops the iteration before its next item.

        The thread waits while `ahead` items have not been taken: what comes of them may need the processor more.
        """
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[T | _End] = asyncio.Queue()
        room = threading.Semaphore(ahead)
        stopped = threading.Event()
        thread = self._thread

        def work() -> None:
            end = _End(None)
            try:
                iterator = job()
                while thread.rests(room.acquire) and not stopped.is_set():
                    _tell(loop, items.put_nowait, next(iterator))
                _close(iterator)
            except StopIteration:
                pass
            except BaseException as caught:  # noqa: BLE001 - handed to whoever waits
                end = _End(caught)
            _tell(loop, items.put_nowait, end)

        with self._waits(lambda error: items.put_nowait(_End(error))):
            thread.jobs.put(work)
            ended = False
            try:
                while True:
                    item = await items.get()
                    if isinstance(item, _End):
                        ended = True
                        if item.error:
                            raise item.take()
                        return
                    yield item
                    room.release()
            finally:
                stopped.set()
                room.release()
                while not ended:  # the thread lets go of the resource before this returns
                    ended = isinstance(await items.get(), _End)

    @contextmanager
    def _waits(self, give_up: Callable[[BaseException], None]) -> Iterator[None]:
        self._waiting.append(give_up)
        try:
            yield
        finally:
            self._waiting.remove(give_up)


class Watch:
    """Within it nobody waits for ever: when the thread is at one step for `most_s`, it is `given_up`."""

    def __init__(self, worker: Worker, most_s: Callable[[], float], given_up: Callable[[], None]) -> None:
        self._worker = worker
        self._most_s = most_s
        self._given_up = given_up

    def __enter__(self) -> None:
        self._look_in(self._most_s())

    def __exit__(self, *_exc: object) -> None:
        self._timer.cancel()

    def _look_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        # It may be busy with what another asked for: to wait for that is no reason to give up.
        if (left := self._most_s() - self._worker.busy_s) > 0:
            self._look_in(left)
        else:
            self._given_up()


class _Thread:
    """A thread and what it has to do."""

    def __init__(self, name: str) -> None:
        self.jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self.began: float | None = None
        """Monotonic seconds when it began the step it is at; None while it waits."""
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self.start = self._thread.start

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def rests(self, wait: Callable[[], bool]) -> bool:
        """Within a job: what `wait` returns; meanwhile the thread is not busy."""
        self.began = None
        try:
            return wait()
        finally:
            self.began = time.monotonic()

    def _work(self) -> None:
        while (job := self.jobs.get()) is not None:
            self.began = time.monotonic()
            job()
            self.began = None


class _End:
    def __init__(self, error: BaseException | None) -> None:
        self.error = error

    def take(self) -> BaseException:
        """The error, to be raised: who raises it must not hold it, or what their frames own waits for the collector."""
        error, self.error = self.error or AssertionError(), None
        return error


def _tell(loop: asyncio.AbstractEventLoop, call: Callable[..., object], *what: object) -> None:
    with suppress(RuntimeError):  # who was left to a step may come back when the loop is closed, and nobody listens
        loop.call_soon_threadsafe(call, *what)


def _finish(done: asyncio.Future[T], result: T) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[T], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)


def _close(iterator: object) -> None:
    close = getattr(iterator, "close", None)
    if close:
        close()

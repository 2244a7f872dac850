"""Wake words at a service on another machine, and this machine's own for the time in which it does not listen."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol, Self

from digital_life.backends.reach import Reach
from digital_life.errors import ModelError, ungrouped
from digital_life.ports import Clock, WakeWords

AHEAD_FRAMES: Final = 50
"""Sound (4 s) that waits for a service that is slow or is being connected to."""
RECENT_FRAMES: Final = 50
"""Sound that this machine's own words hear again when the service is lost: none said meanwhile is missed."""
OVERLAP_FRAMES: Final = 25
"""Both listen so long (2 s) when the service comes: a word under way has begun before it heard anything."""
REST_S: Final = 0.5
"""After a detection, until the service is given sound again: none of that word."""
LATE_S: Final = 2.0
"""A detection that is older belongs to a sound that is over."""


class RemoteWake(Protocol):
    """A service, on the event loop."""

    async def greet(self) -> dict[str, str]:
        """Our phrase for each of its names that is one. Raises ModelError."""
        ...

    async def search(self, frames: asyncio.Queue[bytes], names: Mapping[str, str], *, began: Callable[[], None]) -> str:
        """The phrase that is detected; `began` is called while it listens. Raises ModelError when it is lost."""
        ...


class StandbyWake:
    """WakeWords; blocking methods on the thread that owns `local`, all else on the event loop.

    A word that the service detects scores 1. Words that it does not know this machine listens for itself.
    """

    def __init__(
        self, remote: RemoteWake, local: WakeWords, reach: Reach, *, phrases: Collection[str], held: int, clock: Clock
    ) -> None:
        """On the event loop. `held`: for so many frames a word that was detected scores 1."""
        self._remote = remote
        self._local = local
        self._phrases = tuple(phrases)
        self._held_frames = held
        self._clock = clock
        self._reach = reach
        self._loop = asyncio.get_running_loop()
        self._frames: asyncio.Queue[bytes] = asyncio.Queue(AHEAD_FRAMES)
        self._searching: asyncio.Task[str] | None = None
        self._covered: frozenset[str] = frozenset()
        """Phrases that the service listens for just now; told by the loop, read by the thread."""
        self._detected: deque[tuple[str, float]] = deque(maxlen=len(self._phrases))
        """What it detected, and when; the same."""
        self._recent: deque[bytes] = deque(maxlen=RECENT_FRAMES)
        """Heard by the service alone. This and what follows is the thread's."""
        self._overlap = OVERLAP_FRAMES
        self._held: dict[str, int] = {}

    @classmethod
    @asynccontextmanager
    async def open(
        cls, remote: RemoteWake, local: WakeWords, *, phrases: Collection[str], held: int, clock: Clock
    ) -> AsyncGenerator[Self]:
        """Within it the service listens, and a lost one is asked for again and again."""
        async with Reach(remote.greet, what="wake words", clock=clock) as reach:
            wake = cls(remote, local, reach, phrases=phrases, held=held, clock=clock)
            running = asyncio.create_task(wake._run(), name="standby.wake")
            try:
                yield wake
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                wake._covered = frozenset()

    # On the thread.

    def feed(self, pcm: bytes) -> dict[str, float]:
        covered = self._covered
        if not covered:
            return self._alone(pcm)
        self._tell(lambda: self._take(pcm))
        scores = dict.fromkeys(self._phrases, 0.0) | self._beside_it(pcm, covered)
        return scores | self._found()

    def reset(self) -> None:
        self._local.reset()
        self._recent.clear()
        self._detected.clear()
        self._held.clear()
        self._tell(self._begin_again)

    def beside(self) -> WakeWords:
        """Other streams are searched by this machine's own."""
        return self._local.beside()

    def _alone(self, pcm: bytes) -> dict[str, float]:
        """With all that the service alone had heard, so that a word said while it was lost is not."""
        missed = tuple(self._recent)
        self._recent.clear()
        self._overlap = OVERLAP_FRAMES
        if missed:
            self._local.reset()
        scored = [self._local.feed(each) for each in (*missed, pcm)]
        return {phrase: max(each.get(phrase, 0.0) for each in scored) for phrase in self._phrases}

    def _beside_it(self, pcm: bytes, covered: frozenset[str]) -> dict[str, float]:
        """The scores of words that the service does not know, and of all when it has just come."""
        lacks = [each for each in self._phrases if each not in covered]
        counted = self._phrases if self._overlap else lacks
        self._overlap = max(0, self._overlap - 1)
        if not counted:
            self._recent.append(pcm)
            return {}
        scores = self._local.feed(pcm)
        return {phrase: scores.get(phrase, 0.0) for phrase in counted}

    def _found(self) -> dict[str, float]:
        while self._detected:
            phrase, when = self._detected.popleft()
            if self._clock.monotonic() - when <= LATE_S:
                self._held[phrase] = self._held_frames
                self._recent.clear()
        found = dict.fromkeys(self._held, 1.0)
        self._held = {phrase: left - 1 for phrase, left in self._held.items() if left > 1}
        return found

    def _tell(self, what: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # at the end the loop is closed, and nobody listens
            self._loop.call_soon_threadsafe(what)

    # On the event loop.

    def _take(self, pcm: bytes) -> None:
        if self._frames.full():
            self._frames.get_nowait()  # the oldest is dropped: late sound is worse than lost
        self._frames.put_nowait(pcm)

    def _begin_again(self) -> None:
        self._drop()
        if self._searching:
            self._searching.cancel()

    def _drop(self) -> None:
        while not self._frames.empty():
            self._frames.get_nowait()

    async def _run(self) -> None:
        while True:
            await self._reach.until_found()
            try:
                names = await self._remote.greet()
                while True:
                    if phrase := await self._search(names):
                        self._detected.append((phrase, self._clock.monotonic()))
                        await self._clock.sleep(REST_S)
                        self._drop()
            except ModelError as error:
                self._covered = frozenset()
                self._reach.lose(error)

    async def _search(self, names: Mapping[str, str]) -> str | None:
        """What is detected; None: the sound begins again. Raises ModelError."""

        def began() -> None:
            self._covered = frozenset(names.values())
            self._reach.answered()

        with ungrouped():
            async with asyncio.TaskGroup() as tasks:
                searching = self._remote.search(self._frames, names, began=began)
                self._searching = task = tasks.create_task(searching, name="wake.search")
        return None if task.cancelled() else task.result()

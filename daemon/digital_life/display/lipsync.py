"""A loudspeaker whose sound moves the mouth of every display."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from digital_life.display.messages import Mouth
from digital_life.display.mouth import Lips, Shape, timed
from digital_life.errors import ungrouped
from digital_life.ports import Clock, Loudspeaker
from digital_life.values import Speech
from digital_life.worker import Worker

log = logging.getLogger(__name__)

AHEAD_MS = 200.0
"""So long before its sound is heard a mouth is told: a slow network brings it in time, and little is taken back."""

SHORT_S = 0.1
"""A sound that ends so little before its end was not stopped: another rate rounds it."""

Tell = Callable[[Mouth], None]


class LipSync:
    """The Loudspeaker that `loudspeaker` is; while it speaks `tell` is told how the mouth moves."""

    def __init__(
        self,
        loudspeaker: Loudspeaker,
        *,
        tell: Tell,
        watched: Callable[[], bool],
        clock: Clock,
        worker: Worker,
        latency_s: Callable[[], float],
        tones: Collection[Speech] = (),
    ) -> None:
        """`latency_s`: from the first sample that is taken until it is heard. `tones` come from no mouth.

        While it is not `watched` nothing is read from the sound.
        """
        self._loudspeaker = loudspeaker
        self._tell = tell
        self._watched = watched
        self._clock = clock
        self._worker = worker
        self._latency_s = latency_s
        self._tones = tones
        self._lips = Lips()
        self._moving: _Mouth | None = None
        self._level = 1.0

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if not self._watched() or speech in self._tones:
            return await self._loudspeaker.play(speech, started=started)
        mouth = _Mouth(self._tell, self._clock, self._latency_s)

        def begun() -> None:
            self._moving = mouth
            mouth.begin()
            mouth.hold(on=not self._level)
            if started:
                started()

        with ungrouped():
            async with asyncio.TaskGroup() as tasks:
                # Beside the sound, which it never delays: the shapes of a sentence are known within milliseconds.
                moving = tasks.create_task(self._move(mouth, speech), name="display.mouth")
                try:
                    heard = await self._loudspeaker.play(speech, started=begun)
                    if heard > speech.seconds - SHORT_S:
                        mouth.finish()
                finally:
                    moving.cancel()
                    mouth.shut()
                    if self._moving is mouth:
                        self._moving = None
        return heard

    def stop(self) -> None:
        self._loudspeaker.stop()
        if self._moving:
            self._moving.shut()

    def turn(self, level: float) -> None:
        self._loudspeaker.turn(level)
        self._level = level
        if self._moving:
            self._moving.hold(on=not level)

    async def _move(self, mouth: _Mouth, speech: Speech) -> None:
        try:
            await mouth.move(await self._worker.run(lambda: self._lips.read(speech.pcm, speech.rate)))
        except Exception:
            log.exception("the mouth does not move; what is said is heard all the same")


class _Mouth:
    """That of one speech."""

    def __init__(self, tell: Tell, clock: Clock, latency_s: Callable[[], float]) -> None:
        self._tell = tell
        self._clock = clock
        self._latency_s = latency_s
        self._shapes: tuple[Shape, ...] = ()
        self._coming: tuple[Mouth, ...] = ()
        """With their moments; empty before the sound begins."""
        self._place = 0
        """Of the one that is told next."""
        self._starts: float | None = None
        """Milliseconds since 1970 when its first sample is heard; None: not known yet."""
        self._held: float | None = None
        """Since when its sound waits, in milliseconds since 1970; None: it goes on."""
        self._over = False
        self._moves = asyncio.Event()

    def begin(self) -> None:
        """The first sample is taken."""
        self._starts = self._now + self._latency_ms
        self._place_in_time()

    async def move(self, shapes: tuple[Shape, ...]) -> None:
        """Tell each of them some time before its sound is heard, until the last."""
        self._shapes = shapes
        self._place_in_time()
        while not self._over:
            await self._moves.wait()
            while self._moves.is_set() and (wait_ms := self._told_until_now()) is not None:
                await self._clock.sleep(wait_ms / 1000)
            if self._place >= len(self._coming):
                return

    def hold(self, *, on: bool) -> None:
        """Its sound waits where it is, or goes on from there."""
        if on and self._held is None and not self._over:
            self._held = self._now
            self._moves.clear()
            self._shut_now()
        elif not on and self._held is not None and self._starts is not None:
            heard = self._held + self._latency_ms
            self._place = sum(each.at <= heard for each in self._coming)
            self._starts += self._now - self._held
            self._held = None
            self._place_in_time()

    def finish(self) -> None:
        """The last sample is taken; what is still to be heard is told at once."""
        if not self._over:
            for each in self._coming[self._place :]:
                self._tell(each)
            self._over = True

    def shut(self) -> None:
        """From now on, if it was not over before."""
        if not self._over:
            self._over = True
            self._shut_now()
        self._moves.clear()

    def _shut_now(self) -> None:
        if self._place:
            self._tell(Mouth(open=0, form=0, at=round(self._now)))

    def _place_in_time(self) -> None:
        """Once both the shapes and their time are known."""
        if self._shapes and self._starts is not None and self._held is None and not self._over:
            self._coming = timed(self._shapes, starts=self._starts)
            self._moves.set()

    def _told_until_now(self) -> float | None:
        """Tell what is due; the milliseconds until the next one is, None after the last."""
        for each in self._coming[self._place :]:
            wait_ms = each.at - AHEAD_MS - self._now
            if wait_ms > 0:
                return wait_ms
            self._place += 1
            self._tell(each)
        return None

    @property
    def _now(self) -> float:
        return self._clock.now().timestamp() * 1000

    @property
    def _latency_ms(self) -> float:
        return self._latency_s() * 1000

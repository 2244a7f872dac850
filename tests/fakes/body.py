"""What commands of others move: a talk that says and answers what it is told, and knobs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from digital_life.devices.errands import Body
from digital_life.devices.orders import Remind
from digital_life.errors import CrowdedError, DigitalLifeError
from digital_life.values import Language, Reply, Timings, Transcript, Turn
from fakes.ears import FakeMute

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def turn(heard: str, said: str, *, language: Language = "en", failed: bool = False) -> Turn:
    timings = Timings(endpoint=410.0, stt=90.0, first_token=160.0, first_audio=812.0, total=2_000.0)
    return Turn(1, NOON, None, Transcript(heard, language, 0.9), Reply(said), timings, by="Jarvis", failed=failed)


class FakeTalk:
    """`free` is set while nobody speaks."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.free.set()
        self.said: list[tuple[str, Language]] = []
        self.asked: list[tuple[str, Language]] = []
        self.waits: list[Callable[[int], None]] = []
        """How those are told that they wait who asked."""
        self.crowded = False
        self.stopped = 0
        self.fails = False

    async def announce(
        self, text: str, language: Language, *, ring: bool, acknowledged: Callable[[], None] | None = None
    ) -> bool:
        del ring, acknowledged
        await self.free.wait()
        self.said.append((text, language))
        return True

    async def ask(self, text: str, language: Language, *, who: str, waits: Callable[[int], None] | None = None) -> Turn:
        del who
        if self.crowded:
            raise CrowdedError("crowded")
        if waits:
            self.waits.append(waits)
        await self.free.wait()
        self.asked.append((text, language))
        return turn(text, f"About {text}", language=language, failed=self.fails)

    async def stop(self) -> None:
        self.stopped += 1


class FakeKnob:
    """A Volume, and Wanted."""

    def __init__(self) -> None:
        self.level = 0.7
        self.name = "Jarvis"


class FakeBody:
    """Everything of it is there for the test to look at."""

    def __init__(self) -> None:
        self.talk, self.mute, self.knob = FakeTalk(), FakeMute(), FakeKnob()
        self.diaries = 0
        self.reminded: list[Remind] = []
        self.fails: DigitalLifeError | None = None
        self.body = Body(
            talk=self.talk,
            mute=self.mute,
            volume=self.knob,
            persona=self.knob,
            language_of=lambda text: "en" if text.isascii() else "zh",
            write_diary=self._write_diary,
            remind=self._remind,
        )

    async def _write_diary(self) -> None:
        self._fail()
        self.diaries += 1

    async def _remind(self, wish: Remind) -> None:
        self._fail()
        self.reminded.append(wish)

    def _fail(self) -> None:
        if self.fails:
            raise self.fails

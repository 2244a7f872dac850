"""`digital-life run` with a real memory in its home, whose ears, model and voice do what is typed: see `Ears`."""

from __future__ import annotations

import asyncio
import math
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from types import ModuleType

import digital_life
from digital_life import cli
from digital_life.broadcast import Broadcast
from digital_life.clock import SystemClock
from digital_life.config import Persona
from digital_life.context import Context
from digital_life.memory.life import Life
from digital_life.memory.tending import Tending
from digital_life.talking.answering import Answering
from digital_life.talking.being import Being
from digital_life.talking.prompting import Budget, Prompting
from digital_life.talking.session import Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.understanding import Understanding
from digital_life.values import RATE, WIDTH, DiaryWritten, Language, Message, Speech
from digital_life.worker import Worker
from fakes.ears import FakeEars, FakeEndOfTurn, FakeMute, FakeSpeechToText, FakeWakeNotes
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

BUDGET = Budget(
    prompt=20_000, examples=10_000, known=40, love=40, dialogue=2_000, summarised=1_500, warned=math.inf, found=2_000
)


class Model(FakeWriter):
    """Thinks for ever about what holds "think", dies of what holds "crash", and writes for ever while it `hangs`."""

    def __init__(self) -> None:
        super().__init__(diligent)
        self.hangs = False

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        del may_begin
        if "think" in messages[-1].text:
            await asyncio.Event().wait()
        if "crash" in messages[-1].text:
            await asyncio.sleep(0.1)  # what was heard is on the disk after a few milliseconds
            os.abort()
        yield "I see."

    async def prepare(self, messages: Sequence[Message]) -> None:
        """It needs no time to read."""

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """Nothing is read in advance."""

    def tokens(self, text: str) -> int:
        return len(text)

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        if self.hangs:
            print("writing", flush=True)  # noqa: T201 - the test reads it
            await asyncio.Event().wait()
        return await super().compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)


class Voice:
    async def synthesize(self, text: str, language: Language) -> Speech:
        del language
        return Speech(bytes(RATE * WIDTH * len(text) // 20), RATE)


class Loudspeaker:
    """Speaks for ever while `holds`."""

    def __init__(self) -> None:
        self.holds = False
        self._stopped = asyncio.Event()

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if started:
            started()
        if self.holds:
            self._stopped.clear()
            await self._stopped.wait()
            return 0.1
        return speech.seconds

    def stop(self) -> None:
        self._stopped.set()

    def turn(self, level: float) -> None:
        """It is as loud as it is."""


class Living:
    """Typed: "wake" is its wake word, "speak TEXT" holds the answer in the air.

    "tend" has a diary written, "diary" one that is never done.
    """

    def __init__(self, session: Session, ears: FakeEars, loudspeaker: Loudspeaker, model: Model, life: Life) -> None:
        self._session = session
        self._ears = ears
        self._loudspeaker = loudspeaker
        self._model = model
        self._life = life
        self.interrupt, self.quiet = session.interrupt, session.quiet
        self.hurry: Callable[[], None] = lambda: None

    async def run(self, typed: AsyncIterator[str]) -> None:
        await self._session.run(self._lines(typed))

    async def _lines(self, typed: AsyncIterator[str]) -> AsyncGenerator[str]:
        async for each in typed:
            line = each.strip()
            if line == "wake":
                self._ears.wake()
            elif line in ("diary", "tend"):
                self._model.hangs = line == "diary"
                await self._life.end_conversation()
                self.hurry()
            else:
                self._loudspeaker.holds = line.startswith("speak")
                yield line


@asynccontextmanager
async def open_session(context: Context, broadcast: Broadcast, **_window: object) -> AsyncGenerator[Living]:
    clock, model, ears, loudspeaker = SystemClock(), Model(), FakeEars(), Loudspeaker()
    async with (
        Worker("memory") as worker,
        Life.open(
            context.home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=context.settings.memory
        ) as life,
        asyncio.TaskGroup() as tasks,
    ):
        prompting = Prompting(persona=Persona(), clock=clock, budget=BUDGET, tokens=model.tokens, calls="")
        being = Being("Jarvis", prompting, memory=life, diaries=None, tools=None, wishes=[])
        saying = Speaking(voice=Voice(), loudspeaker=loudspeaker)

        class Beings:
            present = being

            async def now(self) -> Being:
                return being

        answering = Answering(model=model, saying=saying, clock=clock, beings=Beings())
        session = Session(
            ears=ears,
            understanding=Understanding(stt=FakeSpeechToText(), end_of_turn=FakeEndOfTurn(), wake_words={}),
            answering=answering,
            saying=saying,
            loudspeaker=loudspeaker,
            clock=clock,
            broadcast=broadcast,
            mute=FakeMute(),
            notes=FakeWakeNotes(clock),
            habits=Habits(answer_wait_s=6.0, follow_up_s=0.0, language="en"),
        )

        def tell(page: DiaryWritten) -> None:
            print(f"written {page.title}", flush=True)  # noqa: T201 - the test reads it

        tending = Tending(lambda: life, writer=model, clock=clock, prompting=answering, languages=(), tell=tell)
        broadcast.subscribe(tending.hear)
        living = Living(session, ears, loudspeaker, model, life)
        living.hurry = tending.hurry
        running = tasks.create_task(tending.run(), name="living.tending")
        try:
            yield living
        finally:
            running.cancel()


if __name__ == "__main__":
    # In place of the composition root, which would load a library for each model.
    root = ModuleType("digital_life.app")
    root.open_session = open_session  # type: ignore[attr-defined]  # it is made here
    sys.modules[root.__name__] = digital_life.app = root  # as an import would
    sys.exit(cli.main())

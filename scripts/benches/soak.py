"""`scripts/bench soak --hours H`: a life at many times the speed of time, with faults thrown in; nothing may grow."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import psutil
from matplotlib import pyplot as plt

from benches import report
from benches.figures import Figure, spread
from digital_life import words
from digital_life.broadcast import Broadcast, Event
from digital_life.config import Llm, Memory, Persona
from digital_life.errors import ModelError, SoundError
from digital_life.memory import copies, lifefile
from digital_life.memory.life import Life
from digital_life.memory.tending import Tending
from digital_life.talking.answering import Answering
from digital_life.talking.being import Being
from digital_life.talking.guarded import Guarded
from digital_life.talking.prompting import Budget, Prompting
from digital_life.talking.session import Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.understanding import Understanding
from digital_life.values import (
    RATE,
    RESTING,
    WIDTH,
    Announced,
    Language,
    Message,
    Speech,
    State,
    Transcript,
    Turn,
    Utterance,
    Written,
)
from digital_life.worker import Worker
from fakes.ears import FakeEars, FakeEndOfTurn, FakeMute, FakeWakeNotes
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

SPEED = 720.0
"""Times as fast as time: a day in two minutes."""
BEGAN = datetime(2026, 3, 1, 6, tzinfo=UTC)
PAUSE_S = 1_200.0
"""Between two conversations."""
NIGHT_S = 3 * 3_600.0
NIGHT_AFTER = 24
"""Questions."""
FAULT_S = 2_400.0
ANSWERED_S = 30.0
"""Of the clock on the wall: who has no answer by then has none."""
REPEATED = 3
"""So often somebody says again what was not understood."""
SETTLED_H = 3
"""By then all that is loaded is loaded, and growth counts."""
GROWTH_MB_A_DAY = 20.0
WARNINGS_AN_HOUR = 20.0
BUDGET = Budget(
    prompt=20_000, examples=10_000, known=400, love=400, dialogue=2_000, summarised=1_500, warned=math.inf, found=2_000
)


class FastClock:
    """Runs SPEED times as fast; what it shows can be set, forward and back."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.ahead = timedelta()

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.monotonic()) + self.ahead

    def monotonic(self) -> float:
        return (time.monotonic() - self._began) * SPEED

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


@dataclass
class Faults:
    """How often each part fails from now on."""

    model: int = 0
    recogniser: int = 0
    loudspeaker: int = 0

    def due(self, part: str) -> bool:
        left: int = getattr(self, part)
        setattr(self, part, max(0, left - 1))
        return left > 0


class Model(FakeWriter):
    def __init__(self, faults: Faults) -> None:
        super().__init__(diligent)
        self._faults = faults

    async def reply(
        self, messages: Sequence[Message], *, may_begin: Callable[[str], bool] | None = None
    ) -> AsyncGenerator[str]:
        del may_begin
        yield "You said: "
        if self._faults.due("model"):
            raise MemoryError
        yield f"{messages[-1].text[-60:]}"

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        self.asked.clear()  # it notes all of them, and would grow
        return await super().compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)

    async def prepare(self, messages: Sequence[Message]) -> None:
        """Nothing is read in advance."""

    async def keep(self, name: str, messages: Sequence[Message]) -> None:
        """Nothing is read in advance."""

    def tokens(self, text: str) -> int:
        return len(text)


class Recogniser:
    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.said = ""

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        del utterance, hint
        if self._faults.due("recogniser"):
            raise ModelError("recogniser-failed", cause="MemoryError")
        return Transcript(self.said, "en", 0.9)


class Voice:
    async def synthesize(self, text: str, language: Language) -> Speech:
        del language
        return Speech(bytes(RATE * WIDTH * len(text) // 15), RATE)


class Loudspeaker:
    def __init__(self, faults: Faults, clock: FastClock) -> None:
        self._faults = faults
        self._clock = clock
        self._stopped = asyncio.Event()

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if self._faults.due("loudspeaker"):
            raise SoundError("loudspeaker-missing", device="none", cause="it is told to")
        if started:
            started()
        await self._clock.sleep(speech.seconds)
        return speech.seconds

    def stop(self) -> None:
        """What plays is over in a moment."""

    def turn(self, level: float) -> None:
        """It is as loud as it is."""


@dataclass(frozen=True, slots=True)
class Look:
    """What it takes at one moment."""

    hour: float
    resident_mb: float
    threads: int
    tasks: int
    files: int
    database_mb: float
    warnings: int
    """So far."""


@dataclass
class Soaked:
    """What came of it."""

    looks: list[Look] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    """Questions that are not remembered."""
    diaries: int = 0


class Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        del record
        self.count += 1


@dataclass
class World:
    """Somebody who talks with it, and what goes wrong."""

    session: Session
    life: Life
    ears: FakeEars
    recogniser: Recogniser
    faults: Faults
    clock: FastClock
    home: Path
    soaked: Soaked
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=50))

    async def until(self, holds: Callable[[], bool]) -> bool:
        until = time.monotonic() + ANSWERED_S
        while not holds() and time.monotonic() < until:  # noqa: ASYNC110 - what it is waited for tells nobody
            await asyncio.sleep(0.002)
        return holds()

    def answered(self, text: str) -> bool:
        turns = (each.turn if isinstance(each, Written) else each for each in self.events)
        return any(isinstance(each, Turn) and each.heard.text == text and bool(each.reply.said) for each in turns)

    async def ask(self, number: int) -> None:
        """By voice, typed, or in writing from elsewhere, in turn."""
        text = f"I saw {number} birds near the river, what do you say to that?"
        self.soaked.asked.append(text)
        await self.until(lambda: self.session.state in RESTING)
        match number % 3:
            case 0:
                found = await self.say_aloud(text)
            case 1:
                await self.session.say(text)
                found = await self.until(lambda: self.answered(text))
            case _:
                async with asyncio.timeout(ANSWERED_S):
                    found = bool((await self.session.ask(text, "en")).reply.said)
        if not found:
            self.soaked.unanswered.append(text)

    async def say_aloud(self, text: str) -> bool:
        """As a person does: again, where it says that it did not understand."""
        unheard = words.load("en").text("talk.unheard")
        await self.until(lambda: self.session.state is State.IDLE)  # who is deaf is not spoken to
        self.recogniser.said = text
        self.ears.wake()
        for _ in range(REPEATED):
            self.events.clear()
            self.ears.speak()
            if not await self.until(lambda: self.answered(text) or is_said(self.events, unheard)):
                return False
            if self.answered(text):
                return True
            await self.until(lambda: self.session.state is State.LISTENING)
        return False

    async def injure(self, fault: str) -> None:
        self.soaked.faults.append(fault)
        match fault:
            case "microphone":
                self.ears.lose_microphone()
            case "locked":
                await self._lock(120.0)
            case "full":
                await self._fill(600.0)
            case "damaged":
                damage(self.home / copies.LIFE)
            case "clock forward":
                self.clock.ahead += timedelta(hours=3)
            case "clock back":
                self.clock.ahead -= timedelta(hours=3)
            case part:
                setattr(self.faults, part, 2)

    async def _lock(self, seconds: float) -> None:
        other = apsw.Connection(str(self.home / copies.LIFE))
        other.set_busy_timeout(1_000)
        other.execute("BEGIN IMMEDIATE")
        await self.clock.sleep(seconds)
        other.execute("ROLLBACK")
        other.close()

    async def _fill(self, seconds: float) -> None:
        await self.life.run(lambda store: store.connection.execute("PRAGMA max_page_count = 1").fetchall())
        await self.clock.sleep(seconds)
        await self.life.run(lambda store: store.connection.execute("PRAGMA max_page_count = 4294967294").fetchall())


FAULTS = (
    "microphone", "model", "locked", "recogniser", "clock forward", "loudspeaker", "full", "clock back", "damaged",
)  # fmt: skip


def is_said(events: Sequence[Event] | deque[Event], text: str) -> bool:
    return any(isinstance(each, Announced) and each.text == text for each in events)


def damage(path: Path) -> None:
    """Overwrite the index of words."""
    with apsw.Connection(str(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        roots = [page for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE name LIKE '%_data'")]
        (size,) = next(connection.execute("PRAGMA page_size"))
    with path.open("r+b") as file:
        for page in roots:
            file.seek((page - 1) * size)
            file.write(b"\xa5" * size)


@asynccontextmanager
async def world(home: Path, soaked: Soaked) -> AsyncGenerator[World]:
    clock, faults, ears, broadcast = FastClock(), Faults(), FakeEars(), Broadcast()
    model, recogniser, loudspeaker = Model(faults), Recogniser(faults), Loudspeaker(faults, clock)
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(Worker("memory"))
        opening = Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Memory(rest_hours=2))
        life = await stack.enter_async_context(opening)
        prompting = Prompting(persona=Persona(), clock=clock, budget=BUDGET, tokens=model.tokens, calls="")
        being = Being("Jarvis", prompting, memory=life, diaries=None, tools=None, wishes=[])

        class Beings:
            present = being

            async def now(self) -> Being:
                return being

        saying = Speaking(voice=Voice(), loudspeaker=loudspeaker)
        answering = Answering(model=Guarded(model, Llm()), saying=saying, clock=clock, beings=Beings())
        session = Session(
            ears=ears,
            understanding=Understanding(stt=recogniser, end_of_turn=FakeEndOfTurn(), wake_words={}),
            answering=answering,
            saying=saying,
            loudspeaker=loudspeaker,
            clock=clock,
            broadcast=broadcast,
            mute=FakeMute(),
            notes=FakeWakeNotes(clock),
            habits=Habits(answer_wait_s=6.0, follow_up_s=0.0, language="en"),
        )
        tending = Tending(lambda: life, writer=model, clock=clock, prompting=answering, languages=("en",))
        made = World(session, life, ears, recogniser, faults, clock, home, soaked)
        broadcast.subscribe(tending.hear)
        broadcast.subscribe(made.events.append)
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = [
            tasks.create_task(session.run(), name="soak.session"),
            tasks.create_task(tending.run(), name="soak.tending"),
        ]
        try:
            yield made
        finally:
            for each in running:
                each.cancel()


async def soak(hours: float) -> Soaked:
    soaked, warnings = Soaked(), Warnings()
    with tempfile.TemporaryDirectory() as folder, heard_by(warnings), patience(20):
        async with world(Path(folder), soaked) as it, asyncio.TaskGroup() as tasks:
            beside = [
                tasks.create_task(look(it, warnings), name="soak.look"),
                tasks.create_task(injuries(it), name="soak.injuries"),
            ]
            for number in itertools.count():
                if it.clock.monotonic() >= hours * 3600:
                    break
                await it.ask(number)
                if number % 3 == 2:
                    await it.clock.sleep(NIGHT_S if number % NIGHT_AFTER == NIGHT_AFTER - 1 else PAUSE_S)
            for each in beside:
                each.cancel()
            it.faults.model = it.faults.recogniser = 0
            while it.life.waits:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
            kept = {each.heard for each in await it.life.all_turns()}
            soaked.forgotten = [each for each in soaked.asked if each not in kept]
            soaked.diaries = len(await it.life.diaries())
    return soaked


async def look(it: World, warnings: Warnings) -> None:
    process = psutil.Process()
    while True:
        size = sum(each.stat().st_size for each in it.home.glob(f"{copies.LIFE}*"))
        it.soaked.looks.append(
            Look(
                hour=it.clock.monotonic() / 3600,
                resident_mb=process.memory_info().rss / 1e6,
                threads=process.num_threads(),
                tasks=len(asyncio.all_tasks()),
                files=process.num_fds(),
                database_mb=size / 1e6,
                warnings=warnings.count,
            )
        )
        await it.clock.sleep(900)


async def injuries(it: World) -> None:
    chance = random.Random(1)  # noqa: S311 - the same each time
    for fault in itertools.cycle(FAULTS):
        await it.clock.sleep(FAULT_S * chance.uniform(0.5, 1.5))
        await it.injure(fault)


@contextmanager
def heard_by(handler: logging.Handler) -> Iterator[None]:
    log = logging.getLogger("digital_life")
    log.addHandler(handler)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.propagate = True


@contextmanager
def patience(busy_ms: int) -> Iterator[None]:
    """A locked file is waited for less long where time runs faster."""
    before, lifefile.BUSY_MS = lifefile.BUSY_MS, busy_ms
    try:
        yield
    finally:
        lifefile.BUSY_MS = before


def figures(soaked: Soaked) -> list[Figure]:
    settled = [each for each in soaked.looks if each.hour >= SETTLED_H] or soaked.looks
    first, last = settled[0], settled[-1]
    days = max(last.hour - first.hour, 1.0) / 24
    hours = max(last.hour, 1.0)
    return [
        Figure("simulated", last.hour, "h", note=f"{len(soaked.asked)} questions, {len(soaked.faults)} faults"),
        Figure("questions without an answer", len(soaked.unanswered), "", budget=0),
        Figure(
            "questions that are not remembered", len(soaked.forgotten), "", budget=0, note=f"{soaked.diaries} diaries"
        ),
        spread("resident memory", [each.resident_mb for each in settled], "MB"),
        Figure("it grows by", (last.resident_mb - first.resident_mb) / days, "MB/day", budget=GROWTH_MB_A_DAY),
        Figure("threads more", last.threads - first.threads, "", budget=0, note=f"{last.threads}"),
        Figure("tasks more", last.tasks - first.tasks, "", budget=3, note=f"{last.tasks}"),
        Figure("descriptors more", last.files - first.files, "", budget=2, note=f"{last.files}"),
        Figure("database", last.database_mb, "MB"),
        Figure("warnings", last.warnings / hours, "/h", budget=WARNINGS_AN_HOUR),
    ]


def plot(soaked: Soaked, path: Path) -> None:
    shape, rows = plt.subplots(5, sharex=True, figsize=(7.5, 8), dpi=90, layout="constrained")
    hours = [each.hour for each in soaked.looks]
    drawn = ("resident_mb", "threads", "tasks", "files", "database_mb")
    for axes, name in zip(rows, drawn, strict=True):
        axes.plot(hours, [getattr(each, name) for each in soaked.looks])
        axes.set_ylabel(name.replace("_", " "))
        axes.set_ylim(bottom=0)
        axes.spines[["top", "right"]].set_visible(False)
    rows[-1].set_xlabel("hours of its life")
    shape.savefig(path)
    plt.close(shape)


def main() -> int:
    parser = report.parser("soak")
    parser.add_argument("--hours", type=float, default=24.0, help="of its life")
    parser.add_argument("--plot", type=Path, help="a PNG file to draw into")
    options = parser.parse_args()
    soaked = asyncio.run(soak(2.0 if options.quick else options.hours))
    found = figures(soaked)
    if options.plot:
        plot(soaked, options.plot)
    report.show(found, title="soak", as_json=options.json)
    for each in soaked.unanswered:
        print(f"bench: no answer: {each}", file=sys.stderr)
    return int(options.check and not all(figure.within for figure in found))


if __name__ == "__main__":
    sys.exit(main())

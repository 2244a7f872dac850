"""`scripts/bench soak --hours H [--real]`: a life faster than time, with faults thrown in; nothing may grow."""

from __future__ import annotations

import asyncio
import itertools
import logging
import math
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import apsw
import psutil
from matplotlib import pyplot as plt

from benches import report
from benches.figures import Figure, spread
from benches.soak_parts import FAULTS, Failing, FastClock, Faults, Opening, Parts, Question
from digital_life import words
from digital_life.broadcast import Broadcast, Event
from digital_life.config import Llm, Memory, Persona
from digital_life.errors import SoundError
from digital_life.memory import copies, lifefile
from digital_life.memory.life import Life
from digital_life.memory.records import CONCEPTS
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
    WakeHeard,
    Written,
)
from digital_life.worker import Worker
from fakes.ears import FakeEars, FakeEndOfTurn, FakeMute, FakeWakeNotes
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent

SPEED = 720.0
"""Times as fast as time: a day in two minutes."""
REAL_SPEED = 100.0
"""The same where the models are real: a day in a quarter of an hour."""
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
FLOOR_H = 3
"""What comes and goes is compared by the least of so many hours, the first and the last: what leaks raises both."""
GROWTH_MB_A_DAY = 20.0
WARNINGS_AN_HOUR = 20.0
BUDGET = Budget(
    prompt=20_000, examples=10_000, known=400, love=400, dialogue=2_000, summarised=1_500, warned=math.inf, found=2_000
)


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
    """What it hears is no sound, but the words themselves."""

    async def transcribe(self, utterance: Utterance, *, hint: str = "") -> Transcript | None:
        del hint
        return Transcript(utterance.pcm.decode(), "en", 0.9)


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


def made_up(number: int) -> Question:
    text = f"I saw {number} birds near the river, what do you say to that?"
    return Question(text, "en", text.encode())


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
    asked: int = 0
    heard: list[str] = field(default_factory=list)
    """What was understood of each question that was answered."""
    failed: int = 0
    """Answers that were the sentence that there is none."""
    unanswered: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    """Questions that are not remembered."""
    diaries: int = 0
    concepts: int = 0
    """Versions of what it knows of itself and of the person."""


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
    parts: Parts
    ears: FakeEars
    faults: Faults
    clock: FastClock
    home: Path
    soaked: Soaked
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=50))

    @property
    def life(self) -> Life:
        return self.parts.life

    async def until(self, holds: Callable[[], bool]) -> bool:
        until = time.monotonic() + self.parts.answered_s
        while not holds() and time.monotonic() < until:  # noqa: ASYNC110 - what it is waited for tells nobody
            await asyncio.sleep(0.002)
        return holds()

    def answer(self, belongs: Callable[[Turn], bool]) -> Turn | None:
        """What was said to the question just now; None: nothing so far."""
        turns = (each.turn if isinstance(each, Written) else each for each in self.events)
        return next((each for each in turns if isinstance(each, Turn) and belongs(each) and each.reply.said), None)

    async def ask(self, number: int) -> None:
        """By voice, typed, or in writing from elsewhere, in turn."""
        question = self.parts.questions(number)
        self.soaked.asked += 1
        await self.until(lambda: self.session.state in RESTING)
        self.events.clear()
        match number % 3:
            case 0:
                turn = await self.say_aloud(question)
            case 1:
                await self.session.say(question.text)
                turn = await self.answer_to(lambda turn: turn.heard.text == question.text)
            case _:
                turn = await self.write(question)
        if turn is None:
            self.soaked.unanswered.append(question.text)
            return
        self.soaked.heard.append(turn.heard.text)
        self.soaked.failed += turn.failed

    async def answer_to(self, belongs: Callable[[Turn], bool]) -> Turn | None:
        await self.until(lambda: self.answer(belongs) is not None)
        return self.answer(belongs)

    async def write(self, question: Question) -> Turn | None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self.parts.answered_s):
                turn = await self.session.ask(question.text, question.language)
                return turn if turn.reply.said else None
        return None

    async def say_aloud(self, question: Question) -> Turn | None:
        """As a person does: again, where it says that it did not understand, after its wake word if need be."""
        unheard = words.load("en").text("talk.unheard")
        await self.until(lambda: self.session.state is State.IDLE)  # who is deaf is not spoken to
        wakes: list[WakeHeard] = []

        def belongs(turn: Turn) -> bool:
            return turn.wake in wakes

        for _ in range(REPEATED):
            self.events.clear()
            if self.session.state is not State.LISTENING:
                wakes.append(self.ears.wake())
            self.ears.hear(spoken(question, wakes[-1], self.clock.monotonic()))
            await self.until(lambda: self.answer(belongs) is not None or is_said(self.events, unheard))
            turn = self.answer(belongs)
            if turn or not is_said(self.events, unheard):
                return turn
            await self.until(lambda: self.session.state in (State.LISTENING, State.IDLE))
        return None

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
            case "hang":
                self.faults.hang = 1
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


def spoken(question: Question, wake: WakeHeard, now: float) -> Utterance:
    """It, right behind the wake word."""
    ended = wake.position + len(question.pcm) // WIDTH
    return Utterance(question.pcm, wake.position, ended, ended + RATE // 2, captured=now)


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
async def fake_parts(home: Path, clock: FastClock, faults: Faults) -> AsyncGenerator[Parts]:
    """A real memory, and models that are made up."""
    model = Model(faults)
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Memory(rest_hours=2)) as life,
    ):
        yield Parts(
            life=life,
            model=model,
            recogniser=Failing(Recogniser(), faults),
            voice=Voice(),
            prompting=Prompting(persona=Persona(), clock=clock, budget=BUDGET, tokens=model.tokens, calls=""),
            diaries=None,
            languages=("en",),
            questions=made_up,
            faults=FAULTS,
            written=lambda _: None,
            answered_s=ANSWERED_S,
        )


@asynccontextmanager
async def world(home: Path, soaked: Soaked, clock: FastClock, opening: Opening) -> AsyncGenerator[World]:
    faults, ears, broadcast = Faults(), FakeEars(), Broadcast()
    loudspeaker = Loudspeaker(faults, clock)
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(opening(home, clock, faults))
        being = Being("Jarvis", parts.prompting, memory=parts.life, diaries=parts.diaries, tools=None, wishes=[])
        saying = Speaking(voice=parts.voice, loudspeaker=loudspeaker)
        answering = Answering(model=Guarded(parts.model, Llm()), saying=saying, clock=clock, beings=being)
        session = Session(
            ears=ears,
            understanding=Understanding(stt=parts.recogniser, end_of_turn=FakeEndOfTurn(), wake_words={}),
            answering=answering,
            saying=saying,
            loudspeaker=loudspeaker,
            clock=clock,
            broadcast=broadcast,
            mute=FakeMute(),
            notes=FakeWakeNotes(clock),
            habits=Habits(answer_wait_s=6.0, follow_up_s=0.0, language="en"),
        )
        tending = Tending(
            lambda: parts.life,
            writer=parts.model,
            clock=clock,
            prompting=answering,
            languages=parts.languages,
            tell=parts.written,
        )
        made = World(session, parts, ears, faults, clock, home, soaked)
        broadcast.subscribe(tending.hear)
        broadcast.subscribe(made.events.append)
        clock.begin()
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


async def soak(hours: float, *, speed: float, opening: Opening) -> Soaked:
    soaked, warnings = Soaked(), Warnings()
    with tempfile.TemporaryDirectory() as folder, heard_by(warnings), patience(20):
        async with world(Path(folder), soaked, FastClock(speed), opening) as it, asyncio.TaskGroup() as tasks:
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
            it.faults.model = it.faults.hang = it.faults.recogniser = 0
            while it.life.waits:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.05)
            kept = Counter(each.heard for each in await it.life.all_turns())
            soaked.forgotten = list((Counter(soaked.heard) - kept).elements())
            soaked.diaries = len(await it.life.diaries())
            soaked.concepts = sum([len(await it.life.written(kind)) for kind in CONCEPTS])
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
    for fault in itertools.cycle(it.parts.faults):
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
    last = settled[-1]
    hours = max(last.hour, 1.0)
    written = f"{soaked.diaries} diaries, {soaked.concepts} versions of the concepts"
    return [
        Figure("simulated", last.hour, "h", note=f"{soaked.asked} questions, {len(soaked.faults)} faults"),
        Figure("questions without an answer", len(soaked.unanswered), "", budget=0),
        Figure("answers that there is none", soaked.failed, "", note="by the faults of the model"),
        Figure("questions that are not remembered", len(soaked.forgotten), "", budget=0, note=written),
        spread("resident memory", [each.resident_mb for each in settled], "MB"),
        Figure("it grows by", growth_mb_a_day(soaked.looks), "MB/day", budget=GROWTH_MB_A_DAY),
        Figure("threads more", risen(settled, lambda look: look.threads), "", budget=0, note=f"{last.threads}"),
        Figure("tasks more", risen(settled, lambda look: look.tasks), "", budget=3, note=f"{last.tasks}"),
        Figure("descriptors more", risen(settled, lambda look: look.files), "", budget=2, note=f"{last.files}"),
        Figure("database", last.database_mb, "MB"),
        Figure("warnings", last.warnings / hours, "/h", budget=WARNINGS_AN_HOUR),
    ]


def growth_mb_a_day(looks: Sequence[Look]) -> float:
    """Over the second half: the median of the slopes between any two looks, which no single high one bends."""
    half = [each for each in looks if each.hour >= looks[-1].hour / 2]
    pairs = itertools.combinations(half, 2)
    slopes = [(b.resident_mb - a.resident_mb) / (b.hour - a.hour) for a, b in pairs if b.hour > a.hour]
    return 24 * statistics.median(slopes) if slopes else 0.0


def risen(looks: Sequence[Look], count: Callable[[Look], int]) -> int:
    first = [count(each) for each in looks if each.hour <= looks[0].hour + FLOOR_H]
    last = [count(each) for each in looks if each.hour >= looks[-1].hour - FLOOR_H]
    return min(last) - min(first)


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


def real(profile: str) -> Opening:
    from benches.soak_real import real_parts  # noqa: PLC0415 - what is made up needs none of the models' libraries

    return real_parts(profile)


def main() -> int:
    parser = report.parser("soak")
    parser.add_argument("--hours", type=float, default=24.0, help="of its life")
    parser.add_argument("--real", action="store_true", help="with the real models")
    parser.add_argument(
        "--speed", type=float, help=f"times as fast as time ({SPEED:g}, with the real models {REAL_SPEED:g})"
    )
    parser.add_argument("--plot", type=Path, help="a PNG file to draw into")
    options = parser.parse_args()
    speed = options.speed or (REAL_SPEED if options.real else SPEED)
    hours = 2.0 if options.quick else options.hours
    opening = real(options.profile) if options.real else fake_parts
    soaked = asyncio.run(soak(hours, speed=speed, opening=opening))
    found = figures(soaked)
    if options.plot:
        plot(soaked, options.plot)
    report.show(found, title="soak", as_json=options.json)
    for each in soaked.unanswered:
        print(f"bench: no answer: {each}", file=sys.stderr)
    return int(options.check and not all(figure.within for figure in found))


if __name__ == "__main__":
    sys.exit(main())

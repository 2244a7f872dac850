"""`scripts/bench lives`: the nightly diaries of many lives that one language server writes, at once and spread.

Real: each life's file with its memory, the way it rests, waits and is put off, and every request over HTTP. Played: the
hours (see night.py), and the server (see endpoint.py), whose time for
a request is that of one of a real diary, measured first.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
import logging
import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import psutil

from benches import night, report
from benches.endpoint import Endpoint
from benches.figures import Figure, spread
from benches.night import NightClock, NightLoop, NightWorker
from digital_life import app, config, words
from digital_life.backends.e5 import E5
from digital_life.backends.openai_http import OpenAiHttp
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import PostponedError
from digital_life.memory.foreign import exchange
from digital_life.memory.life import Life
from digital_life.memory.patient import Patient
from digital_life.memory.tending import POSTPONED_S, TEND_S
from digital_life.ports import Clock, Embedder, Writer
from digital_life.values import Message, Reply, Timings, Transcript, Turn
from digital_life.worker import Worker

P = ParamSpec("P")
T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DIGITAL_LIFE_DATA", ROOT.parent / "shared" / "data"))
MODELS = Path(os.environ.get("DIGITAL_LIFE_MODELS", Path.home() / ".cache" / "digital-life" / "models"))
EVENING = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
"""When the talks begin; all are silent from midnight on."""
HOUR_S = 3600.0
TALK_S = HOUR_S / 2
REST_HOURS = 2.0
THREADS = 4
"""On which the files of all lives lie; each daemon has one of its own."""
KILLED = 0.05
"""Share of the lives whose daemon ends in the middle of the diary."""
RESTART_S = 60.0
MEASURED = 3
"""Real diaries."""
SEED = 11


def main() -> int:
    parser = report.parser("lives")
    parser.add_argument("--lives", type=int, default=1_000, metavar="N")
    parser.add_argument("--spread-hours", type=float, default=5.0, metavar="H", help="memory.spread_hours")
    parser.add_argument("--slots", type=int, default=4, metavar="N", help="requests that the server answers at once")
    parser.add_argument("--queue", type=int, default=64, metavar="N", help="requests that wait; more are refused")
    parser.add_argument("--request-s", type=float, metavar="S", help="what one takes, where no model is to be measured")
    options = parser.parse_args()
    options.lives = min(options.lives, 100) if options.quick else options.lives
    figures = measure(options)
    report.show(figures, title="lives", as_json=options.json)
    return int(options.check and not all(figure.within for figure in figures))


def measure(options: argparse.Namespace) -> list[Figure]:
    seconds: Sequence[float] = (options.request_s,)
    figures: list[Figure] = []
    if not options.request_s:
        diaries = fresh(real_diaries, options.profile)
        seconds = tuple(each for diary in diaries for each in diary)
        figures = [
            spread("a real diary", [sum(each) for each in diaries], "s"),
            Figure("a real diary: requests", statistics.mean(map(len, diaries)), ""),
            spread("a real diary: one request", seconds, "s"),
        ]
    with tempfile.TemporaryDirectory() as folder:
        evening, began = Path(folder), time.monotonic()
        asyncio.run(told(evening, options.lives))
        figures.append(Figure(f"{options.lives:,} evenings told", time.monotonic() - began, "s", note="real"))
        server = Endpoint(options.slots, options.queue, seconds)
        naive = fresh(slept, evening, server, 0.0, patient=False)
        at_once = fresh(slept, evening, server, 0.0, patient=True)
        apart = fresh(slept, evening, server, options.spread_hours, patient=True)
    figures += naive.figures("at once, without patience") + at_once.figures("at once") + apart.figures("spread")
    most = at_once.most_writing / max(1, apart.most_writing)
    return [*figures, Figure("lives that wrote at once, most: at once / spread", most, "")]


def fresh(job: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """In a process of its own: what it takes of the memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as elsewhere:
        return elsewhere.submit(job, *arguments, **more).result()


# --- a real diary -----------------------------------------------------------------------------------------------------


class Timed:
    """A Writer that notes how long each sentence takes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self.seconds: list[float] = []

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        began = time.monotonic()
        try:
            return await self._writer.compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)
        finally:
            self.seconds.append(time.monotonic() - began)


def real_diaries(profile: str) -> list[list[float]]:
    """Of each the seconds of its requests, by this machine's own model."""
    return asyncio.run(_real_diaries(profile))


async def _real_diaries(profile: str) -> list[list[float]]:
    settings = config.load(None, [f"models.profile={profile}"])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        context = Context(settings, home, MODELS, SystemClock(), words.load("en"), debug=False)
        async with app.open_writer(context) as writer:
            return [await _real_diary(home / str(n), talk, writer) for n, talk in enumerate(talks()[:MEASURED])]


async def _real_diary(home: Path, talk: Sequence[tuple[str, str]], writer: Writer) -> list[float]:
    timed = Timed(writer)
    async with Worker("memory") as worker, opened(home, worker, SystemClock(), E5, hours=0) as life:
        await tell(life, EVENING, talk)
        await life.rest(timed, hurried=True)
    return timed.seconds


# --- the evening ------------------------------------------------------------------------------------------------------


class Remembered:
    """An Embedder that works out the same text once: many lives tell the same."""

    def __init__(self, real: E5) -> None:
        self.name, self.dimension, self.unit = real.name, real.dimension, real.unit
        self.passage = functools.cache(real.passage)
        self.query = functools.cache(real.query)


def talks() -> list[list[tuple[str, str]]]:
    """Days of MemoryBank's users."""
    table = json.loads((DATA / "memory" / "memory_bank_en.json").read_text(encoding="utf-8"))
    days = [[exchange(turn) for turn in day] for person in table.values() for day in person["history"].values()]
    return [day for day in days if day]


@asynccontextmanager
async def opened(
    home: Path, worker: Worker, clock: Clock, embedder: Callable[[], Embedder], *, hours: float
) -> AsyncGenerator[Life]:
    settings = config.Memory(rest_hours=REST_HOURS, spread_hours=hours)
    async with Life.open(home, worker=worker, embedder=embedder, clock=clock, settings=settings) as life:
        yield life


async def told(folder: Path, lives: int) -> None:
    """The lives, each with its talk of the evening."""
    days, meaning = talks(), Remembered(E5())
    async with Worker("memory") as worker:
        for number in range(lives):
            async with opened(home_of(folder, number), worker, SystemClock(EVENING), lambda: meaning, hours=0) as life:
                # No two first turns are of one moment.
                await tell(life, EVENING + timedelta(microseconds=number), days[number % len(days)])


async def tell(life: Life, began: datetime, talk: Sequence[tuple[str, str]]) -> None:
    """Turns from `began` to half an hour later."""
    for number, (heard, said) in enumerate(talk, 1):
        when = began + timedelta(seconds=TALK_S) * number / len(talk)
        await life.remember(Turn(number, when, None, Transcript(heard, "en", 1.0), Reply(said), Timings()))


def home_of(folder: Path, number: int) -> Path:
    return folder / f"life-{number:04}"


# --- the night --------------------------------------------------------------------------------------------------------


@dataclass
class Night:
    """What became of all of them."""

    endpoint: Endpoint
    lives: int
    done: list[float] = field(default_factory=list)
    """Seconds since the talks began."""
    took: list[float] = field(default_factory=list)
    """Seconds from when it first could to the diary."""
    writing: int = 0
    most_writing: int = 0
    killed: int = 0
    postponed: int = 0
    kept: int = 0
    """Lives that hold their one diary in the morning."""
    extracts: int = 0
    """Those of them that hold nothing but the user's own words."""
    before_mb: float = 0.0
    most_mb: float = 0.0
    real_s: float = 0.0

    def begin(self) -> None:
        self.writing += 1
        self.most_writing = max(self.most_writing, self.writing)

    def figures(self, name: str) -> list[Figure]:
        endpoint, whole = self.endpoint, float(self.lives)
        rows = [
            Figure(
                "lives with their diary", self.kept, "", note=f"of {self.lives}, {self.killed} killed while writing"
            ),
            Figure("lives without it", whole - self.kept, "", budget=0),
            Figure("diaries without a sentence of the model", self.extracts, ""),
            Figure("lives that wrote at once, most", self.most_writing, "", note="as many files were open"),
            Figure("requests in the server at once, most", endpoint.most, ""),
            Figure("first diary", (self.done[0] - TALK_S) / HOUR_S, "h", note="after midnight"),
            Figure("last diary", (self.done[-1] - TALK_S) / HOUR_S, "h", note="after midnight"),
            spread("a diary, from its moment on", self.took, "s"),
            spread("a request waits for its place", endpoint.waits, "s"),
            Figure("requests answered", endpoint.requests - endpoint.given_up, ""),
            Figure("requests refused", endpoint.refused, ""),
            Figure(
                "requests given up", endpoint.given_up, "", note="their daemons were killed, or had waited for too long"
            ),
            Figure("diaries put off", self.postponed, "", note=f"by {POSTPONED_S / 60:g} min"),
            Figure("memory", self.most_mb, "MB", note="of all, and of the server"),
            Figure("memory of an open life", (self.most_mb - self.before_mb) / max(1, self.most_writing), "MB"),
            Figure("real time", self.real_s, "s"),
        ]
        return [Figure(f"{name}: {each.name}", *_rest(each)) for each in rows]


def _rest(figure: Figure) -> tuple[float, str, float | None, float | None, str]:
    return figure.value, figure.unit, figure.p95, figure.budget, figure.note


def slept(evening: Path, endpoint: Endpoint, hours: float, *, patient: bool) -> Night:
    """One night of the same lives."""
    logging.getLogger("digital_life").setLevel(logging.ERROR)
    homes = sorted(each.name for each in evening.iterdir())
    found = Night(endpoint, len(homes))
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(evening, folder, dirs_exist_ok=True)
        sleeping = _Sleeping(Path(folder), found, hours=hours, patient=patient)
        began = time.monotonic()
        night.run(lambda loop: sleeping.all(homes, loop))
        found.real_s = time.monotonic() - began
    return found


class _Sleeping:
    """The daemons of one night."""

    def __init__(self, folder: Path, found: Night, *, hours: float, patient: bool) -> None:
        self._folder = folder
        self._found = found
        self._hours = hours
        self._patient = patient
        self._meaning = Remembered(E5())
        self._chance = random.Random(SEED)  # noqa: S311 - no secrets
        self._process = psutil.Process()

    async def all(self, homes: Sequence[str], loop: NightLoop) -> None:
        self._clock = NightClock(EVENING, loop)
        async with AsyncExitStack() as parts:
            self._threads = [await parts.enter_async_context(NightWorker(f"memory {n}", loop)) for n in range(THREADS)]
            await parts.enter_async_context(self._found.endpoint.open())
            moments = [await self._moment_s(number, self._folder / home) for number, home in enumerate(homes)]
            self._found.before_mb = self._process.memory_info().rss / 1e6
            async with asyncio.TaskGroup() as daemons:
                for number, home in enumerate(homes):
                    daemon = self._daemon(number, self._folder / home, moments[number])
                    daemons.create_task(daemon, name=f"lives.{home}")
            for number, home in enumerate(homes):
                await self._look(number, self._folder / home)

    async def _moment_s(self, number: int, home: Path) -> float:
        """When it may write: seconds since the talk began."""
        async with self._opened(number, home) as life:
            return TALK_S + REST_HOURS * HOUR_S + (await life.later()).total_seconds()

    async def _daemon(self, number: int, home: Path, moment_s: float) -> None:
        """Looks when it may write, as Tending does, and again after it was killed or put off."""
        # Each daemon looks every TEND_S, and no two began in the same second.
        phase_s, killed = self._chance.random() * TEND_S, self._chance.random() < KILLED
        await self._clock.sleep(moment_s + phase_s)
        if killed:
            await self._killed(number, home)
            await self._clock.sleep(RESTART_S)
        while not await self._write(number, home):
            await self._clock.sleep(POSTPONED_S)
        now = self._clock.monotonic()
        self._found.done.append(now)
        self._found.took.append(now - moment_s)

    async def _killed(self, number: int, home: Path) -> None:
        """In the middle of its diary."""
        answered = self._found.endpoint.requests
        writing = asyncio.ensure_future(self._write(number, home))
        while not writing.done() and self._found.endpoint.requests < answered + 5:
            await self._clock.sleep(1.0)
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
            return
        self._found.killed += 1

    async def _write(self, number: int, home: Path) -> bool:
        """Whether the diary stands. The life is open only meanwhile."""
        server = config.Server(address=self._found.endpoint.address, first_token_s=60.0, local=False)
        self._found.begin()
        try:
            async with OpenAiHttp(config.Llm(server=server)) as model, self._opened(number, home) as life:
                await life.rest(Patient(model, clock=self._clock) if self._patient else model)
                self._found.most_mb = max(self._found.most_mb, self._process.memory_info().rss / 1e6)
                return bool(await life.diaries())
        except PostponedError:
            self._found.postponed += 1
            return False
        finally:
            self._found.writing -= 1

    def _opened(self, number: int, home: Path) -> AbstractAsyncContextManager[Life]:
        return opened(home, self._threads[number % THREADS], self._clock, lambda: self._meaning, hours=self._hours)

    async def _look(self, number: int, home: Path) -> None:
        async with self._opened(number, home) as life:
            pages = await life.diaries()
            sources = {source for page in pages for each in page.sentences for source in each.sources}
            whole = sources <= {turn.id for turn in await life.all_turns()}
            self._found.kept += len(pages) == 1 and bool(sources) and whole
            self._found.extracts += any(page.extract for page in pages)


if __name__ == "__main__":
    raise SystemExit(main())

"""`scripts/bench memory`: how long it takes to remember and to recall, as a life grows."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import numpy as np
import psutil
import sqlite_vec

from benches.figures import Figure, spread
from benches.report import show
from digital_life.backends.e5 import E5
from digital_life.memory import dates, ranking, recall
from digital_life.memory.foreign import exchange, language_of
from digital_life.memory.store import Store
from digital_life.values import Reply, Timings, Transcript, Turn

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DIGITAL_LIFE_DATA", ROOT.parent / "shared" / "data"))
SIZES = (1_000, 10_000, 100_000)
BUDGET_MS = {10_000: 60.0, 100_000: 120.0}
BEGAN = datetime(2020, 1, 1, 9, tzinfo=UTC)
TURNS_A_DAY = 50
AT_ONCE = 1_000
"""Turns of one transaction while a life is made up; those that are measured are written one by one."""
QUERIES = 60


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench memory")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--quick", action="store_true", help="up to 10,000 memories")
    parser.add_argument("--check", action="store_true", help="status 1 when a budget is exceeded")
    parser.add_argument("--kills", type=int, default=0, help="kill a writing process so often, and look for damage")
    parser.add_argument("--story", choices=("small", "better"), help="tell a fact in one recording, ask in another")
    parser.add_argument("--sealed", action="store_true", help="what sealing costs, and nothing else")
    options = parser.parse_args()
    if options.sealed:
        from benches import sealed  # noqa: PLC0415 - it measures with what stands here

        show(sealed.measure(), title="memory, sealed", as_json=options.json)
        return 0
    figures = measure(SIZES[:2] if options.quick else SIZES)
    if options.kills:
        figures.append(killed(options.kills))
    if options.story:
        figures.append(story(options.story))
    show(figures, title="memory", as_json=options.json)
    return int(options.check and not all(figure.within for figure in figures))


class MadeUp:
    """An Embedder whose passages have random meanings, for lives that would take an hour to embed."""

    def __init__(self, real: E5) -> None:
        self.name, self.dimension, self.unit = real.name, real.dimension, real.unit
        self._real = real
        self._chance = np.random.default_rng(1)
        self.real_passages = False

    def passage(self, text: str) -> bytes:
        if self.real_passages:
            return self._real.passage(text)
        vector = self._chance.standard_normal(self.dimension)
        return bytes(np.rint(vector / np.linalg.norm(vector) * self.unit).clip(-127, 127).astype(np.int8).tobytes())

    def query(self, text: str) -> bytes:
        return self._real.query(text)


def measure(sizes: tuple[int, ...]) -> list[Figure]:
    process = psutil.Process()
    before = process.memory_info().rss
    meaning = MadeUp(E5())
    said, questions = material()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "life.db", meaning) as store:
        turns = made_up(said)
        count = 0
        for size in sizes:
            fill(store, turns, size - count)
            count = size
            meaning.real_passages = True
            figures += of_size(store, turns, questions, size)
            count += QUERIES
            meaning.real_passages = False
        figures.append(
            Figure("resident memory of the memory", (process.memory_info().rss - before) / 1e6, "MB", budget=200)
        )
    return figures


def of_size(store: Store, turns: Iterator[Turn], questions: list[str], size: int) -> list[Figure]:
    name = f"{size:,} memories"
    conversation = store.begin_conversation(BEGAN).id
    recalling = timed(lambda question: unasked(store, question), questions)
    naive = timed(lambda question: plain(store, question), questions[:5])
    writing = timed(lambda _: store.add_turn(conversation, next(turns)), questions)
    return [
        spread(f"{name}: recall, unasked", recalling, "ms", budget=BUDGET_MS.get(size)),
        Figure(f"{name}: ours / every vector in turn", median(recalling) / median(naive), ""),
        spread(f"{name}: remember one turn", writing, "ms"),
        Figure(f"{name}: file per 1,000 turns", store.stats().bytes / size / 1e3, "MB"),
    ]


def unasked(store: Store, question: str) -> None:
    now = BEGAN + timedelta(days=365)
    span = dates.find(question, now.date())
    found = ranking.ranked(recall.judged(store.index.search(question, span), span, now), question, span)
    recall.recalls(found[:2], question)


def plain(store: Store, question: str) -> None:
    """The way of the ancestors: compare the question with every memory's vector, one after another."""
    asked = np.frombuffer(store.meanings.embedder.query(question), np.int8).astype(np.float32)
    asked /= np.linalg.norm(asked)
    scores = []
    for number, vector in apsw_rows(store):
        other = np.frombuffer(vector, np.int8).astype(np.float32)
        scores.append((float(asked @ other / np.linalg.norm(other)), number))
    sorted(scores)[-3:]


def apsw_rows(store: Store) -> Iterator[tuple[int, bytes]]:
    connection = apsw.Connection(str(store.path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.enable_load_extension(True)
    connection.load_extension(sqlite_vec.loadable_path())
    yield from connection.execute("SELECT rowid, meaning FROM meaning_1")
    connection.close()


def timed(job: Callable[[str], object], questions: list[str]) -> list[float]:
    taken = []
    for question in questions:
        began = time.perf_counter()
        job(question)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def fill(store: Store, turns: Iterator[Turn], count: int) -> None:
    print(f"bench: {count:,} turns", file=sys.stderr, flush=True)
    for start in range(0, count, AT_ONCE):
        with store.whole:
            conversation = store.begin_conversation(BEGAN).id
            for _ in range(min(AT_ONCE, count - start)):
                store.add_turn(conversation, next(turns))


def made_up(said: list[tuple[str, str]]) -> Iterator[Turn]:
    """Turns of what simulated users said, shuffled, so that the words are as frequent as in real talk."""
    chance = random.Random(1)  # noqa: S311 - the same each time
    number = 0
    while True:
        (heard, _), (_, answered) = chance.choice(said), chance.choice(said)
        when = BEGAN + timedelta(days=number // TURNS_A_DAY, minutes=number % TURNS_A_DAY)
        heard = f"{heard} {chance.choice(said)[0].split('.')[0][:80]} {number}"
        yield Turn(number, when, None, Transcript(heard, language_of(heard), 1.0), Reply(answered), Timings())
        number += 1


def material() -> tuple[list[tuple[str, str]], list[str]]:
    """What was said to MemoryBank's simulated users, and what they are asked about it."""
    said: list[tuple[str, str]] = []
    questions: list[str] = []
    evidence: dict[str, Any] = json.loads((DATA / "memory" / "memorybank_evidence.json").read_text(encoding="utf-8"))
    for language in ("en", "cn"):
        people = json.loads((DATA / "memory" / f"memory_bank_{language}.json").read_text(encoding="utf-8"))
        said += [exchange(turn) for person in people.values() for day in person["history"].values() for turn in day]
        questions += [each["question"] for each in evidence[language]][: QUERIES // 2]
    return said, questions


def killed(times: int) -> Figure:
    """Kill a writing process `times` times; a lost turn or a damaged file fails."""
    print(f"bench: {times} kills", file=sys.stderr, flush=True)
    return tested(f"lives damaged in {times} kills", "tests/faults/test_life.py", "power_cut", KILLS=str(times))


def story(profile: str) -> Figure:
    """A recording tells a fact, a week later another asks for it, in both languages."""
    print(f"bench: two stories, {profile}", file=sys.stderr, flush=True)
    name = f"facts forgotten after a week, {profile}"
    return tested(name, "tests/e2e/test_remembering.py", "week_later", PROFILE=profile)


def tested(name: str, file: str, which: str, **settings: str) -> Figure:
    """0 when the tests pass."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", file, "-k", which],
        cwd=ROOT,
        env={**os.environ, **{f"DIGITAL_LIFE_{key}": value for key, value in settings.items()}},
        check=False,
        capture_output=True,
        text=True,
    )
    return Figure(name, float(done.returncode != 0), "", budget=0, note=done.stdout.strip().splitlines()[-1][:40])


def median(values: list[float]) -> float:
    return float(np.median(values))


if __name__ == "__main__":
    sys.exit(main())

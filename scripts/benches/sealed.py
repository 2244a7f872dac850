"""What sealing costs a life of 10,000 memories (`scripts/bench memory --sealed`): both are asked by turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benches.figures import Figure, spread
from benches.memory import BEGAN, MadeUp, fill, made_up, material, unasked
from digital_life import seal
from digital_life.backends.e5 import E5
from digital_life.memory import lifefile
from digital_life.memory.store import Store

SIZE = 10_000
ROUNDS = 3
OPENED = 20
ALONE = """
import sys, time
import psutil
from pathlib import Path
from digital_life import seal
from digital_life.memory.store import Store
from benches.memory import MadeUp, material
from benches.sealed import Known
from digital_life.backends.e5 import E5
known = Known(MadeUp(E5()))
_, questions = material()
for each in questions:
    known.query(each)
before = psutil.Process().memory_info().rss
with Store.open(Path(sys.argv[1]), known, seal=seal.read(sys.argv[2])) as store:
    for each in questions:
        store.index.search(each)
    print((psutil.Process().memory_info().rss - before) / 1e6)
"""


class Known:
    """An Embedder that has read each question before: what is left is the search."""

    def __init__(self, embedder: MadeUp) -> None:
        self.name, self.dimension, self.unit = embedder.name, embedder.dimension, embedder.unit
        self.passage = embedder.passage
        self._embedder = embedder
        self._read: dict[str, bytes] = {}

    def query(self, text: str) -> bytes:
        if text not in self._read:
            self._read[text] = self._embedder.query(text)
        return self._read[text]


def measure() -> list[Figure]:
    meaning = MadeUp(E5())
    known = Known(meaning)
    said, questions = material()
    turns = made_up(said)
    with tempfile.TemporaryDirectory() as folder:
        plain, sealed = Path(folder) / "plain.db", Path(folder) / "sealed.db"
        key = seal.made(Path(folder) / "key")
        with Store.open(plain, meaning) as life:
            fill(life, turns, SIZE)
        lifefile.reseal(plain, sealed, seal=None, to=key)
        figures = _opened(plain, sealed, known, key)
        with Store.open(plain, known) as one, Store.open(sealed, known, seal=key) as other:
            lives = (one, other)
            for question in questions:
                known.query(question)
            figures += _ratio("search alone", lives, lambda life, text: life.index.search(text), questions * ROUNDS)
            with_meaning = Store.open(plain, meaning), Store.open(sealed, meaning, seal=key)
            figures += _ratio("recall, unasked", with_meaning, unasked, questions)
            for life in with_meaning:
                life.close()
            meaning.real_passages = True
            talks = {id(life): life.begin_conversation(BEGAN).id for life in lives}
            figures += _ratio(
                "remember one turn", lives, lambda life, _: life.add_turn(talks[id(life)], next(turns)), questions
            )
        resident = [_resident(path, str(key.path) if path is sealed else "") for path in (plain, sealed)]
    return [
        *figures,
        Figure("resident memory of a search: plain", resident[0], "MB"),
        Figure("resident memory of a search: sealed", resident[1], "MB"),
    ]


def _ratio(
    name: str, lives: Sequence[Store], job: Callable[[Store, str], object], questions: Sequence[str]
) -> list[Figure]:
    """Of both by turns: whatever else the machine does strikes both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for number, question in enumerate(questions):
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            job(lives[which], question)
            taken[which].append((time.perf_counter() - began) * 1000)
    plain, sealed = map(statistics.median, taken)
    return [
        spread(f"{SIZE:,} memories, plain: {name}", taken[0], "ms"),
        spread(f"{SIZE:,} memories, sealed: {name}", taken[1], "ms"),
        Figure(f"sealed / plain: {name}", sealed / plain, ""),
    ]


def _opened(plain: Path, sealed: Path, known: Known, key: seal.Seal) -> list[Figure]:
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(OPENED):
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            with Store.open((plain, sealed)[which], known, seal=(None, key)[which]) as life:
                life.is_sound()
                taken[which].append((time.perf_counter() - began) * 1000)
    return [
        spread("opened and looked through, plain", taken[0], "ms"),
        spread("opened and looked through, sealed", taken[1], "ms"),
        Figure("sealed / plain: opened", statistics.median(taken[1]) / statistics.median(taken[0]), ""),
    ]


def _resident(path: Path, key: str) -> float:
    """In a process of its own."""
    done = subprocess.run([sys.executable, "-c", ALONE, str(path), key], capture_output=True, text=True, check=True)
    return float(done.stdout)

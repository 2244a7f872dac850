"""`scripts/bench reading`: what a small model answers about texts longer than its context, and what their ends give.

The English text is this program's licence, the Chinese one the talk of one of MemoryBank's simulated users. The same
model answers from pages looked up at once, one by one, and from as much of the text's beginning or end as fits.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benches import report
from benches.figures import Figure, spread
from digital_life import app, config, words
from digital_life.backends.documents import text_of
from digital_life.clock import SystemClock
from digital_life.context import Context
from digital_life.errors import DigitalLifeError
from digital_life.memory.foreign import language_of
from digital_life.memory.pages import looked_up
from digital_life.memory.reader import Reader
from digital_life.memory.reading import Reading
from digital_life.values import Language

LICENCE = Path(__file__).parents[2] / "LICENSE"
USER = "王峰"
QUICK = 2
"""Questions about each text."""


@dataclass(frozen=True, slots=True)
class Case:
    question: str
    right: str
    """A pattern that only the right answer has."""


CASES: dict[Language, tuple[Case, ...]] = {
    "en": (
        Case("For how many years must a written offer to give the source code be valid?", r"\b(three|3)\b"),
        Case("Within how many days after the first notice must a violation be cured?", r"\b(30|thirty)\b"),
        Case("Which other GNU license may a covered work be combined with?", "affero"),
        Case("Which copyright treaty was adopted on 20 December 1996?", "wipo"),
        Case("Before which date in 2007 must a patent license have been granted?", "28 march|march 28"),
        Case("Who may publish new versions of the GNU General Public License?", "free software foundation"),
    ),
    "zh": (
        Case("王峰去附近的公园慢跑了多久？", "一个?小时|1 ?小时|60分钟"),
        Case("王峰推荐看哪个电视节目学做菜？", "回家吃饭"),
        Case("那家新开的餐厅什么最好吃？", "冰淇淋"),
        Case("王峰学做菜，做了一道什么菜？", "宫保鸡丁"),
        Case("王峰喜欢听什么音乐？", "爵士"),
        Case("王峰看了哪本书，体会到生命的意义？", "活着"),
    ),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer."""

    case: Case
    text: str
    seconds: float
    pages: tuple[int, ...] = ()

    @property
    def right(self) -> bool:
        return re.search(self.case.right, self.text, re.IGNORECASE) is not None


def main() -> int:
    options = parser().parse_args()
    try:
        texts: dict[Language, str] = {"en": text_of(LICENCE), "zh": talk(options.data / "memory_bank_cn.json")}
        figures = asyncio.run(measure(options, texts))
    except DigitalLifeError as error:
        print(f"bench: {error}", file=sys.stderr)
        return error.exit_status
    report.show(figures, title="reading", as_json=options.json)
    return 0


def parser() -> argparse.ArgumentParser:
    options = report.parser("reading")
    options.add_argument("--data", type=Path, required=True, metavar="DIR", help="with memory_bank_cn.json")
    options.add_argument(
        "--home", type=Path, required=True, metavar="DIR", help="where the gists are kept between runs"
    )
    options.add_argument("--only", choices=("en", "zh"), help="one of the texts")
    options.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="as in llm.threads=1")
    return options


def talk(file: Path) -> str:
    """Day by day, a paragraph a turn."""
    table = json.loads(text_of(file))
    return "\n".join(
        f"{day}\n" + "".join(f"\n{USER}：{turn['query']}\nAI：{turn['response']}\n" for turn in turns)
        for day, turns in table[USER]["history"].items()
    )


async def measure(options: argparse.Namespace, texts: dict[Language, str]) -> list[Figure]:
    context = Context(
        settings=config.load(None, [f"models.profile={options.profile}", *options.set]),
        home=options.home,
        models=Path(os.environ["DIGITAL_LIFE_MODELS"]),
        clock=SystemClock(),
        words=words.load("en"),
        debug=False,
    )
    figures: list[Figure] = []
    for language, text in texts.items():
        if options.only in {None, language}:
            cases = CASES[language][: QUICK if options.quick else None]
            async with app.open_reading(context, text) as reading:
                figures += await of_text(language, reading, cases)
    return figures


async def of_text(language: Language, reading: Reading, cases: Sequence[Case]) -> list[Figure]:
    taken = []
    async with contextlib.aclosing(_timed(reading)) as pages:
        async for seconds in pages:
            taken.append(seconds)
            print(f"bench: {language}, {reading.done:.0%} read", file=sys.stderr, flush=True)
    size = f"{len(reading.read)} pages, {reading.mind.tokens(reading.whole)} tokens"
    figures = [spread(f"{language}: reading a page", taken, "s", note=size)] if taken else []
    given: dict[str, list[Given]] = {}
    for case in cases:  # and not way by way: each meets the machine as busy as the others do
        for name, ask in ways(reading).items():
            given.setdefault(name, []).append(await _given(case, name, ask))
    return figures + [each for name, mine in given.items() for each in _figures(f"{language}: {name}", mine)]


async def _timed(reading: Reading) -> AsyncGenerator[float]:
    """The seconds of each page that was not kept from a run before."""
    kept, began = len(reading.read), time.perf_counter()
    number = 0
    async for _ in reading.pages():
        number += 1
        if number > kept:
            yield time.perf_counter() - began
        began = time.perf_counter()


Ask = Callable[[str], Awaitable[tuple[str, tuple[int, ...]]]]


def ways(reading: Reading) -> dict[str, Ask]:
    async def at_once(question: str) -> tuple[str, tuple[int, ...]]:
        answer = await reading.ask(question)
        return answer.text, answer.pages

    async def one_by_one(question: str) -> tuple[str, tuple[int, ...]]:
        answer = await reading.ask(question, one_by_one=True)
        return answer.text, answer.pages

    async def beginning(question: str) -> tuple[str, tuple[int, ...]]:
        return await _of_an_end(reading, [each.text for each in reading.pieces], question, turned=False), ()

    async def end(question: str) -> tuple[str, tuple[int, ...]]:
        return await _of_an_end(reading, [each.text for each in reading.pieces][::-1], question, turned=True), ()

    return {"at once": at_once, "one by one": one_by_one, "the beginning": beginning, "the end": end}


async def _of_an_end(reading: Reading, pieces: Sequence[str], question: str, *, turned: bool) -> str:
    """The answer from as many of the first of these pieces as fit."""
    reader = Reader(reading.mind.writer, language_of(question))
    left = reading.room(reader, question).tokens
    kept: list[str] = []
    for each in pieces:
        left -= reading.mind.tokens(each) + 1
        if left < 0:
            break
        kept.append(each)
    return await reader.answer(looked_up({}, {1: "\n".join(kept[::-1] if turned else kept)}), question)


async def _given(case: Case, name: str, ask: Ask) -> Given:
    began = time.perf_counter()
    text, pages = await ask(case.question)
    given = Given(case, text, time.perf_counter() - began, pages)
    mark = "right" if given.right else "WRONG"
    print(f"bench: {name}: {mark} {given.seconds:.0f} s {pages} {case.question} {text}", file=sys.stderr, flush=True)
    return given


def _figures(name: str, given: Sequence[Given]) -> list[Figure]:
    right = sum(each.right for each in given)
    return [
        Figure(f"{name}, right", right, f"of {len(given)}"),
        spread(f"{name}, an answer", [each.seconds for each in given], "s"),
    ]


if __name__ == "__main__":
    sys.exit(main())

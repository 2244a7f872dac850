"""`scripts/bench recall`: whether what was told is found again, by this memory and by those it descends from."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benches import answers, hops
from benches import recallscores as scores
from benches import recallsets as sets
from benches.answers import Answers
from benches.figures import Figure, spread
from benches.hops import Hops
from benches.meanings import KeptMeanings
from benches.recallscores import ChangeScore, Score
from benches.recallsets import Change, Question, Told
from digital_life import config
from digital_life.backends.pinyin import sound
from digital_life.config import Memory as Settings
from digital_life.errors import DigitalLifeError
from digital_life.memory import dates, occasions, recall
from digital_life.memory.foreign import Foreign, Talk
from digital_life.memory.life import Life
from digital_life.memory.policies import POLICIES, recursive
from digital_life.memory.policies.own import Held
from digital_life.memory.recall import Judged
from digital_life.memory.store import Store
from digital_life.worker import Worker
from fakes.clock import FakeClock

OURS = "digital-life"
WITHOUT_ITS_MODEL = "recursive"
"""The policy whose memory an extract stands in for: a model would take hours to write it."""
TIMED = 40
"""Questions of each set that are asked once more against the clock, their meaning made anew."""
STRANGE = 40
"""Questions of another life that each life is asked: nothing may be claimed to be remembered."""
QUICK_LIVES = 2
"""Of each set and language."""
CHANGES_BEGIN = datetime(2024, 1, 1, 9, tzinfo=UTC)
LATER = timedelta(days=90)
"""After the last of the old facts the first new one is told."""
MOST = 40
"""Turns of one answer that are looked at."""
SILENCE = timedelta(days=365)
FOUND_AGAIN = 10
"""Among so many, asked for with its own words after the silence."""

Ranking = Callable[[Life, str], Awaitable[list[int]]]
"""Numbers of turns, the likeliest first."""


async def _ours(life: Life, question: str) -> list[int]:
    return [each.ref for each in await life.search(question) if each.kind == "turn"]


def _of_store(rank: Callable[[Store, str, datetime], list[int]]) -> Ranking:
    return lambda life, question: life.run(lambda store: rank(store, question, life.today()))


def _by(policy: str) -> Ranking:
    """As that policy ranks in a life that has it, asked between two talks."""

    def rank(life: Life, question: str) -> Awaitable[list[int]]:
        return life.run(lambda store: _turns(POLICIES[policy].ranked(Held(store, life.today(), None), question, None)))

    return rank


def _turns(found: Sequence[Judged]) -> list[int]:
    return [each.hit.ref for each in found if each.hit.kind == "turn"]


RANKINGS: dict[str, Ranking] = {
    OURS: _ours,
    "memorybank": _by("memorybank"),
    WITHOUT_ITS_MODEL: _by("recursive"),
    "cued": _by("cued"),
    "gist": _by("gist"),
    "paged": _by("paged"),
}


@dataclass(slots=True)
class Report:
    scores: list[Score] = field(default_factory=list)
    changes: list[ChangeScore] = field(default_factory=list)
    trust: dict[str, dict[str, float]] = field(default_factory=dict)
    """By set and language, percent of questions: `right`, what is put before the model unasked holds the answer;
    `claimed`, something is put before it though the question is about somebody else's life."""
    after_a_year: dict[str, float] = field(default_factory=dict)
    """By set and language, percent of the turns with an answer that their own words find after a year of silence."""
    dates: dict[str, object] = field(default_factory=dict)
    times: list[Figure] = field(default_factory=list)
    answers: list[Answers] = field(default_factory=list)
    hops: list[Hops] = field(default_factory=list)

    def table(self) -> dict[str, object]:
        return {
            "recall": [each.table() for each in self.scores],
            "changes": [dataclasses.asdict(each) for each in self.changes],
            "unasked": self.trust,
            "after_a_year": self.after_a_year,
            "dates": self.dates,
            "latency_ms": [{"name": each.name, "median": each.value, "p95": each.p95} for each in self.times],
            "answers": [{**each.table(), "wrong": each.wrong} for each in self.answers],
            "harder": [each.table() for each in self.hops],
            "load": os.getloadavg(),
        }


def main() -> int:
    options = parser().parse_args()
    try:
        settings = config.load(None, options.set).memory
    except DigitalLifeError as error:
        print(f"bench: {error}", file=sys.stderr)
        return error.exit_status
    report = asyncio.run(measure(options, settings))
    if not report.scores and not report.changes and not report.dates:
        print(f"bench: {options.data} holds no set that is known here", file=sys.stderr)
        return 2
    if options.json:
        print(json.dumps(report.table(), ensure_ascii=False, indent=1))
    else:
        show(report)
    return 0


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="scripts/bench recall")
    options.add_argument("--data", type=Path, required=True, metavar="DIR", help="MemoryBank or LoCoMo files, labelled")
    options.add_argument("--policy", nargs="+", choices=(*RANKINGS, "all"), default=[OURS], help="who recalls")
    options.add_argument("--only", nargs="+", metavar="SET", default=[], help="memorybank, locomo, changes, dates")
    options.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="a setting of the memory")
    options.add_argument("--json", action="store_true", help="one JSON object")
    options.add_argument("--quick", action="store_true", help=f"{QUICK_LIVES} lives of each set")
    answers.options(options)
    options.add_argument("--harder", action="store_true", help="also what thinking harder finds, with the model's help")
    return options


async def measure(options: argparse.Namespace, settings: Settings) -> Report:
    policies = list(RANKINGS) if "all" in options.policy else list(dict.fromkeys(options.policy))
    told = [each for each in sets.read(options.data) if not options.only or each.source in options.only]
    if options.quick:
        told = [each for _, lives in _alike(told) for each in lives[:QUICK_LIVES]]
    report = Report()
    meanings = KeptMeanings()
    for (source, language), lives in _alike(told):
        await of_set(source, language, lives, policies, Bench(meanings, settings), report)
    if not options.only or "changes" in options.only:
        between = sets.memory_bank(options.data)
        await of_changes(sets.changes(options.data), between, policies, Bench(meanings, settings), report)
    if not options.only or "dates" in options.only:
        report.dates = of_dates(sets.date_cases(options.data))
    if options.answers or options.harder:
        await of_mind(told, policies, options, Bench(meanings, settings), report)
    return report


def _alike(told: Sequence[Told]) -> Iterator[tuple[tuple[str, str], list[Told]]]:
    for key, lives in itertools.groupby(told, key=lambda each: (each.source, each.language)):
        yield key, list(lives)


@dataclass(frozen=True, slots=True)
class Bench:
    """What every life is made with."""

    meanings: KeptMeanings
    settings: Settings

    @asynccontextmanager
    async def life(self, talks: Sequence[Talk], clock: FakeClock) -> AsyncGenerator[Life]:
        """A life that was told all of this, by the clock that shows when it is asked."""
        with tempfile.TemporaryDirectory() as folder:
            async with (
                Worker("memory") as worker,
                Life.open(
                    Path(folder),
                    worker=worker,
                    embedder=lambda: self.meanings,
                    clock=clock,
                    settings=self.settings,
                    sound=sound,
                ) as life,
            ):
                await life.take_in(Foreign(tuple(talks)))
                yield life


# Turns, sessions, languages.


async def of_set(
    source: str, language: str, lives: Sequence[Told], policies: Sequence[str], bench: Bench, report: Report
) -> None:
    other = "en" if language == "zh" else "zh"
    made = {
        (policy, asked): Score(policy, source, language, asked) for policy in policies for asked in (language, other)
    }
    taken: dict[str, list[float]] = {policy: [] for policy in policies}
    unasked: list[bool] = []
    claimed: list[bool] = []
    kept: list[bool] = []
    for n, told in enumerate(lives):
        print(f"bench: {source} {told.name}", file=sys.stderr, flush=True)
        clock = FakeClock(told.asked)
        async with bench.life(told.talks, clock) as life:
            if WITHOUT_ITS_MODEL in policies:
                await _extract(life)
            for policy in policies:
                for question in (*told.questions, *told.others):
                    labels = await _labels(life, told, policy, question)
                    made[policy, question.language].found.append((question, labels))
                taken[policy] += await _times(life, told, policy, bench, most=-(-TIMED // len(lives)))
            if OURS in policies:
                strangers = lives[(n + 1) % len(lives)].questions[:STRANGE] if len(lives) > 1 else ()
                unasked += [await _is_put_forward(life, told, question) for question in told.questions]
                claimed += [bool(await _certain(life, question)) for question in strangers]
                clock.passed += SILENCE.total_seconds()
                kept += await _found_again(life, told)
    report.scores += [each for each in made.values() if each.found]
    report.times += [spread(f"{source} {language}: {policy}", taken[policy], "ms") for policy in policies]
    if unasked:
        rates = {"right": scores.percent(unasked), "claimed": scores.percent(claimed)}
        report.trust[f"{source} {language}"] = rates
        report.after_a_year[f"{source} {language}"] = scores.percent(kept)


async def _extract(life: Life) -> None:
    """Write the recursive memory of this life without a language model."""
    now = life.today()
    await life.run(lambda store: store.notes.replace("recursive", now, recursive.extracted(store.all_turns())))


async def _labels(life: Life, told: Told, policy: str, question: Question) -> tuple[str, ...]:
    found = await RANKINGS[policy](life, question.text)
    return tuple(told.labels[number - 1] for number in found[:MOST])


async def _times(life: Life, told: Told, policy: str, bench: Bench, *, most: int) -> list[float]:
    taken = []
    with bench.meanings.anew():
        for question in told.questions[:most]:
            began = time.perf_counter()
            await RANKINGS[policy](life, question.text)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


async def _is_put_forward(life: Life, told: Told, question: Question) -> bool:
    found = await life.recall(question.text)
    return bool({told.labels[each.ref - 1] for each in found if each.kind == "turn"} & question.evidence)


async def _certain(life: Life, question: Question) -> bool:
    """Whether anything is surely remembered; what was said on a day, or first of all, may be asked of any life."""
    if occasions.find(question.text):
        return False
    if dates.find(question.text, life.today().date()):
        return any(each.score >= recall.SURE for each in await life.search(question.text))
    return bool(await life.recall(question.text))


async def _found_again(life: Life, told: Told) -> list[bool]:
    """Of each turn that answers a question: whether it comes back, asked for with its own words."""
    await life.tidy()
    wanted = frozenset[str]().union(*(question.evidence for question in told.questions))
    turns = [each for each in await life.all_turns() if told.labels[each.id - 1] in wanted]
    return [each.id in (await _ours(life, each.heard))[:FOUND_AGAIN] for each in turns]


# Facts that changed.


async def of_changes(
    cases: Sequence[Change], told: Sequence[Told], policies: Sequence[str], bench: Bench, report: Report
) -> None:
    """All facts of a language are told to one life, among other talk, and later what took their place."""
    for language in sorted({case.language for case in cases}):
        mine = [case for case in cases if case.language == language]
        talks, asked = story(mine, next((each for each in told if each.language == language), None))
        texts = [f"{heard}\n{said}".strip() for talk in talks for _, heard, said in talk.turns]
        async with bench.life(talks, FakeClock(asked)) as life:
            if WITHOUT_ITS_MODEL in policies:
                await _extract(life)
            for policy in policies:

                async def found(question: str, rank: Ranking = RANKINGS[policy]) -> list[str]:
                    return [texts[number - 1] for number in await rank(life, question)]  # noqa: B023

                answers = [(case, await found(case.now), await found(case.past)) for case in mine]
                report.changes.append(scores.change_score(policy, language, answers))


def story(cases: Sequence[Change], other: Told | None) -> tuple[list[Talk], datetime]:
    """A day for each fact, the talk of somebody between, a day for each change; and when it is asked."""
    olds = [_talk(CHANGES_BEGIN + n * timedelta(days=1), case.old) for n, case in enumerate(cases)]
    middle = olds[-1].began + timedelta(days=1)
    between = [_moved(talk, middle - other.talks[0].began) for talk in other.talks] if other else []
    began = max(olds[-1].began, between[-1].ended if between else olds[-1].began) + LATER
    news = [_talk(began + n * timedelta(days=1), case.new) for n, case in enumerate(cases)]
    return [*olds, *between, *news], news[-1].began + timedelta(days=7)


def _talk(when: datetime, text: str) -> Talk:
    return Talk(when, when, ((when, text, ""),))


def _moved(talk: Talk, by: timedelta) -> Talk:
    turns = tuple((when + by, heard, said) for when, heard, said in talk.turns)
    return Talk(talk.began + by, talk.ended + by, turns)


# Dates.


def of_dates(cases: Sequence[sets.DateCase]) -> dict[str, object]:
    """How many are exactly right; those that name no day must be seen to name none."""
    right = {case: _exact(case) for case in cases}
    none = [case for case in cases if case.first is None]
    return {
        "cases": len(cases),
        "exact": sum(right.values()),
        "without_a_date": len(none),
        "seen_as_none": sum(right[case] for case in none),
        "wrong": [case.text for case in cases if not right[case]],
    }


def _exact(case: sets.DateCase) -> bool:
    span = dates.find(case.text, case.today)
    return (span.first, span.last) == (case.first, case.last) if span else case.first is None


# With the language model.


async def of_mind(
    told: Sequence[Told], policies: Sequence[str], options: argparse.Namespace, bench: Bench, report: Report
) -> None:
    """What a language model makes of it; by those policies with which a life can run."""

    def open_life(one: Told, settings: Settings = bench.settings) -> AbstractAsyncContextManager[Life]:
        return Bench(bench.meanings, settings).life(one.talks, FakeClock(one.asked))

    async with answers.open_mind(options.profile) as mind:
        if options.harder:
            report.hops = await hops.measure(told, mind.model, open_life)
        if options.answers:
            running = [each for each in policies if each in POLICIES]
            chosen = answers.sample(told, options.questions)
            report.answers = await answers.measure(chosen, running, mind, bench.settings, open_life)


# The report.


def show(report: Report) -> None:
    console = Console(width=170)
    if report.scores:
        console.print(_table("recall, percent", [each.table() for each in report.scores]))
    if report.changes:
        console.print(_table("changed facts, percent", [dataclasses.asdict(each) for each in report.changes]))
    if report.trust:
        rows = [{"set": name, **rates} for name, rates in report.trust.items()]
        console.print(_table("put before the model unasked, percent of questions", rows))
    if report.after_a_year:
        rows = [{"set": name, "found again": rate} for name, rate in report.after_a_year.items()]
        console.print(_table("after a year of silence, percent", rows))
    if report.dates:
        console.print("dates:", json.dumps(report.dates, ensure_ascii=False))
    if report.hops:
        console.print(_table("where several turns are needed, percent", [each.table() for each in report.hops]))
    if report.answers:
        console.print(_table("spoken answers, percent right", [each.table() for each in report.answers]))
    if report.times:
        rows = [{"what": each.name, "median": each.value, "p95": each.p95, "n": each.note} for each in report.times]
        console.print(_table("time, ms, with the meaning of the question", rows))


def _table(title: str, rows: Sequence[dict[str, object]]) -> Table:
    shown = Table(*rows[0], title=title)
    for row in rows:
        shown.add_row(*(_cell(value) for value in row.values()))
    return shown


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())

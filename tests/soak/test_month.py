"""Weeks of a life with the small model: nights without power, a clock set back, another zone, talk at midnight."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from digital_life.backends.e5 import E5
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.config import Llm, Memory, Persona
from digital_life.memory.foreign import exchange, language_of
from digital_life.memory.life import SUMMARY_SENTENCES, Life
from digital_life.memory.records import CONCEPTS
from digital_life.memory.wishes import MemoryWishes
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.being import Being
from digital_life.talking.prompting import Budget, Prompting
from digital_life.talking.writing import Writing
from digital_life.values import Transcript
from digital_life.worker import Worker

DAYS = int(os.environ.get("DIGITAL_LIFE_DAYS", "12"))
"""All that can happen has happened by then; 30 take eleven minutes."""
TURNS = 2
BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
REST = timedelta(hours=7)


@dataclass
class Calendar:
    """A clock whose time is set by the test."""

    at: datetime = BEGAN

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def talks(data_dir: Path) -> Iterator[list[str]]:
    """What the users of MemoryBank said, a few lines a talk, English and Chinese in turn."""
    said = []
    for name in ("en", "cn"):
        people = json.loads((data_dir / "memory" / f"memory_bank_{name}.json").read_text(encoding="utf-8"))
        days = [day for person in people.values() for day in person["history"].values()]
        said.append([[exchange(turn)[0] for turn in day[1 : 1 + TURNS]] for day in days])
    for pair in zip(*said, strict=False):
        yield from pair


def plan() -> Iterator[tuple[datetime, bool]]:
    """When each talk begins, and whether the night after it passes with the power on."""
    for day in range(DAYS):
        morning = BEGAN + timedelta(days=day)
        zone = CHINA if day >= DAYS // 2 else UTC
        if day == 5:
            morning = morning.replace(hour=23, minute=59)  # past midnight
        if day == 8:
            morning -= timedelta(days=2)  # the clock was set back
        yield morning.astimezone(zone), day % 4 != 3
        if day % 10 == 6:
            yield (morning + timedelta(hours=10)).astimezone(zone), True


async def test_every_talk_has_its_diary_and_nothing_is_told_twice(
    data_dir: Path, models_dir: Path, tmp_path: Path
) -> None:
    clock = Calendar()
    said = talks(data_dir)
    held = 0
    prompts = []
    file = models_dir / "qwen2.5-coder-0.5b-instruct" / "model.gguf"
    settings = Llm(context=3072, reply_tokens=24, temperature=0.0)
    async with (
        Worker("model") as thinking,
        Worker("memory") as worker,
        Life.open(tmp_path, worker=worker, embedder=E5, clock=clock, settings=Memory(), names=["Jarvis"]) as life,
    ):
        model = await LlamaCpp.open(file, worker=thinking, settings=settings)
        life.use(model)
        prompting = Prompting(
            persona=Persona(), clock=clock, budget=Budget.of(3072, reply=24), tokens=model.tokens, calls=""
        )
        being = Being("Jarvis", prompting, memory=life, diaries=None, tools=None, wishes=[MemoryWishes(life)])
        answering = Answering(model=model, saying=Writing(lambda _piece: None), clock=clock, beings=being)
        for began, powered in plan():
            clock.at = began
            for line in next(said):
                answering.begin()
                heard = Transcript(line, language_of(line), 1.0)
                await answering.answer(Asked.typed(heard, 0.0), started=lambda: None)
                clock.at += timedelta(minutes=2)
            held += 1
            standing = await life.standing()
            prompts.append(sum(map(len, (*standing.soul, *standing.love))))
            clock.at += REST
            if powered:
                await life.rest(model)
                await life.tidy()
        clock.at += REST
        await life.rest(model)
        assert await life.rest(model) == []
        diaries = await life.diaries()
        turns = await life.all_turns()
        concepts = [await life.concept(kind) for kind in CONCEPTS]
    assert len(turns) == held * TURNS
    assert Counter(page.conversation for page in diaries) == Counter({turn.conversation: 1 for turn in turns})
    began_at: dict[int, datetime] = {}
    for turn in turns:
        began_at.setdefault(turn.conversation, turn.began)
    assert all(page.day == began_at[page.conversation].date() for page in diaries)
    of = {turn.id: turn.conversation for turn in turns}
    for page in diaries:
        assert {of[number] for each in page.sentences for number in each.sources} == {page.conversation}
    assert all(len(concept.sentences) <= SUMMARY_SENTENCES for concept in concepts if concept)
    assert max(prompts) < 2 * SUMMARY_SENTENCES * 220

"""What a language model is asked to do in a process of its own: the phases of `scripts/bench llm`."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psutil

from digital_life import config, words
from digital_life.backends import llama_cpp
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.memory.foreign import exchange
from digital_life.memory.recall import excerpt
from digital_life.talking import prompt
from digital_life.talking.spoken.languages import begins_in
from digital_life.values import Language, Message, Recall, Role, Standing
from digital_life.worker import Worker

DATA = Path(os.environ.get("DIGITAL_LIFE_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
QUESTIONS: dict[Language, tuple[str, ...]] = {
    "en": ("What is the capital of France?", "How do bees make honey?", "Tell me about the sea."),
    "zh": ("法国的首都是哪里？", "蜜蜂是怎么酿蜜的？", "跟我说说大海吧。"),
}
READ_TOKENS = 600
WRITTEN_TOKENS = 64
COMPARED_TIMES = 5
ASKED = 6
"""Questions about what is remembered, in each language."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured."""

    file: Path
    settings: config.Llm


@dataclass(frozen=True, slots=True)
class Started:
    """A start, the first words after it, and talk."""

    load_s: float
    tokens: int
    """Of the prompt of the first question."""
    first_token_s: float
    warm_ms: tuple[float, ...]
    """First tokens of questions whose prompt was read in advance."""


@dataclass(frozen=True, slots=True)
class Read:
    """Tokens a second, and megabytes."""

    reading: tuple[float, ...]
    writing: tuple[float, ...]
    memory: float
    """Resident, of the process."""
    gpu_memory: float
    """Of all programs, more than before it was loaded; 0 where there is no graphics processor."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """The speed of writing with guesses, over that without."""

    ratios: tuple[float, ...]
    """Answer by answer."""
    in_all: float


def start(subject: Subject, kept_in: Path) -> Started:
    """Load it, ask at once, and talk on; what lasts of the prompts is kept in the folder."""
    return asyncio.run(_start(subject, kept_in))


async def _start(subject: Subject, kept_in: Path) -> Started:
    began = time.monotonic()
    async with Worker("model") as worker:
        model = await LlamaCpp.open(subject.file, worker=worker, settings=subject.settings, kept_in=kept_in)
        load_s = time.monotonic() - began
        asked = (*_before("en"), _question("en", QUESTIONS["en"][0]))
        first_token_s = await _first_token_s(model, "en", asked)
        warm = []
        for language, questions in QUESTIONS.items():
            await model.keep(language, _before(language))
            for each in questions:
                await model.prepare((*_before(language), _question(language, "")))
                seconds = await _first_token_s(model, language, (*_before(language), _question(language, each)))
                warm.append(seconds * 1000)
        return Started(load_s, sum(model.tokens(each.text) for each in asked), first_token_s, tuple(warm))


def speeds(subject: Subject, times: int) -> Read:
    """How fast it reads what is new and writes, and the memory that takes."""
    return asyncio.run(_speeds(subject, times))


async def _speeds(subject: Subject, times: int) -> Read:
    before = _gpu_megabytes()
    async with Worker("model") as worker:
        model = await _open(subject, worker)
        paces = [await _pace(model, n) for n in range(times)]
        reading, writing = zip(*paces, strict=True)
        return Read(reading, writing, psutil.Process().memory_info().rss / 1e6, _gpu_megabytes() - before)


def memory_mb(subject: Subject) -> float:
    """Resident, after it has read and written."""
    return speeds(subject, 1).memory


def compared(subject: Subject, other: Subject) -> tuple[float, float]:
    """How fast the other reads and writes, over how fast this one does: the best of some turns, side by side."""
    return asyncio.run(_compared(subject, other))


async def _compared(*subjects: Subject) -> tuple[float, float]:
    async with Worker("one") as one, Worker("other") as other:
        models = [await _open(subject, worker) for subject, worker in zip(subjects, (one, other), strict=True)]
        paces = [[await _pace(model, n) for model in models] for n in range(COMPARED_TIMES)]
    (reading, writing), (other_reading, other_writing) = [
        [max(each) for each in zip(*side, strict=True)] for side in zip(*paces, strict=True)
    ]
    return other_reading / reading, other_writing / writing


async def _open(subject: Subject, worker: Worker) -> LlamaCpp:
    settings = msgspec.structs.replace(subject.settings, temperature=0.0, reply_tokens=WRITTEN_TOKENS)
    return await LlamaCpp.open(subject.file, worker=worker, settings=settings)


async def _pace(model: LlamaCpp, number: int) -> tuple[float, float]:
    """Tokens a second that it reads, of what it never read before, and writes."""
    text = _long_text(model, number)
    began = time.monotonic()
    await model.prepare((Message(Role.USER, text),))
    reading = model.tokens(text) / (time.monotonic() - began)
    written = await _written(model, "en", (*_before("en"), _question("en", QUESTIONS["en"][2])))
    return reading, written.speed


def drafted(subject: Subject, draft: int, *, recalled: bool) -> Drafted:
    """The same questions with and without guesses, in turn."""
    return asyncio.run(_drafted(subject, draft, list(_recalled() if recalled else _plain())))


async def _drafted(subject: Subject, draft: int, asked: Sequence[tuple[Language, str]]) -> Drafted:
    each_draft = [
        replace(subject, settings=msgspec.structs.replace(subject.settings, draft=tokens)) for tokens in (0, draft)
    ]
    async with Worker("plain") as one, Worker("drafting") as other:
        models = [await _open(each, worker) for each, worker in zip(each_draft, (one, other), strict=True)]
        pairs = []
        for language, question in asked:
            prompted = (*_before(language), _question(language, question))
            without, guessed = [await _written(each, language, prompted) for each in models]
            if min(without.tokens, guessed.tokens) > 1:
                pairs.append((without, guessed))
    speeds = [
        sum(each.tokens for each in side) / sum(each.seconds for each in side) for side in zip(*pairs, strict=True)
    ]
    return Drafted(tuple(guessed.speed / without.speed for without, guessed in pairs), speeds[1] / speeds[0])


@dataclass(frozen=True, slots=True)
class _Written:
    tokens: int
    """Behind the first."""
    seconds: float

    @property
    def speed(self) -> float:
        return self.tokens / self.seconds


async def _written(model: LlamaCpp, language: Language, messages: Sequence[Message]) -> _Written:
    pieces: list[str] = []
    began = ended = time.monotonic()
    async for piece in model.reply(messages, may_begin=lambda text: begins_in(text, language)):
        ended = time.monotonic()
        began = began if pieces else ended
        pieces.append(piece)
    return _Written(model.tokens("".join(pieces[1:])), max(ended - began, 1e-6))


async def _first_token_s(model: LlamaCpp, language: Language, messages: Sequence[Message]) -> float:
    began = time.monotonic()
    async with aclosing(model.reply(messages, may_begin=lambda text: begins_in(text, language))) as pieces:
        await anext(pieces)
    return time.monotonic() - began


def _before(language: Language) -> tuple[Message, ...]:
    """What stands before every question, as in the daemon."""
    text = words.load(language)
    return (prompt.system(config.Persona(), Standing(), text, calls="recall"), *prompt.examples(text, calls="recall"))


def _question(language: Language, asked: str) -> Message:
    return Message(Role.USER, prompt.note(NOW, words.load(language)) + "\n" + asked)


def _long_text(model: LlamaCpp, number: int) -> str:
    """Of READ_TOKENS, and like no other from its first word on."""
    text = f"{number}. " + " ".join(each.text for each in _before("en"))
    return text[: len(text) * READ_TOKENS // max(READ_TOKENS, model.tokens(text))]


def _plain() -> Iterator[tuple[Language, str]]:
    for language, questions in QUESTIONS.items():
        yield from ((language, each) for each in questions)


def _recalled() -> Iterator[tuple[Language, str]]:
    """Questions of MemoryBank's simulated users, with what holds the answer before them."""
    evidence = json.loads((DATA / "memory" / "memorybank_evidence.json").read_text(encoding="utf-8"))
    languages: dict[Language, str] = {"en": "en", "zh": "cn"}
    for language, name in languages.items():
        people = json.loads((DATA / "memory" / f"memory_bank_{name}.json").read_text(encoding="utf-8"))
        asked = [each for each in evidence[name] if each["evidence"] and each["user"] in people]
        for each in asked[:: max(1, len(asked) // ASKED)][:ASKED]:
            found = [_recall(people[each["user"]]["history"], place, each["question"]) for place in each["evidence"]]
            yield language, prompt.recalled(found, words.load(language)) + each["question"]


def _recall(history: dict[str, list[object]], place: str, question: str) -> Recall:
    day, _, number = place.rpartition("_")
    text = excerpt(" ".join(exchange(history[day][int(number)])), question)
    return Recall("turn", 1, datetime.fromisoformat(day).replace(tzinfo=UTC), text, 1.0)


def _gpu_megabytes() -> float:
    if not (llama_cpp.supports_gpu() and shutil.which("nvidia-smi")):
        return 0.0
    query = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
    told = subprocess.run(query, check=True, capture_output=True, text=True).stdout
    return sum(map(float, told.split()))

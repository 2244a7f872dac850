"""`scripts/bench load [--writers N]`: one speaks while many write, over pages and MQTT, to the daemon and a real model.

Who speaks is timed alone and beside the others in the same run: the ratio is what the others cost.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psutil
from crowd import TOPICS, Answered, Page, Writer, crowd, waited_s
from daemon_process import IDLE, PROGRAM, Daemon, daemon, spoken
from soundcard import SoundCard

from benches import report
from benches.figures import Figure, percentile, spread
from benches.voice import DATA, progress
from fakes.mosquitto import Mosquitto, free_port

WRITERS = 20
QUICK_WRITERS = 6
LINES = 2
ALONE = 4
"""Questions that are spoken while nobody writes, after the first, which is cold."""
SPOKEN = "What is the capital of France?"
STARTS_S = 600.0
"""By far enough to read the first prompts on a busy machine."""
SPOKEN_S = 90.0
"""Who spoke and has no answer by then was not heard, or not understood."""
NOTICED_S = 4.0
"""Who waits for 3 s is told; a busy machine takes a moment to say so."""
LATER = 1.5
"""So many times as late as alone who speaks may be answered; one who writes keeps the model for a moment."""
REPLY_TOKENS = 40
MEGABYTE = 1_000_000
TOPICS_OF_TALK = (
    "tea", "rain", "bread", "the moon", "bicycles", "cats", "music", "snow", "apples", "the sea",
    "trains", "bees", "paper", "salt", "clocks", "birds", "rivers", "wool", "stars", "glass",
)  # fmt: skip


@dataclass
class Load:
    """What was seen."""

    alone_ms: list[float] = field(default_factory=list)
    beside_ms: list[float] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    wanted: int = 0
    """Lines that were written."""
    unheard: int = 0
    """Questions that were spoken in vain."""
    untold: int = 0
    """Lines that waited, and whose writer was not told so."""
    took_s: float = 0.0
    """From the first line to the last answer."""
    grown_mb: float = 0.0
    resident_mb: float = 0.0


async def measure(profile: str, *, quick: bool, writers: int | None = None) -> list[Figure]:
    home = Path(tempfile.mkdtemp())
    question = _question(home)
    load, web = Load(), free_port()
    with SoundCard() as card, Mosquitto(settings=["max_queued_messages 0"]) as broker:
        settings = (
            f"models.profile={profile}",
            f"llm.reply_tokens={REPLY_TOKENS}",
            f"web.port={web}",
            "mqtt.enabled=true",
            f"mqtt.name={TOPICS.name}",
            f"mqtt.port={broker.port}",
            "conversation.follow_up_s=0",
        )
        async with daemon(card.environment, home / "home", *settings) as it:
            await it.until(IDLE, wait_s=STARTS_S)
            many = writers or (QUICK_WRITERS if quick else WRITERS)
            async with crowd(web, broker.port, pages=many - many // 2 + 1, askers=many // 2) as everybody:
                observer, *pages = everybody.pages
                await _alone(load, card, question, observer)
                await _beside(load, it, card, question, observer, (*pages, *everybody.askers))
            await it.stop()
    return figures(load)


def _question(folder: Path) -> Path:
    """A wake word and a question, as one recording."""
    asked = folder / "question.wav"
    subprocess.run([str(PROGRAM), "--set", "models.profile=small", "say", SPOKEN, "--out", str(asked)], check=True)
    return spoken(folder / "spoken.wav", DATA / "speech" / "hey_jarvis.wav", 0.6, asked, 0.5)


async def _alone(load: Load, card: SoundCard, question: Path, observer: Page) -> None:
    progress("who speaks, alone")
    await _speak(load, card, question, observer, into=[])
    for _ in range(ALONE):
        await _speak(load, card, question, observer, into=load.alone_ms)


async def _beside(
    load: Load, it: Daemon, card: SoundCard, question: Path, observer: Page, writers: Sequence[Writer]
) -> None:
    progress(f"{len(writers)} write")
    process = psutil.Process(it.pid)
    before = process.memory_info().rss
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        writing = [
            tasks.create_task(_write(load, n, each), name=f"bench.{each.name}") for n, each in enumerate(writers)
        ]
        tasks.create_task(_speak_between(load, card, question, observer, writing), name="bench.speak")
    load.took_s = time.monotonic() - began
    load.untold = sum(waited_s(each, observer) > NOTICED_S and not each.notices for each in load.answered)
    load.resident_mb = process.memory_info().rss / MEGABYTE
    load.grown_mb = load.resident_mb - before / MEGABYTE


async def _write(load: Load, number: int, writer: Writer) -> None:
    for line in range(LINES):
        load.wanted += 1
        topic = TOPICS_OF_TALK[(number + line) % len(TOPICS_OF_TALK)]
        with suppress(TimeoutError):  # then it has no answer
            load.answered.append(await writer.write(f"Tell me one thing about {topic}, says {writer.name}."))


async def _speak_between(
    load: Load, card: SoundCard, question: Path, observer: Page, writing: Sequence[asyncio.Task[None]]
) -> None:
    """At once, and again after each few answers, until nobody writes any more."""
    while not all(each.done() for each in writing):
        await _speak(load, card, question, observer, into=load.beside_ms)
        answered = len(load.answered)
        while len(load.answered) < answered + 4 and not all(each.done() for each in writing):  # noqa: ASYNC110 - of two
            await asyncio.sleep(0.1)


async def _speak(load: Load, card: SoundCard, question: Path, observer: Page, *, into: list[float]) -> None:
    """Milliseconds from the last sound of the question to the first of the answer."""
    since = len(observer.told)
    await asyncio.to_thread(card.play, question)
    try:
        async with asyncio.timeout(SPOKEN_S):
            into.append(await _first_audio(observer, since))
    except TimeoutError:
        load.unheard += 1


async def _first_audio(observer: Page, since: int) -> float:
    while True:
        turn = await observer.until("turn", since=since, written=False)
        times = turn["timings"]
        if times["endpoint"] is not None and times["first_audio"] is not None:
            return float(times["first_audio"])
        since = observer.told.index(turn, since) + 1


def figures(load: Load) -> list[Figure]:
    alone, beside = statistics.median(load.alone_ms), statistics.median(load.beside_ms)
    waited = [each.seconds for each in load.answered]
    return [
        spread("who speaks, alone", load.alone_ms, "ms"),
        spread("who speaks, while others write", load.beside_ms, "ms"),
        Figure("… so many times as late", beside / alone, "", budget=LATER),
        Figure("answers to what was written", 60 * len(waited) / load.took_s, "a minute", note=f"n={len(waited)}"),
        Figure("a written line waits, in the middle", statistics.median(waited), "s", percentile(waited, 0.95)),
        Figure("… the longest", max(waited), "s"),
        Figure("lines without an answer", load.wanted - len(waited), "", budget=0),
        Figure("answers that were spoken over", sum(each.cut for each in load.answered), ""),
        Figure("questions that were spoken and not answered", load.unheard, "", budget=0),
        Figure("lines that waited and were not told so", load.untold, "", budget=0),
        Figure("memory of the daemon in the end", load.resident_mb, "MB"),
        Figure("… more than before", load.grown_mb, "MB"),
    ]


def main() -> int:
    options = report.parser("load")
    options.add_argument("--writers", type=int, help="how many write: the half of them over MQTT")
    chosen = options.parse_args()
    found = asyncio.run(partial(measure, writers=chosen.writers)(chosen.profile, quick=chosen.quick))
    report.show(found, title="load", as_json=chosen.json)
    return int(chosen.check and not all(figure.within for figure in found))


if __name__ == "__main__":
    sys.exit(main())

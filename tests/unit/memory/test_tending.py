"""What the memory does while nobody talks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from digital_life.config import Memory as Settings
from digital_life.errors import AwayError
from digital_life.memory.life import Life
from digital_life.memory.tending import POSTPONED_MOST_S, POSTPONED_S, QUIET_S, Tending
from digital_life.ports import Writer
from digital_life.values import DiaryWritten, Language, Message, Reply, State, Timings, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.writer import FakeWriter, diligent


class Prompting:
    def __init__(self) -> None:
        self.to_summarise = 0
        self.prepared: list[str] = []
        self.written: list[DiaryWritten] = []

    def note(self, page: DiaryWritten) -> None:
        self.written.append(page)
        self.prepared.append("written")

    async def prepare(self) -> None:
        self.prepared.append("last")

    async def prepare_in(self, language: Language) -> None:
        self.prepared.append(language)


@asynccontextmanager
async def tended(home: Path, writer: Writer) -> AsyncGenerator[tuple[Life, FakeClock, Prompting, Tending]]:
    clock, prompting = FakeClock(), Prompting()
    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=Settings()) as life,
        asyncio.TaskGroup() as tasks,
    ):
        tending = Tending(
            lambda: life,
            writer=writer,
            clock=clock,
            prompting=prompting,
            languages=("en", "zh"),
            tell=prompting.note,
        )
        running = tasks.create_task(tending.run())
        yield life, clock, prompting, tending
        running.cancel()


async def tell(life: Life, clock: FakeClock, heard: str) -> int:
    return await life.remember(Turn(1, clock.now(), None, Transcript(heard, "en", 1.0), Reply("I see."), Timings()))


async def until(holds: object) -> None:
    async with asyncio.timeout(5):
        while not (holds() if callable(holds) else holds):
            await asyncio.sleep(0.001)


async def test_a_conversation_that_was_ended_gets_its_diary_in_the_quiet(tmp_path: Path) -> None:
    async with tended(tmp_path, FakeWriter(diligent)) as (life, clock, prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.THINKING)
        before = clock.passed
        await until(lambda: clock.passed > before + 2 * QUIET_S)
        assert await life.diaries() == []
        tending.hear(State.IDLE)
        async with asyncio.timeout(5):
            while not await life.diaries():
                await asyncio.sleep(0.001)
        await until(lambda: prompting.prepared == ["last", "en", "zh", "written", "last", "en", "zh"])


async def test_a_diary_that_was_asked_for_waits_for_no_long_silence_and_others_are_told(tmp_path: Path) -> None:
    async with tended(tmp_path, FakeWriter(diligent)) as (life, clock, prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.THINKING)
        tending.hurry()
        await until(lambda: clock.passed > 2 * QUIET_S)
        assert await life.diaries() == []
        tending.hear(State.IDLE)
        await until(lambda: bool(prompting.written))
        assert prompting.prepared[0] == "written"  # before anything that waits for a silence
        (page,) = await life.diaries()
        assert prompting.written[0].day == page.day
        assert prompting.written[0].sentences == tuple(each.text for each in page.sentences)


async def test_for_another_persona_the_prompts_are_prepared_anew(tmp_path: Path) -> None:
    async with tended(tmp_path, FakeWriter(diligent)) as (_life, _clock, prompting, tending):
        tending.hear(State.IDLE)
        await until(lambda: len(prompting.prepared) == 3)
        tending.refresh()
        await until(lambda: prompting.prepared == ["last", "en", "zh"] * 2)


async def test_talk_in_both_languages_is_prepared_for_after_each_talk_and_not_again_in_the_quiet(
    tmp_path: Path,
) -> None:
    async with tended(tmp_path, FakeWriter(diligent)) as (_life, clock, prompting, tending):
        tending.hear(State.IDLE)
        await until(lambda: len(prompting.prepared) == 3)
        before = clock.passed
        await until(lambda: clock.passed > before + 5 * QUIET_S)
        assert prompting.prepared == ["last", "en", "zh"]
        tending.hear(State.THINKING)
        tending.hear(State.IDLE)
        await until(lambda: prompting.prepared == ["last", "en", "zh"] * 2)


async def test_who_speaks_stops_it_at_once_and_it_is_done_later(tmp_path: Path) -> None:
    writer = FakeWriter(diligent)
    writer.held = asyncio.Event()
    async with tended(tmp_path, writer) as (life, clock, _prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.IDLE)
        await until(lambda: bool(writer.asked))
        tending.hear(State.LISTENING)
        writer.held.set()
        before = clock.passed
        await until(lambda: clock.passed > before + 2 * QUIET_S)
        assert await life.diaries() == []
        tending.hear(State.IDLE)
        async with asyncio.timeout(5):
            while not await life.diaries():
                await asyncio.sleep(0.001)


async def test_a_crowded_prompt_has_its_older_half_summarised(tmp_path: Path) -> None:
    async with tended(tmp_path, FakeWriter(diligent)) as (life, clock, prompting, tending):
        numbers = [await tell(life, clock, f"My friend number {n} is called Name{n}.") for n in range(4)]
        prompting.to_summarise = numbers[1]
        tending.hear(State.IDLE)
        async with asyncio.timeout(5):
            while not await life.summary():
                await asyncio.sleep(0.001)
        assert [each.turn for each in (await life.standing()).said] == numbers[2:]


class Away(FakeWriter):
    """A language server that is away until the test has it back."""

    away = True

    async def compose(self, messages: Sequence[Message], *, grammar: str, tokens: int, temperature: float = 0.0) -> str:
        if self.away:
            self.asked.append("in vain")
            raise AwayError("server-busy", address="http://brain/v1")
        return await super().compose(messages, grammar=grammar, tokens=tokens, temperature=temperature)


async def test_a_diary_waits_for_a_server_that_has_no_time_and_is_whole_in_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Away(diligent)
    async with tended(tmp_path, writer) as (life, clock, _prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.IDLE)
        await until(lambda: "diary waits" in caplog.text)
        postponed, asked = clock.passed, len(writer.asked)
        await until(lambda: clock.passed > postponed + POSTPONED_S / 2)
        assert len(writer.asked) == asked
        writer.away = False
        async with asyncio.timeout(5):
            while not await life.diaries():
                await asyncio.sleep(0.001)
        (page,) = await life.diaries()
        assert not page.extract


async def test_a_diary_does_not_wait_for_ever(tmp_path: Path) -> None:
    writer = Away(diligent)
    async with tended(tmp_path, writer) as (life, clock, _prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.IDLE)
        async with asyncio.timeout(60):
            while not await life.diaries():
                await asyncio.sleep(0.01)
        assert clock.passed > POSTPONED_MOST_S
        (page,) = await life.diaries()
        assert page.extract


async def test_who_speaks_stops_the_waiting_for_a_server_too(tmp_path: Path) -> None:
    writer = Away(diligent)
    async with tended(tmp_path, writer) as (life, clock, _prompting, tending):
        await tell(life, clock, "My cat is black.")
        await life.end_conversation()
        tending.hear(State.IDLE)
        await until(lambda: len(writer.asked) > 2)
        tending.hear(State.LISTENING)
        await asyncio.sleep(0)
        asked, before = len(writer.asked), clock.passed
        await until(lambda: clock.passed > before + POSTPONED_S)
        assert len(writer.asked) <= asked + 1

"""What it says unasked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from digital_life.errors import SoundError
from digital_life.talking.quiet import QuietHours
from digital_life.talking.session import Earcons, Habits, Session
from digital_life.values import Language, NothingSaid, Speech, SpeechStarted, SpeechSustained, State
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import HABITS, Room, room

TONE = Speech(b"\0\0" * 100, 1_000)
EARCONS = Earcons(woken=TONE, thinking=TONE, muted=TONE, unmuted=TONE, ringing=TONE)


@dataclass
class Announced:
    """A room, and the announcement under way in it."""

    room: Room
    task: asyncio.Task[bool]
    acknowledged: list[bool] = field(default_factory=list)

    async def until(self, holds: Callable[[], bool]) -> None:
        await self.room.until(holds)

    async def is_said(self) -> bool:
        async with asyncio.timeout(5):
            return await self.task


@asynccontextmanager
async def announced(
    *hears: str | None,
    language: Language = "en",
    habits: Habits = HABITS,
    model: FakeLanguageModel | None = None,
    typed: AsyncIterator[str] | None = None,
    holds: bool = False,
) -> AsyncGenerator[Announced]:
    stt = FakeSpeechToText(*hears, language=language)
    async with room(stt, model or FakeLanguageModel("Well."), habits, typed=typed) as it, asyncio.TaskGroup() as tasks:
        it.loudspeaker.hold = holds
        acknowledged: list[bool] = []
        task = tasks.create_task(
            it.session.announce("Call Ada.", "en", ring=True, acknowledged=lambda: acknowledged.append(True))
        )
        yield Announced(it, task, acknowledged)
        task.cancel()


async def test_it_rings_speaks_and_listens_without_a_wake_word() -> None:
    async with announced(habits=replace(HABITS, earcons=EARCONS)) as it:
        assert await it.is_said()
        assert it.room.loudspeaker.played == 2
        assert it.room.states == [State.IDLE, State.SPEAKING, State.LISTENING]
        assert it.room.ears.follow_ups == [HABITS.answer_wait_s]
        assert it.room.turns == []
        it.room.ears.hear(NothingSaid(0))
        await it.until(lambda: it.room.states[-1] is State.IDLE)
        assert not it.acknowledged


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "OK."),
        ("en", "Stop!"),
        ("en", "Thank you."),
        ("en", "I'm awake."),
        ("zh", "好的。"),
        ("zh", "知道了。"),
        ("zh", "停！"),
        ("zh", "我起来了。"),
        ("zh", "谢谢你。"),
    ],
)
async def test_a_sign_that_it_was_heard_ends_it_and_is_not_answered(language: Language, said: str) -> None:
    async with announced(said, language=language) as it:
        assert await it.is_said()
        it.room.ears.pause()
        it.room.ears.speak()
        await it.until(lambda: bool(it.acknowledged))
        await it.until(lambda: it.room.states[-1] is State.IDLE)
        assert it.room.turns == []
        assert it.room.model.prompts == []


async def test_a_sign_while_it_speaks_silences_it() -> None:
    async with announced("Okay.", holds=True) as it:
        await it.room.loudspeaker.holding.wait()
        it.room.ears.hear(SpeechStarted(1))
        it.room.ears.hear(SpeechSustained(2))
        it.room.ears.speak()
        assert not await it.is_said()
        await it.until(lambda: it.room.states[-1] is State.IDLE)
        assert it.acknowledged == [True]
        assert it.room.turns == []


async def test_the_wake_word_silences_the_tone_and_tells_that_it_was_heard() -> None:
    async with announced("What is it?", habits=replace(HABITS, earcons=EARCONS), holds=True) as it:
        await it.room.loudspeaker.holding.wait()
        it.room.loudspeaker.hold = False
        it.room.ears.wake()
        assert not await it.is_said()
        assert it.acknowledged == [True]
        it.room.ears.speak()
        await it.until(lambda: bool(it.room.turns))
        assert it.acknowledged == [True]


async def test_the_wake_word_tells_it_also_minutes_later() -> None:
    async with announced("What is it?") as it:
        await it.is_said()
        it.room.ears.hear(NothingSaid(0))
        await it.until(lambda: it.room.states[-1] is State.IDLE)
        it.room.ears.wake()
        await it.until(lambda: it.acknowledged == [True])


async def test_another_answer_is_answered_and_is_no_sign() -> None:
    async with announced("What is the time?", model=FakeLanguageModel("Noon.")) as it:
        await it.is_said()
        it.room.ears.speak()
        await it.until(lambda: bool(it.room.turns))
        assert it.room.turns[0].reply.said == "Noon."
        assert not it.acknowledged


async def test_a_typed_line_tells_that_it_was_heard() -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()

    async def typed() -> AsyncGenerator[str]:
        while True:
            yield await lines.get()

    async with announced(typed=typed()) as it:
        await it.is_said()
        lines.put_nowait("thanks")
        await it.until(lambda: it.acknowledged == [True])
        assert it.room.turns == []
        lines.put_nowait("thanks")
        await it.until(lambda: bool(it.room.turns))
        assert it.acknowledged == [True]


async def test_it_waits_until_the_answer_under_way_has_ended() -> None:
    model = FakeLanguageModel("Here it is.")
    model.held = asyncio.Event()
    async with room(FakeSpeechToText("Tell me."), model) as it, asyncio.TaskGroup() as tasks:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: model.running)
        announcing = tasks.create_task(it.session.announce("Call Ada.", "en", ring=False))
        for _ in range(50):
            await asyncio.sleep(0)
        assert State.SPEAKING not in it.states
        model.held.set()
        await it.until(lambda: bool(it.turns))
        assert not it.turns[0].reply.interrupted
        await it.until(lambda: it.states[-1] is State.LISTENING)
        assert not announcing.done()
        it.ears.hear(NothingSaid(0))
        assert await announcing


async def test_in_quiet_hours_it_speaks_softly() -> None:
    always = QuietHours.parse("00:00-23:59", volume=0.3)
    async with announced(habits=replace(HABITS, quiet=always)) as it:
        await it.is_said()
        assert set(it.room.loudspeaker.levels) == {0.3}


async def test_muted_it_speaks_and_does_not_listen() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        it.mute.on = True
        await it.until(lambda: it.states[-1:] == [State.MUTED])
        assert await it.session.announce("Call Ada.", "en", ring=False)
        assert it.states[-1] is State.MUTED
        assert it.ears.follow_ups == []


async def test_a_talk_that_stays_open_is_interrupted_where_nobody_speaks_and_goes_on() -> None:
    long, none = HABITS.open_silence_s, 0.0
    said = FakeSpeechToText("Let's talk.", "Thank you.", "Where were we?")
    async with room(said, FakeLanguageModel("In Rome.")) as it, asyncio.TaskGroup() as tasks:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.ears.follow_ups == [long])
        announcing = tasks.create_task(it.session.announce("Call Ada.", "en", ring=False, acknowledged=lambda: None))
        await it.until(lambda: it.ears.follow_ups[-1] == none)  # it listens no longer
        it.ears.hear(NothingSaid(2))
        assert await announcing
        assert it.ears.follow_ups[-1] == long
        listened = len(it.ears.follow_ups)
        it.ears.speak()
        await it.until(lambda: len(it.ears.follow_ups) > listened)
        assert it.ears.follow_ups[-1] == long
        it.ears.speak()
        await it.until(lambda: [each.reply.said for each in it.turns[1:]] == ["In Rome."])


async def test_nobody_is_cut_short_who_has_begun_to_speak() -> None:
    async with room(FakeSpeechToText("Hello.", "And you?"), FakeLanguageModel("Hi.", "Fine.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.ears.follow_ups == [HABITS.follow_up_s])
        it.ears.hear(SpeechStarted(1))
        for _ in range(5):
            await asyncio.sleep(0)
        async with asyncio.TaskGroup() as tasks:
            announcing = tasks.create_task(it.session.announce("Call Ada.", "en", ring=False))
            for _ in range(50):
                await asyncio.sleep(0)
            assert it.ears.follow_ups == [HABITS.follow_up_s]
            it.ears.speak()
            await it.until(lambda: len(it.turns) == 2)
            it.ears.hear(NothingSaid(2))
            assert await announcing


async def test_what_is_given_up_is_silent_at_once() -> None:
    async with announced(holds=True) as it:
        await it.room.loudspeaker.holding.wait()
        it.task.cancel()
        await it.until(it.task.done)
        assert it.room.session.state is State.IDLE


async def test_what_could_not_be_played_was_not_heard() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        it.loudspeaker.lost = SoundError("microphone-lost", device="fake")
        assert not await it.session.announce("Call Ada.", "en", ring=False)
        assert it.session.is_unheard
        assert it.session.state is State.IDLE
        it.loudspeaker.lost = None
        assert await it.session.announce("Call Ada.", "en", ring=False)
        assert not it.session.is_unheard


async def test_what_rings_while_it_ends_is_not_begun() -> None:
    """A timer that rang as the program was stopped, with something still to end, made it end with an error."""
    ending, over = asyncio.Event(), asyncio.Event()

    async def typed() -> AsyncIterator[str]:
        try:
            yield await asyncio.get_running_loop().create_future()
        finally:
            ending.set()
            await over.wait()

    async def ring(session: Session) -> bool:
        await ending.wait()
        try:
            return await session.announce("Call Ada.", "en", ring=True)
        finally:
            over.set()

    async with (
        asyncio.TaskGroup() as tasks,
        room(FakeSpeechToText(), FakeLanguageModel("Well."), typed=typed()) as it,
    ):
        ringing = tasks.create_task(ring(it.session))
        await it.until(lambda: it.states == [State.IDLE])
    assert ringing.cancelled()
    assert it.loudspeaker.played == 0

"""What is due is heard in the room: the agenda, the session and the ears together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from digital_life.agenda.agenda import Agenda
from digital_life.agenda.tools import tools
from digital_life.config import Agenda as Settings
from digital_life.rooms.calling import Calling
from digital_life.talking.session import Earcons
from digital_life.values import Entry, EntryKind, EntryState, Language, NothingSaid, Speech, State
from fakes.agenda import FakeAgendaFile, ToolWishes
from fakes.clock import HandClock
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import HABITS, Room, room

TONE = Speech(b"\0\0" * 100, 1_000)
EARCONS = Earcons(woken=TONE, thinking=TONE, muted=TONE, unmuted=TONE, ringing=TONE)
SETTINGS = Settings(again_after_s=60, again_most=2)


@dataclass
class Home:
    room: Room
    file: FakeAgendaFile
    clock: HandClock
    """Of the agenda; the talk has its own."""

    @property
    def rung(self) -> int:
        """How often it spoke."""
        return self.room.states.count(State.SPEAKING)

    async def nobody_answers(self) -> None:
        await self.room.until(lambda: self.room.states[-1] is State.LISTENING)
        self.room.ears.hear(NothingSaid(0))
        await self.room.until(lambda: self.room.states[-1] is State.IDLE)


@asynccontextmanager
async def home(*hears: str, language: Language = "en", empty: bool = False) -> AsyncGenerator[Home]:
    clock = HandClock()
    pills = Entry(EntryKind.REMINDER, clock.now() + timedelta(minutes=1), language, "take the pills")
    file = FakeAgendaFile(*([] if empty else [pills]))
    agenda = Agenda(file, clock=clock, settings=SETTINGS, quiet=lambda _now: False)
    stt = FakeSpeechToText(*hears, language=language)
    habits = replace(HABITS, earcons=EARCONS)
    wishes = [ToolWishes(tools(agenda, file, clock))]
    async with room(stt, FakeLanguageModel("I see."), habits, wishes=wishes) as it, asyncio.TaskGroup() as tasks:
        await it.until(lambda: it.states == [State.IDLE])
        it.broadcast.subscribe(agenda.hear)
        running = tasks.create_task(agenda.run(Calling({"": it.session}, clock=clock)))
        yield Home(it, file, clock)
        running.cancel()


@pytest.mark.parametrize(("language", "said"), [("en", "OK, thank you."), ("zh", "好的。")])
async def test_it_is_heard_and_acknowledged_by_voice(language: Language, said: str) -> None:
    async with home(said, language=language) as it:
        await it.clock.let_pass(60)
        await it.room.until(lambda: it.rung == 1)
        await it.room.until(lambda: it.room.states[-1] is State.LISTENING)
        it.room.ears.speak()
        await it.room.until(lambda: it.file.kept == {})
        await it.clock.let_pass(600)
        assert it.rung == 1
        assert it.room.turns == []


async def test_what_nobody_acknowledges_is_heard_again_and_told_after_the_next_answer() -> None:
    async with home("Good morning to you all.") as it:
        await it.clock.let_pass(60)
        await it.nobody_answers()
        await it.clock.let_pass(60)
        await it.nobody_answers()
        await it.clock.let_pass(600)
        assert it.rung == SETTINGS.again_most
        assert [each.state for each in it.file.kept.values()] == [EntryState.MISSED]
        it.room.ears.wake()
        it.room.ears.speak()
        await it.room.until(lambda: bool(it.room.turns))
        await it.nobody_answers()
        await it.room.until(lambda: it.file.kept == {})


async def test_the_wake_word_minutes_later_ends_it() -> None:
    async with home("What is the time?") as it:
        await it.clock.let_pass(60)
        await it.nobody_answers()
        it.room.ears.wake()
        await it.room.until(lambda: it.file.kept == {})


async def test_it_waits_for_the_end_of_what_is_said() -> None:
    async with home("Tell me a story.") as it:
        it.room.loudspeaker.hold = True
        it.room.ears.wake()
        it.room.ears.speak()
        await it.room.loudspeaker.holding.wait()
        await it.clock.let_pass(120)
        assert it.room.turns == []
        assert it.rung == 1
        it.room.loudspeaker.hold = False
        it.room.loudspeaker.stop()
        await it.room.until(lambda: bool(it.room.turns))
        assert it.rung == 1
        await it.nobody_answers()
        await it.room.until(lambda: it.rung == 2)


@pytest.mark.parametrize(
    ("language", "wish", "confirmed", "more", "snoozed", "thanks"),
    [
        (
            "en",
            "Remind me in one minute to call my mother.",
            "I will remind you in 1 minute: call your mother.",
            "Ten more minutes.",
            "Good, I will ring again in 10 minutes.",
            "Thank you.",
        ),
        (
            "zh",
            "一分钟后提醒我给我妈打电话。",
            "好的，1分钟后提醒你：给你妈打电话。",
            "再等十分钟。",
            "好的，10分钟后再叫你。",
            "好的，知道了。",
        ),
    ],
)
async def test_by_voice_alone_it_is_set_snoozed_and_thanked_for(
    language: Language, wish: str, confirmed: str, more: str, snoozed: str, thanks: str
) -> None:
    async with home(wish, more, thanks, language=language, empty=True) as it:
        it.room.ears.wake()
        it.room.ears.speak()
        await it.room.until(lambda: [each.reply.said for each in it.room.turns] == [confirmed])
        await it.nobody_answers()
        await it.clock.let_pass(60)
        await it.room.until(lambda: it.room.states[-1] is State.LISTENING)
        it.room.ears.speak()
        await it.room.until(lambda: [each.reply.said for each in it.room.turns] == [confirmed, snoozed])
        await it.nobody_answers()
        rung = it.rung
        await it.clock.let_pass(590)
        assert it.rung == rung
        await it.clock.let_pass(20)
        await it.room.until(lambda: it.rung == rung + 1 and it.room.states[-1] is State.LISTENING)
        it.room.ears.speak()
        await it.room.until(lambda: it.file.kept == {})
        assert it.room.model.prompts == []

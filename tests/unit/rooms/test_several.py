"""What is said across rooms: what rings, what is for everybody, and a talk that moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from digital_life.agenda.agenda import Agenda
from digital_life.agenda.tools import tools
from digital_life.backends.pinyin import sound
from digital_life.broadcast import Event, InRoom
from digital_life.config import Agenda as Settings
from digital_life.errors import SoundError
from digital_life.ports import Wishes
from digital_life.rooms.calling import Calling
from digital_life.rooms.house import House
from digital_life.rooms.whereabouts import LATELY_S
from digital_life.talking.moving import MoveRequests
from digital_life.values import Announced, EntryState, Language, NothingSaid, SpeechStarted, State, Transcript
from fakes.agenda import FakeAgendaFile, ToolWishes
from fakes.clock import HandClock
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import HABITS, Room, room

SETTINGS = Settings(again_after_s=60, again_most=3)


@dataclass
class Home:
    """The room of this machine, and the kitchen."""

    here: Room
    kitchen: Room
    house: House
    agenda: Agenda
    file: FakeAgendaFile
    clock: HandClock
    """Of the house and its agenda; each talk has its own."""
    moved: list[tuple[str, str]] = field(default_factory=list)

    async def hears(self, it: Room) -> None:
        """The wake word and what the recogniser of this room is to hear next."""
        before = len(it.turns)
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.turns) > before and it.session.state is State.LISTENING)
        it.ears.hear(NothingSaid(0))
        await it.until(lambda: it.session.state is State.IDLE)

    async def loses_kitchen(self) -> None:
        self.kitchen.ears.is_gone = True
        self.kitchen.ears.lose_microphone()
        await self.kitchen.until(lambda: self.kitchen.session.is_away)

    async def somebody_talks(self, it: Room) -> None:
        it.ears.wake()
        it.ears.hear(SpeechStarted(0))
        await it.until(lambda: it.session.state is State.LISTENING)
        await self.settles()

    async def settles(self) -> None:
        for _ in range(100):
            await asyncio.sleep(0)


def said(text: str) -> Transcript:
    return Transcript(text, "en", 1.0)


def announced(it: Room) -> list[str]:
    return [event.text for event in it.events if isinstance(event, Announced)]


@asynccontextmanager
async def home(
    here: tuple[str, ...] = (), kitchen: tuple[str, ...] = (), *, language: Language = "en", answers: str = "I see."
) -> AsyncGenerator[Home]:
    clock, file = HandClock(), FakeAgendaFile()
    agenda = Agenda(file, clock=clock, settings=SETTINGS, quiet=lambda _now: False)
    house = House.of(clock)
    moves = MoveRequests(house.moving, called={"living room": "", "kitchen": "kitchen"}, sound=sound)
    wishes: list[Wishes] = [moves, ToolWishes(tools(agenda, file, clock))]
    habits = replace(HABITS, language=language)
    model = FakeLanguageModel(answers)
    async with (
        room(FakeSpeechToText(*here, language=language), model, habits, wishes=wishes) as this,
        room(FakeSpeechToText(*kitchen, language=language), model, habits, beside=this, name="kitchen") as other,
        asyncio.TaskGroup() as tasks,
    ):
        house.rooms.update({"": this.session, "kitchen": other.session})
        it = Home(this, other, house, agenda, file, clock)

        def tell(event: Event) -> None:
            house.hear(InRoom("kitchen", event))
            agenda.hear(InRoom("kitchen", event))

        for each in (house.hear, agenda.hear):
            this.broadcast.subscribe(each)
        other.broadcast.subscribe(tell)
        await other.until(lambda: {this.session.state, other.session.state} == {State.IDLE})
        running = tasks.create_task(agenda.run(house.calling))
        async with house.at_work(lambda room, to: it.moved.append((room, to))):
            yield it
        running.cancel()


# What rings.


async def test_a_timer_rings_in_the_room_where_it_was_set() -> None:
    async with home(kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        assert [each.room for each in it.file.kept.values()] == ["kitchen"]
        await it.clock.let_pass(20 * 60)
        await it.kitchen.until(lambda: bool(announced(it.kitchen)))
        assert not announced(it.here)


async def test_it_rings_where_somebody_spoke_in_the_meantime() -> None:
    async with home(here=("Hello.",), kitchen=("Set a timer for five minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.hears(it.here)
        await it.clock.let_pass(5 * 60)
        await it.here.until(lambda: bool(announced(it.here)))
        assert not announced(it.kitchen)


async def test_who_spoke_elsewhere_long_ago_is_not_looked_for_there() -> None:
    async with home(here=("Hello.",), kitchen=("Set a timer for half an hour.",)) as it:
        await it.hears(it.kitchen)
        await it.hears(it.here)
        assert LATELY_S < 30 * 60
        await it.clock.let_pass(30 * 60)
        await it.kitchen.until(lambda: bool(announced(it.kitchen)))
        assert not announced(it.here)


async def test_a_room_that_is_away_is_not_waited_for() -> None:
    async with home(kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.loses_kitchen()
        await it.clock.let_pass(20 * 60)
        await it.here.until(lambda: bool(announced(it.here)))
        assert not announced(it.kitchen)


async def test_where_somebody_talks_in_every_room_an_end_is_waited_for() -> None:
    async with home() as it, asyncio.TaskGroup() as tasks:
        calling = Calling(it.house.rooms, clock=it.clock, busy_s=0.02)
        await it.somebody_talks(it.kitchen)
        await it.somebody_talks(it.here)
        calling.hear(InRoom("kitchen", it.kitchen.ears.wake()))
        saying = tasks.create_task(calling.announce("Call Ada.", "en", ring=False))
        await asyncio.wait((saying,), timeout=0.1)
        assert not saying.done()
        it.kitchen.ears.hear(NothingSaid(0))
        assert await saying
        assert announced(it.kitchen) == ["Call Ada."]


async def test_a_room_where_somebody_talks_all_the_time_is_not_waited_for() -> None:
    async with home() as it:
        calling = Calling(it.house.rooms, clock=it.clock, busy_s=0.05)
        await it.somebody_talks(it.kitchen)
        await calling.free(room="kitchen")
        assert await calling.announce("Call Ada.", "en", ring=False, room="kitchen")
        assert announced(it.here) == ["Call Ada."]
        assert not announced(it.kitchen)


async def test_what_cannot_be_played_in_the_room_is_said_in_another() -> None:
    async with home(kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        it.kitchen.loudspeaker.lost = SoundError("microphone-lost", device="kitchen")
        await it.clock.let_pass(20 * 60)
        await it.here.until(lambda: it.here.states[-1] is State.LISTENING)
        assert announced(it.kitchen) == announced(it.here) != []
        assert it.kitchen.session.state is State.IDLE


async def test_what_nobody_hears_rings_the_second_time_in_another_room_too() -> None:
    async with home(kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.clock.let_pass(20 * 60)
        await it.kitchen.until(lambda: it.kitchen.states[-1] is State.LISTENING)
        it.kitchen.ears.hear(NothingSaid(0))
        assert not announced(it.here)
        await it.clock.let_pass(60)
        await it.here.until(lambda: bool(announced(it.here)))
        assert len(announced(it.kitchen)) == 2


@pytest.mark.parametrize(("said", "language"), [("Stop.", "en"), ("Thank you.", "en"), ("知道了。", "zh")])
async def test_a_sign_in_another_room_after_the_wake_word_settles_it(said: str, language: Language) -> None:
    asks = "Set a timer for twenty minutes." if language == "en" else "定一个二十分钟的计时器"
    async with home(here=(said,), kitchen=(asks,), language=language) as it:
        await it.hears(it.kitchen)
        it.kitchen.loudspeaker.hold = True
        await it.clock.let_pass(20 * 60)
        await it.kitchen.loudspeaker.holding.wait()
        it.here.ears.wake()
        it.here.ears.speak()
        await it.kitchen.until(lambda: it.kitchen.session.state is State.IDLE)
        await it.settles()
        assert not it.file.kept
        assert not it.here.turns


async def test_other_talk_in_another_room_settles_nothing() -> None:
    async with home(here=("How are you?",), kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.clock.let_pass(20 * 60)
        await it.kitchen.until(lambda: bool(announced(it.kitchen)))
        await it.hears(it.here)
        assert [each.state for each in it.file.kept.values()] == [EntryState.RINGING]


async def test_the_wake_word_where_it_rings_silences_it_everywhere_and_is_listened_to() -> None:
    async with home(kitchen=("Set a timer for twenty minutes.", "How are you?")) as it:
        await it.hears(it.kitchen)
        await it.clock.let_pass(20 * 60)
        await it.kitchen.until(lambda: it.kitchen.states[-1] is State.LISTENING)
        it.kitchen.ears.hear(NothingSaid(0))
        it.here.loudspeaker.hold = it.kitchen.loudspeaker.hold = True
        await it.clock.let_pass(60)
        await it.here.loudspeaker.holding.wait()
        it.kitchen.ears.wake()
        await it.here.until(lambda: it.here.session.state is State.IDLE)
        await it.kitchen.until(lambda: it.kitchen.session.state is State.LISTENING)
        await it.settles()
        assert not it.file.kept


async def test_a_timer_is_cancelled_from_any_room() -> None:
    async with home(here=("Cancel the timer.",), kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.hears(it.here)
        assert not it.file.kept


async def test_what_rings_is_snoozed_from_another_room() -> None:
    async with home(here=("Snooze.",), kitchen=("Set a timer for twenty minutes.",)) as it:
        await it.hears(it.kitchen)
        await it.clock.let_pass(20 * 60)
        await it.kitchen.until(lambda: bool(announced(it.kitchen)))
        await it.hears(it.here)
        assert [each.state for each in it.file.kept.values()] == [EntryState.WAITING]


async def test_what_is_to_be_set_when_is_answered_where_it_was_asked() -> None:
    file, clock = FakeAgendaFile(), HandClock()
    agenda = Agenda(file, clock=clock, settings=SETTINGS, quiet=lambda _now: False)
    (reminder, *_) = tools(agenda, file, clock)
    assert reminder.awaits
    asked = replace(said("Remind me to call Ada."), room="kitchen")
    await reminder.run(asked, action="set", what="call Ada")
    assert reminder.awaits(replace(said("at noon"), room="")) is None
    assert reminder.awaits(replace(said("at noon"), room="kitchen")) is not None


# What is for everybody.


async def test_what_is_for_everybody_is_heard_in_all_rooms_but_one() -> None:
    async with home() as it:
        assert it.house.everywhere.tell("Dinner is ready.", "en", but="kitchen") == ("",)
        await it.here.until(lambda: announced(it.here) == ["Dinner is ready."])
        assert not announced(it.kitchen)


async def test_others_announce_in_all_rooms_and_in_one_where_somebody_speaks_after_that() -> None:
    async with home(kitchen=("How are you?",)) as it:
        it.kitchen.loudspeaker.hold = True
        it.kitchen.ears.wake()
        it.kitchen.ears.speak()
        await it.kitchen.loudspeaker.holding.wait()
        saying = asyncio.create_task(it.house.everywhere.announce("The taxi is here.", "en", ring=False))
        await it.here.until(lambda: announced(it.here) == ["The taxi is here."])
        assert not announced(it.kitchen)
        it.kitchen.loudspeaker.hold = False
        it.kitchen.session.interrupt()
        await it.kitchen.session.stop()
        assert await saying
        assert announced(it.kitchen) == ["The taxi is here."]


async def test_where_no_other_room_is_reached_nobody_is_told() -> None:
    async with home() as it:
        await it.loses_kitchen()
        assert not it.house.everywhere.tell("Dinner is ready.", "en", but="")


async def test_stop_stops_everywhere() -> None:
    async with home() as it:
        it.here.loudspeaker.hold = it.kitchen.loudspeaker.hold = True
        saying = asyncio.create_task(it.house.everywhere.announce("A long story.", "en", ring=False))
        await it.here.loudspeaker.holding.wait()
        await it.kitchen.loudspeaker.holding.wait()
        await it.house.everywhere.stop()
        assert not await saying


# A talk that moves.


@pytest.mark.parametrize(
    ("wish", "language", "answer"),
    [
        ("Let's continue in the kitchen.", "en", "All right, I am in the kitchen."),
        ("我们去厨房说。", "zh", "好，我在厨房了。"),
    ],
)
async def test_a_talk_goes_on_in_another_room_without_a_wake_word(wish: str, language: Language, answer: str) -> None:
    async with home(here=(wish,), kitchen=("And then?",), language=language, answers="Then.") as it:
        it.here.ears.wake()
        it.here.ears.speak()
        await it.kitchen.until(lambda: it.kitchen.session.state is State.LISTENING)
        assert [each.reply.said for each in it.here.turns] == [answer]
        assert it.moved == [("", "kitchen")]
        it.kitchen.ears.speak()
        await it.kitchen.until(lambda: bool(it.kitchen.turns))
        assert it.here.ears.follow_ups[-1] == 0.0


async def test_a_talk_stays_where_the_other_room_is_away() -> None:
    async with home(here=("Continue in the kitchen.",)) as it:
        await it.loses_kitchen()
        await it.hears(it.here)
        assert it.here.turns[0].reply.said == "I cannot reach the kitchen just now. Let us stay here."
        assert it.moved == []

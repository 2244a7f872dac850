"""A session with everything around it, all of it told what to do by the test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from digital_life.broadcast import Broadcast, Event
from digital_life.errors import SoundError
from digital_life.ports import SpeakerRecogniser, Wishes
from digital_life.talking.answering import Answering
from digital_life.talking.being import Being
from digital_life.talking.floor import Floor
from digital_life.talking.requests import TalkRequests
from digital_life.talking.session import Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.talking.understanding import Understanding
from digital_life.values import Language, Speech, State, Transcript, Turn, WakeHeard
from fakes.being import being
from fakes.clock import FakeClock
from fakes.ears import FakeEars, FakeEndOfTurn, FakeMute, FakeSpeechToText, FakeWakeNotes
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

HABITS = Habits(answer_wait_s=6.0, follow_up_s=8.0, language="en")
WAKE_WORDS = {"hey_jarvis": "Hey Jarvis"}


class Voice:
    async def synthesize(self, text: str, language: Language) -> Speech:
        del language
        return Speech(b"\0\0" * 100 * len(text), 1_000)


class Loudspeaker:
    """Holds what it plays until `stop`, when it is told to."""

    def __init__(self) -> None:
        self.hold = False
        self.lost: SoundError | None = None
        """Why it plays nothing; None: it does."""
        self.levels: list[float] = []
        self.played = 0
        self.holding = asyncio.Event()
        self._stopped = asyncio.Event()

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
        if self.lost:
            raise self.lost
        self.played += 1
        if started:
            started()
        if self.hold:
            self._stopped.clear()
            self.holding.set()
            await self._stopped.wait()
            return 0.0
        await asyncio.sleep(0)
        return speech.seconds

    def stop(self) -> None:
        self._stopped.set()

    def turn(self, level: float) -> None:
        self.levels.append(level)


@dataclass
class Room:
    """A session with everything around it."""

    ears: FakeEars
    stt: FakeSpeechToText
    model: FakeLanguageModel
    loudspeaker: Loudspeaker
    clock: FakeClock
    session: Session
    mute: FakeMute
    notes: FakeWakeNotes
    broadcast: Broadcast
    memory: FakeMemory
    beings: Being
    floor: Floor
    events: list[Event] = field(default_factory=list)

    @property
    def turns(self) -> list[Turn]:
        return [event for event in self.events if isinstance(event, Turn)]

    @property
    def states(self) -> list[State]:
        return [event for event in self.events if isinstance(event, State)]

    def note(self, event: Event) -> None:
        self.events.append(event)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0)


@asynccontextmanager
async def room(  # noqa: PLR0913 - all that a talk needs, mostly by keyword
    stt: FakeSpeechToText,
    model: FakeLanguageModel,
    habits: Habits = HABITS,
    *,
    typed: AsyncIterator[str] | None = None,
    wishes: Sequence[Wishes] = (),
    awaited: Callable[[Transcript], bool] = lambda _: False,
    beside: Room | None = None,
    name: str = "",
    is_first: Callable[[WakeHeard], bool] = lambda _: True,
    speakers: SpeakerRecogniser | None = None,
) -> AsyncGenerator[Room]:
    """`beside`: another room with the same model, memory and being; then `name` is that of this one."""
    clock, ears, loudspeaker, broadcast = FakeClock(), FakeEars(), Loudspeaker(), Broadcast()
    memory = beside.memory if beside else FakeMemory(clock)
    mute, notes = beside.mute if beside else FakeMute(), FakeWakeNotes(clock)
    beings = (
        beside.beings
        if beside
        else being("Jarvis", model, clock, memory, TalkRequests(notes, wake_words=WAKE_WORDS), *wishes)
    )
    floor = beside.floor if beside else Floor()
    saying = Speaking(voice=Voice(), loudspeaker=loudspeaker)
    answering = Answering(
        model=model,
        saying=saying,
        clock=clock,
        beings=beings,
        room=name,
        floor=floor,
    )
    session = Session(
        ears=ears,
        understanding=Understanding(stt=stt, end_of_turn=FakeEndOfTurn(), wake_words=WAKE_WORDS, speakers=speakers),
        answering=answering,
        saying=saying,
        loudspeaker=loudspeaker,
        clock=clock,
        broadcast=broadcast,
        mute=mute,
        notes=notes,
        habits=habits,
        awaited=awaited,
        room=name,
        is_first=is_first,
    )
    made = Room(ears, stt, model, loudspeaker, clock, session, mute, notes, broadcast, memory, beings, floor)
    broadcast.subscribe(made.note)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(session.run(typed))
        yield made
        running.cancel()

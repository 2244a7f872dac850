"""The first talk is led: it begins by itself, waits, goes on and ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digital_life.backends.pinyin import sound
from digital_life.broadcast import Event
from digital_life.talking import introducing
from digital_life.talking.introducing import Introducing
from digital_life.talking.introduction import Introduction, Topic, begun_again
from digital_life.values import (
    GUEST,
    USER,
    Announced,
    Language,
    Person,
    Reply,
    State,
    Timings,
    Transcript,
    Turn,
    WakeHeard,
    WakeMissed,
    Waking,
)
from fakes.learning import FakeLearning

NEW = begun_again(Introduction(me="Jarvis", phrase="Hey Jarvis", voices={"en": ("joe", "kokoro")}))


class FakeTalk:
    def __init__(self, hear: Callable[[Event], None]) -> None:
        self.announced: list[str] = []
        self.stops = 0
        self.free = asyncio.Event()
        self.free.set()
        self._hear = hear

    async def announce(
        self,
        text: str,
        language: Language,
        *,
        ring: bool,
        acknowledged: Callable[[], None] | None = None,
    ) -> bool:
        assert not ring
        assert acknowledged is None  # else "yes" would only mean that it was heard
        await self.free.wait()
        self.announced.append(text)
        for event in (State.SPEAKING, Announced(text, language), State.LISTENING):
            self._hear(event)
        return True

    async def stop(self) -> None:
        self.stops += 1
        self._hear(State.IDLE)


class Led:
    """An introduction under way, and everything around it."""

    def __init__(self, state: Introduction, *, begins: bool, fails: bool) -> None:
        self.keeping = FakeLearning(fails=fails)
        self.introducing = Introducing(state, self.keeping, sound=sound, begins=begins)
        self.talk = FakeTalk(self.introducing.hear)
        self.heard = True
        """Whether anybody who speaks is."""

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0)

    async def asks(self, what: str) -> None:
        await self.until(lambda: self.talk.announced and what in self.talk.announced[-1])

    async def says(self, text: str, language: Language = "en", person: Person = USER) -> str:
        """What is answered; the whole turn with its states."""
        heard = Transcript(text, language, 0.9, person=person)
        self.states(State.LISTENING, State.THINKING)
        granted = await self.introducing.grant(heard) if self.introducing.concern(heard) else None
        self.states(State.SPEAKING)
        self.introducing.hear(turn(heard))
        self.states(State.LISTENING)
        return granted.text if granted else ""

    def states(self, *states: State) -> None:
        for each in states:
            self.introducing.hear(each)


def turn(heard: Transcript) -> Turn:
    return Turn(1, datetime(2026, 11, 22, tzinfo=UTC), None, heard, Reply("Well."), Timings())


@asynccontextmanager
async def led(state: Introduction = NEW, *, begins: bool = True, fails: bool = False) -> AsyncGenerator[Led]:
    it = Led(state, begins=begins, fails=fails)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(it.introducing.run(it.talk, heard=lambda: it.heard))
        yield it
        running.cancel()


async def test_it_begins_as_soon_as_it_can_hear() -> None:
    async with led() as it:
        await asyncio.sleep(0)
        assert it.talk.announced == []
        it.states(State.IDLE)
        await it.asks("I am Jarvis")


async def test_without_reason_it_says_nothing() -> None:
    async with led(replace(NEW, topics=()), begins=False) as it:
        it.states(State.IDLE)
        await it.says("What time is it?")
        for _ in range(10):
            await asyncio.sleep(0)
        assert it.talk.announced == []


@pytest.mark.parametrize("person", [GUEST, Person("Anna")])
async def test_what_somebody_else_answers_is_not_the_users(person: Person) -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        assert await it.says("English, and my name is Bob.", person=person) == ""
        assert it.keeping.learnt == {}


async def test_answers_are_kept_and_followed_by_the_next_question() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        assert "call you" in await it.says("English.")
        assert "Shall I keep that name" in await it.says("Anna.")
        assert it.keeping.learnt == {Topic.LANGUAGE: "en", Topic.USER: "Anna"}
        assert it.keeping.left[0] is Topic.NAME


async def test_the_second_voice_is_heard_and_given_up_when_it_is_not_chosen() -> None:
    async with led(replace(NEW, topics=(Topic.NAME, Topic.VOICE, Topic.WAKE))) as it:
        it.states(State.IDLE)
        await it.asks("Where were we")
        assert "first one" in await it.says("Keep it.")
        await it.asks("second one")
        assert it.keeping.voices == ["kokoro"]
        await it.says("Skip.")
        assert it.keeping.voices == ["kokoro", "joe"]


async def test_silence_is_asked_into_once_and_then_left() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        for _ in range(8):
            it.states(State.IDLE)
            await asyncio.sleep(0.01)
        assert len(it.talk.announced) <= 4
        assert not it.introducing.state.goes_on


async def test_an_ordinary_question_comes_first_and_then_it_goes_on() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        await it.says("English.")
        assert await it.says("What time is it?") == ""
        await it.asks("Where were we? What may I call you?")


async def test_while_nobody_can_be_heard_it_asks_nothing_and_begins_when_it_can() -> None:
    """A line that is typed in a page, which plays the answer: the talk listens there for a moment."""
    async with led() as it:
        it.heard = False
        it.states(State.DEAF)
        await it.says("What time is it?")
        it.states(State.IDLE, State.DEAF)
        await asyncio.sleep(0.01)
        assert it.talk.announced == []
        it.heard = True
        it.states(State.IDLE)
        await it.asks("I am Jarvis")


async def test_after_several_questions_in_a_row_it_goes_on_once() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        it.talk.free.clear()
        for question in ("What time is it?", "And in Paris?", "Thanks. How old is the moon?"):
            await it.says(question)
            await asyncio.sleep(0.01)
        it.talk.free.set()
        await it.asks("Where were we? What may I call you?")
        await asyncio.sleep(0.01)
        assert len(it.talk.announced) == 2


async def test_who_speaks_before_it_has_begun_is_not_greeted_afterwards() -> None:
    async with led() as it:
        it.states(State.LISTENING)
        await it.says("What time is it?")
        await it.asks("Where were we? What may I call you?")
        it.states(State.IDLE)
        await asyncio.sleep(0.01)
        assert not [each for each in it.talk.announced if "I am Jarvis" in each]


async def test_stop_silences_it_until_somebody_speaks() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        it.states(State.THINKING, State.IDLE)
        await it.until(lambda: not it.introducing.state.goes_on)
        said = len(it.talk.announced)
        it.states(State.LISTENING, State.IDLE)
        await asyncio.sleep(0.01)
        assert len(it.talk.announced) == said


async def test_a_farewell_ends_it_for_now() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        await it.says("English.")
        await it.says("Good night.")
        await it.until(lambda: not it.introducing.state.goes_on)


async def test_the_wake_word_is_listened_for_and_judged() -> None:
    async with led(replace(NEW, topics=(Topic.WAKE,))) as it:
        it.states(State.IDLE)
        await it.until(lambda: it.talk.stops)
        it.introducing.noted(WakeMissed("hey_jarvis", 0.4, 0, 0.6), Waking.NEAR)
        await it.asks("40 percent")
        it.introducing.hear(WakeHeard("hey_jarvis", 0.98, 0, 0.6))
        await it.asks("98 percent")
        assert it.keeping.left == ()


async def test_a_wake_word_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introducing, "WAKE_WAIT_S", 0.01)
    async with led(replace(NEW, topics=(Topic.WAKE,))) as it:
        it.states(State.IDLE)
        await it.asks("did not work yet")
        assert len(it.talk.announced) == 4


async def test_what_cannot_be_kept_is_said() -> None:
    async with led(fails=True) as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        assert "could not write" in await it.says("English.")


async def test_what_the_page_did_is_done_here() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.asks("I am Jarvis")
        await it.introducing.done_elsewhere(Topic.LANGUAGE, {Topic.LANGUAGE: "zh"})
        await it.introducing.done_elsewhere(Topic.USER, {Topic.USER: "小红"})
        assert it.keeping.learnt == {Topic.LANGUAGE: "zh", Topic.USER: "小红"}
        await it.says("几点了？", "zh")
        await it.asks("我们接着来")


async def test_the_page_ends_it_and_begins_it_again() -> None:
    async with led() as it:
        it.introducing.over()
        assert it.keeping.left == ()
        it.introducing.begin_again()
        assert it.keeping.left == tuple(Topic)


async def test_what_is_said_in_another_room_answers_no_question_of_it() -> None:
    async with led() as it:
        it.states(State.IDLE)
        await it.until(lambda: it.talk.announced)
        answer = Transcript("My name is Ada.", "en", 0.9)
        assert it.introducing.concern(answer)
        elsewhere = replace(answer, room="kitchen")
        assert not it.introducing.concern(elsewhere)
        assert await it.introducing.grant(elsewhere) is None

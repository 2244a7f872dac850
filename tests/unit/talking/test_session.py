"""Who speaks when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from digital_life.broadcast import Broadcast, Event
from digital_life.config import Persona
from digital_life.talking.answering import Answering, Rooms
from digital_life.talking.session import LOWERED, RETRY_LAST_S, Habits, Session
from digital_life.talking.speaking import Speaking
from digital_life.values import (
    RATE,
    Language,
    NothingSaid,
    Role,
    Speech,
    SpeechResumed,
    SpeechStarted,
    SpeechSustained,
    State,
    Turn,
)
from fakes.clock import FakeClock
from fakes.ears import FakeEars, FakeSpeechToText
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

HABITS = Habits(answer_wait_s=6.0, follow_up_s=8.0, earcon=None, language="en", wake_phrases=("hey_jarvis",))


class Voice:
    async def synthesize(self, text: str, language: Language) -> Speech:
        del language
        return Speech(b"\0\0" * 100 * len(text), 1_000)


class Loudspeaker:
    """Holds what it plays until `stop`, when it is told to."""

    def __init__(self) -> None:
        self.hold = False
        self.levels: list[float] = []
        self.holding = asyncio.Event()
        self._stopped = asyncio.Event()

    async def play(self, speech: Speech, *, started: Callable[[], None] | None = None) -> float:
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
async def room(
    stt: FakeSpeechToText,
    model: FakeLanguageModel,
    habits: Habits = HABITS,
    typed: AsyncIterator[str] | None = None,
) -> AsyncGenerator[Room]:
    clock, ears, loudspeaker, broadcast = FakeClock(), FakeEars(), Loudspeaker(), Broadcast()
    memory = FakeMemory(clock)
    answering = Answering(
        model=model,
        saying=Speaking(voice=Voice(), loudspeaker=loudspeaker),
        clock=clock,
        persona=Persona(),
        memory=memory,
        diaries=memory,
        wishes=memory,
        rooms=Rooms(dialogue=1_000, known=100),
    )
    session = Session(
        ears=ears,
        stt=stt,
        answering=answering,
        loudspeaker=loudspeaker,
        clock=clock,
        broadcast=broadcast,
        habits=habits,
    )
    made = Room(ears, stt, model, loudspeaker, clock, session)
    broadcast.subscribe(made.note)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(session.run(typed))
        yield made
        running.cancel()


async def test_a_question_after_the_wake_word_is_answered() -> None:
    async with room(FakeSpeechToText("What is the time?"), FakeLanguageModel("It is five past ten.")) as it:
        wake = it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        assert (turn.wake, turn.heard.text, turn.reply.said) == (wake, "What is the time?", "It is five past ten.")
        await it.until(lambda: it.states[-1] is State.LISTENING)
        assert it.states == [State.IDLE, State.LISTENING, State.THINKING, State.SPEAKING, State.LISTENING]
        assert it.ears.follow_ups == [8.0]


async def test_the_wake_word_in_the_same_breath_is_no_part_of_the_question() -> None:
    async with room(FakeSpeechToText("Hey Jarvis, turn on the lamp."), FakeLanguageModel("I would.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].heard.text.lower() == "turn on the lamp."


async def test_after_the_mere_wake_word_it_waits_for_more() -> None:
    async with room(FakeSpeechToText("Hey Jarvis.", "How are you?"), FakeLanguageModel("Well.")) as it:
        wake = it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.ears.follow_ups))
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.ears.follow_ups[0] == HABITS.answer_wait_s
        assert it.turns[0].wake == wake
        assert it.turns[0].heard.text == "How are you?"


async def test_the_wake_word_where_none_was_needed_is_no_part_of_the_question() -> None:
    said = FakeSpeechToText("How are you?", "Hey Jarvis.", "Hey Jarvis, and you?")
    async with room(said, FakeLanguageModel("Well.", "Fine.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.ears.follow_ups) == 1)
        it.ears.speak()
        await it.until(lambda: len(it.ears.follow_ups) == 2)
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 2)
        assert it.turns[1].heard.text == "and you?"


async def test_a_noise_makes_no_turn() -> None:
    async with room(FakeSpeechToText(None), FakeLanguageModel("Nobody asked.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.states[-1:] == [State.IDLE] and State.THINKING in it.states)
        assert it.turns == []


async def test_when_nobody_speaks_after_the_wake_word_it_waits_for_the_next() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        it.ears.wake()
        it.ears.hear(NothingSaid(0))
        await it.until(lambda: it.states == [State.IDLE, State.LISTENING, State.IDLE])


async def test_what_was_transcribed_on_suspicion_is_not_transcribed_again() -> None:
    async with room(FakeSpeechToText("All of it."), FakeLanguageModel("Yes.")) as it:
        it.ears.wake()
        it.ears._position += 16_000
        it.ears.pause()
        it.ears.hear(it.ears._utterance())
        await it.until(lambda: bool(it.turns))
        assert it.stt.asked == 1


async def test_a_suspicion_is_dropped_when_speech_goes_on() -> None:
    async with room(FakeSpeechToText("Half", "Half of it, and the rest."), FakeLanguageModel("Yes.")) as it:
        it.ears.wake()
        it.ears.pause()
        await it.until(lambda: it.stt.asked == 1)
        await asyncio.sleep(0.01)
        it.ears.hear(SpeechResumed(0))
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].heard.text == "Half of it, and the rest."


@pytest.mark.parametrize(("gap_s", "heard"), [(0.9, "Half of it, and the rest."), (3.0, "Half.")])
async def test_who_goes_on_soon_while_it_thinks_is_answered_once_and_as_a_whole(gap_s: float, heard: str) -> None:
    model = FakeLanguageModel("What?", "I see.")
    model.held = asyncio.Event()
    async with room(FakeSpeechToText("Half.", "Half of it, and the rest."), model) as it:
        it.ears.wake()
        first = it.ears.speak()
        await it.until(lambda: it.model.running and State.THINKING in it.states)
        assert it.ears.attentive
        begun = first.speech_ended + int(gap_s * RATE)
        it.ears.hear(SpeechStarted(begun))
        it.ears.hear(SpeechSustained(begun + RATE // 4))
        it.ears.speak()
        await it.until(lambda: it.stt.asked == 2)
        model.held.set()
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        assert (turn.heard.text, turn.number) == (heard, 1)
        assert it.stt.heard_s[-1] == pytest.approx(2.0 if gap_s < 1 else 1.0)


async def test_the_answer_is_ready_before_it_is_certain_that_all_was_said_and_heard_after() -> None:
    async with room(FakeSpeechToText("All of it."), FakeLanguageModel("Yes.")) as it:
        it.ears.wake()
        it.ears._position += 16_000
        it.ears.pause()
        await it.until(lambda: len(it.model.prompts) == 1 and not it.model.running)
        await asyncio.sleep(0.01)
        assert it.turns == []
        assert State.SPEAKING not in it.states
        it.ears.hear(it.ears._utterance())
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].reply.said == "Yes."
        assert len(it.model.prompts) == 1


async def test_what_was_thought_of_half_a_sentence_is_neither_heard_nor_kept() -> None:
    async with room(FakeSpeechToText("Half.", "Half of it."), FakeLanguageModel("What?", "I see.")) as it:
        it.ears.wake()
        it.ears.pause()
        await it.until(lambda: len(it.model.prompts) == 1)
        it.ears.hear(SpeechResumed(0))
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        assert (turn.number, turn.heard.text, turn.reply.said) == (1, "Half of it.", "I see.")
        assert "Half." not in [message.text for message in it.model.prompts[1]]


@pytest.mark.parametrize(("said", "finished"), [("How are you?", True), ("I would like to", False)])
async def test_the_ears_are_told_whether_the_sentence_is_finished(said: str, *, finished: bool) -> None:
    async with room(FakeSpeechToText(said), FakeLanguageModel("Well.")) as it:
        it.ears.wake()
        it.ears.pause()
        await it.until(lambda: it.ears.judged == [finished])


async def test_the_wake_word_interrupts_and_only_what_was_said_is_remembered() -> None:
    stt = FakeSpeechToText("Tell me a story.", "Tell me a joke.")
    async with room(stt, FakeLanguageModel("Once upon a time there was a fox.", "All right.")) as it:
        it.loudspeaker.hold = True
        it.ears.wake()
        it.ears.speak()
        await it.loudspeaker.holding.wait()
        assert it.ears.own_voice
        it.loudspeaker.hold = False
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 2)
        first, second = it.turns
        assert first.reply.interrupted
        assert first.reply.said == ""
        assert first.reply.unsaid
        assert second.heard.text == "Tell me a joke."
        assert [message.role for message in it.model.prompts[1][-2:]] == [Role.USER, Role.USER]


async def test_a_lost_microphone_is_looked_for_with_longer_and_longer_waits() -> None:
    async with room(FakeSpeechToText("Back again?"), FakeLanguageModel("Yes.")) as it:
        for _ in range(8):
            it.ears.lose_microphone()
        await it.until(lambda: it.ears.opened == 9 and it.states[-1] is State.IDLE)
        assert State.DEAF in it.states
        assert it.clock.slept[0] == 1.0
        assert max(it.clock.slept) <= RETRY_LAST_S
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))


async def test_it_answers_what_is_typed_also_while_it_is_deaf() -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()

    async def typed() -> AsyncGenerator[str]:
        while True:
            yield await lines.get()

    async with room(FakeSpeechToText(), FakeLanguageModel("你好。"), typed=typed()) as it:
        it.ears.lose_microphone()
        await it.until(lambda: State.DEAF in it.states)
        lines.put_nowait("你好\n")
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].heard.language == "zh"
        assert it.turns[0].wake is None


async def test_a_model_that_fails_is_followed_by_a_prepared_sentence() -> None:
    async with room(FakeSpeechToText("Hello?"), FakeLanguageModel("Hello there.", fails_after=6)) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert "cannot think" in it.turns[0].reply.said
        assert it.turns[0].reply.said.startswith("Hello ")


async def test_the_dialogue_is_in_the_next_prompt_and_the_prompt_is_read_in_advance() -> None:
    stt = FakeSpeechToText("My name is Ada.", "What is my name?")
    async with room(stt, FakeLanguageModel("Hello Ada.", "Ada.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 1)
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 2)
        said = [message.text for message in it.model.prompts[1]]
        assert any("My name is Ada." in text for text in said)
        assert "Hello Ada." in said
        opening = it.model.prepared[-1]
        assert opening[0] == it.model.prompts[1][0]


async def test_a_recording_that_ends_lets_the_answer_be_finished() -> None:
    ears_said = FakeSpeechToText("Goodbye.")
    async with room(ears_said, FakeLanguageModel("Goodbye to you.")) as it:
        it.ears.wake()
        it.ears.speak()
        it.ears.end()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].reply.said == "Goodbye to you."


async def test_with_no_follow_up_it_waits_for_the_wake_word_again() -> None:
    habits = Habits(answer_wait_s=6.0, follow_up_s=0.0, earcon=None, language="en")
    async with room(FakeSpeechToText("Hello."), FakeLanguageModel("Hi."), habits) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns) and it.states[-1] is State.IDLE)
        assert it.ears.follow_ups == []


@asynccontextmanager
async def speaking(*said: str | None) -> AsyncGenerator[Room]:
    """In the middle of an answer; `said` is what is heard over it."""
    model = FakeLanguageModel("Once upon a time there was a fox.", "All right.")
    async with room(FakeSpeechToText("Tell me a story.", *said), model) as it:
        it.loudspeaker.hold = True
        it.ears.wake()
        it.ears.speak()
        await it.loudspeaker.holding.wait()
        it.loudspeaker.hold = False
        yield it


async def test_it_lowers_its_voice_when_somebody_may_be_speaking_and_goes_on_when_it_was_nothing() -> None:
    async with speaking() as it:
        it.ears.hear(SpeechStarted(0))
        it.ears.hear(NothingSaid(0))
        await it.until(lambda: it.loudspeaker.levels[-2:] == [LOWERED, 1.0])
        assert it.states[-1] is State.SPEAKING
        assert it.turns == []
        it.loudspeaker.stop()


async def speak_over(it: Room) -> None:
    later = 10 * RATE
    it.ears.hear(SpeechStarted(later))
    it.ears.hear(SpeechSustained(later))
    await it.until(lambda: it.loudspeaker.levels[-2:] == [LOWERED, 0.0])
    it.ears.speak()


@pytest.mark.parametrize("said", ["Mm-hmm.", "Yeah, right.", "There was a fox.", None])
async def test_it_waits_while_something_is_said_and_goes_on_when_that_asked_for_nothing(said: str | None) -> None:
    async with speaking(said) as it:
        await speak_over(it)
        await it.until(lambda: it.loudspeaker.levels[-1] == 1.0)
        assert it.states[-1] is State.SPEAKING
        assert it.turns == []
        it.loudspeaker.stop()


async def test_a_microphone_that_is_lost_while_it_waits_for_words_lets_it_speak_on() -> None:
    async with speaking() as it:
        it.ears.hear(SpeechStarted(10 * RATE))
        it.ears.hear(SpeechSustained(10 * RATE))
        it.ears.lose_microphone()
        await it.until(lambda: it.loudspeaker.levels[-3:] == [LOWERED, 0.0, 1.0])
        it.loudspeaker.stop()


async def test_words_over_its_voice_interrupt_it_and_are_answered() -> None:
    async with speaking("What is the time?") as it:
        await speak_over(it)
        await it.until(lambda: len(it.turns) == 2)
        first, second = it.turns
        assert (first.reply.interrupted, first.reply.unsaid) == (True, "Once upon a time there was a fox.")
        assert (second.heard.text, second.reply.said) == ("What is the time?", "All right.")
        assert it.loudspeaker.levels[-1] == 1.0


async def test_who_goes_on_when_the_answer_has_just_begun_is_answered_once_too() -> None:
    said = FakeSpeechToText("Half.", "Half of it, and the rest.")
    async with room(said, FakeLanguageModel("What?", "I see.")) as it:
        it.loudspeaker.hold = True
        it.ears.wake()
        first = it.ears.speak()
        await it.loudspeaker.holding.wait()
        it.loudspeaker.hold = False
        it.ears.hear(SpeechStarted(first.speech_ended + RATE))
        it.ears.hear(SpeechSustained(first.speech_ended + RATE + RATE // 4))
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert [turn.heard.text for turn in it.turns] == ["Half of it, and the rest."]
        assert it.loudspeaker.levels[-1] == 1.0


async def test_told_to_go_on_it_says_the_rest() -> None:
    async with speaking("Stop!", "Go on.") as it:
        await speak_over(it)
        await it.until(lambda: it.states[-1] is State.IDLE)
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 2)
        assert it.turns[1].reply.said == "Once upon a time there was a fox."
        assert len(it.model.prompts) == 1


async def test_told_to_stop_it_is_silent_and_answers_nothing() -> None:
    async with speaking("Stop!") as it:
        await speak_over(it)
        await it.until(lambda: it.states[-1] is State.IDLE)
        (turn,) = it.turns
        assert turn.reply.interrupted
        assert len(it.model.prompts) == 1


async def test_after_a_farewell_it_does_not_listen_on() -> None:
    async with room(FakeSpeechToText("Goodbye."), FakeLanguageModel("Goodbye to you.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns) and it.states[-1] is State.IDLE)
        assert it.turns[0].reply.said == "Goodbye to you."
        assert it.ears.follow_ups == []

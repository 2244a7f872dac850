"""Who speaks when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from digital_life.talking.quiet import QuietHours
from digital_life.talking.session import LOWERED, RETRY_LAST_S, STEADY_S, Earcons
from digital_life.values import (
    RATE,
    NothingSaid,
    Role,
    Speech,
    SpeechResumed,
    SpeechStarted,
    SpeechSustained,
    State,
    Timings,
    WakeMissed,
    Waking,
)
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import HABITS, Room, room


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


async def test_one_that_comes_and_goes_is_told_once_and_left_alone_longer_each_time_until_it_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        for _ in range(7):
            it.ears.lose_microphone()
        await it.until(lambda: it.ears.opened == 8 and it.states[-1] is State.IDLE)
        assert it.clock.slept == [1, 2, 4, 8, 8, 8, 8]
        assert caplog.text.count("trying again") == 1
        it.clock.passed += STEADY_S
        it.ears.lose_microphone()
        await it.until(lambda: it.ears.opened == 9)
        assert it.clock.slept[7:] == [1]
        assert caplog.text.count("trying again") == 2


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
    habits = replace(HABITS, follow_up_s=0.0)
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


async def test_no_thank_you_is_answered_where_a_question_was_asked() -> None:
    stt = FakeSpeechToText("No, thank you.")
    async with room(stt, FakeLanguageModel("As you like."), awaited=lambda heard: "thank" in heard.text) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].reply.said == "As you like."


async def test_after_a_farewell_it_does_not_listen_on() -> None:
    async with room(FakeSpeechToText("Goodbye."), FakeLanguageModel("Goodbye to you.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns) and it.states[-1] is State.IDLE)
        assert it.turns[0].reply.said == "Goodbye to you."
        assert it.ears.follow_ups == []


# Waking.


async def test_a_doubtful_wake_word_counts_when_its_words_are_heard() -> None:
    async with room(FakeSpeechToText("Hey Jarvis."), FakeLanguageModel()) as it:
        wake = it.ears.doubt()
        await it.until(lambda: it.ears.attended == [wake])
        assert it.states[-1] is State.LISTENING


@pytest.mark.parametrize("said", ["A jar of honey.", None])
async def test_a_doubtful_wake_word_does_not_count_when_other_words_are_heard(said: str | None) -> None:
    async with room(FakeSpeechToText(said), FakeLanguageModel()) as it:
        it.ears.doubt()
        await it.until(lambda: [each.waking for each in it.notes.notes] == [Waking.DOUBTED])
        assert it.ears.attended == []
        assert it.states == [State.IDLE]


async def test_a_slow_recogniser_looks_at_what_has_come_meanwhile() -> None:
    async with room(FakeSpeechToText("A jar of", "Hey Jarvis."), FakeLanguageModel()) as it:
        it.ears.doubt(at_once=True)
        await it.until(lambda: it.stt.asked == 1)
        wake = it.ears.doubt()
        await it.until(lambda: it.ears.attended == [wake])
        assert it.stt.asked == 2
        assert it.notes.notes == []


async def test_asked_why_it_woke_it_tells_what_it_heard() -> None:
    said = FakeSpeechToText("Why did you wake up?", "What is the time?", "Why did you wake up?")
    async with room(said, FakeLanguageModel("Ten.")) as it:
        for count in range(1, 4):
            it.ears.wake()
            it.ears.speak()
            await it.until(lambda count=count: len(it.turns) == count)  # type: ignore[misc]
        never, _, why = (turn.reply.said for turn in it.turns)
        assert "Nothing has woken me" in never
        assert "Hey Jarvis" in why
        assert "90 percent" in why


async def test_a_waking_after_which_nobody_spoke_is_noted_as_one() -> None:
    async with room(FakeSpeechToText("Hello."), FakeLanguageModel("Hi.")) as it:
        it.ears.wake()
        it.ears.hear(NothingSaid(0))
        it.ears.wake()
        it.ears.speak()
        it.ears.hear(WakeMissed("hey_jarvis", 0.4, 0, 0.6))
        await it.until(lambda: len(it.notes.notes) == 3)
        assert {each.waking for each in it.notes.notes} == {Waking.VAIN, Waking.ANSWERED, Waking.NEAR}


# Mute.


@asynccontextmanager
async def with_tones(stt: FakeSpeechToText, typed: AsyncIterator[str] | None = None) -> AsyncGenerator[Room]:
    tone = Speech(b"\0\0", 1_000)
    earcons = Earcons(woken=tone, thinking=tone, muted=tone, unmuted=tone, ringing=tone)
    async with room(stt, FakeLanguageModel("Well."), replace(HABITS, earcons=earcons), typed=typed) as it:
        await it.until(lambda: it.states == [State.IDLE])
        yield it


async def test_while_it_is_muted_there_is_no_microphone() -> None:
    async with with_tones(FakeSpeechToText("How are you?")) as it:
        it.mute.on = True
        await it.until(lambda: it.states[-1] is State.MUTED)
        await it.until(lambda: it.ears.closed == 1)
        assert it.ears.opened == 1
        it.mute.on = False
        await it.until(lambda: it.ears.opened == 2 and it.states[-1] is State.IDLE)
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))


async def test_told_to_be_mute_it_says_so_and_hears_no_more() -> None:
    async with with_tones(FakeSpeechToText("Stop listening.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.states[-1] is State.MUTED)
        assert "not listening" in it.turns[0].reply.said
        assert it.mute.on
        assert it.ears.follow_ups == []


async def test_enter_alone_mutes_and_unmutes() -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()

    async def typed() -> AsyncGenerator[str]:
        while True:
            yield await lines.get()

    async with with_tones(FakeSpeechToText(), typed=typed()) as it:
        lines.put_nowait("\n")
        await it.until(lambda: it.states[-1] is State.MUTED)
        lines.put_nowait("Hello")
        await it.until(lambda: bool(it.turns) and it.states[-1] is State.MUTED)
        lines.put_nowait("\n")
        await it.until(lambda: it.states[-1] is State.IDLE)


async def test_who_is_muted_in_the_middle_of_a_sentence_is_not_answered() -> None:
    async with with_tones(FakeSpeechToText("Half a secret.")) as it:
        it.ears.wake()
        it.ears.pause()
        await it.until(lambda: it.model.running or bool(it.model.prompts))
        it.mute.on = True
        await it.until(lambda: it.states[-1] is State.MUTED)
        assert it.turns == []


# A talk that stays open, and quiet hours.


async def test_a_talk_stays_open_until_good_night() -> None:
    said = FakeSpeechToText("Let's talk.", "How are you?", None, "Good night.")
    async with room(said, FakeLanguageModel("Well.", "Night.")) as it:
        it.ears.wake()
        for count in range(1, 5):
            it.ears.speak()
            await it.until(lambda count=count: len(it.ears.follow_ups) == min(count, 3) and it.stt.asked == count)  # type: ignore[misc]
        await it.until(lambda: len(it.turns) == 3 and it.states[-1] is State.IDLE)
        assert it.ears.follow_ups == [HABITS.open_silence_s] * 3


async def test_silence_ends_an_open_talk() -> None:
    async with room(FakeSpeechToText("陪我聊聊天吧。", "你好。", language="zh"), FakeLanguageModel("你好。")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.ears.follow_ups == [HABITS.open_silence_s])
        it.ears.hear(NothingSaid(0))
        await it.until(lambda: it.states[-1] is State.IDLE)
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.ears.follow_ups[-1] == HABITS.follow_up_s)


async def test_in_quiet_hours_its_voice_is_lower() -> None:
    habits = replace(HABITS, quiet=QuietHours.parse("10:00-11:00", volume=0.5))
    async with room(FakeSpeechToText("Hello."), FakeLanguageModel("Hi."), habits) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert set(it.loudspeaker.levels) == {0.5}


async def test_a_sign_of_life_comes_before_an_answer_that_will_be_late() -> None:
    async with with_tones(FakeSpeechToText("One?", "Two?")) as it:
        it.session._patience.learn("en", Timings(first_audio=2000.0))
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.loudspeaker.played == 3  # woken, thinking, the answer

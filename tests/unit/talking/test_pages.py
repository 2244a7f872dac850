"""What a page can do in the talk: type, have it listen, and bring a microphone where there was none."""

from __future__ import annotations

import asyncio

from digital_life.values import NothingSaid, Spoken, State
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import HABITS, room


async def test_a_line_typed_in_a_page_is_answered_aloud() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Well. And you?")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.say("How are you?")
        assert it.session.state is State.THINKING
        await it.until(lambda: bool(it.turns))
        (turn,) = it.turns
        assert (turn.heard.text, turn.heard.remote, turn.reply.said) == ("How are you?", False, "Well. And you?")
        spoken = [event.text for event in it.events if isinstance(event, Spoken)]
        assert "".join(spoken).strip() == "Well. And you?"
        assert it.loudspeaker.played == len(spoken)


async def test_it_listens_without_a_wake_word() -> None:
    async with room(FakeSpeechToText("What is the time?"), FakeLanguageModel("Five past ten.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        assert await it.session.attend(since=0, stays=False)
        assert it.session.state is State.LISTENING
        assert it.ears.follow_ups == [HABITS.open_silence_s]
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].wake is None
        await it.until(lambda: len(it.ears.follow_ups) == 2)
        assert it.ears.follow_ups[1] == HABITS.follow_up_s


async def test_a_talk_that_stays_open_is_listened_to_until_nobody_speaks() -> None:
    async with room(FakeSpeechToText("How are you?"), FakeLanguageModel("Well.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.attend(since=0, stays=True)
        it.ears.speak()
        await it.until(lambda: len(it.ears.follow_ups) == 2)
        assert it.ears.follow_ups[1] == HABITS.open_silence_s
        it.ears.hear(NothingSaid(0))
        await it.until(lambda: it.session.state is State.IDLE)


async def test_who_presses_the_button_interrupts() -> None:
    async with room(FakeSpeechToText("A joke."), FakeLanguageModel("Once upon a time.", "Knock, knock.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        it.loudspeaker.hold = True
        await it.session.say("A story.")
        await it.loudspeaker.holding.wait()
        it.loudspeaker.hold = False
        assert await it.session.attend(since=0, stays=False)
        assert it.turns[0].reply.interrupted
        assert not it.ears.own_voice
        it.ears.speak()
        await it.until(lambda: len(it.turns) == 2)
        assert it.turns[1].heard.text == "A joke."


async def test_who_types_twice_at_once_is_answered_the_last_line() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Once upon a time.", "Knock, knock.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.say("A story.")
        await it.session.say("A joke.")
        await it.until(lambda: len(it.turns) == 2)
        assert [(each.heard.text, each.reply.interrupted) for each in it.turns] == [
            ("A story.", True),
            ("A joke.", False),
        ]


async def test_muted_it_does_not_listen_and_still_answers_what_is_typed() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Well.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        it.mute.on = True
        await it.until(lambda: it.session.state is State.MUTED)
        assert not await it.session.attend(since=0, stays=False)
        assert it.session.state is State.MUTED
        await it.session.say("How are you?")
        await it.until(lambda: bool(it.turns) and it.session.state is State.MUTED)


async def test_a_microphone_that_a_page_brings_is_found_at_once() -> None:
    async with room(FakeSpeechToText("Hello?"), FakeLanguageModel("Hello.")) as it:
        never = asyncio.Event()

        async def sleep(seconds: float) -> None:
            it.clock.slept.append(seconds)
            await never.wait()

        it.clock.sleep = sleep  # type: ignore[method-assign] # its waits do not end
        it.ears.lose_microphone()
        await it.until(lambda: it.session.state is State.DEAF)
        assert it.ears.opened == 1
        assert await it.session.attend(since=0, stays=False)
        assert it.ears.opened == 2
        assert it.session.state is State.LISTENING

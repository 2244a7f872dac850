"""Several rooms over one mind."""

from __future__ import annotations

import asyncio

from digital_life.values import State
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import room


async def test_two_who_ask_at_once_are_both_answered_one_after_the_other() -> None:
    model = FakeLanguageModel("It is ten.", "It rains.")
    model.held = asyncio.Event()
    async with (
        room(FakeSpeechToText("What time is it?"), model) as here,
        room(FakeSpeechToText("How is the weather?"), model, beside=here, name="kitchen") as kitchen,
    ):
        here.ears.wake()
        here.ears.speak()
        await here.until(lambda: model.running)
        kitchen.ears.wake()
        kitchen.ears.speak()
        await kitchen.until(lambda: here.floor.is_awaited)
        assert len(model.prompts) == 1
        model.held.set()
        await kitchen.until(lambda: bool(kitchen.turns))
        await here.until(lambda: bool(here.turns))
        assert [each.reply.said for each in (*here.turns, *kitchen.turns)] == ["It is ten.", "It rains."]
        assert [each.heard.room for each in (*here.turns, *kitchen.turns)] == ["", "kitchen"]
        assert [each.number for each in (*here.turns, *kitchen.turns)] == [1, 2]


async def test_the_next_room_is_thought_about_while_the_answer_is_still_said() -> None:
    model = FakeLanguageModel("It is ten. It is late.", "It rains.")
    async with (
        room(FakeSpeechToText("What time is it?"), model) as here,
        room(FakeSpeechToText("How is the weather?"), model, beside=here, name="kitchen") as kitchen,
    ):
        here.loudspeaker.hold = True
        here.ears.wake()
        here.ears.speak()
        await here.loudspeaker.holding.wait()
        kitchen.ears.wake()
        kitchen.ears.speak()
        await kitchen.until(lambda: bool(kitchen.turns))
        assert kitchen.turns[0].reply.said == "It rains."
        assert here.session.state is State.SPEAKING
        here.session.interrupt()


async def test_what_is_said_in_one_room_does_not_stand_in_the_talk_of_another() -> None:
    model = FakeLanguageModel("Blue.", "Fine.", "Because I like it.")
    async with (
        room(FakeSpeechToText("Which colour do you like?", "Why?"), model) as here,
        room(FakeSpeechToText("How are you?"), model, beside=here, name="kitchen") as kitchen,
    ):
        here.ears.wake()
        here.ears.speak()
        await here.until(lambda: bool(here.turns) and here.session.state is State.LISTENING)
        kitchen.ears.wake()
        kitchen.ears.speak()
        await kitchen.until(lambda: bool(kitchen.turns))
        assert "Blue." not in [each.text for each in model.prompts[-1]]
        here.ears.speak()
        await here.until(lambda: len(here.turns) == 2)
        assert "Blue." in [each.text for each in model.prompts[-1]]
        assert "Fine." not in [each.text for each in model.prompts[-1]]


async def test_a_talk_that_is_moved_goes_on_in_the_other_room() -> None:
    model = FakeLanguageModel("Blue.", "Because I like it.", "What?")
    async with (
        room(FakeSpeechToText("Which colour do you like?", "And now?"), model) as here,
        room(FakeSpeechToText("Why?"), model, beside=here, name="kitchen") as kitchen,
    ):
        here.ears.wake()
        here.ears.speak()
        await here.until(lambda: bool(here.turns) and here.session.state is State.LISTENING)
        here.beings.prompting.move("", "kitchen")
        kitchen.ears.wake()
        kitchen.ears.speak()
        await kitchen.until(lambda: bool(kitchen.turns))
        assert "Blue." in [each.text for each in model.prompts[-1]]
        here.ears.speak()
        await here.until(lambda: len(here.turns) == 2)
        assert "Blue." not in [each.text for each in model.prompts[-1]]


async def test_a_room_that_is_not_the_first_to_hear_the_wake_word_stays_silent() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel(), is_first=lambda _: False) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        it.ears.wake()
        await it.until(lambda: it.ears.follow_ups == [0.0])
        assert it.states == [State.IDLE]


async def test_a_question_in_writing_waits_for_who_speaks_in_another_room() -> None:
    model = FakeLanguageModel("Never sent.", "It rains.", "Paris.")
    model.held = asyncio.Event()
    async with (
        room(FakeSpeechToText(), model) as here,
        room(FakeSpeechToText("How is the weather?"), model, beside=here, name="kitchen") as kitchen,
    ):
        await here.until(lambda: here.session.state is State.IDLE)
        answer = asyncio.create_task(here.session.ask("The capital of France?", "en"))
        await here.until(lambda: model.running)
        kitchen.ears.wake()
        kitchen.ears.speak()
        await kitchen.until(lambda: len(model.prompts) == 2)
        model.held.set()
        await kitchen.until(lambda: bool(kitchen.turns))
        assert kitchen.turns[0].reply.said == "It rains."
        assert (await answer).reply.said == "Paris."


async def test_who_mutes_it_in_one_room_closes_the_microphones_of_the_whole_house() -> None:
    model = FakeLanguageModel()
    async with (
        room(FakeSpeechToText(), model) as here,
        room(FakeSpeechToText("Mute yourself."), model, beside=here, name="kitchen") as kitchen,
    ):
        kitchen.ears.wake()
        kitchen.ears.speak()
        await here.until(lambda: here.session.state is kitchen.session.state is State.MUTED)
        await here.until(lambda: here.ears.closed == kitchen.ears.closed == 1)

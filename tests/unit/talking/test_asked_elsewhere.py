"""Asked and stopped from elsewhere: in writing, and never before a person."""

from __future__ import annotations

import asyncio

import pytest

from digital_life.errors import CrowdedError
from digital_life.talking import session
from digital_life.talking.prompting import TALKS
from digital_life.talking.queue import MOST
from digital_life.values import Granted, NothingSaid, State, Transcript, Turn, WakeHeard, Written
from fakes.ears import FakeSpeechToText
from fakes.model import FakeLanguageModel
from fakes.room import Room, room


class Holding(FakeLanguageModel):
    """Answers when the test lets it."""

    def __init__(self, *answers: str) -> None:
        super().__init__(*answers)
        self.held = asyncio.Event()

    def go_on(self) -> None:
        assert self.held
        self.held.set()

    def hold(self) -> None:
        self.held = asyncio.Event()


async def asking(it: Room, text: str) -> asyncio.Task[Turn]:
    await it.until(lambda: it.session.state is State.IDLE)
    return asyncio.create_task(it.session.ask(text, "en"))


def written(it: Room) -> list[Turn]:
    return [each.turn for each in it.events if isinstance(each, Written)]


async def test_a_question_in_writing_is_answered_unheard_and_remembered() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Paris.", "Of France.")) as it:
        turn = await (await asking(it, "The capital of France?"))
        assert (turn.reply.said, turn.heard.text, turn.wake) == ("Paris.", "The capital of France?", None)
        assert turn.heard.remote
        assert it.loudspeaker.played == 0
        assert it.states == [State.IDLE, State.THINKING, State.IDLE]
        assert written(it) == [turn]
        assert it.turns == []  # nobody need be in the room
        await it.session.ask("Of which country?", "en")
        assert "Paris." in [each.text for each in it.model.prompts[-1]]


async def test_who_speaks_goes_first_and_then_it_is_answered_from_anew() -> None:
    model = Holding("Never heard.", "It is ten.", "Paris.")
    async with room(FakeSpeechToText("What time is it?"), model) as it:
        answer = await asking(it, "The capital of France?")
        await it.until(lambda: model.running)
        it.ears.wake()
        await it.until(lambda: it.session.state is State.LISTENING)
        assert not model.running
        model.go_on()
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        assert it.turns[0].reply.said == "It is ten."
        assert not answer.done()
        await it.until(lambda: it.session.state is State.LISTENING)
        it.ears.hear(NothingSaid(0))
        assert (await answer).reply.said == "Paris."
        assert [turn.reply.said for turn in written(it)] == ["Paris."]


async def test_it_is_not_begun_while_somebody_is_listened_to() -> None:
    async with room(FakeSpeechToText("What time is it?"), FakeLanguageModel("It is ten.", "Paris.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        it.ears.wake()
        await it.until(lambda: it.session.state is State.LISTENING)
        answer = asyncio.create_task(it.session.ask("The capital of France?", "en"))
        await asyncio.sleep(0.01)
        assert it.model.prompts == []
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        it.ears.hear(NothingSaid(0))
        assert (await answer).reply.said == "Paris."


async def test_talk_in_the_room_is_not_heard_while_it_writes() -> None:
    model = Holding("Paris.")
    async with room(FakeSpeechToText("not for you"), model) as it:
        answer = await asking(it, "The capital of France?")
        await it.until(lambda: model.running)
        assert not it.ears.attentive
        model.go_on()
        await answer


async def test_what_has_begun_to_be_granted_is_not_granted_twice() -> None:
    granted = asyncio.Event()

    class Wishes:
        asked = 0

        def concern(self, wish: Transcript) -> bool:
            return wish.text == "Forget it."

        async def grant(self, wish: Transcript) -> Granted | None:
            del wish
            self.asked += 1
            await granted.wait()
            return Granted("I have forgotten it.")

    wishes = Wishes()
    async with room(FakeSpeechToText(), FakeLanguageModel(), wishes=(wishes,)) as it:
        answer = await asking(it, "Forget it.")
        await it.until(lambda: wishes.asked == 1)
        it.ears.wake()
        await asyncio.sleep(0.01)
        granted.set()
        await it.until(lambda: it.session.state is State.LISTENING)
        it.ears.hear(NothingSaid(0))
        assert (await answer).reply.said == "I have forgotten it."
        assert wishes.asked == 1


async def test_stop_silences_an_answer_and_it_waits_for_its_wake_word() -> None:
    async with room(FakeSpeechToText("Tell me a story."), FakeLanguageModel("Once upon a time.")) as it:
        it.loudspeaker.hold = True
        it.ears.wake()
        it.ears.speak()
        await asyncio.wait_for(it.loudspeaker.holding.wait(), 5)
        await it.session.stop()
        assert it.session.state is State.IDLE
        assert it.turns[0].reply.interrupted


async def test_stop_silences_an_announcement_which_counts_as_heard() -> None:
    heard: list[str] = []
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        it.loudspeaker.hold = True
        await it.until(lambda: it.session.state is State.IDLE)
        saying = asyncio.create_task(
            it.session.announce("Ring.", "en", ring=False, acknowledged=lambda: heard.append("yes"))
        )
        await asyncio.wait_for(it.loudspeaker.holding.wait(), 5)
        await it.session.stop()
        assert not await saying
        assert heard == ["yes"]
        assert it.session.state is State.IDLE


async def test_stop_ends_the_listening_after_an_answer() -> None:
    async with room(FakeSpeechToText("Hello."), FakeLanguageModel("Hi.")) as it:
        it.ears.wake()
        it.ears.speak()
        await it.until(lambda: it.states[-2:] == [State.SPEAKING, State.LISTENING])
        await it.session.stop()
        assert it.ears.follow_ups[-1] == 0.0


async def test_stop_changes_nothing_where_nothing_is_said() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.stop()
        assert it.states == [State.IDLE]


async def test_a_question_that_was_stopped_is_answered_all_the_same() -> None:
    model = Holding("Never.", "Paris.")
    async with room(FakeSpeechToText(), model) as it:
        answer = await asking(it, "The capital of France?")
        await it.until(lambda: model.running)
        await it.session.stop()
        model.go_on()
        assert (await answer).reply.said == "Paris."


async def test_others_hear_of_the_wake_word() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel()) as it:
        wake = it.ears.wake()
        await it.until(lambda: wake in it.events)
        assert [each for each in it.events if isinstance(each, WakeHeard)] == [wake]


@pytest.mark.parametrize("fails_after", [0, None])
async def test_whether_a_model_answered_is_known(fails_after: int | None) -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Paris.", fails_after=fails_after)) as it:
        turn = await (await asking(it, "The capital of France?"))
        assert turn.failed is (fails_after == 0)


async def test_dialogues_are_kept_apart_and_what_is_said_in_one_may_come_to_mind_in_another() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Nice.", "Oh.", "Tom.", "No idea.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.ask("My cat is Tom.", "en", talk="kitchen")
        await it.session.ask("My dog is Rex.", "en", talk="cellar")
        await it.session.ask("Who is my cat?", "en", talk="kitchen")
        kitchen = [each.text for each in it.model.prompts[-1]]
        assert any("My cat is Tom." in each for each in kitchen)
        assert "Nice." in kitchen
        assert not any("Rex" in each or each == "Oh." for each in kitchen)
        assert it.memory.unseen == {2}

        await it.session.ask("Who is my dog?", "en")
        here = [each.text for each in it.model.prompts[-1]]
        assert not any("Tom" in each or "Rex" in each for each in here)
        assert it.memory.unseen == {1, 2, 3}
        await it.until(lambda: bool(it.model.prepared))


async def test_after_an_answer_elsewhere_the_next_one_in_the_room_is_prepared_for() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Nice.", "Hello.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        await it.session.ask("We are here.", "en")
        await it.until(lambda: len(it.model.prepared) == 1)
        await it.session.ask("My cat is Tom.", "en", talk="kitchen")
        await it.until(lambda: len(it.model.prepared) == 2)
        prepared = [each.text for each in it.model.prepared[-1]]
        assert any("We are here." in each for each in prepared)
        assert not any("Tom" in each for each in prepared)


async def test_of_very_many_dialogues_the_latest_are_kept() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel(*["Yes."] * (TALKS + 3))) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        for number in range(TALKS + 2):
            await it.session.ask(f"This is {number}.", "en", talk=f"talk {number}")
        await it.session.ask("And now?", "en", talk="talk 0")
        assert any("This is 0." in each.text for each in it.model.prompts[-1]), "it is remembered all the same"
        await it.until(lambda: it.session.state is State.IDLE)


async def test_of_many_who_ask_each_is_answered_in_turn() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel(*["Yes."] * 4)) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        async with asyncio.TaskGroup() as tasks:
            for who in ("greedy", "greedy", "greedy", "other"):
                tasks.create_task(it.session.ask(f"A question of {who}?", "en", who=who))
        assert [each.heard.text[14:-1] for each in written(it)] == ["greedy", "other", "greedy", "greedy"]


async def test_who_waits_long_is_told_once_how_many_are_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "NOTICE_S", 0.01)
    model, told = Holding("Paris.", "Rome.", "Oslo."), dict[str, list[int]]()
    async with room(FakeSpeechToText(), model) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        async with asyncio.TaskGroup() as tasks:
            for who in ("Ada", "Ben", "Cleo"):
                waits = told.setdefault(who, []).append
                tasks.create_task(it.session.ask(f"What is {who} to do?", "en", who=who, waits=waits))
            await it.until(lambda: bool(told["Cleo"]))
            model.go_on()
    assert told == {"Ada": [], "Ben": [1], "Cleo": [2]}


async def test_who_speaks_counts_among_those_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "NOTICE_S", 0.01)
    told: list[int] = []
    async with room(FakeSpeechToText("What time is it?"), FakeLanguageModel("It is ten.", "Paris.")) as it:
        it.ears.wake()
        await it.until(lambda: it.session.state is State.LISTENING)
        answer = asyncio.create_task(it.session.ask("The capital of France?", "en", waits=told.append))
        await it.until(lambda: bool(told))
        assert told == [1]
        it.ears.speak()
        await it.until(lambda: bool(it.turns))
        it.ears.hear(NothingSaid(0))
        await answer


async def test_where_too_many_wait_who_asks_is_told_so_at_once_and_who_gives_up_makes_room() -> None:
    model = Holding()
    async with room(FakeSpeechToText(), model) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        asked = [asyncio.create_task(it.session.ask("Why?", "en", who=f"{n}")) for n in range(MOST)]
        await it.until(lambda: model.running)
        with pytest.raises(CrowdedError, match="too many are waiting"):
            await it.session.ask("Why?", "en", who="late")
        asked[-1].cancel()
        await asyncio.wait((asked[-1],))
        asked.append(asyncio.create_task(it.session.ask("Why?", "en", who="late")))
        await asyncio.sleep(0)
        assert not asked[-1].done()
        for each in asked:
            each.cancel()


async def test_after_a_typed_line_it_does_not_listen_while_others_wait_who_wrote() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Hello.", "Paris.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        place = it.session.join("page")
        await it.session.let_in(place)
        await it.session.say("Hi there.")
        answer = asyncio.create_task(it.session.ask("The capital of France?", "en", who="asker"))
        await it.session.quiet()
        it.session.leave(place)
        assert (await answer).reply.said == "Paris."
        assert State.LISTENING not in it.states


async def test_a_question_that_waits_for_an_open_talk_to_end_holds_up_no_line_of_that_talk() -> None:
    async with room(FakeSpeechToText(), FakeLanguageModel("Hello.", "Paris.")) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        assert await it.session.attend(since=None, stays=True)
        answer = asyncio.create_task(it.session.ask("The capital of France?", "en", who="asker"))
        await asyncio.sleep(0)
        place = it.session.join("page")
        await asyncio.wait_for(it.session.let_in(place), 5)
        await it.session.say("Hi there.")
        await it.session.quiet()
        it.session.leave(place)
        assert [each.heard.text for each in it.turns] == ["Hi there."]
        assert not answer.done()
        it.ears.hear(NothingSaid(0))
        assert (await answer).reply.said == "Paris."


async def test_once_nobody_is_listened_to_who_asked_first_is_answered_first() -> None:
    model = Holding("Paris.", "Hello.")
    async with room(FakeSpeechToText(), model) as it:
        await it.until(lambda: it.session.state is State.IDLE)
        answer = asyncio.create_task(it.session.ask("The capital of France?", "en", who="asker"))
        await asyncio.sleep(0)
        place = it.session.join("page")
        letting = asyncio.create_task(it.session.let_in(place))
        await it.until(lambda: model.running)
        assert not letting.done()
        model.go_on()
        await answer
        await asyncio.wait_for(letting, 5)

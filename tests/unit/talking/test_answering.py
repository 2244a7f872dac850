"""An answer and the dialogue it leaves."""

from __future__ import annotations

from digital_life.config import Persona
from digital_life.talking.answering import NOTE_LASTS, Answering, Asked
from digital_life.talking.writing import Writing
from digital_life.values import Reply, Transcript, Turn
from fakes.clock import FakeClock
from fakes.model import FakeLanguageModel

DAY_S = 24 * 3600


def answering(model: FakeLanguageModel, clock: FakeClock, shown: list[str] | None = None) -> Answering:
    show = (shown if shown is not None else []).append
    return Answering(model=model, saying=Writing(show), clock=clock, persona=Persona(), dialogue_tokens=200)


async def ask(it: Answering, text: str, clock: FakeClock) -> Turn:
    it.begin()
    asked = Asked(Transcript(text, "en", 1.0), wake=None, ended=clock.monotonic())
    return await it.answer(asked, started=lambda: None)


async def test_an_answer_is_shown_piece_by_piece_and_remembered() -> None:
    shown: list[str] = []
    clock, model = FakeClock(), FakeLanguageModel("Good morning.", "Ada.")
    it = answering(model, clock, shown)
    turn = await ask(it, "Hello, I am Ada.", clock)
    assert turn.reply == Reply("Good morning.")
    assert "".join(shown) == "Good morning."
    assert len(shown) > 1
    await ask(it, "Who am I?", clock)
    said = [message.text for message in model.prompts[1]]
    assert said[1].endswith("Hello, I am Ada.")
    assert said[2] == "Good morning."


async def test_a_talk_of_hours_stays_within_its_room() -> None:
    clock, model = FakeClock(), FakeLanguageModel(*["An answer of some words."] * 40)
    it = answering(model, clock)
    for number in range(40):
        await ask(it, f"Question number {number}?", clock)
    lengths = [sum(len(message.text) for message in prompt[1:-1]) for prompt in model.prompts]
    assert max(lengths) <= 200
    assert lengths[-1] > 0


async def test_yesterday_is_not_in_the_prompt() -> None:
    clock, model = FakeClock(), FakeLanguageModel("One.", "Two.")
    it = answering(model, clock)
    await ask(it, "Yesterday's question?", clock)
    clock.passed += DAY_S
    await ask(it, "Today's question?", clock)
    assert len(model.prompts[1]) == 2


async def test_what_was_read_in_advance_is_how_the_prompt_begins() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Yes.")
    it = answering(model, clock)
    await it.prepare()
    clock.passed += NOTE_LASTS.total_seconds() / 2
    await ask(it, "Is it you?", clock)
    (opening,), (prompt,) = model.prepared, model.prompts
    assert opening[:-1] == prompt[:-1]
    assert prompt[-1].text.startswith(opening[-1].text)


async def test_nothing_to_say_is_said() -> None:
    clock = FakeClock()
    turn = await ask(answering(FakeLanguageModel(""), clock), "Hm?", clock)
    assert "nothing to say" in turn.reply.said


async def test_an_interruption_before_the_answer_leaves_nothing_said() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Never.")
    it = answering(model, clock)
    it.begin()
    it.interrupt()
    asked = Asked(Transcript("Hello?", "en", 1.0), wake=None, ended=0.0)
    turn = await it.answer(asked, started=lambda: None)
    assert turn.reply == Reply("", interrupted=True)
    assert model.prompts == []

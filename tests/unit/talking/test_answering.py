"""An answer: what comes to mind for it, what the model looks up, what is kept of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from digital_life import words
from digital_life.belonging import Household
from digital_life.talking import prompt
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.being import Being, Beings
from digital_life.talking.prompting import NOTE_LASTS
from digital_life.talking.writing import Writing
from digital_life.values import (
    GUEST,
    USER,
    Event,
    Granted,
    Message,
    Person,
    Recall,
    Reply,
    Speaker,
    Standing,
    Transcript,
    Turn,
)
from fakes.being import FakeBeings, being
from fakes.clock import FakeClock
from fakes.memory import FakeMemory
from fakes.model import FakeLanguageModel

DAY_S = 24 * 3600


def answering(
    model: FakeLanguageModel, clock: FakeClock, shown: list[str] | None = None, memory: FakeMemory | None = None
) -> Answering:
    jarvis = being("Jarvis", model, clock, memory or FakeMemory(clock))
    return answering_as(jarvis, model, clock, shown)


def answering_as(
    beings: Beings, model: FakeLanguageModel, clock: FakeClock, shown: list[str] | None = None
) -> Answering:
    show = (shown if shown is not None else []).append
    return Answering(model=model, saying=Writing(show), clock=clock, beings=beings)


def said(messages: tuple[Message, ...]) -> list[str]:
    """What stands after the persona and the examples."""
    return [message.text for message in messages[1 + len(prompt.examples(words.load("en"), calls="recall")) :]]


async def ask(it: Answering, text: str, clock: FakeClock) -> Turn:
    it.begin()
    asked = Asked.typed(Transcript(text, "en", 1.0), clock.monotonic())
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
    asked, answered, _ = said(model.prompts[1])
    assert asked.endswith("Hello, I am Ada.")
    assert answered == "Good morning."


async def test_a_talk_of_hours_stays_within_its_room() -> None:
    clock, model = FakeClock(), FakeLanguageModel(*["An answer of some words."] * 40)
    it = answering(model, clock)
    for number in range(40):
        await ask(it, f"Question number {number}?", clock)
    lengths = [sum(len(text) for text in said(each)[:-1]) for each in model.prompts]
    assert max(lengths) <= 200 + len("(This conversation began on Saturday, 21 November 2026, 10:05.)\n")
    assert lengths[-1] > 0


async def test_yesterday_is_not_in_the_prompt() -> None:
    clock, model = FakeClock(), FakeLanguageModel("One.", "Two.")
    it = answering(model, clock)
    await ask(it, "Yesterday's question?", clock)
    clock.passed += DAY_S
    await ask(it, "Today's question?", clock)
    assert len(said(model.prompts[1])) == 1


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
    asked = Asked.typed(Transcript("Hello?", "en", 1.0), 0.0)
    turn = await it.answer(asked, started=lambda: None)
    assert turn.reply == Reply("", interrupted=True)
    assert model.prompts == []


ANNA = Recall("turn", 1, datetime(2026, 11, 14, 9, 0, tzinfo=UTC), "My sister is called Anna.", 0.9)


async def test_what_comes_to_mind_stands_before_the_question_with_its_date() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Anna.")
    memory = FakeMemory(clock, recalls={"What is my sister called?": (ANNA,)})
    turn = await ask(answering(model, clock, memory=memory), "What is my sister called?", clock)
    asked = said(model.prompts[0])[-1]
    assert "Saturday, 14 November 2026" in asked
    assert asked.index("My sister is called Anna.") < asked.index("What is my sister called?")
    assert turn.calls[0].found == (ANNA,)


async def test_the_model_recalls_by_calling_a_function() -> None:
    clock = FakeClock()
    model = FakeLanguageModel("recall_by_date(last Saturday)", "About your sister Anna.")
    memory = FakeMemory(clock, diaries={"last Saturday": (ANNA,)})
    shown: list[str] = []
    turn = await ask(answering(model, clock, shown, memory), "What did we talk about?", clock)
    assert turn.reply.said == "".join(shown) == "About your sister Anna."
    assert memory.looked_up == [("recall_by_date", "last Saturday")]
    assert "My sister is called Anna." in said(model.prompts[1])[-1]
    assert [(call.name, call.argument) for call in turn.calls] == [("recall_by_date", "last Saturday")]


async def test_nothing_found_is_told_to_the_model() -> None:
    clock, model = FakeClock(), FakeLanguageModel("recall_by_need(the cat)", "I do not remember that you told me.")
    await ask(answering(model, clock), "What is my cat called?", clock)
    assert words.load("en").text("recall.nothing") in said(model.prompts[1])[-1]
    assert model.prompts[1][-3:-1] == prompt.admission(words.load("en"))


async def test_it_looks_twice_at_most_and_then_says_that_it_does_not_know() -> None:
    clock, model = FakeClock(), FakeLanguageModel(*["recall_by_need(the cat)"] * 5)
    memory = FakeMemory(clock)
    turn = await ask(answering(model, clock, memory=memory), "What is my cat called?", clock)
    assert len(memory.looked_up) == 2
    assert turn.reply.said == words.load("en").text("talk.forgotten")


async def test_calls_and_what_came_of_them_stay_in_the_dialogue() -> None:
    clock = FakeClock()
    model = FakeLanguageModel("core_memory_append(cat)", "A fine name.", "So it is.")
    memory = FakeMemory(clock, events={"cat": Event("kept")})
    it = answering(model, clock, memory=memory)
    turn = await ask(it, "My cat is called Momo.", clock)
    assert turn.reply.said == "A fine name."
    assert [(call.name, call.argument) for call in turn.calls] == [("core_memory_append", "cat")]
    await ask(it, "Is it not?", clock)
    *_, called, _told, spoken, _asked = [message.text for message in model.prompts[2]]
    assert (called, spoken) == ("core_memory_append(cat)", "A fine name.")


async def test_a_wish_about_the_memory_needs_no_model() -> None:
    clock, model = FakeClock(), FakeLanguageModel()
    wish = "What do you think of me?"
    memory = FakeMemory(clock, wishes={wish: Granted("You bake cakes.")})
    turn = await ask(answering(model, clock, memory=memory), wish, clock)
    assert turn.reply.said == "You bake cakes."
    assert model.prompts == []
    assert memory.turns == [turn]


async def test_what_repeats_the_forgotten_is_not_remembered() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Yes.")
    memory = FakeMemory(clock, wishes={"Forget it.": Granted("I would forget this: it. Shall I?", remembered=False)})
    it = answering(model, clock, memory=memory)
    await ask(it, "Forget it.", clock)
    await ask(it, "Is it cold?", clock)
    assert len(memory.turns) == 1
    assert len(said(model.prompts[0])) == 1


async def test_what_was_forgotten_leaves_the_prompt() -> None:
    clock, model = FakeClock(), FakeLanguageModel("One.", "Two.", "Three.")
    memory = FakeMemory(clock)
    it = answering(model, clock, memory=memory)
    await ask(it, "A secret.", clock)
    await ask(it, "No secret.", clock)
    memory.forgotten = {1}
    await ask(it, "Well?", clock)
    assert "A secret." not in "".join(said(model.prompts[2]))
    assert "No secret." in "".join(said(model.prompts[2]))


async def test_both_concepts_and_the_summary_stand_in_the_prompt() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Yes.")
    memory = FakeMemory(clock)
    met = datetime(2025, 1, 2, 3, 4, tzinfo=UTC)
    memory.known = Standing(soul=("I like the sea.",), love=("The user bakes.",), met=met, summary=("A cake burnt.",))
    await ask(answering(model, clock, memory=memory), "Hello", clock)
    system, asked = model.prompts[0][0].text, said(model.prompts[0])[-1]
    assert system.index("I like the sea.") < system.index("The user bakes.") < system.index("2 January 2025")
    assert "A cake burnt." in asked


async def test_it_answers_in_the_language_that_was_spoken_last() -> None:
    clock, model = FakeClock(), FakeLanguageModel("好。", "Fine.")
    it = answering(model, clock)
    it.begin()
    await it.answer(Asked.typed(Transcript("你好吗？", "zh", 1.0), 0.0), started=lambda: None)
    await ask(it, "How are you?", clock)
    assert words.load("zh").text("persona.manner") in model.prompts[0][0].text
    assert words.load("en").text("persona.manner") in model.prompts[1][0].text


async def test_an_answer_begins_in_the_language_of_the_question_or_as_a_call() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Fine.")
    await ask(answering(model, clock), "How are you?", clock)
    assert model.may_begin
    assert [model.may_begin(text) for text in ("Fine", "好", "recall_by")] == [True, False, True]


async def test_a_talk_goes_on_after_a_restart() -> None:
    clock = FakeClock()
    memory = FakeMemory(clock)
    await ask(answering(FakeLanguageModel("One."), clock, memory=memory), "Before the restart.", clock)
    model = FakeLanguageModel("Two.")
    await ask(answering(model, clock, memory=memory), "After it.", clock)
    assert said(model.prompts[0])[0].endswith("Before the restart.")
    assert said(model.prompts[0])[1] == "One."


async def test_what_is_known_has_its_room_and_the_latest_of_it_is_kept() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Yes.")
    memory = FakeMemory(clock)
    memory.known = Standing(love=tuple(f"The user said number {n}." for n in range(20)))
    await ask(answering(model, clock, memory=memory), "Hello", clock)
    system = model.prompts[0][0].text
    assert "number 19." in system
    assert "number 17." not in system


# Several who answer.


def two(model: FakeLanguageModel, clock: FakeClock) -> tuple[Being, Being, FakeMemory, FakeMemory]:
    one, other = FakeMemory(clock), FakeMemory(clock)
    return being("Jarvis", model, clock, one), being("Ada", model, clock, other), one, other


async def test_who_is_wanted_answers_by_name_and_remembers_it_alone() -> None:
    clock, model = FakeClock(), FakeLanguageModel("I am Jarvis.", "I am Ada.")
    jarvis, ada, of_jarvis, of_ada = two(model, clock)
    beings = FakeBeings(jarvis)
    it = answering_as(beings, model, clock)
    first = await ask(it, "Who are you?", clock)
    beings.wanted = ada
    second = await ask(it, "And you?", clock)
    assert (first.by, second.by) == ("Jarvis", "Ada")
    assert ["You are Jarvis" in each[0].text for each in model.prompts] == [True, False]
    assert "You are Ada" in model.prompts[1][0].text
    assert (of_jarvis.turns, of_ada.turns) == ([first], [second])
    assert "Who are you?" not in "".join(said(model.prompts[1]))


async def test_what_is_read_in_advance_is_of_who_is_wanted() -> None:
    clock, model = FakeClock(), FakeLanguageModel()
    jarvis, ada, *_ = two(model, clock)
    beings = FakeBeings(jarvis)
    it = answering_as(beings, model, clock)
    beings.wanted = ada
    await it.prepare()
    await it.prepare_in("en")
    assert all("You are Ada" in each[0].text for each in (*model.prepared, model.kept["en"]))


async def test_of_a_life_of_its_own_no_prompt_is_kept_beside_the_common_one() -> None:
    clock, model = FakeClock(), FakeLanguageModel()
    _, ada, *_ = two(model, clock)
    it = answering_as(replace(ada, kept=False), model, clock)
    await it.prepare_in("en")
    assert model.kept == {}
    assert len(model.prepared) == 1


async def test_what_came_to_the_mind_of_one_does_not_come_to_the_other() -> None:
    clock, model = FakeClock(), FakeLanguageModel()
    model.held = asyncio.Event()
    of_jarvis = FakeMemory(clock, recalls={"What is my sister called?": (ANNA,)})
    jarvis = being("Jarvis", model, clock, of_jarvis)
    beings = FakeBeings(jarvis)
    it = answering_as(beings, model, clock)
    given_up = asyncio.create_task(ask(it, "What is my sister called?", clock))
    async with asyncio.timeout(5):
        while not model.prompts:
            await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait((given_up,))
    model.held.set()
    beings.wanted = being("Ada", model, clock, FakeMemory(clock))
    await ask(it, "What is my sister called?", clock)
    assert "Anna" in said(model.prompts[0])[-1]
    assert "Anna" not in said(model.prompts[1])[-1]


async def test_the_other_does_not_go_on_with_what_one_left_unsaid() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Go on with what?")
    jarvis, ada, *_ = two(model, clock)
    beings = FakeBeings(jarvis)
    it = answering_as(beings, model, clock)
    it._unsaid = USER, "There was a fox."
    beings.wanted = ada
    assert (await ask(it, "Go on.", clock)).reply.said == "Go on with what?"


# Several who speak.

HOUSE = Household.of(["Ada"], guests=True)
ADA, BOB, STRANGER = Speaker("Ada", 0.8, b"ada", 2.0), Speaker("Bob", 0.8, b"bob", 2.0), Speaker("", 0.1, b"who", 2.0)
A_SOUND = Speaker("", -1.0, seconds=0.2)


async def speak(it: Answering, text: str, clock: FakeClock, speaker: Speaker | None) -> Turn:
    it.begin()
    heard = Transcript(text, "en", 1.0, speaker=speaker)
    return await it.answer(Asked.typed(heard, clock.monotonic()), started=lambda: None)


def household(model: FakeLanguageModel, clock: FakeClock, memory: FakeMemory) -> Answering:
    jarvis = being("Jarvis", model, clock, memory)
    return answering_as(replace(jarvis, household=HOUSE), model, clock)


async def test_it_knows_with_whom_it_talks_and_remembers_whose_words_they_were() -> None:
    clock, model = FakeClock(), FakeLanguageModel(*["Hello."] * 4)
    memory = FakeMemory(clock)
    it = household(model, clock, memory)
    turns = [await speak(it, "Hello!", clock, each) for each in (ADA, BOB, STRANGER, None)]
    assert [each.heard.person for each in turns] == [USER, "Bob", GUEST, USER]
    assert [each.heard.person for each in memory.turns] == [USER, "Bob", GUEST, USER]
    assert "called Bob" in model.prompts[1][0].text
    assert words.load("en").text("persona.guest") in model.prompts[2][0].text
    assert "Bob" not in model.prompts[2][0].text


async def test_what_comes_to_mind_is_asked_for_who_speaks() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Hello.", "Hello.")
    memory = FakeMemory(clock)
    it = household(model, clock, memory)
    await speak(it, "What is my sister called?", clock, BOB)
    assert memory.asked_by == Person("Bob")
    await speak(it, "What is my sister called?", clock, STRANGER)
    assert memory.asked_by == GUEST


async def test_who_was_there_heard_what_the_other_said_and_not_what_was_recalled_for_them() -> None:
    clock, model = FakeClock(), FakeLanguageModel("She is called Anna.", "Good.", "Good.")
    memory = FakeMemory(clock, recalls={"What is my sister called?": (ANNA,)})
    it = household(model, clock, memory)
    await speak(it, "What is my sister called?", clock, ADA)
    await speak(it, "I did not know that.", clock, BOB)
    heard = said(model.prompts[1])
    assert heard[0].endswith("(Your user says:)\nWhat is my sister called?")
    assert "You remember" not in heard[0]
    assert heard[-1].endswith("(Bob says:)\nI did not know that.")
    await speak(it, "Hello.", clock, STRANGER)
    assert not any("sister" in each for each in said(model.prompts[2]))


async def test_who_comes_later_has_not_heard_it() -> None:
    clock, model = FakeClock(), FakeLanguageModel("I keep that to myself.", "Good.", "Good.")
    it = household(model, clock, FakeMemory(clock))
    await speak(it, "I am pregnant.", clock, BOB)
    clock.passed += 3600
    await speak(it, "Is there any news?", clock, ADA)
    assert not any("pregnant" in each for each in said(model.prompts[1]))
    await speak(it, "Do you remember?", clock, BOB)
    assert any("pregnant" in each for each in said(model.prompts[2]))


async def test_the_rest_of_an_answer_is_for_whom_it_was_meant() -> None:
    clock, model = FakeClock(), FakeLanguageModel("Go on with what?")
    it = household(model, clock, FakeMemory(clock))
    it._unsaid = USER, "There was a fox."
    assert (await speak(it, "Go on.", clock, BOB)).reply.said == "Go on with what?"


async def test_a_mere_yes_is_of_who_spoke_just_before() -> None:
    clock, model = FakeClock(), FakeLanguageModel(*["Fine."] * 3)
    it = household(model, clock, FakeMemory(clock))
    await speak(it, "Hello there.", clock, BOB)
    assert (await speak(it, "Yes.", clock, A_SOUND)).heard.person == "Bob"
    clock.passed += 60
    assert (await speak(it, "Yes.", clock, A_SOUND)).heard.person == GUEST


async def test_of_a_guest_only_wishes_about_the_talk_are_granted() -> None:
    clock, model = FakeClock(), FakeLanguageModel("I cannot do that.", "Hello.")
    memory = FakeMemory(clock, wishes={"Forget it all.": Granted("Forgotten.")})
    of_talk = FakeMemory(clock, wishes={"Why did you wake?": Granted("I heard my name.")})
    jarvis = being("Jarvis", model, clock, memory, of_talk)
    it = answering_as(replace(jarvis, household=HOUSE, for_guests=[of_talk]), model, clock)
    assert (await speak(it, "Forget it all.", clock, STRANGER)).reply.said == "I cannot do that."
    assert (await speak(it, "Why did you wake?", clock, STRANGER)).reply.said == "I heard my name."
    assert (await speak(it, "Forget it all.", clock, BOB)).reply.said == "Forgotten."


async def test_what_is_heard_before_it_can_think_is_kept_at_once_and_answered_when_it_can() -> None:
    clock, model, loaded = FakeClock(), FakeLanguageModel("Hello, Ada."), asyncio.Event()
    memory = FakeMemory(clock)
    beings = FakeBeings(being("Jarvis", model, clock, memory))
    it = Answering(model=model, saying=Writing(lambda _piece: None), clock=clock, beings=beings, loaded=loaded)
    preparing = asyncio.ensure_future(it.prepare())
    asked = asyncio.ensure_future(ask(it, "Hello, I am Ada.", clock))
    while not memory.heard:
        await asyncio.sleep(0)
    assert [each.text for each in memory.heard] == ["Hello, I am Ada."]
    assert not model.prompts
    assert not model.prepared
    loaded.set()
    turn = await asked
    await preparing
    assert turn.reply == Reply("Hello, Ada.")
    assert memory.turns == [turn]
    assert memory.heard == []


async def test_what_is_heard_before_it_can_think_and_is_no_memory_is_let_go() -> None:
    clock, model, loaded = FakeClock(), FakeLanguageModel(), asyncio.Event()
    memory = FakeMemory(clock, wishes={"Forget it.": Granted("Forgotten.", remembered=False)})
    it = Answering(
        model=model,
        saying=Writing(lambda _piece: None),
        clock=clock,
        beings=FakeBeings(being("Jarvis", model, clock, memory)),
        loaded=loaded,
    )
    asked = asyncio.ensure_future(ask(it, "Forget it.", clock))
    while not memory.heard:
        await asyncio.sleep(0)
    loaded.set()
    assert (await asked).reply == Reply("Forgotten.")
    assert memory.turns == []
    assert memory.heard == []

"""Personas take turns: whose life, whose voice, and what becomes of the conversation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec
import pytest

from digital_life import config, words
from digital_life.backends.llama_cpp import LlamaCpp
from digital_life.backends.persona import WANTED, KeptName
from digital_life.config import Companion, Persona, Settings
from digital_life.context import Context
from digital_life.errors import ModelError, UsageError
from digital_life.memory.life import Life
from digital_life.memory.wishes import MemoryWishes
from digital_life.mind import Mind
from digital_life.personas import LIVES, Personas, named, open_personas
from digital_life.talking.answering import Answering, Asked
from digital_life.talking.writing import Writing
from digital_life.tools.permission import Permission
from digital_life.tools.toolbox import Toolbox
from digital_life.values import GUEST, USER, Speaker, Transcript, Turn
from digital_life.worker import Worker
from fakes.clock import FakeClock
from fakes.embedder import FakeEmbedder
from fakes.model import FakeLanguageModel
from fakes.outside import FakeConsents

SETTINGS = Settings(personas=(Companion(name="Ada"), Companion(name="小雅", life="ya", language="zh")))


@dataclass
class House:
    """Where they live."""

    context: Context
    model: FakeLanguageModel
    life: Life
    personas: Personas
    answering: Answering
    voices: list[str] = field(default_factory=list)

    async def say(self, text: str, speaker: Speaker | None = None) -> Turn:
        self.answering.begin()
        asked = Asked.typed(Transcript(text, "en", 1.0, speaker=speaker), self.context.clock.monotonic())
        return await self.answering.answer(asked, started=lambda: None)


@asynccontextmanager
async def house(
    home: Path,
    *answers: str,
    mute: str = "",
    settings: Settings = SETTINGS,
) -> AsyncGenerator[House]:
    """`mute` is the name of who has no voice."""
    clock, model, voices = FakeClock(), FakeLanguageModel(*answers), list[str]()
    context = Context(settings, home, home / "models", clock, words.load("en"), debug=False)

    async def speak_as(persona: Companion) -> None:
        await asyncio.sleep(0)
        if persona.name == mute:
            raise ModelError("model-missing", path="voice.onnx")
        voices.append(persona.name)

    async with (
        Worker("memory") as worker,
        Life.open(home, worker=worker, embedder=FakeEmbedder, clock=clock, settings=config.Memory()) as life,
    ):
        permission = Permission(FakeConsents(), clock)
        toolbox = Toolbox((), meanings=life, writer=cast("LlamaCpp", model))
        toolbox._learned.done.set()  # nothing was learned, so no tool is called
        mind = Mind(
            context, cast("LlamaCpp", model), life, (), (permission,), toolbox, None, (permission, MemoryWishes(life))
        )
        async with open_personas(mind, speak_as=speak_as) as personas:
            answering = personas.answering(Writing(lambda _piece: None))
            yield House(context, model, life, personas, answering, voices)


async def test_the_one_who_leaves_says_so_and_the_next_turn_is_the_others(tmp_path: Path) -> None:
    async with house(tmp_path, "I am Ada.") as it:
        leaving, coming = await it.say("Switch to Ada."), await it.say("Who are you?")
        assert (leaving.by, leaving.reply.said) == ("Jarvis", "I will fetch Ada.")
        assert (coming.by, coming.reply.said) == ("Ada", "I am Ada.")
        assert it.voices == ["Ada"]


async def test_what_was_said_with_the_one_who_leaves_is_over_and_is_known_to_who_shares_the_life(
    tmp_path: Path,
) -> None:
    async with house(tmp_path, "A nice name.", "I am Ada.") as it:
        await it.say("My sister is called Anna.")
        await it.say("Switch to Ada.")
        await it.say("Who are you?")
        assert "Anna" not in "".join(each.text for each in it.model.prompts[1][1:-1])
        first, second = await it.life.all_turns()
        assert first.conversation != second.conversation
        assert [each.text for each in await it.life.recall("What is my sister called?")]


async def test_a_life_of_its_own_is_apart_and_lies_in_its_own_folder(tmp_path: Path) -> None:
    async with house(tmp_path, "A nice name.", "我是小雅。") as it:
        await it.say("My sister is called Anna.")
        await it.say("Switch to 小雅.")
        await it.say("What is my sister called?")
        assert [each.heard for each in await it.life.all_turns()] == ["My sister is called Anna."]
        assert "Anna" not in "".join(each.text for each in it.model.prompts[1])
        assert (tmp_path / LIVES / "ya" / "life.db").is_file()
        assert not it.personas.present.kept
    async with house(tmp_path, "你没说过。") as it:
        assert (await it.say("What is my sister called?")).by == "小雅"


async def test_who_is_wanted_by_another_program_comes_before_the_next_turn(tmp_path: Path) -> None:
    async with house(tmp_path, "I am Ada.") as it:
        KeptName(tmp_path, WANTED).name = "Ada"
        await it.answering.prepare()
        assert it.personas.present.name == "Ada"
        assert "You are Ada" in it.model.prepared[0][0].text


async def test_who_comes_after_a_restart_does_not_go_on_with_the_talk_of_another(tmp_path: Path) -> None:
    async with house(tmp_path, "A nice name.") as it:
        await it.say("My sister is called Anna.")
    KeptName(tmp_path, WANTED).name = "Ada"
    async with house(tmp_path, "I am Ada.", "Ada still.") as it:
        await it.say("Who are you?")
        assert "Anna" not in "".join(each.text for each in it.model.prompts[0][1:])
    async with house(tmp_path, "Ada still.") as it:
        await it.say("And now?")
        assert "I am Ada." in "".join(each.text for each in it.model.prompts[0][1:])


async def test_where_it_cannot_be_written_down_who_is_asked_for_comes_all_the_same(tmp_path: Path) -> None:
    async with house(tmp_path, "I am Ada.") as it:
        (tmp_path / "persona.new").mkdir()  # in the way of the file
        await it.say("Switch to Ada.")
        assert (await it.say("Who are you?")).by == "Ada"


async def test_two_who_notice_it_at_once_fetch_one(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        KeptName(tmp_path, WANTED).name = "Ada"
        one, other = await asyncio.gather(it.personas.now(), it.personas.now())
        assert one is other
        assert it.voices == ["Ada"]


async def test_without_its_voice_it_comes_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with house(tmp_path, "I am Ada.", mute="Ada") as it:
        await it.say("Switch to Ada.")
        assert (await it.say("Who are you?")).by == "Ada"
        assert "models fetch" in caplog.text


async def test_who_is_no_more_in_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    KeptName(tmp_path, WANTED).name = "Bob"
    async with house(tmp_path) as it:
        assert it.personas.present.name == "Jarvis"
        with pytest.raises(UsageError, match="Jarvis, Ada, 小雅"):
            named("Bob", it.context)


async def test_a_question_that_is_open_is_answered_before_anybody_else_comes(tmp_path: Path) -> None:
    async with house(tmp_path, "A nice name.") as it:
        await it.say("My sister is called Anna.")
        await it.say("Forget what I just said.")
        assert (await it.say("Switch to Ada.")).reply.said == words.load("en").text("wishes.kept")
        assert len(await it.life.all_turns()) == 2
        assert (await it.say("Switch to Ada.")).reply.said == "I will fetch Ada."


async def test_a_name_that_is_set_is_wanted_and_answers_next(tmp_path: Path) -> None:
    async with house(tmp_path, "Hello.") as it:
        it.personas.name = "Ada"
        assert it.personas.name == "Ada"
        assert (await it.say("Who are you?")).by == "Ada"


async def test_a_diary_that_is_asked_for_ends_the_conversation(tmp_path: Path) -> None:
    async with house(tmp_path, "Hello.") as it:
        await it.say("Hello.")
        assert (await it.life.standing()).said
        await it.personas.write_diary()
        assert not (await it.life.standing()).said


async def test_who_is_renamed_goes_on_talking_under_the_new_name(tmp_path: Path) -> None:
    async with house(tmp_path, "Well.") as it:
        settings = msgspec.structs.replace(SETTINGS, persona=Persona(name="Luna", user="Anna"))
        it.personas.become(settings)
        assert it.personas.name == "Luna"
        assert (await it.say("Hello.")).by == "Luna"
        assert it.voices == []


HOME = Settings(persona=Persona(user="Tom"), people=config.People(enabled=True, guests=True))
TOM, ANNA, STRANGER = Speaker("Tom", 0.8, b"tom"), Speaker("Anna", 0.8, b"anna"), Speaker("", 0.1, b"who")


async def test_whom_the_settings_name_is_the_user_and_who_is_not_known_a_guest(tmp_path: Path) -> None:
    async with house(tmp_path, *["Hello."] * 3, settings=HOME) as it:
        turns = [await it.say("Hello there.", each) for each in (TOM, ANNA, STRANGER)]
        assert [each.heard.person for each in turns] == [USER, "Anna", GUEST]
        refused = await it.say("Switch to Jarvis.", STRANGER)
        assert refused.reply.said != words.load("en").text("personas.here", name="Jarvis")
        granted = await it.say("Switch to Jarvis.", ANNA)
        assert granted.reply.said == words.load("en").text("personas.here", name="Jarvis")


async def test_without_guests_a_voice_that_nobody_knows_is_the_users(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(HOME, people=config.People(enabled=True))
    async with house(tmp_path, "Hello.", settings=settings) as it:
        assert (await it.say("Hello there.", STRANGER)).heard.person == USER


async def test_what_was_kept_under_the_name_of_the_user_is_the_users_at_the_next_start(tmp_path: Path) -> None:
    unnamed = msgspec.structs.replace(HOME, persona=Persona())
    async with house(tmp_path, "A nice name.", settings=unnamed) as it:
        await it.say("My sister is called Anna.", TOM)
        assert await it.life.people() == ["Tom"]
    async with house(tmp_path, settings=HOME) as it:
        assert await it.life.people() == []

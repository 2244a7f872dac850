"""Wishes about voices, from what is said to what is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from digital_life.people.file import NAME, PeopleFile
from digital_life.people.voices import VoicePrint
from digital_life.people.wishes import PATIENCE_S, PeopleWishes
from digital_life.values import Language, Reply, Speaker, Timings, Transcript, Turn
from fakes.clock import FakeClock

SENTENCE = "On Sunday mornings we walk along the river together."
ANNA = np.array([1, 0, 0], "<f4").tobytes()
BOB = np.array([0, 1, 0], "<f4").tobytes()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def file(tmp_path: Path) -> PeopleFile:
    return PeopleFile(tmp_path)


@pytest.fixture
def wishes(file: PeopleFile, clock: FakeClock) -> PeopleWishes:
    return PeopleWishes(file, model="model", clock=clock, user="", name_of=lambda said: said.strip("."))


def say(
    text: str, voice: bytes | None = ANNA, *, known: str = "", language: Language = "en", remote: bool = False
) -> Transcript:
    speaker = None if voice is None else Speaker(known, 0.0, voice, 2.5)
    return Transcript(text, language, 1.0, remote=remote, speaker=speaker)


async def answer(wishes: PeopleWishes, heard: Transcript) -> str:
    """What it says; empty: it has nothing to do with it."""
    concern = wishes.concern(heard)
    granted = await wishes.grant(heard) if concern else None
    assert (granted is not None) == concern
    assert granted is None or not granted.remembered
    return granted.text if granted else ""


def learn(file: PeopleFile, name: str, voice: bytes) -> None:
    file.keep(VoicePrint(name, "model", datetime(2026, 11, 22, tzinfo=UTC), (voice,)))


async def test_a_voice_is_learnt_by_talking(wishes: PeopleWishes, file: PeopleFile) -> None:
    assert "Shall I learn your voice" in await answer(wishes, say("This is Anna."))
    assert "apple tree" in await answer(wishes, say("Yes please."))
    assert "The second" in await answer(wishes, say(SENTENCE))
    assert "the last" in await answer(wishes, say(SENTENCE))
    assert file.prints() == ()
    assert "now on I know your voice" in await answer(wishes, say(SENTENCE))
    (kept,) = file.prints()
    assert (kept.name, kept.model, kept.vectors) == ("Anna", "model", (ANNA,) * 3)
    assert await answer(wishes, say(SENTENCE)) == ""


async def test_it_is_learnt_in_chinese(wishes: PeopleWishes, file: PeopleFile) -> None:
    assert "要我记住你的声音吗" in await answer(wishes, say("我是安娜。", language="zh"))
    assert "第一句" in await answer(wishes, say("好的", language="zh"))
    for says in ("第二句", "最后一句", "认得你的声音了"):
        assert says in await answer(wishes, say("明天晚上我想听一点安静的音乐。", language="zh"))
    assert [each.name for each in file.prints()] == ["安娜"]


async def test_who_says_no_is_not_learnt(wishes: PeopleWishes, file: PeopleFile) -> None:
    await answer(wishes, say("This is Anna."))
    assert await answer(wishes, say("No.")) == "All right, I will not."
    assert await answer(wishes, say("Yes.")) == ""
    assert not file.path.exists()


async def test_who_goes_away_meanwhile_is_not_learnt(wishes: PeopleWishes, clock: FakeClock) -> None:
    await answer(wishes, say("This is Anna."))
    await clock.sleep(PATIENCE_S)
    assert await answer(wishes, say("Yes.")) == ""


async def test_who_asks_for_something_else_meanwhile_has_agreed_to_nothing(wishes: PeopleWishes) -> None:
    await answer(wishes, say("This is Anna."))
    other = say("What time is it?")
    assert await answer(wishes, other) == ""
    wishes.hear(Turn(1, datetime(2026, 11, 22, tzinfo=UTC), None, other, Reply("Nine."), Timings()))
    assert await answer(wishes, say("Yes.")) == ""


async def test_its_own_turn_does_not_end_it(wishes: PeopleWishes) -> None:
    first = say("This is Anna.")
    await answer(wishes, first)
    wishes.hear(Turn(1, datetime(2026, 11, 22, tzinfo=UTC), None, first, Reply("Shall I?"), Timings()))
    assert "apple tree" in await answer(wishes, say("Yes."))


async def test_who_is_known_may_have_a_voice_forgotten(wishes: PeopleWishes, file: PeopleFile) -> None:
    learn(file, "Anna", ANNA)
    learn(file, "Bob", BOB)
    assert await answer(wishes, say("Forget Bob's voice.", known="Anna")) == "I have forgotten the voice of Bob."
    assert await answer(wishes, say("Forget my voice.", known="Anna")) == "I have forgotten the voice of Anna."
    assert file.prints() == ()


async def test_a_stranger_may_not(wishes: PeopleWishes, file: PeopleFile) -> None:
    learn(file, "Anna", ANNA)
    for text in ("Forget Anna's voice.", "Forget my voice."):
        assert "Only somebody whose voice I know" in await answer(wishes, say(text, BOB))
    assert len(file.prints()) == 1


async def test_who_types_at_this_machine_may(wishes: PeopleWishes, file: PeopleFile) -> None:
    learn(file, "Anna", ANNA)
    assert "Whose voice" in await answer(wishes, say("Forget my voice.", None))
    assert await answer(wishes, say("Forget Anna's voice.", None, remote=True)) == ""
    assert await answer(wishes, say("Forget Anna's voice.", None)) == "I have forgotten the voice of Anna."
    assert await answer(wishes, say("Forget Anna's voice.", None)) == "I know no voice of Anna."


async def test_it_tells_whose_voice_it_hears(wishes: PeopleWishes) -> None:
    assert await answer(wishes, say("Who am I?", known="Anna")) == "You sound like Anna."
    assert await answer(wishes, say("Who am I?")) == "I do not know your voice."
    assert "not heard enough" in await answer(wishes, say("Who am I?", b""))


async def test_somebody_who_is_known_by_that_name_is_not_replaced(wishes: PeopleWishes, file: PeopleFile) -> None:
    learn(file, "Anna", ANNA)
    assert "another voice as Anna" in await answer(wishes, say("Learn my voice, I am Anna.", BOB))
    assert file.prints()[0].vectors == (ANNA,)


async def test_a_voice_that_cannot_be_kept_is_not_said_to_be(wishes: PeopleWishes, tmp_path: Path) -> None:
    await answer(wishes, say("Learn my voice, I am Anna."))
    for _ in range(2):
        await answer(wishes, say(SENTENCE))
    (tmp_path / NAME).mkdir()
    assert await answer(wishes, say(SENTENCE)) == "I could not write that down; what is wrong is in the log."


async def test_ordinary_talk_is_none_of_its_business(wishes: PeopleWishes) -> None:
    for text in ("What is the weather like?", "This is nice.", "Forget that.", ""):
        assert await answer(wishes, say(text)) == ""

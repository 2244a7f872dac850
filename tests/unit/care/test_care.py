"""What is done about a crisis: what is said, what is kept, how the talk goes on."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from digital_life import config, words
from digital_life.care.care import SUPPORTS_FOR, Care
from digital_life.talking.spoken import chunks
from digital_life.values import Concern, KeptConcern, Language, Sign, Transcript
from fakes.care import FakeConcerns
from fakes.clock import FakeClock

PLAIN = config.Care()
GRAVE = Concern(2, (Sign("wants-to-die", 2, "i want to die"),), "v1")


async def opened(
    concerns: FakeConcerns,
    clock: FakeClock,
    *,
    settings: config.Care = PLAIN,
    locale: str = "",
) -> Care:
    return await Care.open(settings=settings, concerns=concerns, clock=clock, locale=locale)


async def test_a_turn_is_looked_at_in_whatever_language_it_is() -> None:
    care = await opened(FakeConcerns(), FakeClock())
    assert (await care.look(Transcript("i want to die", "en", 0.9))).level == 2
    assert (await care.look(Transcript("我不想活了", "zh", 0.9))).level == 2
    assert (await care.look(Transcript("what time is it", "en", 0.9))).level == 0


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("level", [1, 2, 3])
async def test_the_same_is_not_said_again_and_again(language: Language, level: int) -> None:
    care = await opened(FakeConcerns(), FakeClock())
    concern, said = Concern(level, GRAVE.signs, "v1"), []
    for _ in range(4):
        said.append(care.answer(concern, language))
        assert care.answer(concern, language) == said[-1]  # made ready on suspicion, and again when it is certain
        await care.keep(concern, 1)
    assert len(set(said[:3])) == 3
    assert said[3] == said[0]


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("level", [1, 2, 3])
async def test_every_answer_names_the_help_line_and_asks_one_question(language: Language, level: int) -> None:
    care = await opened(FakeConcerns(), FakeClock(), settings=config.Care(region="UK"))
    for _ in range(3):
        concern = Concern(level, GRAVE.signs, "v1")
        said = care.answer(concern, language)
        await care.keep(concern, 1)
        assert "1 1 6, 1 2 3" in said
        assert said.count("?") + said.count("？") == 1
        assert said.endswith(("?", "？"))
        assert ("9 9 9" in said) >= (level == 3)
        assert "{" not in said


async def test_a_number_is_read_out_digit_by_digit() -> None:
    care = await opened(FakeConcerns(), FakeClock(), settings=config.Care(region="UK"))
    english = "".join(each.spoken for each in chunks(care.answer(GRAVE, "en"), main="en"))
    assert "one one six, one two three" in english
    chinese = "".join(each.spoken for each in chunks(care.answer(GRAVE, "zh"), main="zh"))
    assert "一一六，一二三" in chinese.replace(",", "，").replace(" ", "")


async def test_where_nobody_set_a_region_the_language_tells_and_the_locale() -> None:
    assert "1 2 3 5 6" in (await opened(FakeConcerns(), FakeClock())).answer(GRAVE, "zh")
    assert "findahelpline" in (await opened(FakeConcerns(), FakeClock())).answer(GRAVE, "en")
    assert "1 9 2 5" in (await opened(FakeConcerns(), FakeClock(), locale="zh_TW.UTF-8")).answer(GRAVE, "zh")


async def test_of_nothing_nothing_is_said_and_nothing_kept() -> None:
    concerns = FakeConcerns()
    care = await opened(concerns, FakeClock())
    assert care.answer(Concern(0, (), "v1"), "en") == ""
    await care.keep(Concern(0, (), "v1"), 4)
    assert concerns.all == []
    assert care.manner("en") == ""


async def test_what_is_kept_is_how_grave_it_was_and_no_word_of_it() -> None:
    concerns, clock = FakeConcerns(), FakeClock()
    await (await opened(concerns, clock)).keep(GRAVE, 7)
    assert concerns.all == [KeptConcern(clock.now(), 2, ("wants-to-die",), "v1", 7)]


async def test_after_a_concern_it_talks_on_supportively_for_hours_and_after_a_restart() -> None:
    concerns, clock = FakeConcerns(), FakeClock()
    care = await opened(concerns, clock)
    await care.keep(GRAVE, 7)
    assert care.manner("en") == words.load("en").text("care.manner")
    assert (await opened(concerns, clock)).manner("zh") == words.load("zh").text("care.manner")
    clock.passed += SUPPORTS_FOR / timedelta(seconds=1)
    assert care.manner("en") == ""


async def test_a_full_disk_keeps_nobody_from_being_answered_and_the_concern_is_kept_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    concerns, clock = FakeConcerns(), FakeClock()
    concerns.full = True
    care = await opened(concerns, clock)
    await care.keep(GRAVE, 1)
    assert "1 concerns wait" in caplog.text
    assert care.answer(GRAVE, "en")
    assert care.manner("en")
    concerns.full = False
    await care.keep(GRAVE, 2)
    assert [each.turn for each in concerns.all] == [1, 2]


async def test_what_was_said_stands_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="digital_life")
    care = await opened(FakeConcerns(), FakeClock())
    concern = await care.look(Transcript("i want to die", "en", 0.9))
    await care.keep(concern, 1)
    assert "level 2" in caplog.text
    assert "want to die" not in caplog.text


async def test_without_a_contact_there_is_nobody_to_tell() -> None:
    await (await opened(FakeConcerns(), FakeClock())).run()

"""The trusted person is told when the user wanted it, once, and never what was said."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from digital_life import config, words
from digital_life.care.care import Care
from digital_life.care.telling import RETRY_S, Telling, message
from digital_life.values import Concern, KeptConcern, Language, Sign
from fakes.care import FakeConcerns, FakeContact
from fakes.clock import FakeClock

HOUR_S = 3600


def concern(level: int) -> Concern:
    return Concern(level, (Sign("wants-to-die", level, "i want to die"),), "v1")


@asynccontextmanager
async def caring(
    contact: FakeContact, concerns: FakeConcerns, clock: FakeClock, *, from_level: int = 3
) -> AsyncGenerator[Care]:
    telling = Telling(contact, concerns=concerns, clock=clock, text="Please come.", from_level=from_level)
    care = await Care.open(settings=config.Care(), concerns=concerns, clock=clock, locale="", telling=telling)
    running = asyncio.create_task(care.run())
    try:
        yield care
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_person_is_told_from_the_chosen_level_on() -> None:
    contact, concerns, clock = FakeContact(), FakeConcerns(), FakeClock()
    async with caring(contact, concerns, clock) as care:
        await care.keep(concern(2), 1)
        await settled()
        assert contact.texts == []
        await care.keep(concern(3), 2)
        await settled()
    assert contact.texts == ["Please come."]
    assert [each.told for each in concerns.all] == [clock.now(), clock.now()]


async def test_the_person_is_told_once_an_hour_at_most() -> None:
    contact, clock = FakeContact(), FakeClock()
    async with caring(contact, FakeConcerns(), clock) as care:
        for passed in (0, HOUR_S - 1, 1):
            clock.passed += passed
            await care.keep(concern(3), 1)
            await settled()
    assert len(contact.texts) == 2


async def test_who_cannot_be_reached_is_tried_again_until_it_works(caplog: pytest.LogCaptureFixture) -> None:
    contact, clock = FakeContact(failures=6), FakeClock()
    async with caring(contact, FakeConcerns(), clock) as care:
        await care.keep(concern(3), 1)
        await contact.reached.wait()
    assert clock.slept == [*RETRY_S, RETRY_S[-1], RETRY_S[-1]]
    assert "no route" in caplog.text


async def test_what_could_not_be_told_before_a_restart_is_told_after_it() -> None:
    clock = FakeClock()
    untold = KeptConcern(clock.now() - timedelta(hours=2), 3, ("farewell",), "v1", 1)
    contact = FakeContact()
    async with caring(contact, FakeConcerns(untold), clock):
        await settled()
    assert len(contact.texts) == 1


async def test_what_was_told_or_is_long_ago_is_not_told_after_a_restart() -> None:
    clock, contact = FakeClock(), FakeContact()
    old = KeptConcern(clock.now() - timedelta(days=2), 3, ("farewell",), "v1", 1)
    told = KeptConcern(clock.now() - timedelta(hours=2), 3, ("farewell",), "v1", 1, told=clock.now())
    async with caring(contact, FakeConcerns(old, told), clock):
        await settled()
    assert contact.texts == []


async def test_a_full_disk_tells_nobody_twice() -> None:
    contact, concerns, clock = FakeContact(), FakeConcerns(), FakeClock()
    async with caring(contact, concerns, clock) as care:
        concerns.full = True
        for _ in range(3):
            await care.keep(concern(3), 1)
            await settled()
    assert len(contact.texts) == 1


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_message_names_the_user_and_the_person_where_they_are_known(language: Language) -> None:
    known = message(name="Bo", user="Ada", language=language)
    assert "Bo" in known
    assert known.count("Ada") == 1
    assert "{" not in known + message(name="", user="", language=language)

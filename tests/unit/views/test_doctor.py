"""The doctor, asked from a page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from digital_life import words
from digital_life.clock import SystemClock
from digital_life.errors import ModelError
from digital_life.finding import Finding, Health
from digital_life.views import doctor
from digital_life.web.resource import Call, Resource
from digital_life.words import Words


class Practice:
    """An examination that goes on when it is told to."""

    def __init__(self, *, fails: Exception | None = None) -> None:
        self.go_on = asyncio.Event()
        self.begun = 0
        self._fails = fails

    async def examine(self, text: Words) -> AsyncGenerator[Finding]:
        self.begun += 1
        yield Finding("machine", Health.WELL, text.text("console.settings.doctor.well"))
        await self.go_on.wait()
        if self._fails:
            raise self._fails
        yield Finding("memory", Health.WEAK, "small")


class Visit:
    def __init__(self, practice: Practice, show: Resource, begin: Resource) -> None:
        self.practice = practice
        self._show, self._begin = show, begin

    async def show(self) -> doctor.Examined:
        return await self._ask(self._show)

    async def begin(self) -> doctor.Examined:
        return await self._ask(self._begin)

    async def over(self) -> doctor.Examined:
        self.practice.go_on.set()
        while (await self.show()).running:
            await asyncio.sleep(0)
        return await self.show()

    async def _ask(self, resource: Resource) -> doctor.Examined:
        answer = await resource.answer(Call(words.load("zh")))
        assert isinstance(answer, doctor.Examined)
        return answer


@asynccontextmanager
async def visit(*, fails: Exception | None = None) -> AsyncGenerator[Visit]:
    practice = Practice(fails=fails)
    async with doctor.open_resources(practice.examine, clock=SystemClock()) as (show, begin):
        yield Visit(practice, show, begin)


async def test_before_the_first_time_nothing_was_found() -> None:
    async with visit() as it:
        assert await it.show() == doctor.Examined(running=False, began=None, findings=(), failed="")


async def test_what_is_found_is_shown_as_it_is_found_in_the_language_of_the_page() -> None:
    async with visit() as it:
        assert (await it.begin()).running
        await asyncio.sleep(0)
        assert [each.found for each in (await it.show()).findings] == ["正常"]
        assert [each.part for each in (await it.over()).findings] == ["machine", "memory"]


async def test_one_examination_at_a_time() -> None:
    async with visit() as it:
        await it.begin()
        await asyncio.sleep(0)
        await it.begin()
        await it.over()
        assert it.practice.begun == 1
        await it.begin()
        await it.over()
        assert it.practice.begun == 2


async def test_one_that_fails_tells_why_and_the_daemon_goes_on() -> None:
    async with visit(fails=ModelError("language-model-failed", cause="tired")) as it:
        await it.begin()
        assert "tired" in (await it.over()).failed
    async with visit(fails=RuntimeError("surprise")) as it:
        await it.begin()
        examined = await it.over()
        assert examined.failed == words.load("zh").text("console.common.failed")
        assert [each.part for each in examined.findings] == ["machine"]


async def test_one_that_is_under_way_ends_with_the_daemon() -> None:
    async with visit() as it:
        await it.begin()

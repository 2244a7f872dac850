"""It goes to the internet only when it may."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from digital_life.errors import ToolError
from digital_life.tool import Outcome
from digital_life.tools.permission import ASKED_S, Permission
from digital_life.values import Language, Transcript
from fakes.clock import FakeClock
from fakes.outside import FakeConsents


@dataclass
class Errand:
    outcome: Outcome = Outcome(said="It is warm.")  # noqa: RUF009 - frozen
    fails: bool = False
    runs: int = 0

    async def run(self) -> Outcome:
        self.runs += 1
        if self.fails:
            raise ToolError("web-unreachable", site="example.org")
        return self.outcome


@dataclass
class World:
    granted: frozenset[str] = frozenset()
    consents: FakeConsents = field(default_factory=FakeConsents)
    clock: FakeClock = field(default_factory=FakeClock)
    errand: Errand = field(default_factory=Errand)

    def __post_init__(self) -> None:
        self.permission = Permission(self.consents, self.clock, granted=self.granted)

    async def ask(self, what: str = "weather") -> Outcome:
        return await self.permission.through(what, said("how is the weather"), self.errand.run)

    async def answer(self, text: str, language: Language = "en") -> str | None:
        wish = said(text, language)
        if not self.permission.concern(wish):
            return None
        granted = await self.permission.grant(wish)
        return granted.text if granted else None


def said(text: str, language: Language = "en") -> Transcript:
    return Transcript(text, language, 1.0)


async def test_it_asks_before_it_goes_and_goes_after_a_yes() -> None:
    world = World()
    outcome = await world.ask()
    assert "May I use it?" in outcome.said
    assert world.errand.runs == 0
    assert await world.answer("Yes, please.") == "It is warm."
    assert world.consents.kept == {"weather": True}


async def test_it_asks_only_once() -> None:
    world = World()
    await world.ask()
    await world.answer("sure")
    assert (await world.ask()).said == "It is warm."


async def test_after_a_no_it_stays_offline_and_says_how_to_change_that() -> None:
    world = World()
    await world.ask()
    assert "stay offline" in (await world.answer("No, rather not.") or "")
    assert "you may use the internet" in (await world.ask()).said
    assert world.errand.runs == 0
    assert await world.answer("You may use the internet.") == "All right, I will keep to that."
    assert (await world.ask()).said == "It is warm."


async def test_a_yes_for_one_thing_is_none_for_another() -> None:
    world = World()
    await world.ask("weather")
    await world.answer("yes")
    assert "May I use it?" in (await world.ask("search")).said


async def test_a_late_yes_answers_something_else() -> None:
    world = World()
    await world.ask()
    await world.clock.sleep(ASKED_S + 1)
    assert await world.answer("yes") is None
    assert world.consents.kept == {}


async def test_an_ordinary_thing_to_say_is_no_answer() -> None:
    world = World()
    await world.ask()
    assert await world.answer("I like rain.") is None
    assert await world.answer("yes") == "It is warm."


async def test_the_question_may_be_answered_in_full() -> None:
    world = World()
    await world.ask()
    assert await world.answer("You may use the internet for the weather.") == "It is warm."


async def test_without_a_question_yes_concerns_it_not() -> None:
    assert await World().answer("yes") is None


async def test_what_the_settings_allow_needs_no_question_but_a_spoken_no_counts_more() -> None:
    world = World(granted=frozenset({"weather"}))
    assert (await world.ask()).said == "It is warm."
    await world.answer("Don't use the internet for the weather any more.")
    assert world.consents.kept == {"weather": False}
    assert "stay off the internet" in (await world.ask()).said


async def test_what_fails_after_the_yes_is_told() -> None:
    world = World(errand=Errand(fails=True))
    await world.ask()
    assert await world.answer("yes") == "example.org cannot be reached just now; check the network"


async def test_what_is_found_after_the_yes_is_read_out() -> None:
    world = World(errand=Errand(Outcome(found="example.org: A title.")))
    await world.ask("search")
    assert await world.answer("go ahead") == "example.org: A title."


@pytest.mark.parametrize("text", ["好的", "可以啊", "行吧", "嗯，查吧", "当然可以"])
async def test_a_chinese_yes(text: str) -> None:
    world = World()
    await world.ask()
    assert await world.answer(text, "zh") == "It is warm."


@pytest.mark.parametrize("text", ["不用了", "不行", "别上网", "不要，谢谢"])
async def test_a_chinese_no(text: str) -> None:
    world = World()
    await world.ask()
    assert await world.answer(text, "zh") == "好，那我不上网。改主意的话，说一声“你可以上网”就行。"


@pytest.mark.parametrize(
    ("text", "language", "kept"),
    [
        ("you may use the internet", "en", {"weather": True, "search": True}),
        ("You may use the internet for the weather now", "en", {"weather": True}),
        ("From now on you can go on the internet to search", "en", {"search": True}),
        ("Please stay off the internet.", "en", {"weather": False, "search": False}),
        ("你可以上网", "zh", {"weather": True, "search": True}),
        ("以后你可以上网查天气", "zh", {"weather": True}),
        ("不要再上网了", "zh", {"weather": False, "search": False}),
        ("查天气可以上网", "zh", {"weather": True}),
    ],
)
async def test_a_change_of_mind(text: str, language: Language, kept: dict[str, bool]) -> None:
    world = World()
    assert await world.answer(text, language)
    assert world.consents.kept == kept


@pytest.mark.parametrize("text", ["The internet is slow today.", "Do you use the internet?", "I may use the internet."])
async def test_talk_about_the_internet_changes_nothing(text: str) -> None:
    world = World()
    assert await world.answer(text) is None


async def test_a_yes_in_another_room_permits_nothing() -> None:
    world = World()
    await world.ask()
    elsewhere = replace(said("Yes."), room="kitchen")
    assert not world.permission.concern(elsewhere)
    assert await world.permission.grant(elsewhere) is None
    assert world.errand.runs == 0
    assert await world.answer("Yes.") == "It is warm."

"""Every display is told the same, and what a display sends is heard or refused."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.display.acting import MOOD_S, Acting
from digital_life.display.messages import Clock, Expression, Message, Motion, Mouth, Status, from_json, to_json
from digital_life.display.stage import MOST_REFUSED, TAP_S, Stage
from digital_life.values import Announced, State
from fakes.clock import FakeClock, HandClock
from fakes.pages import FakePage

TAP = '{"type": "motion", "name": "tap"}'


def acting() -> Acting:
    return Acting(mood_of=lambda *_: "happy", is_grave=lambda _: False, subtitles=True)


def told(page: FakePage) -> list[Message]:
    return [from_json(each) for each in page.sent]


class Elsewhere:
    """An Audience."""

    def __init__(self) -> None:
        self.watching = False
        self.told: list[Message] = []

    def tell(self, message: Message, payload: bytes) -> None:
        assert to_json(message) == payload
        self.told.append(message)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stage(clock: FakeClock) -> Stage:
    return Stage(acting(), clock=clock)


def test_who_comes_is_told_how_things_are(stage: Stage) -> None:
    stage.hear(State.LISTENING)
    stage.opened(page := FakePage())
    assert told(page) == [Status(state=State.LISTENING), Expression(name="neutral")]


def test_all_are_told_what_happens_until_they_go(stage: Stage) -> None:
    pages = [FakePage(name) for name in "abc"]
    for each in pages:
        stage.opened(each)
    stage.closed(pages[1])
    stage.hear(State.THINKING)
    assert [len(each.sent) for each in pages] == [4, 2, 4]


def test_it_is_watched_while_somebody_may_look(stage: Stage) -> None:
    assert not stage.watched
    stage.join(elsewhere := Elsewhere())
    assert not stage.watched
    elsewhere.watching = True
    assert stage.watched
    stage.leave(elsewhere)
    assert not stage.watched
    stage.opened(page := FakePage())
    assert stage.watched
    stage.closed(page)
    assert not stage.watched


def test_displays_elsewhere_are_told_too(stage: Stage) -> None:
    stage.join(elsewhere := Elsewhere())
    stage.move(Mouth(open=1, form=0, at=7))
    assert elsewhere.told == [Mouth(open=1, form=0, at=7)]


def test_it_says_what_time_it_is(stage: Stage, clock: FakeClock) -> None:
    stage.opened(page := FakePage())
    stage.told(page, '{"type": "clock", "page": "p1", "sent": 12.5}')
    assert told(page)[-1] == Clock(page="p1", sent=12.5, at=round(clock.now().timestamp() * 1000))


def test_a_tap_is_seen_by_all_others_once(stage: Stage, clock: FakeClock) -> None:
    one, other = FakePage("one"), FakePage("other")
    stage.opened(one)
    stage.opened(other)
    stage.told(one, TAP)
    stage.told(one, TAP)
    assert told(other).count(Motion(name="tap")) == 1
    assert Motion(name="tap") not in told(one)
    clock.passed += TAP_S
    stage.tapped()
    assert told(one)[-1] == told(other)[-1] == Motion(name="tap")


@pytest.mark.parametrize(
    "message",
    [
        "",
        "null",
        "x" * 20_000,
        '{"type": "state", "state": "muted"}',
        '{"type": "motion", "name": "wake"}',
        '{"type": "clock", "page": "p", "sent": 1, "at": 5}',
        '{"type": "mouth", "open": 1, "form": 0, "at": 5}',
        "\ud800",
    ],
)
def test_what_no_display_sends_is_refused_quietly(stage: Stage, message: str) -> None:
    stage.opened(page := FakePage())
    before = list(page.sent)
    stage.told(page, message)
    assert page.sent == before
    assert not page.closed


def test_a_page_that_sends_nothing_else_is_closed(stage: Stage) -> None:
    good, bad = FakePage("good"), FakePage("bad")
    stage.opened(good)
    stage.opened(bad)
    for _ in range(MOST_REFUSED - 1):
        stage.told(bad, "{")
    assert not bad.closed
    stage.heard(bad, bytes(320))
    assert bad.closed
    assert not good.closed


@given(st.lists(st.one_of(st.text(max_size=80), st.just(TAP))))
def test_nothing_that_a_page_sends_does_harm(sent: list[str]) -> None:
    stage = Stage(acting(), clock=FakeClock())
    stage.opened(page := FakePage())
    for each in sent:
        stage.told(page, each)
    stage.hear(State.SPEAKING)
    assert told(page)[-1] == Status(state=State.SPEAKING)


async def test_a_mood_is_over_after_a_while() -> None:
    clock = HandClock()
    stage = Stage(acting(), clock=clock)
    stage.opened(page := FakePage())
    async with stage.lit():
        stage.hear(State.IDLE)
        stage.hear(Announced("Good news", "en"))
        await asyncio.sleep(0)
        await clock.let_pass(MOOD_S - 1)
        assert told(page)[-1] == Expression(name="happy")
        await clock.let_pass(2)
        assert told(page)[-1] == Expression(name="neutral")


async def test_while_nothing_is_due_nothing_wakes_it() -> None:
    clock = FakeClock()
    stage = Stage(acting(), clock=clock)
    async with stage.lit():
        stage.hear(State.IDLE)
        for _ in range(20):
            await asyncio.sleep(0)
        assert clock.slept == []


def test_nobody_there_costs_nothing(stage: Stage) -> None:
    stage.hear(State.SPEAKING)
    stage.opened(page := FakePage())
    assert json.loads(page.sent[0])["state"] == "speaking"

"""Who watches sees each frame; who does not costs nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.values import Language, Sensed
from digital_life.web.watching import BURST_S, STEP_S, Watching
from fakes.clock import FakeClock

SENSED = Sensed(-31.26, {"hey_ada": 0.123456}, voice=0.987, gated=False)


class FakeSenses:
    def __init__(self) -> None:
        self.notice: Callable[[Sensed], None] | None = None

    def sense(self, sensed: Sensed = SENSED) -> None:
        assert self.notice, "nobody watches"
        self.notice(sensed)


class FakePage:
    def __init__(self, number: int = 1) -> None:
        self.id = str(number)
        self.language: Language = "en"
        self.seen: list[dict[str, object]] = []

    def send(self, message: bytes) -> None:
        self.seen.append(json.loads(message))

    def send_sound(self, pcm: bytes) -> None:
        raise AssertionError(pcm)

    def close(self) -> None:
        raise AssertionError


@pytest.fixture
def senses() -> FakeSenses:
    return FakeSenses()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def watching(senses: FakeSenses, clock: FakeClock) -> Watching:
    return Watching(senses, clock=clock)


def watch(watching: Watching, page: FakePage, *, on: bool = True) -> None:
    watching.told(page, json.dumps({"type": "watch", "on": on}))


def test_a_page_that_watches_sees_level_scores_and_voice(watching: Watching, senses: FakeSenses) -> None:
    page = FakePage()
    watching.opened(page)
    watch(watching, page)
    senses.sense()
    assert page.seen == [{"type": "meter", "level": -31.3, "scores": {"hey_ada": 0.123}, "voice": 0.99, "gated": False}]


def test_a_page_that_is_merely_open_costs_nothing(watching: Watching, senses: FakeSenses) -> None:
    watching.opened(FakePage())
    assert senses.notice is None


def test_when_the_last_one_looks_away_the_ears_tell_nothing_more(watching: Watching, senses: FakeSenses) -> None:
    one, other = FakePage(1), FakePage(2)
    watch(watching, one)
    watch(watching, other)
    watch(watching, one, on=False)
    senses.sense()
    watching.closed(other)
    assert (len(one.seen), len(other.seen), senses.notice) == (0, 1, None)


def test_who_asks_twice_is_told_once(watching: Watching, senses: FakeSenses) -> None:
    page = FakePage()
    watch(watching, page)
    watch(watching, page)
    senses.sense()
    assert len(page.seen) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "{",
        "null",
        '{"type":"watch"}',
        '{"type":"watch","on":"yes"}',
        '{"type":"say"}',
        "\ud800",
        '{"type":"watch","on":true,"x":' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
def test_garbage_is_refused_and_changes_nothing(watching: Watching, senses: FakeSenses, garbage: str) -> None:
    page = FakePage()
    watching.told(page, garbage)
    assert page.seen == [{"type": "refused", "why": "unknown"}]
    assert senses.notice is None


def test_sound_is_refused(watching: Watching) -> None:
    page = FakePage()
    watching.heard(page, bytes(640))
    assert page.seen == [{"type": "refused", "why": "unknown"}]


@given(st.lists(st.floats(0, 0.4), min_size=1, max_size=100))
def test_never_more_than_a_message_a_frame_however_they_come(gaps: list[float]) -> None:
    senses, clock, page = FakeSenses(), FakeClock(), FakePage()
    watch(Watching(senses, clock=clock), page)
    for gap in gaps:
        clock.passed += gap
        senses.sense()
    assert len(page.seen) <= (clock.passed + BURST_S) / STEP_S + 2


def test_frames_that_come_in_time_are_all_told(watching: Watching, senses: FakeSenses, clock: FakeClock) -> None:
    page = FakePage()
    watch(watching, page)
    for late in [0.0, 0.06, 0.0, 0.02] * 25:
        senses.sense()
        clock.passed += STEP_S + late - 0.02
    assert len(page.seen) == 100

"""When the service manager is told that it is ready, and how it goes before."""

from __future__ import annotations

from datetime import date

import pytest

from digital_life import words
from digital_life.broadcast import Event
from digital_life.readiness import LOADING, Readiness, Told
from digital_life.values import RESTING, DiaryWritten, Loaded, State


def told(*events: Event) -> Told | None:
    """After the last of them."""
    readiness = Readiness()
    return [readiness.feed(each) for each in events][-1]


@pytest.mark.parametrize("resting", sorted(RESTING))
def test_it_is_ready_when_it_is_loaded_and_it_is_known_whether_it_hears(resting: State) -> None:
    ready = Told(f"state.{resting}", ready=True)
    assert told(State.STARTING, resting, Loaded()) == ready
    assert told(State.STARTING, Loaded(), resting) == ready


@pytest.mark.parametrize("resting", sorted(RESTING))
def test_before_it_is_loaded_it_tells_what_can_be_said_to_it(resting: State) -> None:
    assert told(State.STARTING, resting) == Told(LOADING[resting])
    for language in words.LANGUAGES:
        assert words.load(language).text(LOADING[resting])


def test_loaded_but_not_hearing_yet_it_is_not_ready() -> None:
    assert told(State.STARTING, Loaded()) == Told("state.starting")
    assert told(State.STARTING, Loaded(), State.THINKING) == Told("state.thinking")


def test_loaded_in_the_middle_of_a_talk_it_is_ready_at_once() -> None:
    assert told(State.STARTING, State.IDLE, State.LISTENING, Loaded()) == Told("state.listening", ready=True)


def test_its_end_is_told_also_while_it_is_loading() -> None:
    assert told(State.STARTING, State.STOPPING) == Told("state.stopping", stops=True)


def test_what_else_happens_is_not_told() -> None:
    assert told(State.IDLE, DiaryWritten(date(2026, 11, 22), "A day", ())) is None

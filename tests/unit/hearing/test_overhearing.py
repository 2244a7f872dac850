"""Who speaks over its voice is noticed; a cough is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.config import Hearing
from digital_life.hearing.overhearing import OVER, SUSTAINED, Overhearing
from digital_life.hearing.segmenter import WINDOW
from digital_life.values import RATE, HearingEvent, NothingSaid, SpeechStarted, SpeechSustained

VOICE, SILENCE = 0.9, 0.05


def overhear(probabilities: list[float]) -> list[HearingEvent]:
    """Up to the moment from which it is an utterance."""
    overhearing = Overhearing(Hearing(), position=0)
    events: list[HearingEvent] = []
    for probability in probabilities:
        events += overhearing.feed([probability])
        if events and isinstance(events[-1], SpeechSustained):
            break
    return events


def kinds(events: list[HearingEvent]) -> list[type]:
    return [type(event) for event in events]


def test_somebody_who_speaks_on_is_noticed_within_300_ms() -> None:
    events = overhear([SILENCE] * 10 + [VOICE] * 20)
    assert kinds(events) == [SpeechStarted, SpeechSustained]
    sustained = events[-1]
    assert isinstance(sustained, SpeechSustained)
    assert sustained.position - 10 * WINDOW <= 0.3 * RATE


def test_words_of_which_parts_are_lost_are_noticed_too() -> None:
    assert kinds(overhear(([VOICE] * 3 + [SILENCE]) * 6))[-1] is SpeechSustained


def test_a_cough_was_nothing() -> None:
    assert kinds(overhear([SILENCE] * 10 + [VOICE] * 5 + [SILENCE] * 20)) == [SpeechStarted, NothingSaid]


def test_a_click_is_not_even_noticed() -> None:
    assert overhear([SILENCE] * 10 + [VOICE] * 2 + [SILENCE] * 20) == []


@given(st.lists(st.sampled_from([VOICE, SILENCE]), max_size=200))
def test_what_began_goes_on_or_was_nothing(probabilities: list[float]) -> None:
    events = kinds(overhear(probabilities + [SILENCE] * (OVER + SUSTAINED[1])))
    assert all(event is SpeechStarted for event in events[::2])
    assert all(event is not SpeechStarted for event in events[1::2])
    assert len(events) % 2 == 0

"""Sound is cut where somebody begins and ends to speak, whatever the size of the pieces it comes in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.config import Hearing
from digital_life.hearing.segmenter import WINDOW, Segmenter
from digital_life.values import (
    RATE,
    WIDTH,
    HearingEvent,
    NothingSaid,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    Utterance,
)

SETTINGS = Hearing(
    pause_ms=200, finished_silence_ms=300, end_silence_ms=500, unfinished_silence_ms=900, pre_roll_ms=400, longest_s=5.0
)
OPENED = 10_000
VOICE, SILENCE = 0.9, 0.05


def windows(seconds: float, probability: float) -> list[float]:
    return [probability] * int(seconds * RATE / WINDOW)


def sound(windows: int) -> bytes:
    """Every sample tells where it stands."""
    return b"".join((n % 30_000).to_bytes(WIDTH, "little") for n in range(windows * WINDOW))


def hear(probabilities: Sequence[float], *, before: bytes = b"", chop: int = 1) -> list[HearingEvent]:
    """All events up to the one that ends the listening, `chop` windows fed at a time."""
    segmenter = Segmenter(SETTINGS, position=OPENED, wait_s=3.0, before=before)
    pcm, events = sound(len(probabilities)), []
    for start in range(0, len(probabilities), chop):
        piece = pcm[start * WINDOW * WIDTH : (start + chop) * WINDOW * WIDTH]
        events += list(segmenter.feed(piece, probabilities[start : start + chop], captured=1.0))
        if isinstance(events[-1] if events else None, Utterance | NothingSaid):
            return events
    closed = segmenter.close()
    return [*events, closed] if closed else events


def kinds(events: Sequence[HearingEvent]) -> list[type]:
    return [type(event) for event in events]


SPOKEN = windows(1.0, SILENCE) + windows(1.0, VOICE) + windows(1.0, SILENCE)


def test_speech_between_silences_is_one_utterance() -> None:
    events = hear(SPOKEN)
    assert kinds(events) == [SpeechStarted, SpeechPaused, Utterance]
    utterance = events[-1]
    assert isinstance(utterance, Utterance)
    assert utterance.speech_ended - OPENED == len(windows(1.0, SILENCE) + windows(1.0, VOICE)) * WINDOW
    assert abs((utterance.decided - utterance.speech_ended) / RATE - 0.5) < WINDOW / RATE


def test_what_was_guessed_at_the_pause_is_what_was_said_in_the_end() -> None:
    paused, utterance = hear(SPOKEN)[-2:]
    assert isinstance(paused, SpeechPaused)
    assert isinstance(utterance, Utterance)
    assert paused.utterance.pcm == utterance.pcm
    assert paused.utterance.speech_ended == utterance.speech_ended


def test_a_pause_in_the_middle_of_a_sentence_does_not_end_it() -> None:
    events = hear(windows(0.5, VOICE) + windows(0.35, SILENCE) + windows(0.5, VOICE) + windows(1.0, SILENCE))
    assert kinds(events) == [SpeechStarted, SpeechPaused, SpeechResumed, SpeechPaused, Utterance]


@pytest.mark.parametrize(("finished", "silence_s"), [(True, 0.3), (False, 0.9), (None, 0.5)])
def test_a_finished_sentence_needs_less_silence_to_end_and_an_unfinished_one_more(
    finished: bool | None,  # noqa: FBT001 - the case
    silence_s: float,
) -> None:
    segmenter = Segmenter(SETTINGS, position=OPENED, wait_s=3.0)
    for probability in SPOKEN:
        for event in segmenter.feed(b"\0\0" * WINDOW, [probability], captured=1.0):
            if isinstance(event, SpeechPaused) and finished is not None:
                segmenter.judge(event.utterance.speech_ended, finished=finished)
            if isinstance(event, Utterance):
                assert abs((event.decided - event.speech_ended) / RATE - silence_s) < WINDOW / RATE
                return
    raise AssertionError("it did not end")


def test_what_was_judged_counts_until_speech_goes_on() -> None:
    segmenter = Segmenter(SETTINGS, position=OPENED, wait_s=3.0)
    spoken = windows(0.5, VOICE) + windows(0.25, SILENCE) + windows(0.5, VOICE) + windows(0.45, SILENCE)
    for probability in spoken:
        for event in segmenter.feed(b"\0\0" * WINDOW, [probability], captured=1.0):
            assert not isinstance(event, Utterance)
            if isinstance(event, SpeechPaused) and event.utterance.seconds < 1:
                segmenter.judge(event.utterance.speech_ended, finished=True)


def test_the_sound_before_the_first_word_is_kept() -> None:
    utterance = hear(SPOKEN)[-1]
    assert isinstance(utterance, Utterance)
    started = OPENED + len(windows(1.0, SILENCE)) * WINDOW
    assert started - utterance.position == int(0.4 * RATE)


def test_speech_in_one_breath_with_the_wake_word_is_kept_with_it() -> None:
    before = b"\1\2" * RATE
    utterance = hear(windows(0.1, SILENCE) + windows(1.0, VOICE) + windows(1.0, SILENCE), before=before)[-1]
    assert isinstance(utterance, Utterance)
    assert utterance.position == OPENED - RATE
    assert utterance.pcm.startswith(before)


def test_speech_after_a_breath_is_kept_without_the_wake_word() -> None:
    utterance = hear(SPOKEN, before=b"\1\2" * RATE)[-1]
    assert isinstance(utterance, Utterance)
    assert utterance.position >= OPENED


def test_nobody_spoke() -> None:
    events = hear(windows(4.0, SILENCE))
    assert kinds(events) == [NothingSaid]


def test_a_click_is_no_speech() -> None:
    assert kinds(hear([*windows(0.5, SILENCE), VOICE, *windows(4.0, SILENCE)])) == [NothingSaid]


def test_nobody_speaks_for_ever() -> None:
    utterance = hear(windows(9.0, VOICE))[-1]
    assert isinstance(utterance, Utterance)
    assert abs(utterance.seconds - SETTINGS.longest_s) < 0.1


def test_a_recording_that_ends_ends_the_utterance() -> None:
    events = hear(windows(1.0, VOICE))
    assert kinds(events) == [SpeechStarted, Utterance]


probabilities = st.lists(
    st.tuples(st.sampled_from([0.0, 0.3, 0.4, 0.6, 1.0]), st.integers(1, 30)).map(lambda run: [run[0]] * run[1]),
    max_size=12,
).map(lambda runs: [probability for run in runs for probability in run])


@given(probabilities, st.integers(1, 7))
def test_the_size_of_the_pieces_makes_no_difference(heard: list[float], chop: int) -> None:
    assert hear(heard) == hear(heard, chop=chop)


@given(probabilities, st.integers(1, 3 * WINDOW))
def test_pieces_need_not_be_windows(heard: list[float], samples: int) -> None:
    segmenter = Segmenter(SETTINGS, position=OPENED, wait_s=3.0)
    pcm, events = sound(len(heard)), list[HearingEvent]()
    for start in range(0, len(heard) * WINDOW, samples):
        completed = heard[start // WINDOW : (start + samples) // WINDOW]
        events += list(segmenter.feed(pcm[start * WIDTH : (start + samples) * WIDTH], completed, captured=1.0))
        if isinstance(events[-1] if events else None, Utterance | NothingSaid):
            break
    else:
        closed = segmenter.close()
        events += [closed] if closed else []
    assert events == hear(heard)


@given(probabilities)
def test_an_utterance_is_the_very_sound_that_was_heard(heard: list[float]) -> None:
    fed = sound(len(heard))
    for event in hear(heard):
        utterance = event.utterance if isinstance(event, SpeechPaused) else event
        if isinstance(utterance, Utterance):
            start = (utterance.position - OPENED) * WIDTH
            assert utterance.pcm == fed[start : start + len(utterance.pcm)]
            assert utterance.position <= utterance.speech_ended <= utterance.decided


@given(probabilities)
def test_events_come_in_their_order(heard: list[float]) -> None:
    order = {
        SpeechStarted: {SpeechPaused, Utterance},
        SpeechPaused: {SpeechResumed, Utterance},
        SpeechResumed: {SpeechPaused, Utterance},
    }
    events = kinds(hear(heard))
    assert not events or events[0] in {SpeechStarted, NothingSaid}
    for one, following in itertools.pairwise(events):
        assert following in order[one]

"""What a satellite streams becomes frames; it is told what goes on, and when it need not stream any longer."""

from __future__ import annotations

import pytest
from wyoming.event import Eventable

from digital_life.backends.inflow import LATE_S
from digital_life.backends.satellite_stream import (
    DEAF_S,
    SPOKEN_RATE,
    UNHEARD_S,
    UNNAMED,
    Format,
    Named,
    Pipeline,
    Stream,
    sign,
)
from digital_life.values import FRAME, RATE, State

FRAME_S = FRAME / RATE
PLAIN = Format(RATE, 2, 1)
SOUND = b"\1\2" * FRAME


def kind(told: Eventable | None) -> str:
    return told.event().type if told else ""


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (State.IDLE, State.LISTENING, "detection"),
        (State.LISTENING, State.THINKING, "voice-stopped"),
        (State.THINKING, State.SPEAKING, ""),
        (State.SPEAKING, State.LISTENING, "detection"),
        (State.SPEAKING, State.IDLE, "transcript"),
        (State.LISTENING, State.MUTED, "transcript"),
        (State.IDLE, State.MUTED, ""),
        (State.STARTING, State.IDLE, ""),
    ],
)
def test_it_is_told_what_goes_on(before: State, now: State, told: str) -> None:
    assert kind(sign(before, now, woken=False)) == told


def test_it_is_not_told_of_the_wake_word_that_it_heard_itself() -> None:
    assert sign(State.IDLE, State.LISTENING, woken=True) is None
    assert kind(sign(State.SPEAKING, State.LISTENING, woken=True)) == "detection"


def opened() -> Stream:
    stream = Stream({"ok_nabu_v1": "OK Nabu"}, echo_free=False)
    stream.open(0.0)
    return stream


def test_its_sound_is_even_frames_and_silence_where_none_comes() -> None:
    stream = opened()
    assert stream.add(PLAIN, SOUND[:1000], 0.04)
    assert stream.take(0.04) is None
    assert stream.add(PLAIN, SOUND[1000:], 0.08)
    first = stream.take(0.08)
    assert first
    assert (first.pcm, first.position, first.captured) == (SOUND, 0, 0.08)
    assert not first.echo_free
    assert stream.take(0.1) is None
    later = 2 * FRAME_S + LATE_S + 0.001
    assert stream.due_s(0.1) == pytest.approx(later - 0.1, abs=0.002)
    silence = stream.take(later)
    assert silence
    assert (silence.pcm, silence.position) == (bytes(FRAME * 2), FRAME)


def test_sound_of_another_form_is_converted() -> None:
    stream = opened()
    stereo = b"\x00\x10\x00\x20" * FRAME * 3
    stream.add(Format(3 * RATE, 2, 2), stereo * 2, 0.0)
    frame = stream.take(0.0)
    assert frame
    middle = int.from_bytes(frame.pcm[FRAME : FRAME + 2], "little")
    assert middle == pytest.approx(0x1800, abs=8)


def test_nobody_is_told_what_came_while_nobody_listened() -> None:
    stream = Stream({}, echo_free=True)
    assert not stream.add(PLAIN, SOUND, 0.0)
    stream.open(1.0)
    assert stream.take(1.0) is None
    stream.add(PLAIN, SOUND, 1.1)
    frame = stream.take(1.1)
    assert frame
    assert frame.echo_free


@pytest.mark.parametrize(("told", "woken"), [("ok_nabu_v1", "OK Nabu"), ("other", "other"), (None, UNNAMED)])
def test_the_frame_after_its_wake_word_names_it(told: str | None, woken: str) -> None:
    stream = opened()
    if told:
        stream.name(Named(told))
    stream.begin(Pipeline("asr", "tts"), 0.0)
    stream.add(PLAIN, SOUND * 2, 0.1)
    frames = [stream.take(0.1), stream.take(0.1)]
    assert [each.woken for each in frames if each] == [woken, ""]
    stream.begin(Pipeline("asr", "tts"), 5.0)
    stream.add(PLAIN, SOUND, 5.0)
    again = stream.take(5.0)
    assert again
    assert again.woken == UNNAMED


def test_its_wake_word_may_be_named_as_it_begins_to_stream() -> None:
    stream = opened()
    stream.begin(Pipeline("asr", "tts", wake_word_name="ok_nabu_v1"), 0.0)
    stream.add(PLAIN, SOUND, 0.1)
    frame = stream.take(0.1)
    assert frame
    assert frame.woken == "OK Nabu"


def test_a_wake_word_that_nobody_followed_is_known() -> None:
    stream = opened()
    assert not stream.unheard(1000.0)
    stream.begin(Pipeline("asr", "tts"), 1.0)
    assert stream.woken
    assert not stream.unheard(1.0 + UNHEARD_S)
    assert stream.unheard(1.1 + UNHEARD_S)
    stream.ask_to_rest()
    assert not stream.woken
    assert not stream.unheard(1000.0)


def test_a_stream_without_sound_is_a_lost_microphone() -> None:
    stream = opened()
    assert not stream.deaf(1000.0)
    stream.begin(Pipeline("wake", "tts", restart_on_end=True), 0.0)
    stream.add(PLAIN, SOUND, 5.0)
    assert not stream.deaf(5.0 + DEAF_S)
    assert stream.deaf(5.1 + DEAF_S)
    stream.end()
    assert not stream.deaf(1000.0)


@pytest.mark.parametrize("pipeline", [Pipeline("asr", "tts"), Pipeline("wake", "tts", restart_on_end=False)])
def test_one_that_streams_when_somebody_speaks_may_be_silent(pipeline: Pipeline) -> None:
    stream = opened()
    stream.begin(pipeline, 0.0)
    assert not stream.deaf(1000.0)


def test_what_is_empty_of_the_time_before_somebody_spoke_is_no_pause() -> None:
    stream = opened()
    stream.begin(Pipeline("wake", "tts", restart_on_end=False), 0.0)
    stream.add(PLAIN, bytes(2 * RATE * 2) + SOUND, 0.0)
    stream.add(PLAIN, bytes(FRAME * 2), 0.0)
    frames = [stream.take(0.0), stream.take(0.0)]
    assert [each.pcm for each in frames if each] == [SOUND, bytes(FRAME * 2)]


def test_what_its_loudspeaker_takes_is_known() -> None:
    stream = opened()
    assert (stream.speechless, stream.rate) == (False, SPOKEN_RATE)
    stream.begin(Pipeline("wake", "tts", snd_format=Format(48_000, 2, 1)), 0.0)
    assert (stream.speechless, stream.rate) == (False, 48_000)
    stream.begin(Pipeline("wake", "handle"), 0.0)
    assert (stream.speechless, stream.rate) == (True, SPOKEN_RATE)

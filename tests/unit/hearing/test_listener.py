"""Frames become events: wake word, speech, silence."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from digital_life.config import Hearing, Wake, WakeWord
from digital_life.errors import SoundError
from digital_life.hearing.listener import Listener, sensed
from digital_life.values import (
    FRAME,
    LEVEL_LOWEST_DB,
    EarsOpened,
    HearingEvent,
    NothingSaid,
    Sensed,
    SpeechStarted,
    SpeechSustained,
    Utterance,
    WakeDoubted,
    WakeHeard,
    WakeMissed,
)
from digital_life.worker import Worker
from fakes.hearing import FakeMicrophone, FakeVoiceActivity, FakeWakeWords, Heard

QUIET, VOICE, WAKE = Heard(), Heard(voice=True), Heard(voice=True, wake=1.0)
ASKED = [*[QUIET] * 5, WAKE, *[QUIET] * 10, *[VOICE] * 15, *[QUIET] * 20]


async def listen(
    story: Sequence[Heard],
    *,
    lost: bool = False,
    echo_free: bool = False,
    then: Callable[[Listener, HearingEvent], None] = lambda _listener, _event: None,
    notice: Callable[[Sensed], None] | None = None,
) -> list[HearingEvent]:
    """All events of the story; `then` is told each as it comes."""
    events = []
    async with Worker("ears") as worker:
        listener = Listener(
            microphone=FakeMicrophone(story, lost=lost, echo_free=echo_free),
            wake_words=FakeWakeWords(story),
            voice_activity=FakeVoiceActivity(story),
            worker=worker,
            wake=Wake(words=(WakeWord(model="hey_ada"),)),
            hearing=Hearing(),
            answer_wait_s=2.0,
        )
        listener.notice = notice
        async for event in listener.events():
            events.append(event)
            then(listener, event)
    return events


def last_utterance(events: Sequence[HearingEvent]) -> Utterance:
    return next(event for event in reversed(events) if isinstance(event, Utterance))


async def test_a_wake_word_and_what_follows_it() -> None:
    events = await listen(ASKED)
    assert [type(event) for event in events if not type(event).__name__.startswith("SpeechPaused")] == [
        EarsOpened,
        WakeHeard,
        SpeechStarted,
        Utterance,
    ]
    assert last_utterance(events).position > 5 * FRAME


async def test_without_a_wake_word_nothing_is_listened_to() -> None:
    assert [type(event) for event in await listen([*[VOICE] * 50])] == [EarsOpened]


async def test_in_one_breath_no_word_is_lost() -> None:
    events = await listen([*[QUIET] * 5, *[VOICE] * 8, WAKE, *[VOICE] * 15, *[QUIET] * 20])
    assert last_utterance(events).position == 0


async def test_after_the_wake_word_nobody_speaks() -> None:
    events = await listen([*[QUIET] * 5, Heard(wake=1.0), *[QUIET] * 60])
    assert [type(event) for event in events] == [EarsOpened, WakeHeard, NothingSaid]


async def test_it_listens_on_without_a_wake_word_when_it_is_told_to() -> None:
    def follow(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, EarsOpened):
            listener.follow_up(3.0)

    events = await listen([*[QUIET] * 5, *[VOICE] * 15, *[QUIET] * 20], then=follow)
    assert WakeHeard not in [type(event) for event in events]
    assert last_utterance(events)


async def test_it_listens_no_longer_when_it_is_told_so() -> None:
    def stop(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, EarsOpened):
            listener.follow_up(60.0)
            listener.follow_up(0.0)

    events = await listen([*[QUIET] * 5, *[VOICE] * 15, *[QUIET] * 20], then=stop)
    assert [type(event) for event in events] == [EarsOpened, NothingSaid]


async def test_what_was_said_before_it_was_told_to_listen_on_is_not_lost() -> None:
    seen: list[Utterance] = []

    def follow(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, Utterance) and not seen:
            seen.append(event)
            listener.follow_up(3.0, since=event.decided)

    story = [*[QUIET] * 5, WAKE, *[VOICE] * 5, *[QUIET] * 10, *[VOICE] * 15, *[QUIET] * 20]
    events = await listen(story, then=follow)
    utterances = [event for event in events if isinstance(event, Utterance)]
    assert len(utterances) == 2
    assert utterances[1].position <= utterances[0].decided


async def test_while_it_speaks_itself_one_frame_is_not_enough() -> None:
    def speak(listener: Listener, event: HearingEvent) -> None:
        listener.own_voice = isinstance(event, EarsOpened) or listener.own_voice

    assert WakeHeard not in [type(event) for event in await listen(ASKED, then=speak)]
    clearly = [*[QUIET] * 5, WAKE, WAKE, *[QUIET] * 10]
    assert WakeHeard in [type(event) for event in await listen(clearly, then=speak)]


async def test_a_recording_that_ends_in_the_middle_of_a_word_is_still_heard() -> None:
    events = await listen([*[QUIET] * 5, WAKE, *[QUIET] * 10, *[VOICE] * 15])
    assert isinstance(events[-1], Utterance)


async def test_a_lost_microphone_is_told() -> None:
    with pytest.raises(SoundError, match="lost"):
        await listen([QUIET] * 5, lost=True)


def speak(listener: Listener, event: HearingEvent) -> None:
    if isinstance(event, EarsOpened):
        listener.own_voice = listener.attentive = True


async def test_what_is_said_over_its_own_voice_is_heard_from_the_first_word_on() -> None:
    events = await listen([*[QUIET] * 20, *[VOICE] * 15, *[QUIET] * 20], echo_free=True, then=speak)
    assert [type(event) for event in events if not type(event).__name__.startswith("SpeechPaused")] == [
        EarsOpened,
        SpeechStarted,
        SpeechSustained,
        Utterance,
    ]
    utterance = last_utterance(events)
    assert 13 * FRAME < utterance.position < 20 * FRAME
    assert abs(utterance.speech_ended - 35 * FRAME) < FRAME


async def test_one_short_word_over_its_own_voice_is_heard_whole() -> None:
    events = await listen([*[QUIET] * 20, *[VOICE] * 5, *[QUIET] * 20], echo_free=True, then=speak)
    assert last_utterance(events).seconds > 5 * 0.08


async def test_the_wake_word_over_its_own_voice_is_one() -> None:
    wake = [Heard(voice=True, wake=0.9)] * 2
    story = [*[QUIET] * 20, *[VOICE] * 8, *wake, *[QUIET] * 10, *[VOICE] * 15, *[QUIET] * 20]
    events = await listen(story, echo_free=True, then=speak)
    assert [type(event) for event in events].count(WakeHeard) == 1
    assert last_utterance(events).position > 28 * FRAME


async def test_where_its_own_voice_reaches_the_microphone_only_the_wake_word_interrupts() -> None:
    events = await listen([*[QUIET] * 20, *[VOICE] * 15, *[QUIET] * 20], then=speak)
    assert [type(event) for event in events] == [EarsOpened]


async def test_who_goes_on_while_it_thinks_is_heard_without_a_wake_word() -> None:
    def think(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, EarsOpened):
            listener.attentive = True

    events = await listen([*[QUIET] * 20, *[VOICE] * 15, *[QUIET] * 20], then=think)
    assert last_utterance(events).seconds > 15 * 0.08


async def test_a_doubtful_wake_word_is_told_with_its_sound_and_listened_to_when_it_was_one() -> None:
    doubted: list[WakeDoubted] = []

    def believe(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, WakeDoubted):
            doubted.append(event)
            listener.attend(event.wake)

    doubtful = Heard(voice=True, wake=0.7)
    events = await listen([*[QUIET] * 5, *[VOICE] * 6, doubtful, *[VOICE] * 18, *[QUIET] * 20], then=believe)
    assert len(doubted) == 1
    assert len(doubted[0].wake.sound) > 10 * FRAME
    assert WakeHeard not in [type(event) for event in events]
    assert last_utterance(events).position == 0  # in one breath: from before the wake word on


async def test_what_was_nearly_the_wake_word_is_told_and_nothing_is_listened_to() -> None:
    events = await listen([*[QUIET] * 5, Heard(voice=True, wake=0.5), *[VOICE] * 10])
    assert [type(event) for event in events] == [EarsOpened, WakeMissed]


async def test_who_watches_is_told_what_is_made_of_every_frame() -> None:
    told: list[Sensed] = []
    await listen(ASKED, notice=told.append)
    assert len(told) == len(ASKED)
    assert [each.gated for each in told[:5]] == [True] * 5
    assert max(each.scores.get("hey_ada", 0.0) for each in told) == 1.0
    assert told[0].level_db < -50 < -25 < max(each.level_db for each in told)


async def test_a_voice_is_told_while_somebody_is_listened_to() -> None:
    told: list[Sensed] = []
    await listen(ASKED, notice=told.append)
    assert [each.voice for each in told[:5]] == [None] * 5
    assert {each.voice for each in told[8:]} == {0.05, 0.9, None}


async def test_watching_changes_nothing_of_what_is_heard() -> None:
    assert await listen(ASKED, notice=lambda _sensed: None) == await listen(ASKED)


async def test_who_looks_away_is_told_nothing_more() -> None:
    told: list[Sensed] = []

    def look_away(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, WakeHeard):
            listener.notice = None

    await listen(ASKED, notice=told.append, then=look_away)
    assert len(told) == 6


def test_digital_silence_is_the_lowest_level_and_full_scale_none() -> None:
    assert sensed(0.0, [], None) == Sensed(LEVEL_LOWEST_DB, {}, None, gated=True)
    assert sensed(32767.0, [{"hey_ada": 0.2}, {"hey_ada": 0.7}], 0.5) == Sensed(0.0, {"hey_ada": 0.7}, 0.5)


async def test_who_shows_that_this_was_all_is_heard_at_once() -> None:
    def follow(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, EarsOpened):
            listener.follow_up(60.0)

    story = [*[QUIET] * 5, *[VOICE] * 15, Heard(final=True), *[QUIET] * 5]
    events = await listen(story, then=follow)
    utterance = last_utterance(events)
    assert utterance.decided <= 21 * FRAME
    assert utterance.speech_ended > 19 * FRAME


async def test_who_shows_that_this_was_all_and_said_nothing_is_not_waited_for() -> None:
    def follow(listener: Listener, event: HearingEvent) -> None:
        if isinstance(event, EarsOpened):
            listener.follow_up(60.0)

    events = await listen([*[QUIET] * 5, Heard(final=True), *[QUIET] * 5], then=follow)
    assert [type(event) for event in events] == [EarsOpened, NothingSaid]

"""The face shows what happens: what it does, how it feels about what it says, and nothing of a crisis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.broadcast import Event
from digital_life.display.acting import MOOD_S, MOST_CHARACTERS, Acting, is_whole, joined
from digital_life.display.messages import Expression, Message, Motion, Status, Subtitle, to_json
from digital_life.values import (
    Announced,
    Entry,
    EntryKind,
    Language,
    Rang,
    Reply,
    Spoken,
    State,
    Transcript,
    Turn,
    WakeHeard,
)
from fakes.body import turn

CRISIS = "I want to die"
WAKE = WakeHeard("hey_jarvis", 0.9, 16_000)
RANG = Rang(Entry(EntryKind.TIMER, datetime(2026, 11, 21, 12, tzinfo=UTC), "en"))


def mood_of(text: str, _language: Language) -> str:
    return "happy" if "great" in text else "sad" if "sorry" in text else "neutral"


def acting(*, subtitles: bool = True) -> Acting:
    return Acting(mood_of=mood_of, is_grave=lambda heard: heard.text == CRISIS, subtitles=subtitles)


def hear(it: Acting, *events: Event, now: float = 0.0) -> list[Message]:
    return [message for event in events for message in it.hear(event, now=now)]


def looks(told: list[Message]) -> list[str]:
    return [each.name for each in told if isinstance(each, Expression)]


def said(text: str) -> Transcript:
    return Transcript(text, "en", 0.9)


def test_it_thinks_visibly_and_looks_up_to_speak() -> None:
    told = hear(acting(), State.LISTENING, State.THINKING, State.SPEAKING)
    assert told == [
        Status(state=State.LISTENING),
        Status(state=State.THINKING),
        Expression(name="thinking"),
        Status(state=State.SPEAKING),
        Expression(name="neutral"),
    ]


def test_it_perks_up_at_its_name_and_nods_at_what_it_understood() -> None:
    assert hear(acting(), WAKE) == [Motion(name="wake")]
    assert hear(acting(), said("What time is it?")) == [Motion(name="nod")]
    assert hear(acting(), RANG) == [Motion(name="wake")]


def test_the_mood_comes_with_the_first_word_that_shows_it() -> None:
    it = acting(subtitles=False)
    hear(it, said("How was it?"), State.THINKING, State.SPEAKING)
    assert looks(hear(it, Spoken("Well, ", "en"))) == []
    assert looks(hear(it, Spoken("that is great!", "en"))) == ["happy"]
    assert looks(hear(it, Spoken(" Shall we go?", "en"))) == []


def test_a_mood_stays_a_while_after_the_answer_and_then_fades() -> None:
    it = acting()
    hear(it, State.SPEAKING, Spoken("Great!", "en"), now=5)
    hear(it, Spoken("That is great.", "en"), turn("Hello", "That is great."), State.IDLE, now=9)
    assert it.due == 9 + MOOD_S
    assert it.settle(now=9 + MOOD_S - 0.1) == ()
    assert it.settle(now=9 + MOOD_S) == (Expression(name="neutral"),)
    assert it.due is None


def test_a_look_does_not_fade_while_it_speaks() -> None:
    it = acting()
    hear(it, State.SPEAKING, Spoken("great", "en"))
    assert it.due is None


def test_who_wakes_it_is_met_with_a_clear_face() -> None:
    it = acting()
    hear(it, State.SPEAKING, Spoken("I am so sorry", "en"))
    assert looks(hear(it, WAKE)) == ["neutral"]
    interrupted = replace(turn("x", "I am so sorry"), reply=Reply("I am so sorry", interrupted=True))
    assert looks(hear(it, interrupted, State.LISTENING)) == []


def test_a_crisis_is_answered_with_a_calm_face() -> None:
    it = acting()
    told = hear(it, said(CRISIS), State.SPEAKING, Announced("x", "en"), said(CRISIS), Spoken("I am sorry. ", "en"))
    told += hear(it, Spoken("You are great.", "en"), turn(CRISIS, "I am sorry. You are great."), State.IDLE)
    assert looks(told) == []
    assert Motion(name="nod") not in told
    hear(it, said("Thanks"), State.SPEAKING)
    assert looks(hear(it, Spoken("great", "en"))) == ["happy"]


def test_an_answer_that_failed_worries_it() -> None:
    assert looks(hear(acting(), turn("Hello", "Great, I cannot think.", failed=True))) == ["worried"]


def test_what_it_says_unasked_has_a_mood_too() -> None:
    assert looks(hear(acting(), State.SPEAKING, Announced("That is great news", "en"))) == ["happy"]


@pytest.mark.parametrize("state", [State.MUTED, State.DEAF, State.STOPPING])
def test_who_is_muted_deaf_or_asleep_has_no_mood(state: State) -> None:
    it = acting()
    hear(it, State.IDLE, Announced("great", "en"))
    assert looks(hear(it, state)) == ["neutral"]
    assert it.due is None


def test_a_mood_that_nobody_knows_is_none() -> None:
    it = Acting(mood_of=lambda *_: "furious", is_grave=lambda _: False, subtitles=True)
    assert looks(hear(it, State.SPEAKING, Spoken("Ha!", "en"))) == []


def test_what_is_said_is_shown_a_sentence_at_a_time() -> None:
    it = acting()
    told = hear(it, Spoken("The sky is ", "en"), Spoken("blue. ", "en"), Spoken("你好！", "zh"), Spoken("And", "en"))
    told += hear(it, turn("x", "y"))
    assert [(each.text, each.final) for each in told if isinstance(each, Subtitle)] == [
        ("The sky is ", False),
        ("The sky is blue. ", True),
        ("你好！", True),
        ("And", False),
        ("And", True),
    ]


def test_waking_it_clears_what_was_said() -> None:
    it = acting()
    hear(it, Spoken("Once upon a time", "en"))
    assert Subtitle(text="", language="en", final=True) in hear(it, WAKE)


def test_without_subtitles_no_word_is_shown() -> None:
    told = hear(acting(subtitles=False), Spoken("Hello.", "en"), turn("a", "b"), WAKE)
    assert not [each for each in told if isinstance(each, Subtitle)]


@pytest.mark.parametrize(
    ("text", "whole"), [("Hi.", True), ("“Hi!” ", True), ("好吗？」", True), ("well,", False), ("", False)]
)
def test_the_end_of_a_sentence_is_seen(text: str, *, whole: bool) -> None:
    assert is_whole(text) is whole


@given(st.text(max_size=300), st.text(max_size=300), st.booleans())
def test_a_subtitle_is_never_too_long(before: str, text: str, final: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    assert len(joined(Subtitle(text=before, language="en", final=final), text, "en")) <= MOST_CHARACTERS


texts = st.sampled_from(["great", "so sorry", "well.", CRISIS, ""])
events: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(State),
    st.builds(said, texts),
    st.builds(Spoken, texts, st.sampled_from(["en", "zh"])),
    st.builds(Announced, texts, st.just("en")),
    st.builds(turn, texts, texts),
    st.just(WAKE),
    st.just(RANG),
)


@given(st.lists(st.tuples(events, st.floats(0, 30))))
def test_who_comes_late_sees_what_all_others_see(course: list[tuple[Event, float]]) -> None:
    it, now = acting(), 0.0
    shown: dict[str, Message] = {each.__class__.__name__: each for each in it.present}
    for event, passes in course:
        now += passes
        for message in (*it.settle(now=now), *it.hear(event, now=now)):
            assert len(to_json(message)) < 16_384
            shown[type(message).__name__] = message
        state, look = it.present
        assert (shown["Status"], shown["Expression"]) == (state, look)
        lingers = look.name not in ("neutral", "thinking") and state.state not in (State.THINKING, State.SPEAKING)
        assert (it.due is not None) is lingers
        if isinstance(event, Turn) and event.heard.text == CRISIS:
            assert look.name == "neutral"

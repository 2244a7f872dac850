"""How a voice is learnt, step by step."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.people.enrolling import ALIKE, LEAST_S, SENTENCES, TRIES, Enrolment, Step, is_same_voice, step
from digital_life.people.voices import likeness
from digital_life.values import Speaker, Transcript

SENTENCE = "The kitchen window looks out on an old apple tree."


def vector(angle: float) -> bytes:
    return np.array([np.cos(angle), np.sin(angle)], "<f4").tobytes()


def heard(
    text: str, *, angle: float | None = 0.0, seconds: float = 2.5, known: str = "", language: str = "en"
) -> Transcript:
    speaker = None if angle is None else Speaker(known, 0.0, vector(angle), seconds)
    return Transcript(text, "zh" if language == "zh" else "en", 1.0, speaker=speaker)


def go(state: Enrolment | None, said: Transcript, *, known: Collection[str] = (), user: str = "") -> Step | None:
    return step(
        state, said, known=known, user=user, name_of=lambda text: text.strip(".") if text[0].isupper() else None
    )


def took(state: Enrolment | None, said: Transcript, *, known: Collection[str] = (), user: str = "") -> Step:
    """The same of what is surely meant for it."""
    after = go(state, said, known=known, user=user)
    assert after
    return after


def at(awaited: str, *angles: float, failed: int = 0) -> Enrolment:
    vectors = tuple(map(vector, angles))
    match awaited:
        case "name":
            return Enrolment("name")
        case "consent":
            return Enrolment("consent", "Anna")
        case _:
            return Enrolment("sentence", "Anna", vectors, failed)


def test_who_tells_who_they_are_is_asked_whether_they_want_to_be_known() -> None:
    after = took(None, heard("This is Anna."))
    assert after.says == "shall-i"
    assert after.state == at("consent")


def test_who_asks_for_it_is_not_asked_whether_they_want_it() -> None:
    after = took(None, heard("Learn my voice, I am Anna."))
    assert (after.says, after.sentence, after.state) == ("begin", 0, at("sentence"))


def test_the_user_need_not_say_their_name() -> None:
    after = took(None, heard("Learn my voice."), user="Ann")
    assert after.values == {"name": "Ann"}


def test_who_has_no_name_is_asked_for_it() -> None:
    after = took(None, heard("Learn my voice."))
    assert after.state == at("name")
    named = took(after.state, heard("Anna."))
    assert named.state == at("sentence")


def test_where_the_user_is_known_somebody_else_is_asked_for_their_name() -> None:
    after = took(None, heard("Learn my voice."), user="Ann", known=["ann"])
    assert after.says == "name"


@pytest.mark.parametrize(
    ("answer", "says"), [("Yes please.", "begin"), ("No thanks.", "declined"), ("Cancel.", "cancelled")]
)
def test_what_is_answered_counts(answer: str, says: str) -> None:
    after = took(at("consent"), heard(answer))
    assert after.says == says


def test_who_asks_for_something_else_instead_gets_that() -> None:
    assert go(at("consent"), heard("What time is it?")) is None


def test_three_sentences_make_a_voice() -> None:
    state: Enrolment | None = at("sentence")
    after = Step(state, "begin")
    for number, says in enumerate(("next", "last", "done")):
        after = took(state, heard(SENTENCE, angle=0.1 * number))
        assert after.says == says
        state = after.state
    assert after.learnt == tuple(vector(0.1 * number) for number in range(SENTENCES))
    assert after.values == {"name": "Anna"}
    assert state is None


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (heard(SENTENCE, seconds=LEAST_S - 0.1), "too-short"),
        (heard(SENTENCE, angle=1.5), "unlike"),
        (heard(SENTENCE, known="Bob"), "somebody"),
    ],
)
def test_a_sentence_that_cannot_be_used_is_asked_for_again(said: Transcript, says: str) -> None:
    after = took(at("sentence", 0.0), said)
    assert (after.says, after.sentence) == (says, 1)
    assert after.state == at("sentence", 0.0, failed=1)
    assert not after.learnt


def test_after_some_vain_tries_it_gives_up_and_keeps_nothing() -> None:
    state: Enrolment | None = at("sentence", 0.0)
    after = Step(state, "begin")
    for _ in range(TRIES):
        after = took(state, heard(SENTENCE, seconds=0.5))
        state = after.state
    assert (after.says, after.state, after.learnt) == ("gave-up", None, ())


def test_a_good_sentence_forgives_the_bad_ones_before() -> None:
    after = took(at("sentence", 0.0, failed=TRIES - 1), heard(SENTENCE))
    assert after.state
    assert after.state.failed == 0


def test_it_can_be_ended_at_any_time() -> None:
    for awaited in ("name", "consent", "sentence"):
        after = took(at(awaited), heard("Never mind."))
        assert (after.says, after.state) == ("cancelled", None)


def test_another_voice_does_not_become_somebody_who_is_known() -> None:
    for said in ("This is Anna.", "Learn my voice, I am Anna."):
        after = took(None, heard(said), known=["anna"])
        assert (after.says, after.state) == ("known-otherwise", None)


def test_who_is_known_is_not_asked_again() -> None:
    assert go(None, heard("This is Anna.", known="Anna"), known=["Anna"]) is None
    after = took(None, heard("Learn my voice.", known="Anna"), known=["Anna"])
    assert after.says == "known-already"


def test_what_is_typed_has_no_voice() -> None:
    assert go(None, heard("This is Anna.", angle=None)) is None
    after = took(None, heard("Learn my voice.", angle=None))
    assert (after.says, after.state) == ("aloud", None)
    assert go(at("sentence"), heard(SENTENCE, angle=None)) is None


def test_ordinary_talk_begins_nothing() -> None:
    assert go(None, heard("What is the weather like?")) is None
    assert go(None, heard("Forget my voice.")) is None


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 4), st.booleans()), max_size=12))
def test_a_voice_is_only_kept_when_its_sentences_were_long_alike_and_nobody_elses(
    sentences: list[tuple[float, float, bool]],
) -> None:
    state: Enrolment | None = at("sentence")
    for angle, seconds, known in sentences:
        after = took(state, heard(SENTENCE, angle=angle, seconds=seconds, known="Bob" if known else ""))
        if after.learnt:
            assert len(after.learnt) == SENTENCES
            assert seconds >= LEAST_S
            assert not known
            assert likeness(after.learnt[0], after.learnt[1]) >= ALIKE - 1e-6
            assert is_same_voice(after.learnt[:-1], after.learnt[-1])
        state = after.state
        if state is None:
            break


def test_everything_it_says_stands_in_both_languages() -> None:
    says = (
        "shall-i",
        "name",
        "begin",
        "next",
        "last",
        "done",
        "declined",
        "cancelled",
        "too-short",
        "unlike",
        "somebody",
    )
    for language in words.LANGUAGES:
        text = words.load(language)
        assert len(text.texts("people.sentences")) == SENTENCES
        for key in (*says, "gave-up", "known-already", "known-otherwise", "aloud"):
            assert text.text(f"people.{key}", name="Anna", other="Bob", sentence="x")

"""Which of several rooms answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digital_life.rooms.first import TOGETHER_S, FirstWake

WAKINGS = st.lists(
    st.tuples(st.sampled_from(["", "kitchen", "bath"]), st.sampled_from(["jarvis", "alexa"]), st.floats(0, 10)),
    max_size=20,
)


def test_the_first_room_answers_and_the_others_are_silent() -> None:
    waking = FirstWake()
    assert waking.is_first("kitchen", "hey_jarvis", 10.0)
    assert not waking.is_first("", "hey_jarvis", 10.1)
    assert not waking.is_first("bath", "hey_jarvis", 10.69)
    assert waking.is_first("bath", "hey_jarvis", 10.71)


def test_another_wake_word_is_another_wish() -> None:
    waking = FirstWake()
    assert waking.is_first("kitchen", "hey_jarvis", 10.0)
    assert waking.is_first("bath", "alexa", 10.1)


@given(WAKINGS)
def test_whoever_is_silent_is_so_because_another_room_answered_just_before(
    wakings: list[tuple[str, str, float]],
) -> None:
    waking = FirstWake()
    answered: list[tuple[str, str, float]] = []
    for room, phrase, at in sorted(wakings, key=lambda each: each[2]):
        if waking.is_first(room, phrase, at):
            answered.append((room, phrase, at))
        else:
            assert any(r != room and p == phrase and at - t <= TOGETHER_S for r, p, t in answered)

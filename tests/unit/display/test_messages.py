"""Every display and the companion understand each other, whatever else comes."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from digital_life.display.messages import (
    MOODS,
    MOST_BYTES,
    Clock,
    Expression,
    Message,
    MessageError,
    Motion,
    Mouth,
    Status,
    Subtitle,
    from_json,
    to_json,
    topic_of,
)
from digital_life.values import State

messages = st.one_of(
    st.builds(Status, state=st.sampled_from(State), mood=st.none() | st.sampled_from(MOODS)),
    st.builds(
        Mouth,
        open=st.floats(0, 1),
        form=st.floats(-1, 1),
        at=st.integers(0, 2**53),
        turn=st.none() | st.integers(0, 2**31),
    ),
    st.builds(Expression, name=st.sampled_from(MOODS)),
    st.builds(Motion, name=st.from_regex("[A-Za-z0-9_-]{1,40}", fullmatch=True)),
    st.builds(
        Subtitle,
        text=st.text(st.characters(codec="utf-8"), max_size=200),
        language=st.sampled_from(["en", "zh"]),
        final=st.booleans(),
    ),
    st.builds(Clock, page=st.just("p1"), sent=st.floats(0, 1e13), at=st.none() | st.integers(0, 2**53)),
)


@given(messages)
def test_what_is_written_is_read_back(message: Message) -> None:
    assert from_json(to_json(message)) == message


def test_the_form_is_the_documented_one() -> None:
    assert json.loads(to_json(Mouth(open=0.5, form=-0.25, at=1_700_000_000_000, turn=3))) == {
        "type": "mouth",
        "open": 0.5,
        "form": -0.25,
        "at": 1_700_000_000_000,
        "turn": 3,
    }
    assert json.loads(to_json(Status(state=State.IDLE))) == {"type": "state", "state": "idle"}


def test_fields_of_a_later_version_are_ignored() -> None:
    assert from_json('{"type": "expression", "name": "happy", "glitter": [1, 2]}') == Expression(name="happy")


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"type": "mouth", "open": 1.01, "form": 0, "at": 0}',
        '{"type": "mouth", "open": -0.01, "form": 0, "at": 0}',
        '{"type": "mouth", "open": 0, "form": 2, "at": 0}',
        '{"type": "mouth", "open": 0, "form": 0, "at": -1}',
        '{"type": "mouth", "open": NaN, "form": 0, "at": 1}',
        '{"type": "mouth", "open": 0, "form": 0}',
        '{"type": "expression", "name": "furious"}',
        '{"type": "state", "state": "asleep"}',
        '{"type": "motion", "name": "../wake"}',
        '{"type": "subtitle", "text": "x", "language": "xx", "final": true}',
        '{"type": "command", "name": "wipe"}',
        b"\xff\xfe",
        b'{"type": "motion", "name": "\xff"}',
        b"[" * 10_000,
        '{"type": "motion", "name": "tap", "x": ' + "[" * 5000 + "]" * 5000 + "}",
    ],
)
def test_what_cannot_be_is_refused(payload: bytes | str) -> None:
    with pytest.raises(MessageError):
        from_json(payload)


@given(st.binary(max_size=300))
def test_garbage_is_refused_and_nothing_else_happens(payload: bytes) -> None:
    assume(b'"type"' not in payload)  # what names its kind may be a message
    with pytest.raises(MessageError):
        from_json(payload)


def test_a_message_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(MessageError, match="bytes"):
        from_json(b" " * (MOST_BYTES + 1))


def test_each_kind_has_a_topic_of_its_own() -> None:
    assert topic_of(Expression(name="sad")) == "display/expression"
    assert topic_of(Status(state=State.DEAF)) == "display/state"
    assert topic_of(Motion(name="wake")) == "display/motion"

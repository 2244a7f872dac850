"""Commands from the broker: orders, and why others are none."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices.orders import (
    LONGEST_BYTES,
    Admission,
    Ask,
    Limit,
    Order,
    Problem,
    Refusal,
    Remind,
    Say,
    SetMute,
    SetPersona,
    SetVolume,
    Stop,
    WriteDiary,
    read,
)
from digital_life.devices.topics import Command, Topics
from digital_life.values import Published

TOPICS = Topics("kitchen")
PERSONAS = ("Jarvis", "艾达")


def order(command: Command, payload: str | bytes) -> Order | Problem:
    raw = payload.encode() if isinstance(payload, str) else payload
    found = read(Published(TOPICS.of(command), raw), topics=TOPICS, personas=PERSONAS)
    return found.problem if isinstance(found, Refusal) else found


@pytest.mark.parametrize(
    ("command", "payload", "meant"),
    [
        (Command.SAY, "Dinner is ready.", Say("Dinner is ready.")),
        (Command.SAY, " 吃饭了 \n", Say("吃饭了")),
        (Command.SAY, '{"text": "Hola", "language": "en"}', Say("Hola", "en")),
        (Command.ASK, "What time is it?", Ask("What time is it?")),
        (Command.ASK, '{"text": "Why?", "id": "7"}', Ask("Why?", "7")),
        (Command.MUTE, "ON", SetMute(on=True)),
        (Command.MUTE, "off", SetMute(on=False)),
        (Command.VOLUME, "70", SetVolume(70)),
        (Command.VOLUME, "12.5", SetVolume(12.5)),
        (Command.PERSONA, "艾达", SetPersona("艾达")),
        (Command.STOP, "PRESS", Stop()),
        (Command.WRITE_DIARY, "PRESS", WriteDiary()),
        (Command.REMINDER, "call Ada in ten minutes", Remind("call Ada in ten minutes")),
        (Command.REMINDER, '{"text": "bread", "in": 90}', Remind("bread", within_s=90)),
        (
            Command.REMINDER,
            '{"text": "bread", "at": "2026-11-21T18:00"}',
            Remind("bread", at=datetime(2026, 11, 21, 18, 0)),  # noqa: DTZ001 - by the clock of the house
        ),
    ],
)
def test_a_command_is_an_order(command: Command, payload: str, meant: Order) -> None:
    assert order(command, payload) == meant


@pytest.mark.parametrize(
    ("command", "payload", "problem"),
    [
        (Command.SAY, b"\xff\xfe", Problem.NOT_UTF8),
        (Command.SAY, b"x" * 1_000_000, Problem.TOO_LONG),
        (Command.SAY, "a\x1b[31mb", Problem.CONTROL),
        (Command.SAY, "a\0b", Problem.CONTROL),
        (Command.SAY, '{"text": "\\ud800"}', Problem.CONTROL),
        (Command.SAY, "", Problem.EMPTY),
        (Command.SAY, '{"text": " "}', Problem.EMPTY),
        (Command.SAY, "{hello", Problem.NOT_JSON),
        (Command.SAY, '{"a":' * 600, Problem.NOT_JSON),
        (Command.SAY, '{"text": 7}', Problem.WRONG_TYPE),
        (Command.SAY, '{"language": "en"}', Problem.WRONG_TYPE),
        (Command.SAY, '{"text": "hi", "shell": "rm"}', Problem.WRONG_TYPE),
        (Command.SAY, '{"text": "hi", "language": "fr"}', Problem.UNKNOWN_VALUE),
        (Command.ASK, '{"text": "hi", "id": 7}', Problem.WRONG_TYPE),
        (Command.ASK, json.dumps({"text": "hi", "id": "7" * 65}), Problem.TOO_LONG),
        (Command.MUTE, "maybe", Problem.UNKNOWN_VALUE),
        (Command.VOLUME, "loud", Problem.WRONG_TYPE),
        (Command.VOLUME, "101", Problem.OUT_OF_RANGE),
        (Command.VOLUME, "nan", Problem.OUT_OF_RANGE),
        (Command.VOLUME, "1" * 1000, Problem.OUT_OF_RANGE),
        (Command.PERSONA, "Nobody", Problem.UNKNOWN_VALUE),
        (Command.STOP, "", Problem.EMPTY),
        (Command.STOP, "please", Problem.UNKNOWN_VALUE),
        (Command.REMINDER, '{"text": "bread", "in": true}', Problem.WRONG_TYPE),
        (Command.REMINDER, '{"text": "bread", "in": -1}', Problem.OUT_OF_RANGE),
        (Command.REMINDER, '{"text": "bread", "in": NaN}', Problem.OUT_OF_RANGE),
        (Command.REMINDER, '{"text": "bread", "at": "soon"}', Problem.WRONG_TYPE),
        (Command.REMINDER, '{"text": "b", "at": "2026-11-21T18:00", "in": 9}', Problem.WRONG_TYPE),
    ],
)
def test_what_is_no_order_is_refused(command: Command, payload: str | bytes, problem: Problem) -> None:
    assert order(command, payload) is problem


def test_what_the_broker_kept_is_old_and_refused() -> None:
    kept = Published.text(TOPICS.of(Command.SAY), "Good morning.", retain=True)
    assert read(kept, topics=TOPICS, personas=PERSONAS) == Refusal(Command.SAY, Problem.RETAINED)


def test_there_is_no_command_that_is_not_known() -> None:
    message = Published.text("digital-life/kitchen/shell/set", "ls")
    assert read(message, topics=TOPICS, personas=PERSONAS) == Refusal(None, Problem.UNKNOWN_COMMAND)


@pytest.mark.parametrize(
    "topic",
    [
        "digital-life/kitchen/say/set",
        "homeassistant/device/lamp/config",
        "answers/#",
        "answers/+/x",
        "$SYS/broker",
    ],
)
def test_an_answer_commands_nothing(topic: str) -> None:
    message = replace(Published.text(TOPICS.of(Command.ASK), "Why?"), answer_to=topic)
    assert read(message, topics=TOPICS, personas=PERSONAS) == Refusal(Command.ASK, Problem.RESPONSE_TOPIC)


@given(
    command=st.sampled_from([*Command, "shell", ""]),
    payload=st.binary(max_size=LONGEST_BYTES + 10)
    | st.text().map(lambda text: text.encode(errors="replace"))
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda each: st.lists(each) | st.dictionaries(st.sampled_from(["text", "id", "in", "at", "language"]), each),
    ).map(lambda table: json.dumps(table).encode()),
    retain=st.booleans(),
    answer_to=st.text(max_size=9),
)
def test_nothing_that_comes_raises(command: str, payload: bytes, retain: bool, answer_to: str) -> None:  # noqa: FBT001
    message = Published(f"{TOPICS.base}/{command}/set", payload, retain=retain, answer_to=answer_to)
    found = read(message, topics=TOPICS, personas=PERSONAS)
    if isinstance(found, Say | Ask | Remind):
        assert found.text.isprintable() or found.text.encode()


def test_of_a_flood_a_few_are_admitted_and_its_beginning_is_told_once() -> None:
    limit = Limit()
    judged = [limit.judge(n / 10_000) for n in range(10_000)]
    assert judged.count(Admission.ADMITTED) == Limit.BURST
    assert judged.count(Admission.FLOOD) == 1


def test_a_flood_is_over_after_a_calm() -> None:
    limit = Limit()
    for n in range(100):
        limit.judge(n / 1000)
    assert limit.judge(1.0) is Admission.FLOODED
    assert limit.judge(1.0 + Limit.CALM_S) is Admission.ADMITTED


@given(st.lists(st.floats(min_value=0.6, max_value=1e6), max_size=200))
def test_who_takes_their_time_is_never_refused(gaps: list[float]) -> None:
    limit, now = Limit(), 0.0
    for gap in gaps:
        now += gap
        assert limit.judge(now) is Admission.ADMITTED

"""What took how long, and why, without a word of what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life import words
from digital_life.broadcast import Broadcast, InRoom
from digital_life.values import Reply, Timings, Transcript, Turn, WakeHeard, Written
from digital_life.views.now.turns import KEPT, QUICK_MS, Turns, resources, slowest, stages
from digital_life.web.resource import Call

TURN = Turn(
    7,
    datetime(2026, 11, 21, 12, tzinfo=UTC),
    WakeHeard("hey_jarvis", 0.9, 100),
    Transcript("my secret", "en", 0.9),
    Reply("your secret"),
    Timings(endpoint=400.0, stt=100.0, first_token=1_300.0, first_audio=2_100.0, total=5_000.0),
    by="Jarvis",
)
MS = st.none() | st.floats(0, 60_000)


def test_the_stages_stand_one_after_the_other() -> None:
    found = [(each.name, each.since_ms, each.lasted_ms) for each in stages(TURN.timings)]
    assert found == [
        ("endpoint", 0.0, 400.0),
        ("stt", 400.0, 100.0),
        ("first_token", 500.0, 1_300.0),
        ("voice", 1_800.0, 300.0),
        ("speaking", 2_100.0, 2_900.0),
    ]


def test_a_typed_line_has_neither_an_end_to_find_nor_words_to_write() -> None:
    found = stages(Timings(first_token=200.0, first_audio=500.0, total=900.0))
    assert [each.name for each in found] == ["first_token", "voice", "speaking"]


def test_an_answer_without_sound_ends_with_the_thought() -> None:
    assert [each.name for each in stages(Timings(first_token=200.0, total=900.0))] == ["first_token"]


@given(st.builds(Timings, MS, MS, MS, MS, MS))
def test_no_stage_begins_before_the_one_before_it_ended_or_lasts_less_than_nothing(timings: Timings) -> None:
    found = stages(timings)
    assert all(each.lasted_ms >= 0 for each in found)
    ends = [each.since_ms + each.lasted_ms for each in found]
    assert all(after.since_ms >= end - 0.2 for after, end in zip(found[1:], ends, strict=False))


@given(st.builds(Timings, MS, MS, MS, MS, MS))
def test_what_is_blamed_is_what_was_waited_for_longest(timings: Timings) -> None:
    found = stages(timings)
    slow = slowest(found, timings)
    if slow:
        lasted = {str(each.name): each.lasted_ms for each in found if each.name != "speaking"}
        assert lasted[slow] == max(lasted.values())
        assert timings.first_audio is not None
        assert timings.first_audio > QUICK_MS


@pytest.mark.parametrize(
    ("timings", "slow"),
    [
        (TURN.timings, "first_token"),
        (Timings(400.0, 100.0, 200.0, 900.0, 3_000.0), None),
        (Timings(400.0, 2_000.0, 200.0, 2_900.0, 9_000.0), "stt"),
        (Timings(400.0, 100.0, 200.0, 2_900.0, 9_000.0), "voice"),
        (Timings(), None),
    ],
)
def test_the_slow_stage_is_named(timings: Timings, slow: str | None) -> None:
    assert slowest(stages(timings), timings) == slow


def test_it_hears_turns_spoken_typed_and_written_and_nothing_else() -> None:
    turns, broadcast = Turns(), Broadcast()
    broadcast.subscribe(turns.hear)
    broadcast.publish(TURN)
    broadcast.publish(TURN.heard)
    broadcast.publish(replace(TURN, wake=None, timings=Timings(first_audio=300.0, total=400.0)))
    broadcast.publish(Written(replace(TURN, number=9)))
    assert [(each.number, each.how, each.wake) for each in turns.latest] == [
        (9, "written", "hey_jarvis"),
        (7, "typed", ""),
        (7, "spoken", "hey_jarvis"),
    ]


async def test_the_page_gets_the_latest_and_no_word_of_what_was_said() -> None:
    turns = Turns()
    for number in range(KEPT + 5):
        turns.hear(replace(TURN, number=number))
    (resource,) = resources(turns)
    told = msgspec.json.encode(await resource.answer(Call(words.load("en"))))
    assert [each["number"] for each in msgspec.json.decode(told)["turns"]] == list(range(KEPT + 4, 4, -1))
    assert b"secret" not in told


def test_a_turn_tells_in_which_room_it_was() -> None:
    turns = Turns()
    turns.hear(InRoom("kitchen", replace(TURN, heard=replace(TURN.heard, room="kitchen"))))
    assert [each.room for each in turns.latest] == ["kitchen"]

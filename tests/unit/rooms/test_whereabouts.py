"""Where a person probably is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.rooms.whereabouts import LATELY_S, Spoken, in_order

ROOMS = ("", "kitchen", "bedroom", "study")
NOW = 10_000.0
names = st.sampled_from((*ROOMS, "a room that is gone"))
spoken = st.none() | st.builds(Spoken, names, st.floats(0, NOW))


@pytest.mark.parametrize(
    ("asked_in", "last", "first"),
    [
        ("kitchen", None, "kitchen"),
        ("kitchen", Spoken("study", NOW - LATELY_S + 1), "study"),
        ("kitchen", Spoken("study", NOW - LATELY_S - 1), "kitchen"),
        ("", Spoken("study", NOW - LATELY_S - 1), ""),
        ("a room that is gone", None, ""),
        ("a room that is gone", Spoken("bedroom", 0.0), "bedroom"),
    ],
)
def test_it_is_where_somebody_spoke_lately_else_where_it_was_asked_for(
    asked_in: str, last: Spoken | None, first: str
) -> None:
    assert in_order(ROOMS, asked_in, last, NOW)[0] == first


def test_an_alarm_that_is_not_heard_where_it_was_set_rings_where_somebody_spoke_last_before_the_night() -> None:
    assert in_order(ROOMS, "kitchen", Spoken("bedroom", 0.0), NOW)[:2] == ("kitchen", "bedroom")


@given(st.lists(names, unique=True), names, spoken)
def test_each_room_that_there_is_comes_once(rooms: list[str], asked_in: str, last: Spoken | None) -> None:
    order = in_order(rooms, asked_in, last, NOW)
    assert sorted(order) == sorted(rooms)


@given(names, spoken)
def test_the_room_of_this_machine_comes_before_those_of_which_nothing_is_known(
    asked_in: str, last: Spoken | None
) -> None:
    order = in_order(ROOMS, asked_in, last, NOW)
    known = {asked_in, last.room if last else asked_in}
    assert all(each in known for each in order[: order.index("")])

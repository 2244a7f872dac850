"""Devices found in the network: which are new, and how their rooms may be called."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.rooms.offered import LONGEST, Offered, meant, named, unused


def offered(called: str, *, host: str = "192.168.1.20", area: str = "") -> Offered:
    return Offered("wyoming", host, 10700, called, area)


OFFERED = st.builds(
    Offered,
    st.sampled_from(["wyoming", "esphome"]),
    st.sampled_from(["192.168.1.20", "192.168.1.21"]),
    st.integers(1, 3),
    st.text(max_size=60),
    st.text(max_size=60),
)


@pytest.mark.parametrize(
    ("called", "room"),
    [
        ("kitchen", "kitchen"),
        ("Kitchen satellite", "Kitchen"),
        ("Kitchen 0a1b2c", "Kitchen"),
        ("Home Assistant Voice 0a1b2c", "Home Assistant Voice 0a1b2c"),
        ("living-room-voice", "living room"),
        ("Wyoming Satellite", "Wyoming Satellite"),
        ("厨房", "厨房"),
    ],
)
def test_a_room_is_called_as_its_device_without_what_that_is(called: str, room: str) -> None:
    assert named([offered(called)], ())[0].room == room


def test_where_it_says_that_it_stands_goes_before_its_name() -> None:
    assert named([offered("sat-7", area="Study")], ())[0].room == "Study"


def test_two_rooms_of_one_name_are_numbered_also_beside_those_of_the_settings() -> None:
    rooms = named([offered("kitchen"), offered("Kitchen", host="192.168.1.21")], ["KITCHEN"])
    assert [each.room for each in rooms] == ["kitchen 2", "Kitchen 3"]


def test_one_that_is_in_the_settings_is_not_offered() -> None:
    known, other = offered("kitchen"), offered("bath", host="192.168.1.21")
    assert unused([known, other, other], {(known.host, known.port)}) == (other,)


def test_one_is_meant_by_its_room_or_its_own_name_unless_two_have_it() -> None:
    kitchen, bath = named([offered("Kitchen satellite"), offered("bath")], ())
    assert meant(" KITCHEN", [kitchen, bath]) == kitchen
    assert meant("kitchen satellite", [kitchen, bath]) == kitchen
    assert meant("attic", [kitchen, bath]) is None
    assert meant("kitchen", [kitchen, kitchen]) is None


@given(st.lists(OFFERED, max_size=20), st.lists(st.text(max_size=10), max_size=5))
def test_every_name_is_fit_for_the_settings_and_no_two_are_the_same(found: list[Offered], taken: list[str]) -> None:
    names = [each.room for each in named(found, taken)]
    assert all(0 < len(each) <= LONGEST for each in names)
    known = [each.casefold() for each in names]
    assert len(set(known)) == len(known)
    assert not set(known) & {each.casefold() for each in taken}

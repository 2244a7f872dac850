"""The rooms of the settings, and what goes on in each."""

from __future__ import annotations

from digital_life import words
from digital_life.config import RoomDevice, Rooms
from digital_life.values import State
from digital_life.views.now.rooms import Room, resources
from digital_life.web.resource import Call

ROOMS = Rooms(
    here="study",
    devices=(
        RoomDevice(name="kitchen", kind="wyoming", host="192.168.1.20"),
        RoomDevice(name="bath", kind="esphome", host="192.168.1.21"),
    ),
)


async def test_each_is_shown_as_it_is_and_one_that_is_left_out_has_no_state() -> None:
    (listed,) = resources(ROOMS, lambda: {"kitchen": State.DEAF})
    assert await listed.answer(Call(words.load("en"))) == {
        "here": "study",
        "rooms": (
            Room("kitchen", "wyoming", "192.168.1.20", State.DEAF),
            Room("bath", "esphome", "192.168.1.21", None),
        ),
    }

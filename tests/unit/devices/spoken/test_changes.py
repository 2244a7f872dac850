"""What a wish changes of a thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.devices.entity import Attribute, Capability, Condition, Entity, Kind, Value
from digital_life.devices.spoken.asking import read
from digital_life.devices.spoken.changes import change
from digital_life.values import Language
from fakes import control as house

LAMP = house.thing("Lamp", Kind.LIGHT, house.LIGHT)
PLAIN_LAMP = house.thing("Lamp", Kind.LIGHT, house.ON_OFF)
BLIND = house.thing("Blind", Kind.COVER, house.COVER)
HEATING = house.thing("Heating", Kind.CLIMATE, house.CLIMATE)
FAN = house.thing("Fan", Kind.FAN, house.FAN)
DOOR = house.thing("Door lock", Kind.LOCK, house.LOCK)
SCENE = house.thing("Night", Kind.SCENE, house.PRESS)
PLUG = house.thing("Kettle", Kind.SWITCH, house.ON_OFF)
MODE = house.thing("Mode", Kind.SELECT, {Attribute.VALUE: Capability(options=("auto", "Sleep", "wild west"))})


def wished(thing: Entity, said: str, condition: Condition | None = None, language: Language = "en") -> object:
    (request,) = read(said, language)
    return change(thing, request.wish, condition or {})


@pytest.mark.parametrize(
    ("thing", "said", "attribute", "value"),
    [
        (LAMP, "turn it on", Attribute.ON, True),
        (LAMP, "turn it off", Attribute.ON, False),
        (LAMP, "set it to 40 percent", Attribute.BRIGHTNESS, 40),
        (LAMP, "turn it to 0 percent", Attribute.ON, False),
        (LAMP, "make it blue", Attribute.COLOUR, (0, 0, 255)),
        (LAMP, "set it to warm white", Attribute.KELVIN, 2700),
        (LAMP, "make it white", Attribute.KELVIN, 4000),
        (LAMP, "set it to 9000 kelvin", Attribute.KELVIN, 6500),
        (BLIND, "open it", Attribute.OPEN, True),
        (BLIND, "lower it", Attribute.OPEN, False),
        (BLIND, "open it halfway", Attribute.POSITION, 50),
        (BLIND, "stop it", Attribute.MOVING, "stopped"),
        (HEATING, "set it to 21 degrees", Attribute.TARGET, 21),
        (HEATING, "turn it off", Attribute.MODE, "off"),
        (HEATING, "turn it on", Attribute.MODE, "heat"),
        (HEATING, "set it to eco", Attribute.PRESET, "eco"),
        (FAN, "set it to low", Attribute.SPEED, 33),
        (FAN, "let it oscillate", Attribute.OSCILLATING, True),
        (FAN, "stop it oscillating", Attribute.OSCILLATING, False),
        (DOOR, "open it", Attribute.LOCKED, False),
        (DOOR, "lock it", Attribute.LOCKED, True),
        (SCENE, "activate it", Attribute.PRESSED, True),
        (MODE, "set it to sleep mode", Attribute.VALUE, "Sleep"),
        (MODE, "set it to wild west", Attribute.VALUE, "wild west"),
    ],
)
def test_each_kind_takes_a_wish_in_its_own_way(thing: Entity, said: str, attribute: Attribute, value: Value) -> None:
    assert wished(thing, said) == {attribute: value}


def test_a_colour_and_how_bright_it_shall_be_are_both_done() -> None:
    assert wished(LAMP, "make it orange at 50 percent") == {
        Attribute.COLOUR: (255, 128, 0),
        Attribute.BRIGHTNESS: 50,
    }


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (PLAIN_LAMP, "set it to 40 percent"),
        (PLAIN_LAMP, "make it blue"),
        (HEATING, "set it to 90 degrees"),
        (DOOR, "turn it off"),
        (DOOR, "close it"),
        (PLUG, "unlock it"),
        (PLUG, "set it to 21 degrees"),
        (LAMP, "lock it"),
        (BLIND, "set it to 21 degrees"),
        (MODE, "turn it on"),
    ],
)
def test_what_a_thing_cannot_is_no_change(thing: Entity, said: str) -> None:
    assert wished(thing, said) is None


@pytest.mark.parametrize(
    ("thing", "said", "now", "then"),
    [
        (LAMP, "a bit brighter", {Attribute.BRIGHTNESS: 40.0}, {Attribute.BRIGHTNESS: 50}),
        (LAMP, "brighter", {Attribute.BRIGHTNESS: 95.0}, {Attribute.BRIGHTNESS: 100}),
        (LAMP, "dim it", {Attribute.BRIGHTNESS: 10.0}, {Attribute.BRIGHTNESS: 5}),
        (LAMP, "make it warmer", {Attribute.KELVIN: 4000.0}, {Attribute.KELVIN: 3200}),
        (HEATING, "two degrees warmer", {Attribute.TARGET: 19.0}, {Attribute.TARGET: 21}),
        (HEATING, "turn it down a bit", {Attribute.TARGET: 20.0}, {Attribute.TARGET: 19}),
        (FAN, "slower", {Attribute.SPEED: 60.0}, {Attribute.SPEED: 40}),
        (BLIND, "open it a little", {Attribute.POSITION: 30.0}, {Attribute.POSITION: 40}),
    ],
)
def test_a_difference_starts_from_how_it_is(
    thing: Entity, said: str, now: Condition, then: dict[Attribute, Value]
) -> None:
    assert wished(thing, said, now) == then


def test_warmer_needs_to_know_how_warm() -> None:
    assert wished(HEATING, "warmer") is None


@given(st.floats(0, 100), st.sampled_from(["brighter", "dim it", "a lot brighter", "dim it a bit"]))
def test_a_light_that_is_dimmed_stays_within_what_it_can_and_on(now: float, said: str) -> None:
    found = wished(LAMP, said, {Attribute.BRIGHTNESS: now})
    assert isinstance(found, dict)
    assert found.get(Attribute.ON) is False or min(5.0, round(now)) <= found[Attribute.BRIGHTNESS] <= 100

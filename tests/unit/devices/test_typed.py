"""Devices at the command line: found by name, changed as it is typed, shown as they are."""

from __future__ import annotations

import pytest

from digital_life import words
from digital_life.devices.entity import Attribute, Capability, Condition, Entity, Kind
from digital_life.devices.typed import change, changes, find, plain, shown, takes_of
from digital_life.errors import UsageError

ENGLISH = words.load("en")
LAMP = Entity(
    "lamp-1",
    Kind.LIGHT,
    "Desk lamp",
    "",
    aliases=("台灯",),
    capabilities={
        Attribute.ON: Capability(),
        Attribute.BRIGHTNESS: Capability(low=1, high=100),
        Attribute.KELVIN: Capability(low=2000, high=6500),
        Attribute.COLOUR: Capability(),
        Attribute.EFFECT: Capability(options=("Candle", "Party")),
    },
)
POWER = Entity("power-1", Kind.SENSOR, "Desk lamp", "power", capabilities={Attribute.VALUE: Capability(settable=False)})
LEVEL = Entity("level-1", Kind.NUMBER, "Pump", "level", capabilities={Attribute.VALUE: Capability(low=0, high=10)})
ROBOT = Entity("robot-1", Kind.VACUUM, "Robot", "", capabilities={Attribute.MODE: Capability()})
TWINS = (Entity("t-1", Kind.SWITCH, "Twin", ""), Entity("t-2", Kind.SWITCH, "Twin", ""))
ALL = (LAMP, POWER, LEVEL, ROBOT)


@pytest.mark.parametrize("name", ["desk lamp", "lamp-1", "台灯", "DESK", " desk lamp "])
def test_a_device_is_found_by_its_name_its_alias_or_its_id(name: str) -> None:
    assert find(name, ALL) is LAMP


def test_a_part_of_a_device_is_found_by_its_own_name() -> None:
    assert find("desk lamp power", ALL) is POWER
    assert find("level", ALL) is LEVEL


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("rbot", "did you mean Robot?"),
        ("xyzzy", "there is no device 'xyzzy'"),
        ("p", "may be Desk lamp power, Pump level"),
    ],
)
def test_what_is_not_clear_is_said_with_what_is_near(name: str, wanted: str) -> None:
    with pytest.raises(UsageError, match=wanted.replace("?", "\\?")):
        find(name, (POWER, LEVEL, ROBOT) if name == "p" else ALL)


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    with pytest.raises(UsageError, match=r"Twin \(t-1\), Twin \(t-2\)"):
        find("twin", TWINS)


@pytest.mark.parametrize(
    ("entity", "text", "wanted"),
    [
        (LAMP, "on=true", (Attribute.ON, True)),
        (LAMP, "ON=off", (Attribute.ON, False)),
        (LAMP, "brightness= 40", (Attribute.BRIGHTNESS, 40.0)),
        (LAMP, "colour=255, 0,0", (Attribute.COLOUR, (255, 0, 0))),
        (LAMP, "colour=#ff8000", (Attribute.COLOUR, (255, 128, 0))),
        (LAMP, "effect=candle", (Attribute.EFFECT, "Candle")),
        (LEVEL, "value=3", (Attribute.VALUE, 3.0)),
        (ROBOT, "mode=start", (Attribute.MODE, "start")),
    ],
)
def test_a_change_is_read_as_it_is_typed(entity: Entity, text: str, wanted: tuple[Attribute, object]) -> None:
    assert change(entity, text, ENGLISH) == wanted


@pytest.mark.parametrize(
    ("entity", "text", "wanted"),
    [
        (LAMP, "on", "is not ATTRIBUTE=VALUE"),
        (LAMP, "speed=3", "has no speed that can be set; it has on, brightness"),
        (LAMP, "on=maybe", "true or false"),
        (LAMP, "brightness=nan", "1 to 100 %"),
        (LAMP, "brightness=101", "1 to 100 %"),
        (LAMP, "kelvin=x", "2000 to 6500 K"),
        (LAMP, "colour=1,2", "red,green,blue"),
        (LAMP, "colour=#12345", "red,green,blue"),
        (LAMP, "colour=256,0,0", "red,green,blue"),
        (LAMP, "effect=disco", "Candle, Party"),
        (POWER, "value=3", "can be read, but not set"),
        (ROBOT, "mode=", "a text"),
    ],
)
def test_a_wrong_change_is_said_with_what_would_be_right(entity: Entity, text: str, wanted: str) -> None:
    with pytest.raises(UsageError) as raised:
        changes(entity, [text], ENGLISH)
    assert wanted in str(raised.value)


def test_a_number_without_bounds_is_asked_for_as_a_number() -> None:
    assert (
        takes_of(
            Entity("n", Kind.NUMBER, "N", "", capabilities={Attribute.VALUE: Capability()}), Attribute.VALUE, ENGLISH
        )
        == "a number"
    )


def test_a_condition_is_shown_as_it_would_be_typed() -> None:
    condition: Condition = {
        Attribute.ON: True,
        Attribute.BRIGHTNESS: 40.0,
        Attribute.COLOUR: (255, 128, 0),
        Attribute.EFFECT: "Candle",
    }
    text = shown(condition)
    assert text == "on=true brightness=40 colour=255,128,0 effect=Candle"
    assert changes(LAMP, text.split(" "), ENGLISH) == condition


def test_what_moves_a_terminals_cursor_is_not_shown() -> None:
    assert plain("lamp\x1b[2J\u202e\n灯 é") == "lamp[2J灯 é"

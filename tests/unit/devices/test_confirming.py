"""What a device tells of itself confirms a wish, or does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digital_life.config import Devices
from digital_life.devices.confirming import agrees, confirms, readable, seconds
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Entity, Kind, Value

A = Attribute
EACH = Capability()
LIGHT = Entity("l", Kind.LIGHT, "L", "", capabilities=dict.fromkeys((A.ON, A.BRIGHTNESS, A.KELVIN, A.COLOUR), EACH))
BLIND = Entity("b", Kind.COVER, "B", "", capabilities=dict.fromkeys((A.OPEN, A.POSITION, A.MOVING), EACH))
SHUTTER = Entity("s", Kind.COVER, "S", "", capabilities={A.OPEN: EACH, A.MOVING: Capability(readable=False)})
LOCK = Entity("k", Kind.LOCK, "K", "", capabilities={A.LOCKED: EACH})


@pytest.mark.parametrize(
    ("attribute", "wished", "told", "capability", "wanted"),
    [
        (A.ON, True, True, EACH, True),
        (A.ON, True, False, EACH, False),
        (A.BRIGHTNESS, 40.0, 39.4, EACH, True),
        (A.BRIGHTNESS, 40.0, 43.0, EACH, False),
        (A.SPEED, 50.0, 66.7, Capability(step=33.3), False),
        (A.SPEED, 60.0, 66.7, Capability(step=33.3), True),
        (A.KELVIN, 2700.0, 2703.0, EACH, True),
        (A.KELVIN, 2700.0, 4000.0, EACH, False),
        (A.TARGET, 21.0, 21.0, Capability(step=0.5), True),
        (A.TARGET, 21.3, 21.5, Capability(step=0.5), True),
        (A.TARGET, 21.0, 20.5, Capability(step=0.5), False),
        (A.COLOUR, (255, 0, 0), (254, 10, 6), EACH, True),
        (A.COLOUR, (255, 0, 0), (100, 4, 2), EACH, True),
        (A.COLOUR, (255, 0, 0), (255, 128, 0), EACH, False),
        (A.COLOUR, (0, 0, 0), (0, 0, 0), EACH, True),
        (A.COLOUR, (255, 0, 0), "red", EACH, False),
        (A.MODE, "heat", "HEAT", EACH, True),
        (A.MODE, "heat", "cool", EACH, False),
        (A.VALUE, 1.0, True, EACH, False),
    ],
)
def test_it_agrees_as_near_as_the_device_can(
    attribute: Attribute, wished: Value, told: Value, capability: Capability, *, wanted: bool
) -> None:
    assert agrees(attribute, wished, told, capability) is wanted


@given(st.sampled_from(list(A)), st.one_of(st.booleans(), st.floats(allow_nan=False, allow_infinity=False), st.text()))
def test_everything_agrees_with_itself(attribute: Attribute, value: Value) -> None:
    assert agrees(attribute, value, value, EACH)


@pytest.mark.parametrize(
    ("entity", "change", "before", "now", "wanted"),
    [
        (LIGHT, {A.ON: True, A.BRIGHTNESS: 40.0}, {}, {A.ON: True}, False),
        (LIGHT, {A.ON: True, A.BRIGHTNESS: 40.0}, {}, {A.ON: True, A.BRIGHTNESS: 40.2}, True),
        (LIGHT, {A.BRIGHTNESS: 40.0}, {}, {A.ON: False, A.BRIGHTNESS: 40.0}, False),
        (LIGHT, {A.BRIGHTNESS: 40.0}, {}, {A.BRIGHTNESS: 40.0}, True),
        (BLIND, {A.OPEN: True}, {A.POSITION: 0.0}, {A.POSITION: 0.0, A.OPEN: False}, False),
        (BLIND, {A.OPEN: True}, {A.POSITION: 0.0}, {A.POSITION: 0.0, A.MOVING: "opening"}, True),
        (BLIND, {A.OPEN: True}, {A.POSITION: 50.0, A.OPEN: True}, {A.MOVING: "closing", A.OPEN: False}, False),
        (BLIND, {A.POSITION: 30.0}, {A.POSITION: 80.0}, {A.POSITION: 80.0, A.MOVING: "closing"}, True),
        (BLIND, {A.POSITION: 30.0}, {A.POSITION: 80.0}, {A.POSITION: 75.0}, True),
        (BLIND, {A.POSITION: 30.0}, {A.POSITION: 80.0}, {A.POSITION: 85.0}, False),
        (BLIND, {A.POSITION: 30.0}, {}, {A.MOVING: "opening"}, True),
        (BLIND, {A.OPEN: False}, {}, {A.MOVING: "opening"}, False),
        (BLIND, {A.MOVING: "stopped"}, {A.MOVING: "opening"}, {A.MOVING: "opening"}, False),
        (BLIND, {A.MOVING: "stopped"}, {A.MOVING: "opening"}, {A.MOVING: "stopped"}, True),
        (SHUTTER, {A.OPEN: True}, {}, {A.OPEN: True}, True),
        (LOCK, {A.LOCKED: True}, {A.LOCKED: False}, {A.LOCKED: False}, False),
        (LOCK, {A.LOCKED: True}, {A.LOCKED: False}, {A.LOCKED: True}, True),
    ],
)
def test_a_wish_is_confirmed_when_it_is_so_or_a_cover_is_on_its_way(
    entity: Entity, change: Change, before: Condition, now: Condition, *, wanted: bool
) -> None:
    assert confirms(entity, change, before=before, now=now) is wanted


def test_what_is_never_told_is_not_waited_for() -> None:
    assert readable(SHUTTER, {A.MOVING: "stopped"}) == {}
    assert readable(SHUTTER, {A.OPEN: True, A.MOVING: "stopped"}) == {A.OPEN: True}


@pytest.mark.parametrize(("entity", "wanted"), [(LIGHT, 3.0), (BLIND, 3.0), (SHUTTER, 60.0), (LOCK, 60.0)])
def test_what_moves_unseen_has_longer(entity: Entity, wanted: float) -> None:
    assert seconds(entity, Devices()) == wanted

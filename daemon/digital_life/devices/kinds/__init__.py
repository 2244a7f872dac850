"""The kinds of devices: what is sent to command one, and what is understood of what it tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from digital_life.devices.entity import Attribute, Capability, Change, Condition, Entity, Kind, Value
from digital_life.devices.kinds import (
    alarm,
    availability,
    binary_sensor,
    button,
    climate,
    cover,
    fan,
    humidifier,
    light,
    lock,
    media_player,
    number,
    sensor,
    siren,
    switch,
    vacuum,
    valve,
)
from digital_life.devices.kinds.form import CannotError, Form
from digital_life.devices.kinds.spec import Spec
from digital_life.errors import ToolError
from digital_life.values import Published

_READ: Mapping[Kind, Callable[[Spec], Form]] = {
    Kind.ALARM: alarm.read,
    Kind.BINARY_SENSOR: binary_sensor.read,
    Kind.BUTTON: button.read,
    Kind.CLIMATE: climate.read,
    Kind.COVER: cover.read,
    Kind.FAN: fan.read,
    Kind.HUMIDIFIER: humidifier.read,
    Kind.LIGHT: light.read,
    Kind.LOCK: lock.read,
    Kind.MEDIA_PLAYER: media_player.read,
    Kind.NUMBER: number.read,
    Kind.SCENE: button.scene,
    Kind.SELECT: number.select,
    Kind.SENSOR: sensor.read,
    Kind.SIREN: siren.read,
    Kind.SWITCH: switch.read,
    Kind.VACUUM: vacuum.read,
    Kind.VALVE: valve.read,
    Kind.WATER_HEATER: climate.water_heater,
}
_SWITCHED = frozenset({Attribute.LOCKED, Attribute.ON, Attribute.OPEN, Attribute.OSCILLATING, Attribute.PLAYING})
_TEXTS = frozenset({Attribute.EFFECT, Attribute.FAN_MODE, Attribute.MODE, Attribute.MOVING, Attribute.PRESET})


def described(kind: Kind, table: Mapping[str, Any]) -> tuple[Form, frozenset[str], Mapping[str, Any]]:
    """An announcement in full keys: its form, the topics that tell of it, and what of it is used.

    Raises UnusableError.
    """
    spec = Spec(table)
    form = _READ[kind](spec)
    spec.number("qos", 0), spec.flag("retain")
    signs = availability.read(spec).signs
    return form, frozenset({*(each.topic for each in form.told), *(each.topic for each in signs)}), spec.read


def encode(entity: Entity, change: Change, condition: Condition) -> tuple[Published, ...]:
    """What is to be published, in this order. Raises ToolError where the device cannot do it."""
    if not change or not all(_fits(entity.capabilities.get(name), name, value) for name, value in change.items()):
        raise ToolError("device-cannot", name=entity.title)
    spec = Spec(entity.spec)
    try:
        sent = list(_READ[entity.kind](spec).write(change, condition))
    except CannotError as error:
        raise ToolError("device-cannot", name=entity.title) from error
    # QoS 2 would need a dialogue of its own; 1 arrives as surely, and a command that comes twice does what it did.
    qos, retain = min(1, int(spec.number("qos", 0))), spec.flag("retain")
    return tuple(Published.text(each.topic, each.payload, qos=1 if qos else 0, retain=retain) for each in sent)


def decode(entity: Entity, condition: Condition, message: Published) -> Condition:
    """What is known after this message."""
    news: dict[Attribute, Value | None] = {}
    for told in _READ[entity.kind](Spec(entity.spec)).told:
        if told.topic == message.topic:
            news.update(told.news(message.payload))
    known = {**condition, **news}
    return {name: value for name, value in known.items() if value is not None} if news else condition


def available(entity: Entity, told: Mapping[str, bytes]) -> bool | None:
    """Whether it is there, by the latest payload of each topic in the order in which they came; None: not known."""
    return availability.read(Spec(entity.spec)).of(told)


def _fits(capability: Capability | None, attribute: Attribute, value: Value) -> bool:
    """Whether the value can be wished of it."""
    if capability is None or not capability.settable:
        return False
    if attribute in _SWITCHED:
        return isinstance(value, bool)
    if attribute is Attribute.PRESSED:
        return value is True
    if attribute is Attribute.COLOUR:
        return isinstance(value, tuple) and len(value) == 3 and all(_is_shade(each) for each in value)
    if attribute in _TEXTS or capability.options:
        return isinstance(value, str) and value in capability.options
    return isinstance(value, int | float) and not isinstance(value, bool) and _within(capability, value)


def _is_shade(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 255


def _within(capability: Capability, value: float) -> bool:
    low = capability.low if capability.low is not None else -1e12
    high = capability.high if capability.high is not None else 1e12
    return low <= value <= high

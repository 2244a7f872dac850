"""Which attribute of a thing answers a question about it."""

from __future__ import annotations

from collections.abc import Mapping

from digital_life.devices.entity import Attribute, Entity, Kind
from digital_life.devices.spoken.asking import Request, Verb

SENSED: Mapping[str, frozenset[str]] = {
    "temperature": frozenset({"temperature"}),
    "humidity": frozenset({"humidity", "moisture"}),
    "power": frozenset({"power", "apparent_power"}),
    "energy": frozenset({"energy", "power"}),
    "battery": frozenset({"battery"}),
    "illuminance": frozenset({"illuminance"}),
    "brightness": frozenset({"illuminance"}),
    "carbon": frozenset({"carbon_dioxide"}),
    "air": frozenset({"aqi", "pm25", "pm10", "pm1", "carbon_dioxide", "volatile_organic_compounds"}),
    "pressure": frozenset({"pressure", "atmospheric_pressure"}),
    "motion": frozenset({"motion", "occupancy", "presence", "moving"}),
    "leak": frozenset({"moisture"}),
    "smoke": frozenset({"smoke", "gas", "carbon_monoxide"}),
    "signal": frozenset({"signal_strength"}),
}
"""Device classes of the sensors that tell a quantity."""
TOLD: Mapping[str, tuple[Attribute, ...]] = {
    "temperature": (Attribute.CURRENT,),
    "target": (Attribute.TARGET,),
    "humidity": (Attribute.CURRENT,),
    "brightness": (Attribute.BRIGHTNESS,),
    "tone": (Attribute.KELVIN,),
    "colour": (Attribute.COLOUR,),
    "volume": (Attribute.VOLUME,),
    "speed": (Attribute.SPEED,),
    "position": (Attribute.POSITION,),
    "mode": (Attribute.MODE, Attribute.PRESET, Attribute.EFFECT),
}
"""Attributes of other things that tell it."""
OPENINGS = frozenset({"door", "window", "opening", "garage_door", "garage"})
MAIN: Mapping[Kind, tuple[Attribute, ...]] = {
    Kind.ALARM: (Attribute.MODE,),
    Kind.BINARY_SENSOR: (Attribute.VALUE,),
    Kind.CLIMATE: (Attribute.MODE, Attribute.ON, Attribute.CURRENT),
    Kind.COVER: (Attribute.OPEN, Attribute.POSITION),
    Kind.FAN: (Attribute.ON, Attribute.SPEED),
    Kind.HUMIDIFIER: (Attribute.ON,),
    Kind.LIGHT: (Attribute.ON,),
    Kind.LOCK: (Attribute.LOCKED,),
    Kind.MEDIA_PLAYER: (Attribute.PLAYING, Attribute.ON),
    Kind.NUMBER: (Attribute.VALUE,),
    Kind.SELECT: (Attribute.VALUE,),
    Kind.SENSOR: (Attribute.VALUE,),
    Kind.SIREN: (Attribute.ON,),
    Kind.SWITCH: (Attribute.ON,),
    Kind.VACUUM: (Attribute.MODE, Attribute.ON),
    Kind.VALVE: (Attribute.OPEN,),
    Kind.WATER_HEATER: (Attribute.MODE, Attribute.CURRENT),
}
"""What tells how it is, the first that it has."""


def answer(entity: Entity, request: Request) -> Attribute | None:
    """What of it answers `request`; None: nothing does."""
    if request.quantity:
        return _quantity(entity, request.quantity)
    match request.wish.verb:
        case Verb.LOCK | Verb.UNLOCK:
            return _readable(entity, (Attribute.LOCKED,))
        case Verb.OPEN | Verb.CLOSE:
            return _open(entity)
        case Verb.ON | Verb.OFF | Verb.RUN | Verb.STOP:
            return _on(entity)
        case _:
            return _readable(entity, MAIN.get(entity.kind, ()))


def rank(entity: Entity) -> int:
    """A sensor tells its quantity better than a thing that happens to measure it; a contact, whether a door is open."""
    return 0 if entity.kind in (Kind.SENSOR, Kind.BINARY_SENSOR) else 1


def _quantity(entity: Entity, quantity: str) -> Attribute | None:
    if entity.kind in (Kind.SENSOR, Kind.BINARY_SENSOR):
        return Attribute.VALUE if entity.device_class in SENSED.get(quantity, ()) else None
    if quantity == "humidity" and entity.kind is not Kind.HUMIDIFIER:
        return None
    if quantity in ("mode", "target") and entity.kind in (Kind.SELECT, Kind.NUMBER):
        return Attribute.VALUE
    return _readable(entity, TOLD.get(quantity, ()))


def _open(entity: Entity) -> Attribute | None:
    if entity.kind is Kind.BINARY_SENSOR:
        return Attribute.VALUE if entity.device_class in OPENINGS else None
    return _readable(entity, (Attribute.OPEN, Attribute.POSITION)) or _on(entity)


def _on(entity: Entity) -> Attribute | None:
    if entity.kind is Kind.BINARY_SENSOR:
        return Attribute.VALUE if entity.device_class not in OPENINGS else None
    if entity.kind is Kind.CLIMATE:
        return _readable(entity, (Attribute.MODE, Attribute.ON))
    return _readable(entity, (Attribute.ON, Attribute.PLAYING))


def _readable(entity: Entity, attributes: tuple[Attribute, ...]) -> Attribute | None:
    return next(
        (each for each in attributes if each in entity.capabilities and entity.capabilities[each].readable), None
    )

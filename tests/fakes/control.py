"""A house in memory: things that do what they are told, refuse, or say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from digital_life.devices.control import Came, Result
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Entity, Kind, Value

ON_OFF = {Attribute.ON: Capability()}
LIGHT = {
    **ON_OFF,
    Attribute.BRIGHTNESS: Capability(low=0, high=100, unit="%"),
    Attribute.KELVIN: Capability(low=2200, high=6500, unit="K"),
    Attribute.COLOUR: Capability(),
}
COVER = {
    Attribute.OPEN: Capability(),
    Attribute.POSITION: Capability(low=0, high=100),
    Attribute.MOVING: Capability(options=("opening", "closing", "stopped")),
}
CLIMATE = {
    Attribute.TARGET: Capability(low=5, high=30, unit="°C"),
    Attribute.CURRENT: Capability(settable=False, unit="°C"),
    Attribute.MODE: Capability(options=("off", "heat", "auto")),
    Attribute.PRESET: Capability(options=("eco", "comfort")),
}
FAN = {**ON_OFF, Attribute.SPEED: Capability(low=1, high=100), Attribute.OSCILLATING: Capability()}
LOCK = {Attribute.LOCKED: Capability()}
READ = {Attribute.VALUE: Capability(settable=False)}
DEGREES = {Attribute.VALUE: Capability(settable=False, unit="°C")}
PRESS = {Attribute.PRESSED: Capability(readable=False)}
CAREFUL = (Kind.LOCK, Kind.CLIMATE, Kind.ALARM)


def thing(
    name: str, kind: Kind, can: dict[Attribute, Capability], *, room: str = "", klass: str = "", own: str = ""
) -> Entity:
    """An entity whose id is its name."""
    return Entity(f"{name} {own}".strip(), kind, name, own, room, device_class=klass, capabilities=can)


class FakeControl:
    """Commands."""

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self.entities = tuple(entities)
        self.connected = True
        self.conditions: dict[str, dict[Attribute, Value]] = {}
        """By id."""
        self.away: set[str] = set()
        """Ids of those that do not answer."""
        self.comes: dict[str, Came] = {}
        """What comes of a command, by id; the others do it."""
        self.did: list[tuple[str, dict[Attribute, Value]]] = []

    def condition(self, entity: Entity) -> Condition:
        return self.conditions.get(entity.id, {})

    def is_available(self, entity: Entity) -> bool:
        return entity.id not in self.away

    def needs_yes(self, entity: Entity, change: Change) -> bool:  # noqa: ARG002 - as the real one
        return entity.kind in CAREFUL or entity.device_class in ("garage", "door", "gate")

    async def carry_out(self, wished: Sequence[tuple[Entity, Change]], *, cause: str) -> tuple[Result, ...]:  # noqa: ARG002
        return tuple(Result(entity, change, self._one(entity, change)) for entity, change in wished)

    def _one(self, entity: Entity, change: Change) -> Came:
        if not self.connected:
            return Came.OFFLINE
        self.did.append((entity.id, dict(change)))
        came = self.comes.get(entity.id, Came.DONE)
        if came is Came.DONE:
            self.conditions.setdefault(entity.id, {}).update(change)
        return came

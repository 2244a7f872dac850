"""The devices of the home by room: how each is, and what can be done with it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from digital_life.devices.control import Came
from digital_life.devices.entity import Attribute
from digital_life.devices.typed import TRUTHS, plain, value_of
from digital_life.errors import RequestError
from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digital_life.devices.entity import Capability, Change, Entity, Kind, Value
    from digital_life.devices.tools import Commands
    from digital_life.words import Words

CAUSE = "console"
AT_ONCE = 50
"""Things that are looked at before others have their turn: a large house must not keep a talk waiting."""
Form = Literal["switch", "press", "colour", "choice", "range", "number"]
Wished = dict[Attribute, bool | float | str | tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Knob:
    """A property that can be set."""

    attribute: Attribute
    form: Form
    low: float | None
    high: float | None
    step: float | None
    options: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the home, in plain letters: names come from the network."""

    id: str
    name: str
    kind: Kind
    device_class: str
    available: bool
    condition: Mapping[Attribute, Value]
    units: Mapping[Attribute, str]
    knobs: tuple[Knob, ...]


@dataclass(frozen=True, slots=True)
class Room:
    name: str
    """Empty: where they are is not known."""
    things: tuple[Thing, ...]


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """What is wished of a device."""

    id: Annotated[str, msgspec.Meta(max_length=1000)]
    change: Annotated[Wished, msgspec.Meta(min_length=1, max_length=10)]
    agreed: str = ""
    """The question that the person said yes to; empty: nobody was asked."""


class House:
    """What is shown of the home; what an announcement says is read once, for a large house is asked for often."""

    def __init__(self, control: Commands) -> None:
        self._control = control
        self._read: dict[str, tuple[Entity, Thing]] = {}
        """By id: what was announced, and what stays of it until another announcement."""

    async def rooms(self) -> tuple[Room, ...]:
        """In the order of their names, the nameless one last."""
        entities = self._control.entities
        self._read = {each.id: self._announced(each) for each in entities}
        found: dict[str, list[Thing]] = {}
        for number, each in enumerate(entities, 1):
            found.setdefault(each.room, []).append(self.thing(each))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        in_order = sorted(found, key=lambda name: (not name, name.casefold()))
        return tuple(Room(plain(name), tuple(sorted(found[name], key=_place))) for name in in_order)

    def thing(self, entity: Entity) -> Thing:
        condition = self._control.condition(entity)
        return replace(
            self._announced(entity)[1],
            available=self._control.is_available(entity),
            condition={key: plain(value) if isinstance(value, str) else value for key, value in condition.items()},
        )

    def _announced(self, entity: Entity) -> tuple[Entity, Thing]:
        known = self._read.get(entity.id)
        return known if known and known[0] is entity else (entity, _thing(entity))


def _place(thing: Thing) -> tuple[str, str]:
    return thing.name.casefold(), thing.id


def _thing(entity: Entity) -> Thing:
    """As far as its announcement tells."""
    return Thing(
        id=entity.id,
        name=plain(entity.title),
        kind=entity.kind,
        device_class=plain(entity.device_class),
        available=True,
        condition={},
        units={key: plain(each.unit) for key, each in entity.capabilities.items() if each.unit},
        knobs=tuple(_knobs(entity)),
    )


def _knobs(entity: Entity) -> list[Knob]:
    forms = ((key, each, form(key, each)) for key, each in entity.capabilities.items() if each.settable)
    return [
        Knob(key, found, each.low, each.high, each.step, each.options, plain(each.unit))
        for key, each, found in forms
        if found
    ]


def form(attribute: Attribute, capability: Capability) -> Form | None:
    """How a person sets it; None: nobody can know what it takes."""
    if attribute is Attribute.PRESSED:
        return "press"
    if attribute in TRUTHS:
        return "switch"
    if attribute is Attribute.COLOUR:
        return "colour"
    if capability.options:
        return "choice"
    if attribute in NUMBERS:
        return "range" if capability.low is not None and capability.high is not None else "number"
    return None


NUMBERS = frozenset(
    {
        Attribute.BRIGHTNESS,
        Attribute.KELVIN,
        Attribute.POSITION,
        Attribute.SPEED,
        Attribute.TARGET,
        Attribute.VALUE,
        Attribute.VOLUME,
    }
)


def question(entity: Entity, change: Change, words: Words) -> str:
    """What is asked before it is done."""
    wished = words.text("console.now.and").join(told(key, value, words) for key, value in change.items())
    return words.text("console.now.really", name=plain(entity.title), change=wished)


def told(attribute: Attribute, value: Value, words: Words) -> str:
    """A change, for a person."""
    if isinstance(value, bool) and attribute in TRUTHS:
        return words.text(f"console.now.wishes.{attribute}-{value_of(value)}")
    name = words.text(f"console.now.attributes.{attribute}")
    return words.text("console.now.set-to", what=name, value=value_of(value))


async def order(control: Commands, house: House, wish: Order, words: Words) -> dict[str, object]:
    """What came of it, or what is to be asked first. Raises RequestError where there is no such device."""
    entity = _entity(control.entities, wish.id)
    asked = question(entity, wish.change, words)
    # The question itself agrees: were it about another device or change by now, another one would be asked.
    if control.connected and control.needs_yes(entity, wish.change) and wish.agreed != asked:
        return {"ask": asked}
    (result,) = await control.carry_out([(entity, wish.change)], cause=CAUSE)
    return {
        "came": result.came,
        "good": result.came in (Came.DONE, Came.SENT),
        "said": words.text(f"devices-command.{result.came}", name=plain(entity.title)),
        "thing": house.thing(entity),
    }


def _entity(entities: Sequence[Entity], wanted: str) -> Entity:
    found = next((each for each in entities if each.id == wanted), None)
    if found is None:
        raise RequestError("console-no-device", status=404)
    return found


def resources(control: Commands | None) -> tuple[Resource, ...]:
    """None: no home is connected."""
    house = House(control) if control else None

    async def listed(call: Call) -> dict[str, object]:  # noqa: ARG001 - the same for everybody
        if control is None or house is None:
            return {"wanted": False, "connected": False, "rooms": ()}
        return {"wanted": True, "connected": control.connected, "rooms": await house.rooms()}

    async def ordered(call: Call) -> dict[str, object]:
        wish = call.read(Order)
        if control is None or house is None:
            raise RequestError("console-no-device", status=404)
        return await order(control, house, wish, call.words)

    return (Resource("GET", "/api/now/devices", listed), Resource("POST", "/api/now/devices", ordered))

"""The rooms of the settings, and what goes on in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from digital_life.web.resource import Call, Resource

if TYPE_CHECKING:
    from digital_life import config
    from digital_life.values import State

States = Callable[[], "Mapping[str, State]"]
"""Of each room that is in use."""


@dataclass(frozen=True, slots=True)
class Room:
    """One, as the page shows it."""

    name: str
    kind: Literal["wyoming", "esphome"]
    host: str
    state: State | None
    """None: it is left out, and the log says why."""


def rooms(settings: config.Rooms, states: Mapping[str, State]) -> tuple[Room, ...]:
    return tuple(Room(each.name, each.kind, each.host, states.get(each.name)) for each in settings.devices)


def resources(settings: config.Rooms, states: States) -> tuple[Resource, ...]:
    async def listed(call: Call) -> dict[str, object]:  # noqa: ARG001 - the same for everybody
        return {"here": settings.here, "rooms": rooms(settings, states())}

    return (Resource("GET", "/api/now/rooms", listed),)

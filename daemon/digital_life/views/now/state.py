"""What it is doing, how loud, as whom, at what cost; and the knobs for that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

import msgspec

from digital_life.errors import RequestError
from digital_life.ports import Clock, Mute, Volume, Wanted
from digital_life.values import State
from digital_life.web.resource import Call, Resource

MEGABYTE = 1_000_000


class Talk(Protocol):
    """The talk that is going on."""

    @property
    def state(self) -> State: ...

    async def stop(self) -> None:
        """Be silent, and listen no longer."""
        ...


class Process(Protocol):
    """What this program costs the machine."""

    @property
    def share(self) -> float:
        """Of all cores, 0 to 1, in the last seconds."""
        ...

    @property
    def memory_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT broker of the settings."""

    address: str
    connected: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Body:
    """What is shown, and moved from the page."""

    talk: Talk
    mute: Mute
    volume: Volume
    persona: Wanted
    personas: Sequence[str]
    write_diary: Callable[[], Awaitable[None]]
    """Raises DigitalLifeError."""
    process: Process
    broker: Broker | None
    """None: none is wanted."""
    version: str
    clock: Clock


class SetMute(msgspec.Struct, forbid_unknown_fields=True):
    on: bool


class SetVolume(msgspec.Struct, forbid_unknown_fields=True):
    percent: Annotated[float, msgspec.Meta(ge=0, le=100)]


class SetPersona(msgspec.Struct, forbid_unknown_fields=True):
    name: str


class Upkeep:
    """Answers for the body."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._began = body.clock.monotonic()

    async def show(self, call: Call) -> dict[str, object]:  # noqa: ARG002 - the same for everybody
        body, broker = self._body, self._body.broker
        return {
            "state": body.talk.state,
            "muted": body.mute.on,
            "volume": round(body.volume.level * 100),
            "persona": body.persona.name,
            "personas": body.personas,
            "version": body.version,
            "uptime_s": round(body.clock.monotonic() - self._began),
            "processor": round(body.process.share, 3),
            "memory_mb": round(body.process.memory_bytes / MEGABYTE),
            "broker": {"address": broker.address, "connected": broker.connected()} if broker else None,
        }

    async def mute(self, call: Call) -> dict[str, object]:
        self._body.mute.on = call.read(SetMute).on
        return await self.show(call)

    async def turn(self, call: Call) -> dict[str, object]:
        """It is never so quiet that nobody would hear how to make it louder: what it is then is told."""
        self._body.volume.level = call.read(SetVolume).percent / 100
        return await self.show(call)

    async def change(self, call: Call) -> dict[str, object]:
        """Somebody else answers as soon as nobody speaks."""
        name = call.read(SetPersona).name
        if name not in self._body.personas:
            raise RequestError("persona-unknown", name=name, names=", ".join(self._body.personas))
        self._body.persona.name = name
        return await self.show(call)

    async def stop(self, call: Call) -> None:  # noqa: ARG002 - nothing more is to be said
        await self._body.talk.stop()

    async def write_diary(self, call: Call) -> None:  # noqa: ARG002 - nothing more is to be said
        await self._body.write_diary()


def resources(body: Body) -> tuple[Resource, ...]:
    upkeep = Upkeep(body)
    return (
        Resource("GET", "/api/now", upkeep.show),
        Resource("POST", "/api/now/mute", upkeep.mute),
        Resource("POST", "/api/now/volume", upkeep.turn),
        Resource("POST", "/api/now/persona", upkeep.change),
        Resource("POST", "/api/now/stop", upkeep.stop),
        Resource("POST", "/api/now/diary", upkeep.write_diary),
    )

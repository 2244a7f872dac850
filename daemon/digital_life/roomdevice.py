"""A device in another room: opened, or asked what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digital_life.backends import esphome, wyoming_satellite
from digital_life.errors import ConfigError
from digital_life.secretfile import path_of, word_in

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from digital_life.config import RoomDevice as Described
    from digital_life.ports import Clock, RoomDevice

PORTS: Final = {"wyoming": wyoming_satellite.PORT, "esphome": esphome.PORT}
"""Where each kind listens, as it is delivered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device tells of itself."""

    name: str
    area: str = ""
    """Where it says that it stands; empty: it does not tell."""
    about: str = ""
    """Its model and version, as far as it tells."""
    wake_words: tuple[str, ...] = ()
    """Those that it hears by itself; none: Digital Life listens for them."""
    taken: bool = False
    """Whether another program listens to it, so far as it shows."""


def port_of(described: Described) -> int:
    return described.port or PORTS[described.kind]


def open_device(described: Described, clock: Clock) -> AbstractAsyncContextManager[RoomDevice]:
    """Raises ConfigError where its key cannot be read, or a package is missing."""
    host, port = described.host, port_of(described)
    if described.kind == "wyoming":
        return wyoming_satellite.open_satellite(host, port, clock=clock)
    return esphome.open_voice_device(host, port, key=_key_of(described), clock=clock, sound_port=described.sound_port)


async def visit(described: Described, clock: Clock) -> Answer:
    """Ask it who it is, also while somebody talks to it. Raises SoundError and ConfigError, which say what to do."""
    host, port = described.host, port_of(described)
    if described.kind == "wyoming":
        satellite = await wyoming_satellite.visit_satellite(host, port)
        words = _plain(satellite.wake_words)
        return Answer(plain(satellite.name), plain(satellite.area), plain(satellite.version), words)
    found = await esphome.visit_voice_device(host, port, key=_key_of(described), clock=clock)
    words = _plain(tuple(each.phrase for each in found.wake_words if each.active))
    about = ", ".join(each for each in _plain((found.model, found.version)) if each)
    return Answer(plain(found.called), about=about, wake_words=words, taken=found.taken)


def plain(text: str) -> str:
    """Without what a name of the network may hold to move the cursor of a terminal, or to turn its line round."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:100]


def _plain(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(each) for each in texts)


def _key_of(described: Described) -> str:
    """The one word in its key file; a key that is wrong is for the device to refuse."""
    if not described.key_file:
        return ""
    path = path_of(described.key_file)
    try:
        return word_in(path)
    except (OSError, ValueError) as error:
        raise ConfigError("room-key", room=described.name, path=path) from error

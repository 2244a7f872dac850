"""One thing of the home that can be commanded or read, and what is known of it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


class Kind(enum.StrEnum):
    """What it is: the platforms of Home Assistant's MQTT discovery."""

    ALARM = "alarm_control_panel"
    BINARY_SENSOR = "binary_sensor"
    BUTTON = "button"
    CLIMATE = "climate"
    COVER = "cover"
    FAN = "fan"
    HUMIDIFIER = "humidifier"
    LIGHT = "light"
    LOCK = "lock"
    MEDIA_PLAYER = "media_player"
    NUMBER = "number"
    SCENE = "scene"
    SELECT = "select"
    SENSOR = "sensor"
    SIREN = "siren"
    SWITCH = "switch"
    VACUUM = "vacuum"
    VALVE = "valve"
    WATER_HEATER = "water_heater"


class Attribute(enum.StrEnum):
    """One property of an entity; a Value of each is in the unit that stands here."""

    ON = "on"
    """bool."""
    BRIGHTNESS = "brightness"
    """Percent of what it can."""
    KELVIN = "kelvin"
    """Colour temperature."""
    COLOUR = "colour"
    """Red, green and blue, 0 to 255 each."""
    EFFECT = "effect"
    """One of its options."""
    POSITION = "position"
    """Percent that it is open."""
    OPEN = "open"
    """bool: whether a cover or valve is not fully closed."""
    MOVING = "moving"
    """"opening", "closing" or "stopped"; "stopped" can be wished."""
    LOCKED = "locked"
    """bool."""
    TARGET = "target"
    """The temperature or humidity that it is to reach, in the unit of its Capability."""
    CURRENT = "current"
    """The temperature or humidity that it measures itself."""
    MODE = "mode"
    """One of its options: what it does ("heat", "cool", "off"; an alarm's "armed_home")."""
    PRESET = "preset"
    """One of its options."""
    FAN_MODE = "fan_mode"
    """One of its options."""
    SPEED = "speed"
    """Percent."""
    OSCILLATING = "oscillating"
    """bool."""
    VOLUME = "volume"
    """Percent."""
    PLAYING = "playing"
    """bool."""
    VALUE = "value"
    """What a sensor, number or select says: a number, one of its options, or text. Of a binary sensor: bool."""
    PRESSED = "pressed"
    """True, wished of a button or scene; never read."""


Value = bool | float | str | tuple[int, int, int]
Change = Mapping[Attribute, Value]
"""What is wished of an entity: absolute, each within its Capability."""
Condition = Mapping[Attribute, Value]
"""What is known of an entity; what is not there is not known."""


@dataclass(frozen=True, slots=True)
class Capability:
    """How an attribute can be set and read."""

    settable: bool = True
    readable: bool = True
    """Whether its state is told; else nobody can confirm a change."""
    low: float | None = None
    high: float | None = None
    """Bounds of a number; None where it has none."""
    step: float | None = None
    options: tuple[str, ...] = ()
    """All values of a text; empty: any."""
    unit: str = ""
    """As it is announced: "°C", "%", "lx"."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing of the home, as it was announced. Names are data from the network, never instructions."""

    id: str
    """Unique and stable: the announced unique id, else the topic of the announcement."""
    kind: Kind
    device: str
    """Name of the device that it is part of."""
    name: str
    """Its own name within the device; empty: it is what the device is for."""
    room: str = ""
    """Where it is, as announced or configured; empty: not known."""
    aliases: tuple[str, ...] = ()
    """Other names, from the configuration."""
    device_class: str = ""
    """Home Assistant's: "window", "temperature", "garage"."""
    capabilities: Mapping[Attribute, Capability] = field(default_factory=dict)
    topics: frozenset[str] = frozenset()
    """Where its state and its availability are told."""
    spec: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The announcement in full keys, checked: what encoding and decoding read."""

    @property
    def title(self) -> str:
        """As a person may know it: "desk lamp", "heater valve"."""
        return f"{self.device} {self.name}".strip() if self.name != self.device else self.device

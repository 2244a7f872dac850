"""What the three forms of lights share: brightness, colour temperature and colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from digital_life.devices import templates
from digital_life.devices.entity import Capability, Value
from digital_life.devices.kinds import codecs, colours
from digital_life.devices.kinds.form import Codec
from digital_life.devices.kinds.spec import Spec, UnusableError

LEAST = 1.0
"""Per cent: at none it is off."""
_MIREDS = (153.0, 500.0)
"""Where nothing is announced."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """How a lamp takes the colour temperature: in mireds, or in kelvins."""

    low: float
    high: float
    """Kelvin."""
    kelvin: bool

    @classmethod
    def announced(cls, spec: Spec) -> Warmth:
        cold, warm = spec.span("min_mireds", "max_mireds", _MIREDS)
        if cold < 1:
            raise UnusableError("min_mireds is no colour temperature")
        low, high = spec.span("min_kelvin", "max_kelvin", (round(1e6 / warm), round(1e6 / cold)))
        if low < 1:
            raise UnusableError("min_kelvin is no colour temperature")
        return cls(low, high, spec.flag("color_temp_kelvin"))

    @property
    def capability(self) -> Capability:
        return Capability(low=self.low, high=self.high, unit="K")

    def to_device(self, value: Value) -> int:
        wished = float(value)  # type: ignore[arg-type]  # a number: checked
        # Of a bound that is itself a rounded mired, the mired within the bounds.
        return round(wished) if self.kelvin else round(1e6 / min(max(wished, self.low), self.high))

    def from_device(self, found: float | None) -> float | None:
        if found is None or not 1 <= found <= 1e6:
            return None
        return float(round(found if self.kelvin else 1e6 / found))

    @property
    def codec(self) -> Codec:
        return Codec(
            lambda text: self.from_device(templates.number(text)),
            lambda value: str(self.to_device(value)),
            self.capability,
        )


def brightness(scale: float) -> Codec:
    if scale < 1:
        raise UnusableError("brightness_scale is no scale")
    codec = codecs.scaled(0, scale, low=LEAST)
    # What is hardly on must not be rounded to off.
    return Codec(codec.read, lambda value: "1" if (text := codec.write(value)) == "0" else text, codec.capability)


def rgb(value: Value) -> colours.Rgb:
    """Of a value that was checked."""
    return cast("colours.Rgb", value)


def parts(text: str, count: int) -> list[float] | None:
    """Numbers with commas between them."""
    found = [templates.number(each) for each in text.split(",")] if len(text) < 200 else []
    numbers = [each for each in found if each is not None]
    return numbers if len(numbers) == count == len(found) else None


def shade(numbers: list[float] | None) -> colours.Rgb | None:
    """A colour of red, green and blue, and of what is white beside them."""
    if numbers is None or not all(0 <= each <= 255 for each in numbers[:3]):
        return None
    return round(numbers[0]), round(numbers[1]), round(numbers[2])

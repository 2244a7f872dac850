"""Values of attributes as the texts that devices tell and take."""

from __future__ import annotations

import math

from digital_life.devices import templates
from digital_life.devices.entity import Capability, Value
from digital_life.devices.kinds.form import Codec


def switch(on: str, off: str, *, told_on: str = "", told_off: str = "") -> Codec:
    """Two states; what is told may differ from what is sent."""
    told = {told_off or off: False, told_on or on: True}
    return Codec(told.get, lambda value: on if value else off)


def number(low: float | None = None, high: float | None = None, *, step: float | None = None, unit: str = "") -> Codec:
    return Codec(templates.number, plain, Capability(low=low, high=high, step=step, unit=unit))


def scaled(least: float, most: float, *, low: float = 0, rounding: int = 0) -> Codec:
    """Per cent of the way from `least` to `most`, which are sent as whole numbers; `most` may be the smaller."""
    step = max(1.0, 100 / abs(most - least))

    def read(text: str) -> float | None:
        found = templates.number(text)
        return None if found is None else percent(found, least, most)

    def write(value: Value) -> str:
        return plain(round(least + (most - least) * float(value) / 100, rounding))  # type: ignore[arg-type]  # a number: checked

    return Codec(read, write, Capability(low=low, high=100, step=step, unit="%"))


def percent(found: float, least: float, most: float) -> float:
    """Whole, and never beyond its ends."""
    return float(min(100, max(0, round((found - least) / (most - least) * 100))))


def choice(options: tuple[str, ...], *, only: bool = True) -> Codec:
    """One of the options; unless `only`, others may be told."""
    return Codec(lambda text: text if text in options or not only else None, str, Capability(options=options))


def plain(value: object) -> str:
    """A number as devices expect it: 21, not 21.0."""
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() else f"{value:.6f}".rstrip("0")
    return str(value)

"""Whether what a device tells of itself confirms what was wished of it, and how long that may take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digital_life.devices.entity import Attribute, Capability, Kind

if TYPE_CHECKING:
    from digital_life.config import Devices
    from digital_life.devices.entity import Change, Condition, Entity, Value

SHARE = 0.02
"""Of a number, within which it counts as reached: a lamp of 254 steps, a colour temperature in whole mireds."""
PERCENT = 2.0
"""The same for what is a percentage."""
SHADE = 64
"""Of 255, by which each part of a colour may differ: a lamp tells the nearest that it can show."""
PERCENTAGES = frozenset({Attribute.BRIGHTNESS, Attribute.POSITION, Attribute.SPEED, Attribute.VOLUME})
LIT = frozenset({Attribute.BRIGHTNESS, Attribute.KELVIN, Attribute.COLOUR, Attribute.EFFECT})
"""What a lamp that is off remembers, but does not show."""
TRAVELLING = frozenset({Kind.COVER, Kind.VALVE})
"""They are seen to do it long before it is done."""
MOVERS = TRAVELLING | {Kind.LOCK}


def readable(entity: Entity, change: Change) -> Change:
    """What of it the device can confirm."""
    return {key: value for key, value in change.items() if entity.capabilities[key].readable}


def seconds(entity: Entity, settings: Devices) -> float:
    """How long the first sign may take. What does not tell its way tells its end alone, and a lock is locked or not."""
    tells_its_way = entity.kind in TRAVELLING and any(
        key in entity.capabilities and entity.capabilities[key].readable
        for key in (Attribute.MOVING, Attribute.POSITION)
    )
    slow = entity.kind in MOVERS and not tells_its_way
    return max(settings.moved_within_s, settings.confirmed_within_s) if slow else settings.confirmed_within_s


def confirms(entity: Entity, change: Change, *, before: Condition, now: Condition) -> bool:
    """Whether it is as wished, or, of a cover, on its way there. `before`: what was known when it was wished."""
    if entity.kind is Kind.LIGHT and LIT & change.keys() and now.get(Attribute.ON) is False:
        return False
    return all(
        (key in now and agrees(key, wished, now[key], entity.capabilities[key]))
        or (entity.kind in TRAVELLING and _on_its_way(key, wished, before=before, now=now))
        for key, wished in readable(entity, change).items()
    )


def agrees(attribute: Attribute, wished: Value, told: Value, capability: Capability) -> bool:
    """Whether a device that tells this was wished that, as near as it can."""
    if isinstance(wished, tuple) or isinstance(told, tuple):
        return isinstance(wished, tuple) and isinstance(told, tuple) and _near(wished, told)
    if isinstance(wished, bool) or isinstance(told, bool):
        return wished is told
    if isinstance(wished, str) or isinstance(told, str):
        return str(wished).casefold() == str(told).casefold()
    return abs(wished - told) <= _tolerance(attribute, wished, capability) + 1e-6


def _tolerance(attribute: Attribute, wished: float, capability: Capability) -> float:
    half_a_step = (capability.step or 0) / 2
    if attribute in PERCENTAGES:
        return max(half_a_step, PERCENT)
    if attribute is Attribute.KELVIN:
        return max(half_a_step, SHARE * wished)
    return half_a_step or SHARE * abs(wished)


def _near(wished: tuple[int, int, int], told: tuple[int, int, int]) -> bool:
    """Regardless of how bright: that is told beside it."""
    return all(abs(one - other) <= SHADE for one, other in zip(_full(wished), _full(told), strict=True))


def _full(colour: tuple[int, int, int]) -> tuple[float, ...]:
    most = max(*colour, 1)
    return tuple(part * 255 / most for part in colour)


def _on_its_way(attribute: Attribute, wished: Value, *, before: Condition, now: Condition) -> bool:
    """Whether a cover moves, or has moved, to where it shall."""
    there = _position(attribute, wished)
    was, told, moving = before.get(Attribute.POSITION), now.get(Attribute.POSITION), now.get(Attribute.MOVING)
    if there is None:
        return False
    rises = there > was if isinstance(was, float | int) else {0.0: False, 100.0: True}.get(there)
    if moving in ("opening", "closing"):
        return rises is None or (moving == "opening") is rises
    return isinstance(was, float | int) and isinstance(told, float | int) and min(was, there) < told < max(was, there)


def _position(attribute: Attribute, wished: Value) -> float | None:
    """Percent open; None: nothing of the kind is wished."""
    if attribute is Attribute.OPEN:
        return 100.0 if wished else 0.0
    return float(wished) if attribute is Attribute.POSITION and isinstance(wished, float | int) else None

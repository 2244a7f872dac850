"""Devices at the command line: the name of one, a change as it is typed, a condition as it is shown."""

from __future__ import annotations

import difflib
import math
from typing import TYPE_CHECKING

from digital_life.devices.entity import Attribute, Capability, Entity, Kind, Value
from digital_life.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digital_life.devices.entity import Change, Condition
    from digital_life.words import Words

TRUTHS = frozenset(
    {Attribute.ON, Attribute.OPEN, Attribute.LOCKED, Attribute.OSCILLATING, Attribute.PLAYING, Attribute.PRESSED}
)
TEXTS = frozenset({Attribute.EFFECT, Attribute.MOVING, Attribute.MODE, Attribute.PRESET, Attribute.FAN_MODE})
TRUE = frozenset({"true", "yes", "on", "1", "是", "开"})
FALSE = frozenset({"false", "no", "off", "0", "否", "关"})
NEAR = 5
"""Names that are offered where one is not clear."""


def plain(text: str) -> str:
    """Without what a name of the network may hold to move the cursor of a terminal, or to turn its line round."""
    return "".join(each for each in text if each.isprintable())


def find(name: str, entities: Sequence[Entity]) -> Entity:
    """The one of that id, name or alias, or whose name alone holds it. Raises UsageError."""
    wanted = name.casefold().strip()
    found = [each for each in entities if wanted in _names(each)]
    found = found or [each for each in entities if any(wanted in known for known in _names(each))]
    main = [each for each in found if not each.name or each.name == each.device]
    if len(found) == 1 or len(main) == 1:
        return (main or found)[0] if len(main) == 1 else found[0]
    if found:
        raise UsageError("devices-ambiguous", name=name, near=_listed(found))
    near = difflib.get_close_matches(wanted, {known for each in entities for known in _names(each)}, n=NEAR, cutoff=0.5)
    if not near:
        raise UsageError("devices-none-such", name=name)
    raise UsageError("devices-none-near", name=name, near=_listed(e for e in entities if _names(e) & set(near)))


def changes(entity: Entity, texts: Iterable[str], words: Words) -> Change:
    """From ATTRIBUTE=VALUE each. Raises UsageError."""
    return dict(change(entity, each, words) for each in texts)


def change(entity: Entity, text: str, words: Words) -> tuple[Attribute, Value]:
    """Raises UsageError, which says what it could be."""
    name, equals, written = text.partition("=")
    if not equals:
        raise UsageError("devices-form", text=text)
    can = {str(key): key for key, each in entity.capabilities.items() if each.settable}
    if not can:
        raise UsageError("devices-nothing-settable", name=plain(entity.title))
    attribute = can.get(name.strip().casefold())
    if attribute is None:
        raise UsageError("devices-attribute", name=plain(entity.title), wrong=name, can=", ".join(can))
    capability = entity.capabilities[attribute]
    value = _value(entity, attribute, capability, written.strip())
    if value is None:
        takes = takes_of(entity, attribute, words)
        raise UsageError("devices-value", text=written, attribute=attribute, can=takes)
    return attribute, value


def takes_of(entity: Entity, attribute: Attribute, words: Words) -> str:
    """Which values it can be set to, for a person."""
    each = entity.capabilities[attribute]
    if attribute is Attribute.COLOUR:
        return words.text("devices-command.colour")
    if _is_truth(entity, attribute):
        return words.text("devices-command.truth")
    if each.options:
        return plain(", ".join(each.options))
    if _is_text(entity, attribute):
        return words.text("devices-command.text")
    if each.low is None or each.high is None:
        return words.text("devices-command.number")
    unit = each.unit or ("K" if attribute is Attribute.KELVIN else "%")
    return words.text("devices-command.between", low=f"{each.low:g}", high=f"{each.high:g}", unit=plain(unit))


def shown(condition: Condition) -> str:
    """As `devices call` would take it: "on=true brightness=40"."""
    return " ".join(f"{key}={value_of(value)}" for key, value in condition.items())


def value_of(value: Value) -> str:
    match value:
        case bool():
            return str(value).lower()
        case tuple():
            return ",".join(map(str, value))
        case str():
            return plain(value)
    return f"{value:g}"


def _names(entity: Entity) -> set[str]:
    return {each.casefold() for each in (entity.id, entity.title, *entity.aliases) if each}


def _listed(entities: Iterable[Entity]) -> str:
    """Titles, and ids where a title is not enough."""
    few = [each for each, _ in zip(entities, range(NEAR), strict=False)]
    titles = [each.title for each in few]
    return ", ".join(
        plain(each.title if titles.count(each.title) == 1 else f"{each.title} ({each.id})") for each in few
    )


def _is_truth(entity: Entity, attribute: Attribute) -> bool:
    return attribute in TRUTHS or (attribute is Attribute.VALUE and entity.kind is Kind.BINARY_SENSOR)


def _is_text(entity: Entity, attribute: Attribute) -> bool:
    return attribute in TEXTS or (attribute is Attribute.VALUE and entity.kind is not Kind.NUMBER)


def _value(entity: Entity, attribute: Attribute, capability: Capability, written: str) -> Value | None:
    """None: it is no value of the attribute."""
    if attribute is Attribute.COLOUR:
        return _colour(written)
    if _is_truth(entity, attribute):
        return {**dict.fromkeys(TRUE, True), **dict.fromkeys(FALSE, False)}.get(written.casefold())
    if _is_text(entity, attribute):
        known = {each.casefold(): each for each in capability.options}
        return known.get(written.casefold()) if known else written or None
    return _number(written, capability)


def _number(written: str, capability: Capability) -> float | None:
    try:
        number = float(written)
    except ValueError:
        return None
    low = -math.inf if capability.low is None else capability.low
    high = math.inf if capability.high is None else capability.high
    return number if math.isfinite(number) and low <= number <= high else None


def _colour(written: str) -> tuple[int, int, int] | None:
    try:
        parts = list(bytes.fromhex(written[1:])) if written.startswith("#") else [int(e) for e in written.split(",")]
    except ValueError:
        return None
    if len(parts) != 3 or not all(0 <= each <= 255 for each in parts):
        return None
    red, green, blue = parts
    return red, green, blue

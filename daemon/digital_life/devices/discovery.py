"""What devices announce of themselves, read: MQTT discovery as Home Assistant published it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from digital_life.devices import kinds, templates
from digital_life.devices.abbreviations import DEVICE, expanded
from digital_life.devices.entity import Entity, Kind
from digital_life.devices.kinds.spec import UnusableError, shown

LARGEST = 131_072
"""Bytes of an announcement."""
MOST = 200
"""Entities of one device."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
_KINDS = {each.value: each for each in Kind}
_SHARED = (
    "availability",
    "availability_mode",
    "availability_template",
    "availability_topic",
    "command_topic",
    "encoding",
    "payload_available",
    "payload_not_available",
    "qos",
    "state_topic",
)
"""What an announced device says for all its components."""
_OUT_OF_THE_WAY = ("config", "diagnostic")
"""Categories of what is no part of daily life: whether a lamp blinks at start, how well its radio is heard."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one message announced."""

    source: str
    """The topic it came on."""
    entities: tuple[Entity, ...]
    """Empty: removed, or nothing of it is usable."""
    refused: str = ""
    """Why nothing of it is usable, for the log; empty where it is removed, or of a kind that is not followed."""


def read(topic: str, payload: bytes, *, prefix: str = "homeassistant") -> Announcement | None:
    """What is announced; None where this is no announcement's topic. Never raises."""
    parts = _parts(topic, prefix)
    if parts is None:
        return None
    platform, name = parts
    try:
        found = tuple(_entities(topic, platform, name, payload)) if payload else ()
    except UnusableError as error:
        return Announcement(topic, (), shown(str(error), most=200))
    return Announcement(topic, found)


def _parts(topic: str, prefix: str) -> tuple[str, str] | None:
    """Platform and name of what is announced there."""
    if not topic.startswith(f"{prefix}/") or not topic.endswith("/config"):
        return None
    parts = topic.removeprefix(f"{prefix}/").split("/")
    if len(parts) not in (3, 4) or not all(map(_ID.fullmatch, parts)):
        return None
    return parts[0], parts[-2]


def _entities(topic: str, platform: str, name: str, payload: bytes) -> Iterator[Entity]:
    if platform != "device" and platform not in _KINDS:
        return
    table = expanded(_table(payload))
    if platform != "device":
        entity = _entity({**_based(table, ""), "platform": platform}, name=name, source=topic)
        yield from [entity] if entity else []
        return
    yield from _components(table, name=name, source=topic)


def _table(payload: bytes) -> Mapping[str, Any]:
    if len(payload) > LARGEST:
        raise UnusableError("it is too long")
    try:
        table = templates.parsed(payload.decode())
    except ValueError as error:
        raise UnusableError("it is no JSON") from error
    if not isinstance(table, dict):
        raise UnusableError("it is no JSON object")
    return table


def _components(table: Mapping[str, Any], *, name: str, source: str) -> Iterator[Entity]:
    """Those that can be used; one that cannot is no reason to do without the others."""
    components = table.get("components")
    if not isinstance(components, dict) or len(components) > MOST:
        raise UnusableError(
            "it has no components" if not isinstance(components, dict) else "it has too many components"
        )
    base = table.get("~", "")
    shared = _based({key: table[key] for key in (*_SHARED, "device") if key in table}, base)
    found, reasons = 0, []
    for key, component in components.items():
        try:
            entity = _component(shared, component, base=base, source=f"{source}#{shown(key)}", name=name)
        except UnusableError as error:
            reasons.append(str(error))
            continue
        if entity:
            found += 1
            yield entity
    if reasons and not found:
        raise UnusableError(reasons[0])


def _component(shared: Mapping[str, Any], component: object, *, base: object, source: str, name: str) -> Entity | None:
    if not isinstance(component, dict):
        raise UnusableError("a component is no JSON object")
    own = expanded(component)
    if not own.keys() - {"platform"}:  # It was taken away.
        return None
    return _entity({**shared, **_based(own, base)}, name=name, source=source)


def _based(table: Mapping[str, Any], base: object) -> dict[str, Any]:
    """With full keys throughout, and `~` in topics replaced by the base topic."""
    base = table.get("~", base)
    found = {key: _whole(key, value, base) for key, value in table.items() if key != "~"}
    if isinstance(device := found.get("device"), dict):
        found["device"] = expanded(device, keys=DEVICE)
    signs = found.get("availability")
    if isinstance(signs, dict | list):
        listed = signs if isinstance(signs, list) else [signs]
        found["availability"] = [_based(expanded(each), base) if isinstance(each, dict) else each for each in listed]
    return found


def _whole(key: str, value: object, base: object) -> object:
    if not key.endswith("topic") or not isinstance(value, str) or not isinstance(base, str) or not base:
        return value
    if value.startswith("~"):
        return base + value[1:]
    return value[:-1] + base if value.endswith("~") else value


def _entity(table: Mapping[str, Any], *, name: str, source: str) -> Entity | None:
    """None where it is of no use in daily life, or of a kind that is not followed."""
    kind = _KINDS.get(table["platform"]) if isinstance(table.get("platform"), str) else None
    if kind is None or not _wanted(table):
        return None
    form, topics, spec = kinds.described(kind, table)
    device = _device(table)
    title = _title(table, device)
    return Entity(
        id=_id(table, source),
        kind=kind,
        device=device or title or shown(name),
        name=title if device else "",
        room=_room(table),
        device_class=_text(table, "device_class"),
        capabilities=form.capabilities,
        topics=topics,
        spec=spec,
    )


def _wanted(table: Mapping[str, Any]) -> bool:
    """What its maker hides is left alone; of what lies out of the way, only how full a battery is."""
    if str(table.get("enabled_by_default", True)).lower() in ("false", "0", "no", "off"):
        return False
    battery = table.get("device_class") == "battery" and table.get("entity_category") == "diagnostic"
    return table.get("entity_category") not in _OUT_OF_THE_WAY or battery


def _device(table: Mapping[str, Any]) -> str:
    device = table.get("device")
    return _text(device, "name") if isinstance(device, dict) else ""


def _room(table: Mapping[str, Any]) -> str:
    device = table.get("device")
    return _text(device, "suggested_area") if isinstance(device, dict) else ""


def _title(table: Mapping[str, Any], device: str) -> str:
    """Its own name; what it measures where it has none; nothing where it is what the device is for."""
    if "name" not in table and table["platform"] in ("binary_sensor", "number", "sensor"):
        return _text(table, "device_class").replace("_", " ")
    title = _text(table, "name")
    if title == device:
        return ""
    return title.removeprefix(f"{device} ").strip() if device else title


def _id(table: Mapping[str, Any], source: str) -> str:
    return _text(table, "unique_id", most=200) or source


def _text(table: Mapping[str, Any], key: str, *, most: int = 100) -> str:
    found = table.get(key)
    return shown(str(found), most=most) if isinstance(found, str | int | float) and not isinstance(found, bool) else ""

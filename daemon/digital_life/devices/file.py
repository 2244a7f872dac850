"""Read devices.toml: devices that nobody announces, and what those that are announced are called at home."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from digital_life.devices import discovery
from digital_life.devices.abbreviations import KEYS
from digital_life.devices.home import Naming
from digital_life.errors import ConfigError
from digital_life.malformed import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from digital_life.devices.discovery import Announcement

OWN = frozenset({"name", "kind", "room", "aliases", "confirm"})
"""Keys of a table that are not of its announcement."""


@dataclass(frozen=True, slots=True)
class Described:
    """What the file says."""

    announcements: tuple[Announcement, ...] = ()
    """Of the devices that nobody else announces."""
    naming: Mapping[str, Naming] = field(default_factory=dict)
    """By name."""


class _Table(msgspec.Struct, frozen=True):
    """What every [[device]] may say, typed; all else is of its announcement."""

    name: str
    kind: str = ""
    room: str = ""
    aliases: tuple[str, ...] = ()
    confirm: bool | None = None

    @property
    def naming(self) -> Naming:
        return Naming(self.room, self.aliases, self.confirm)


def load(path: Path, rooms: Mapping[str, str]) -> Described:
    """The file at `path`, if it is there, and beneath it the rooms of the settings. Raises ConfigError."""
    naming = {name: Naming(room) for name, room in rooms.items()}
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Described(naming=naming)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("devices-file-unreadable", path=path, cause=error) from error
    described = parse(text, path=path)
    return Described(described.announcements, {**naming, **described.naming})


def parse(text: str, *, path: Path) -> Described:
    """Raises ConfigError, which names the table that is wrong."""
    try:
        file = tomllib.loads(text)
    except WRITTEN as error:
        raise ConfigError("devices-file-unreadable", path=path, cause=error) from error
    tables = file.pop("device", [])
    if file or not isinstance(tables, list):
        raise ConfigError("devices-file-key", path=path, wrong=next(iter(file), "device"))
    announcements, naming = [], {}
    for number, keys in enumerate(tables, 1):
        table = _table(keys, number=number, path=path)
        if table.name in naming:
            raise ConfigError("devices-file-twice", path=path, name=table.name)
        naming[table.name] = table.naming
        more = {key: value for key, value in keys.items() if key not in OWN}
        if table.kind:
            announcements.append(_announcement(table, more, path=path))
        elif more:
            raise ConfigError("devices-file-kind", path=path, name=table.name, wrong=next(iter(more)))
    return Described(tuple(announcements), naming)


def _table(keys: object, *, number: int, path: Path) -> _Table:
    try:
        table = msgspec.convert(keys, _Table)
    except msgspec.ValidationError as error:
        raise ConfigError("devices-file-table", path=path, number=number, cause=error) from error
    if not table.name.strip():
        raise ConfigError("devices-file-table", path=path, number=number, cause='name = ""')
    return table


def _announcement(table: _Table, keys: Mapping[str, Any], *, path: Path) -> Announcement:
    """By the parser of what is announced: a device is described in the same keys in either place."""
    said = {
        "unique_id": f"devices.toml {table.name}",
        **keys,
        "name": None,
        "device": {"name": table.name, "identifiers": [f"devices.toml {table.name}"]},
    }
    topic = f"homeassistant/{table.kind}/{_slug(table.name)}/config"
    try:
        read = discovery.read(topic, json.dumps(said).encode())
    except (TypeError, ValueError) as error:  # a date is no JSON, nor is nan
        raise ConfigError("devices-file-device", path=path, name=table.name, cause=error) from error
    if read is None or not read.entities:
        cause = read.refused if read and read.refused else f"kind = {table.kind!r}"
        raise ConfigError("devices-file-device", path=path, name=table.name, cause=cause)
    _check(keys, set().union(KEYS, KEYS.values(), *(each.spec for each in read.entities)), name=table.name, path=path)
    return replace(read, source=f"devices.toml {table.name}")  # no topic: nobody can take it back over the broker


def _check(keys: Iterable[str], known: Iterable[str], *, name: str, path: Path) -> None:
    """In an announcement what is not known is left out; in a file it is a slip of the pen."""
    known = set(known)
    for key in keys:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            if near:
                raise ConfigError("devices-file-near", path=path, name=name, wrong=key, near=near[0])
            raise ConfigError("devices-file-unknown", path=path, name=name, wrong=key)


def _slug(name: str) -> str:
    """Letters and digits that are fit for a topic."""
    return name.encode().hex()

"""Every key of the settings as a value: its kind, bounds and default; and why a value for it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import inspect

from digital_life import config

Table = Mapping[str, object]
PATH = re.compile(r"`\$\.?(.*)`$")
"""Where msgspec says that something is wrong: the end of its sentence."""
STEP = re.compile(r"([^.\[\]]+)|\[(\d+|\.\.\.)\]")
FORMS = {
    config.HOURS: "hours",
    config.CONTACT: "contact",
    config.FOLDER: "folder",
    config.TARGET: "target",
    config.ADDRESS: "address",
    rf"^$|{config.ADDRESS}": "address",
}
"""Faults of a text that is not of its form; the form of any other is told by its characters."""
UNITS = (("_ms", "ms"), ("_s", "s"), ("_minutes", "min"), ("_hours", "h"))


class Kind(StrEnum):
    """How a value is written, and so with what it is changed."""

    SWITCH = "switch"
    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    HOURS = "hours"
    CHOICE = "choice"
    """One of a few."""
    CHOICES = "choices"
    """Some of a few."""
    DEVICE = "device"
    """A name, or a number."""
    LIST = "list"
    TABLE = "table"
    """A text for each name."""
    RECORDS = "records"
    """Several of the same fields."""


@dataclass(frozen=True, slots=True)
class Key:
    name: str
    """As in "llm.server.address"; of a field of records its own name alone."""
    kind: Kind
    default: object = None
    """In the types of TOML. None: it must be given."""
    minimum: float | None = None
    above: bool = False
    """Whether the minimum itself is too small."""
    maximum: float | None = None
    choices: tuple[object, ...] = ()
    """Of a table: the names that it may have."""
    least: int = 0
    """Characters, or entries."""
    form: str = ""
    """Regular expression."""
    fields: tuple[Key, ...] = ()

    @property
    def unit(self) -> str:
        return next((unit for ending, unit in UNITS if self.name.endswith(ending)), "")

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: a key of [console.settings.faults], and what its sentence names."""

    why: str
    values: Mapping[str, object] = field(default_factory=dict)
    at: tuple[str | int, ...] = ()
    """Which part of the value, as (0, "model")."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the user's settings file says."""

    table: Table
    etag: str
    """Another for each other content."""
    writable: bool


class File(Protocol):
    """The user's settings file."""

    @property
    def path(self) -> Path:
        """Where it is, or will be."""
        ...

    async def read(self) -> Kept:
        """Raises ConfigError."""
        ...

    async def write(self, changes: Mapping[str, object], *, etag: str | None = None) -> Kept:
        """Change those keys, None: as if the file did not name it. Raises ConfigError, and nothing was written."""
        ...


def described() -> tuple[Key, ...]:
    """All keys, in the order of the file."""
    return tuple(_keys(config.Settings, ""))


def canonical(key: Key, value: object) -> object:
    """`value` as the settings hold it, in the types of TOML. Raises msgspec.ValidationError where it does not fit."""
    table: object = value
    for name in reversed(key.path):
        table = {name: table}
    return of(config.to_table(msgspec.convert(table, config.Settings)), key)


def of(table: Table, key: Key) -> object:
    """What stands at `key`; None: nothing."""
    found: object = table
    for name in key.path:
        if not isinstance(found, Mapping) or name not in found:
            return None
        found = found[name]
    return found


def fault(key: Key, value: object) -> Fault | None:
    """Why `value` does not fit; None: it does."""
    try:
        canonical(key, value)
    except msgspec.ValidationError as error:
        return _explained(key, value, str(error))
    return None


def _keys(section: type, prefix: str) -> Iterator[Key]:
    described = inspect.type_info(section)
    if not isinstance(described, inspect.StructType):
        raise TypeError(section)
    for each in described.fields:
        if isinstance(each.type, inspect.StructType):
            yield from _keys(each.type.cls, f"{prefix}{each.name}.")
        else:
            yield _key(f"{prefix}{each.name}", each)


def _key(name: str, found: inspect.Field) -> Key:
    default: object = None
    if not found.required:
        made = found.default if found.default_factory is msgspec.NODEFAULT else found.default_factory()
        default = config.to_table(made)
    return _typed(name, found.type, default)


def _typed(name: str, found: inspect.Type, default: object) -> Key:  # noqa: PLR0911 - one for each type
    match found:
        case inspect.BoolType():
            return Key(name, Kind.SWITCH, default)
        case inspect.IntType() | inspect.FloatType():
            kind = Kind.WHOLE if isinstance(found, inspect.IntType) else Kind.NUMBER
            least = found.gt if found.gt is not None else found.ge
            return Key(name, kind, default, minimum=least, above=found.gt is not None, maximum=found.le)
        case inspect.StrType(pattern=form):
            kind = Kind.HOURS if form == config.HOURS else Kind.TEXT
            return Key(name, kind, default, least=found.min_length or 0, form=form or "")
        case inspect.LiteralType(values=choices):
            return Key(name, Kind.CHOICE, default, choices=tuple(choices))
        case inspect.UnionType(types=types):
            return _either(name, types, default)
        case inspect.VarTupleType(item_type=item):
            return _several(name, item, default, least=found.min_length or 0)
        case inspect.DictType(key_type=names):
            choices = tuple(names.values) if isinstance(names, inspect.LiteralType) else ()
            return Key(name, Kind.TABLE, default, choices=choices)
        case _:
            raise TypeError(name)


def _either(name: str, types: Sequence[inspect.Type], default: object) -> Key:
    """A switch with further choices, or a name that may be a number."""
    further = tuple(value for each in types if isinstance(each, inspect.LiteralType) for value in each.values)
    if further:
        return Key(name, Kind.CHOICE, default, choices=(True, *further, False))
    return Key(name, Kind.DEVICE, default)


def _several(name: str, item: inspect.Type, default: object, *, least: int) -> Key:
    if isinstance(item, inspect.StructType):
        fields = tuple(_key(each.name, each) for each in item.fields)
        return Key(name, Kind.RECORDS, default, least=least, fields=fields)
    if isinstance(item, inspect.LiteralType):
        return Key(name, Kind.CHOICES, default, choices=tuple(item.values), least=least)
    return Key(name, Kind.LIST, default, least=least)


def _explained(key: Key, value: object, cause: str) -> Fault:
    """The fault behind what msgspec says, at the part of the value that it names."""
    found = PATH.search(cause)
    steps = [
        int(number) if number.isdecimal() else name or number
        for name, number in STEP.findall(found[1] if found else "")
    ]
    at = tuple(steps[len(key.path) :])
    part, inner = key, value
    for step in at:
        if isinstance(step, int) and isinstance(inner, Sequence) and step < len(inner):
            inner = inner[step]
        elif isinstance(inner, Mapping) and step in inner:
            part, inner = next((each for each in part.fields if each.name == step), part), inner[step]
    missing = re.search(r"missing required field `(\w+)`", cause)
    if missing:
        return Fault("missing", at=(*at, missing[1]))
    plain = PATH.sub("", cause).removesuffix(" - at ")
    return Fault(*_reason(part, inner, plain), at=at)


def _reason(key: Key, value: object, cause: str) -> tuple[str, Mapping[str, object]]:
    if key.least and not value:
        return ("few" if key.kind in {Kind.RECORDS, Kind.LIST, Kind.CHOICES} else "empty"), {}
    if key.choices:
        return "choice", {"choices": ", ".join(_written(each) for each in key.choices)}
    if key.kind in {Kind.WHOLE, Kind.NUMBER}:
        return _number_reason(key, value)
    if isinstance(value, str) and key.form:
        return FORMS.get(key.form, "characters"), {}
    return "form", {"cause": cause}


def _number_reason(key: Key, value: object) -> tuple[str, Mapping[str, object]]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "number", {}
    if key.minimum is not None and (value < key.minimum or (key.above and value == key.minimum)):
        return ("above" if key.above else "least"), {"least": f"{key.minimum:g}"}
    if key.maximum is not None and value > key.maximum:
        return "most", {"most": f"{key.maximum:g}"}
    return ("whole" if key.kind is Kind.WHOLE else "number"), {}


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

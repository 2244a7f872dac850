"""How an entity is told and commanded: what each kind makes of an announcement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds.spec import Spec, UnusableError

NOTHING = "None"
"""What a template makes of null: it is not known any more."""
News = Mapping[Attribute, Value | None]
"""What a message tells; None: it is not known any more."""


class CannotError(Exception):
    """The device has no way to do it."""


class Sent(NamedTuple):
    """What is to be published."""

    topic: str
    payload: str


@dataclass(frozen=True, slots=True)
class Told:
    """Where something is told."""

    topic: str
    template: str
    read: Callable[[str], News]

    def news(self, payload: bytes) -> News:
        text = templates.told(self.template, payload)
        return self.read(text) if text is not None else {}


Write = Callable[[Change, Condition], Iterable[Sent]]


@dataclass(frozen=True, slots=True)
class Form:
    """One entity, as far as it can be used."""

    capabilities: Mapping[Attribute, Capability]
    told: tuple[Told, ...]
    write: Write
    """Of a change whose attributes are settable and whose values are within bounds. Raises CannotError."""


@dataclass(frozen=True, slots=True)
class Codec:
    """The values of one attribute, as texts."""

    read: Callable[[str], Value | None]
    """None: it is not understood."""
    write: Callable[[Value], str]
    capability: Capability = field(default_factory=Capability)
    variables: Callable[[Value], Mapping[str, object]] | None = None
    """What a template of the command is given beside `value`."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One attribute with topics of its own; an empty topic is none."""

    attribute: Attribute
    codec: Codec
    command: str = ""
    command_template: str = ""
    state: str = ""
    state_template: str = ""

    @property
    def capability(self) -> Capability:
        return replace(self.codec.capability, settable=bool(self.command), readable=bool(self.state))

    @property
    def told(self) -> Told:
        return Told(self.state, self.state_template, self._read)

    def _read(self, text: str) -> News:
        if text == NOTHING:
            return {self.attribute: None}
        value = self.codec.read(text) if text else None
        return {} if value is None else {self.attribute: value}

    def write(self, value: Value) -> Sent:
        plain = self.codec.write(value)
        if not self.command_template:
            return Sent(self.command, plain)
        more = self.codec.variables(value) if self.codec.variables else {}
        return Sent(self.command, rendered(self.command_template, **{"value": _typed(plain, value), **more}))


def rendered(template: str, **values: object) -> str:
    """What a command's template makes. Raises CannotError where it fails: half a command is none."""
    text = templates.render(template, **values)
    if text is None:
        raise CannotError
    return text


def _typed(plain: str, value: Value) -> object:
    """A number is one in a template too: devices compare and compute. A payload that looks like one is a text."""
    number = templates.number(plain) if isinstance(value, int | float) and not isinstance(value, bool) else None
    if number is None:
        return plain
    return int(number) if number.is_integer() else number


def channel(
    spec: Spec, attribute: Attribute, codec: Codec, *, command: str, state: str, template: str, told: tuple[str, ...]
) -> Channel:
    """By the names of the keys: of both topics, of the command's template, and of those that read the state."""
    return Channel(
        attribute, codec, spec.topic(command), spec.template(template), spec.topic(state), spec.template(*told)
    )


def named(spec: Spec, attribute: Attribute, name: str, codec: Codec, *, default: str = "value_template") -> Channel:
    """By the usual names: `<name>_command_topic`, and so on; `default` reads a state that has no template."""
    return channel(
        spec,
        attribute,
        codec,
        command=f"{name}_command_topic",
        state=f"{name}_state_topic",
        template=f"{name}_command_template",
        told=(f"{name}_state_template", f"{name}_value_template", *([default] if default else [])),
    )


def form(*channels: Channel, write: Write | None = None) -> Form:
    """Of the channels that have a topic. Raises UnusableError where none has."""
    used = {each.attribute: each for each in channels if each.command or each.state}
    if not used:
        raise UnusableError("it can neither be read nor commanded")
    news = tuple(each.told for each in used.values() if each.state)

    def one_by_one(change: Change, _known: Condition) -> Iterable[Sent]:
        return [used[attribute].write(value) for attribute, value in change.items()]

    return Form({name: each.capability for name, each in used.items()}, news, write or one_by_one)

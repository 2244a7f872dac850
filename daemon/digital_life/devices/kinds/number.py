"""A number that can be set: a threshold, a duration."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import Codec, Form, channel, form
from digital_life.devices.kinds.spec import Spec, UnusableError, shown


def read(spec: Spec) -> Form:
    low, high = spec.span("min", "max", (1, 100))
    unit = shown(spec.text("unit_of_measurement"))
    return value(spec, codecs.number(low, high, step=abs(spec.number("step", 1)) or None, unit=unit))


def select(spec: Spec) -> Form:
    """One of several options."""
    options = spec.texts("options")
    if not options:
        raise UnusableError("it has no options")
    return value(spec, codecs.choice(options))


def value(spec: Spec, codec: Codec) -> Form:
    found = channel(
        spec,
        Attribute.VALUE,
        codec,
        command="command_topic",
        state="state_topic",
        template="command_template",
        told=("value_template",),
    )
    if not found.command:
        raise UnusableError("it has no command_topic")
    return form(found)

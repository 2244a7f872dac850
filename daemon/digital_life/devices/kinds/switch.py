"""A switch: on or off."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import Channel, Codec, Form, channel, form
from digital_life.devices.kinds.spec import Spec, UnusableError


def read(spec: Spec) -> Form:
    return form(power(spec, "value_template"))


def power(spec: Spec, *told: str) -> Channel:
    """The on and off of what has one command topic."""
    codec = payloads(spec, told_on=spec.text("state_on"), told_off=spec.text("state_off"))
    found = channel(
        spec,
        Attribute.ON,
        codec,
        command="command_topic",
        state="state_topic",
        template="command_template",
        told=told,
    )
    if not found.command:
        raise UnusableError("it has no command_topic")
    return found


def payloads(spec: Spec, *, told_on: str = "", told_off: str = "") -> Codec:
    on, off = spec.text("payload_on", "ON"), spec.text("payload_off", "OFF")
    return codecs.switch(on, off, told_on=told_on, told_off=told_off)

"""A button, or a scene: something happens, and nothing tells that it did."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import codecs
from digital_life.devices.kinds.form import Channel, Form, form
from digital_life.devices.kinds.spec import Spec


def read(spec: Spec) -> Form:
    return _pressed(spec, spec.text("payload_press", "PRESS"))


def scene(spec: Spec) -> Form:
    return _pressed(spec, spec.text("payload_on", "ON"))


def _pressed(spec: Spec, payload: str) -> Form:
    codec = codecs.switch(payload, payload)
    return form(Channel(Attribute.PRESSED, codec, spec.topic("command_topic"), spec.template("command_template")))

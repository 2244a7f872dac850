"""A sensor: a number, one of several words, or a text."""

from __future__ import annotations

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Value
from digital_life.devices.kinds.form import Channel, Codec, Form, form
from digital_life.devices.kinds.spec import Spec, UnusableError, shown

_TEXTS = ("date", "enum", "timestamp")
"""Classes of sensors whose states are no numbers."""
_LONGEST = 255
"""Characters of a state, as Home Assistant has it."""


def read(spec: Spec) -> Form:
    kind, unit, options = spec.text("device_class"), spec.text("unit_of_measurement"), spec.texts("options")
    numeric = bool(unit or spec.text("state_class")) or bool(kind and kind not in _TEXTS)

    def value(text: str) -> Value | None:
        number = templates.number(text) if kind not in _TEXTS and not options else None
        if number is not None or numeric:
            return number
        return shown(text, most=_LONGEST) if not options or text in options else None

    codec = Codec(value, str, Capability(options=options, unit=shown(unit)))
    state = spec.topic("state_topic")
    if not state:
        raise UnusableError("it has no state_topic")
    return form(Channel(Attribute.VALUE, codec, state=state, state_template=spec.template("value_template")))

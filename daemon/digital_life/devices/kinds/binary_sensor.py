"""A binary sensor: open or shut, moving or still, wet or dry."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import switch
from digital_life.devices.kinds.form import Channel, Form, form
from digital_life.devices.kinds.spec import Spec, UnusableError


def read(spec: Spec) -> Form:
    state = spec.topic("state_topic")
    if not state:
        raise UnusableError("it has no state_topic")
    template = spec.template("value_template")
    return form(Channel(Attribute.VALUE, switch.payloads(spec), state=state, state_template=template))

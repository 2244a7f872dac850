"""A humidifier, or what dries the air."""

from __future__ import annotations

from digital_life.devices.entity import Attribute
from digital_life.devices.kinds import codecs, switch
from digital_life.devices.kinds.form import Channel, Form, form, named
from digital_life.devices.kinds.spec import Spec


def read(spec: Spec) -> Form:
    low, high = spec.span("min_humidity", "max_humidity", (0, 100))
    measured = Channel(
        Attribute.CURRENT,
        codecs.number(unit="%"),
        state=spec.topic("current_humidity_topic"),
        state_template=spec.template("current_humidity_template"),
    )
    channels = [
        switch.power(spec, "state_value_template", "value_template"),
        named(spec, Attribute.TARGET, "target_humidity", codecs.number(low, high, step=1, unit="%"), default=""),
        measured,
    ]
    if modes := spec.texts("modes"):
        channels.append(named(spec, Attribute.MODE, "mode", codecs.choice(modes), default=""))
    return form(*channels)

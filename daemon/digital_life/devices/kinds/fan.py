"""A fan: on or off, how fast, and whether it swings."""

from __future__ import annotations

from collections.abc import Iterable

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds import codecs, switch
from digital_life.devices.kinds.form import Codec, Form, Sent, form, named
from digital_life.devices.kinds.spec import Spec


def read(spec: Spec) -> Form:
    power = switch.power(spec, "state_value_template", "value_template")
    swings = codecs.switch(
        spec.text("payload_oscillation_on", "oscillate_on"), spec.text("payload_oscillation_off", "oscillate_off")
    )
    channels = [
        power,
        named(spec, Attribute.SPEED, "percentage", _speed(spec), default=""),
        named(spec, Attribute.OSCILLATING, "oscillation", swings, default=""),
    ]
    if presets := spec.texts("preset_modes"):
        channels.append(named(spec, Attribute.PRESET, "preset_mode", codecs.choice(presets), default=""))
    each_way = form(*channels)

    def write(change: Change, known: Condition) -> Iterable[Sent]:
        # Off last: what is set of one that is to be off may turn it on.
        order = sorted(change, key=lambda name: name is Attribute.ON and not change[name])
        return each_way.write({name: change[name] for name in order}, known)

    return Form(each_way.capabilities, each_way.told, write)


def _speed(spec: Spec) -> Codec:
    """Per cent of its speeds; the announced range is of those at which it turns."""
    least, most = spec.span("speed_range_min", "speed_range_max", (1, 100))
    steps = most - least + 1

    def read_speed(text: str) -> Value | None:
        found = templates.number(text)
        return None if found is None else codecs.percent(found, least - 1, most)

    def write_speed(value: Value) -> str:
        wished = float(value) if isinstance(value, int | float) else 100.0
        return codecs.plain(max(least, round(least - 1 + steps * wished / 100)))

    return Codec(read_speed, write_speed, Capability(low=1, high=100, step=max(1.0, 100 / steps), unit="%"))

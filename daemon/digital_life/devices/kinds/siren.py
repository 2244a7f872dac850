"""A siren: on or off."""

from __future__ import annotations

import json
from dataclasses import replace

from digital_life.devices import templates
from digital_life.devices.entity import Value
from digital_life.devices.kinds import switch
from digital_life.devices.kinds.form import Codec, Form, form
from digital_life.devices.kinds.spec import Spec


def read(spec: Spec) -> Form:
    power = switch.power(spec, "state_value_template")
    plain = power.codec
    # Its commands are JSON unless a template says otherwise.
    write = plain.write if power.command_template else lambda value: json.dumps({"state": plain.write(value)})
    return form(replace(power, codec=Codec(lambda text: _read(plain, text), write)))


def _read(codec: Codec, text: str) -> Value | None:
    """Of its state, or of JSON that holds it."""
    found = codec.read(text)
    if found is not None:
        return found
    try:
        table = templates.parsed(text)
    except ValueError:
        return None
    return codec.read(str(table.get("state"))) if isinstance(table, dict) else None

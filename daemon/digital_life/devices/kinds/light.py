"""A light, in one of three forms."""

from __future__ import annotations

from digital_life.devices.kinds import light_json
from digital_life.devices.kinds.form import Form
from digital_life.devices.kinds.spec import Spec, UnusableError


def read(spec: Spec) -> Form:
    schema = spec.text("schema", "basic")
    if schema == "json":
        return light_json.read(spec)
    raise UnusableError(f"its schema is {schema!r}")

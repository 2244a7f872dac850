"""An alarm control panel: armed in one of several ways, or disarmed."""

from __future__ import annotations

from collections.abc import Mapping

from digital_life.devices.entity import Attribute, Capability, Value
from digital_life.devices.kinds.form import Channel, Codec, Form, form
from digital_life.devices.kinds.spec import Spec, UnusableError

_DISARMED = "disarmed"
_WAYS = ("home", "away", "night", "vacation", "custom_bypass")
_FEATURES = tuple(f"arm_{each}" for each in _WAYS)
_STATES = (_DISARMED, *(f"armed_{each}" for each in _WAYS), "arming", "disarming", "pending", "triggered")
_TEMPLATE = "{{ action }}"


def read(spec: Spec) -> Form:
    command, state = spec.topic("command_topic"), spec.topic("state_topic")
    if not command or not state:
        raise UnusableError("it has no command_topic or no state_topic")
    payloads = _payloads(spec)

    def variables(value: Value) -> Mapping[str, object]:
        return {"action": payloads[str(value)], "code": None}

    codec = Codec(
        lambda text: text if text in _STATES else None,
        lambda value: payloads[str(value)],
        Capability(options=tuple(payloads)),
        variables,
    )
    template = spec.template("command_template") or _TEMPLATE
    told = spec.template("value_template")
    return form(Channel(Attribute.MODE, codec, command if payloads else "", template, state, told))


def _payloads(spec: Spec) -> Mapping[str, str]:
    """What it can without a code: nobody says a code aloud."""
    coded = bool(spec.text("code"))
    can = spec.texts("supported_features", _FEATURES)
    arming, disarming = spec.flag("code_arm_required", default=True), spec.flag("code_disarm_required", default=True)
    found = {
        f"armed_{way}": spec.text(f"payload_arm_{way}", f"ARM_{way.upper()}") for way in _WAYS if f"arm_{way}" in can
    }
    if coded and arming:
        found = {}
    disarm = spec.text("payload_disarm", "DISARM")
    return found if coded and disarming else {**found, _DISARMED: disarm}

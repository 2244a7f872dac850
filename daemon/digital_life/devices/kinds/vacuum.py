"""A vacuum cleaner that goes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from digital_life.devices import templates
from digital_life.devices.entity import Attribute, Capability, Change, Condition, Value
from digital_life.devices.kinds.form import Form, News, Sent, Told
from digital_life.devices.kinds.spec import Spec, UnusableError

_STATES = ("cleaning", "docked", "error", "idle", "paused", "returning")
_COMMANDS = {
    "cleaning": ("start", "payload_start", "start"),
    "paused": ("pause", "payload_pause", "pause"),
    "idle": ("stop", "payload_stop", "stop"),
    "returning": ("return_home", "payload_return_to_base", "return_to_base"),
}
"""By what it does then: the feature, the key, and what is sent where nothing is announced."""
_FEATURES = ("start", "stop", "return_home", "status", "battery", "clean_spot")


def read(spec: Spec) -> Form:
    command, state = spec.topic("command_topic"), spec.topic("state_topic")
    if not (command or state):
        raise UnusableError("it can neither be read nor commanded")
    payloads, speeds = _payloads(spec) if command else {}, spec.texts("fan_speed_list")
    set_speed = spec.topic("set_fan_speed_topic")
    capabilities = {
        Attribute.MODE: Capability(bool(payloads), bool(state), options=tuple(payloads)),
        Attribute.ON: Capability({"cleaning", "returning"} <= payloads.keys(), bool(state)),
    }
    if speeds:
        capabilities[Attribute.FAN_MODE] = Capability(bool(set_speed), bool(state), options=speeds)

    def write(change: Change, _known: Condition) -> Iterable[Sent]:
        for name, value in change.items():
            if name is Attribute.FAN_MODE:
                yield Sent(set_speed, str(value))
            else:
                mode = str(value) if name is Attribute.MODE else "cleaning" if value else "returning"
                yield Sent(command, payloads[mode])

    told = (Told(state, "", lambda text: _news(text, speeds)),) if state else ()
    return Form(capabilities, told, write)


def _payloads(spec: Spec) -> Mapping[str, str]:
    can = spec.texts("supported_features", _FEATURES)
    return {mode: spec.text(key, default) for mode, (feature, key, default) in _COMMANDS.items() if feature in can}


def _news(text: str, speeds: tuple[str, ...]) -> News:
    try:
        table = templates.parsed(text)
    except ValueError:
        return {}
    if not isinstance(table, dict):
        return {}
    news: dict[Attribute, Value | None] = {}
    if (state := table.get("state")) in _STATES:
        news = {Attribute.MODE: str(state), Attribute.ON: state == "cleaning"}
    if (speed := table.get("fan_speed")) in speeds:
        news[Attribute.FAN_MODE] = str(speed)
    return news
